"""The driver says byte for byte what was said to a physical card, and believes its answers.

Recordings by Paul R. Tagliamonte (paultag/desox-rs, MIT; see data/README.md). His host's random
numbers are given to the driver, so nothing is left to chance.
"""

from collections.abc import Callable

import pytest

from cardreader.desfire.channel import Mode
from cardreader.desfire.desfire import Desfire
from cardreader.desfire.handshake import Scheme
from cardreader.errors import NoAnswer
from tests.cardreader.replay import RecordedCard, recorded_payload

APPLICATION = bytes.fromhex("010203")
DES_RANDOM = "32c28fdafd3960de"


def randoms(*values: str) -> Callable[[int], bytes]:
    waiting = [bytes.fromhex(value) for value in values]
    return lambda _count: waiting.pop(0)


def driver(card: RecordedCard, *values: str) -> Desfire:
    return Desfire(card, random=randoms(*values), frame_data_max=59)


def test_a_card_tells_about_itself() -> None:
    card = RecordedCard("metadata")
    desfire = driver(card, DES_RANDOM)
    desfire.authenticate(0, bytes(8), Scheme.ISO_DES)
    assert desfire.key_settings() == 0x0F
    assert desfire.key_version(0) == 0
    assert desfire.application_ids() == []
    assert desfire.real_uid().hex() == "0464d59add1e90"
    version = desfire.version()
    assert (version.product, version.major, version.uid.hex()) == (1, 0x33, "0464d59add1e90")


def test_an_application_is_made_and_its_settings_changed() -> None:
    card = RecordedCard("application")
    desfire = driver(card, DES_RANDOM, "01" * 16, DES_RANDOM)
    desfire.authenticate(0, bytes(8), Scheme.ISO_DES)
    desfire.create_application(APPLICATION, 0x09, 1)
    desfire.select(APPLICATION)
    desfire.authenticate(0, bytes(16))
    assert desfire.key_settings() == 0x09
    assert desfire.key_version(0) == 0
    assert desfire.file_ids() == []
    desfire.change_key_settings(0x00)
    assert desfire.key_settings() == 0x00
    desfire.select(bytes(3))
    desfire.authenticate(0, bytes(8), Scheme.ISO_DES)
    desfire.command(0xDA, APPLICATION)
    card.close()


def test_files_are_written_and_read_in_every_mode() -> None:
    text = recorded_payload("file_io", 12, 17)
    card = RecordedCard("file_io")
    desfire = driver(card, DES_RANDOM, "c6b781428d978837a6360899119f0da4")
    desfire.authenticate(0, bytes(8), Scheme.ISO_DES)
    desfire.create_application(APPLICATION, 0x09, 1)
    desfire.select(APPLICATION)
    desfire.authenticate(0, bytes(16))
    modes = {1: Mode.PLAIN, 2: Mode.MAC, 3: Mode.ENCIPHERED}
    for file, mode in modes.items():
        desfire.command(0xCD, bytes([file, mode.value]) + bytes.fromhex("0000480100"))
    for file, mode in modes.items():
        head = bytes([file]) + bytes.fromhex("000000480100")
        assert desfire.file_settings(file)[1] == mode.value
        desfire.frame_data_max = 32 if mode is Mode.ENCIPHERED else 59
        desfire.command(0x3D, head, text, mode)
        if mode is Mode.ENCIPHERED:
            assert desfire.read(0xBD, head, len(text)) == text
        else:
            assert desfire.command(0xBD, head) == text
    card.close()


def test_the_key_of_an_application_is_changed_and_used() -> None:
    card = RecordedCard("key_change_app_aes_aes", last=7)
    desfire = driver(card, "c0ffeed00d000000", "c0ffeebadcab1ef00df00df00df00d01")
    desfire.authenticate(0, bytes(8), Scheme.ISO_DES)
    desfire.create_application(APPLICATION, 0x09, 1)
    desfire.select(APPLICATION)
    desfire.authenticate(0, bytes(16))
    desfire.change_key(0, bytes.fromhex("02" * 16), 0)
    card.close()


def test_the_key_of_the_card_goes_from_des_to_aes_and_on() -> None:
    card = RecordedCard("key_change_picc_round_the_world", 4, 11)
    desfire = driver(card, "02" * 8, "03" * 16, "04" * 16)
    desfire.authenticate(0, bytes.fromhex("02" * 8), Scheme.ISO_DES)
    desfire.change_key(0, bytes(16), 0)
    desfire.authenticate(0, bytes(16))
    desfire.change_key(0, bytes.fromhex("01" * 16), 0)
    desfire.authenticate(0, bytes.fromhex("01" * 16))
    card.close()


def test_an_answer_with_another_mac_is_no_answer() -> None:
    class Meddler(RecordedCard):
        def transmit(self, apdu: bytes) -> bytes:
            answer = super().transmit(apdu)
            return bytes([answer[0] ^ 1]) + answer[1:] if apdu[1] == 0x45 else answer

    desfire = driver(Meddler("metadata"), DES_RANDOM)
    desfire.authenticate(0, bytes(8), Scheme.ISO_DES)
    with pytest.raises(NoAnswer):
        desfire.key_settings()
