"""DESFire EV1 command set with AES secure messaging, as EV1, EV2 and EV3 cards speak it.

Sources: NXP MF2DLHX0 data sheet (commands, statuses, transaction rules), NXP AN10922 (keys per
card), and exchanges recorded with a physical card (tests/cardreader/data).
"""
