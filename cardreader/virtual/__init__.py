"""A DESFire card in software, for tests and for trying the till without hardware.

Written from NXP's MF2DLHX0 data sheet and the EV1 command set, and sharing no code with the
driver, so that one cannot hide the other's mistakes. `python -m cardreader.virtual` holds it to
a virtual PC/SC reader (vsmartcard-vpcd).
"""
