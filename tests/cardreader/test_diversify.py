"""Keys per card against the example NXP published (AN10922, section 2.2.1)."""

import pytest

from cardreader.desfire.diversify import diversify


def test_published_example() -> None:
    key = diversify(
        bytes.fromhex("00112233445566778899AABBCCDDEEFF"),
        uid=bytes.fromhex("04782E21801D80"),
        application=bytes.fromhex("3042F5"),
        system=bytes.fromhex("4E585020416275"),
    )
    assert key.hex().upper() == "A8DD63A3B89D54B37CA802473FDA9175"


def test_another_card_has_another_key() -> None:
    master, application, system = bytes(16), b"abc", b"museum"
    uids = [bytes([4, 0, 0, 0, 0, 0, n]) for n in range(50)]
    assert len({diversify(master, uid, application, system) for uid in uids}) == 50


@pytest.mark.parametrize("system_bytes", [5, 22])
def test_input_outside_the_scheme(system_bytes: int) -> None:
    with pytest.raises(ValueError, match="16 to 31"):
        diversify(bytes(16), bytes(7), b"abc", bytes(system_bytes))
