"""The virtual card answers byte for byte as the physical one did, given its random numbers.

Recordings by Paul R. Tagliamonte (paultag/desox-rs, MIT; see data/README.md). Driver and virtual
card are both held against them, so they cannot agree on a common mistake.
"""

import pytest

from cardreader.virtual.chip import DesfireChip
from cardreader.virtual.kinds import desfire
from cardreader.virtual.memory import Key
from cardreader.virtual.secure import Blocks
from tests.cardreader.replay import recorded_lines

UID = bytes.fromhex("0464D59ADD1E90")
ZERO_DES, ZERO_AES = bytes(8), bytes(16)
TWOS = bytes.fromhex("02" * 16)


@pytest.mark.parametrize(
    ("name", "first", "last", "keys"),
    [
        pytest.param("metadata", 1, 6, [ZERO_DES], id="tell about itself"),
        pytest.param("application", 1, 15, [ZERO_DES, ZERO_AES, ZERO_DES], id="application"),
        pytest.param("key_change_app_aes_aes", 1, 9, [ZERO_DES, ZERO_AES, TWOS], id="new key"),
        pytest.param(
            "key_change_picc_round_the_world",
            4,
            11,
            [TWOS[:8], ZERO_AES, bytes.fromhex("01" * 16)],
            id="DES to AES",
        ),
    ],
)
def test_answers_as_recorded(name: str, first: int, last: int, keys: list[bytes]) -> None:
    lines = recorded_lines(name, first, last)
    challenges = [answer[1:] for sent, answer in lines if sent[0] in (0x1A, 0xAA)]
    randoms = [Blocks(key).open(challenge) for key, challenge in zip(keys, challenges, strict=True)]
    chip = desfire(None, UID, lambda _count: randoms.pop(0))
    chip.store.memory.master = Key(keys[0], des=True)
    for sent, answer in lines:
        assert _native(chip, sent).hex() == answer.hex(), sent.hex()


def _native(chip: DesfireChip, sent: bytes) -> bytes:
    data = sent[1:]
    body = bytes([len(data)]) + data if data else b""
    answer = chip.exchange(b"\x90" + sent[:1] + b"\0\0" + body + b"\0")
    return answer[-1:] + answer[:-2]
