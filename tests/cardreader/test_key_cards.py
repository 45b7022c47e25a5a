"""Cards that prove who they are, and all the others with the reason why not."""

from typing import NamedTuple

import pytest

from cardreader.errors import NoAnswer
from cardreader.identity import card_uid
from cardreader.key_cards import identify, prepare_key_card
from cardreader.keys import KeyRing
from cardreader.kinds import CardKind
from cardreader.ntag424 import Ev2Session, Ntag424
from cardreader.recognition import recognise
from cardreader.virtual.chip import Chip
from cardreader.virtual.kinds import KINDS, chip_of_kind, storage_atr
from tests.cardreader.held import HeldCard, Pull
from tests.cardreader.venue import NEXT_RING, RING, STRANGER, UID, eur, purse
from vouchers.errors import OperatingError, Refused

CAP = eur(20_00)


def kind_of(chip: Chip) -> CardKind:
    return recognise(HeldCard(chip), chip.atr)


def refusal(chip: Chip, cap: bool = False) -> str:
    with pytest.raises(Refused) as refused:
        identify(HeldCard(chip), kind_of(chip), RING, CAP if cap else None)
    return refused.value.key


@pytest.mark.parametrize("name", ["desfire", "ntag424"])
def test_a_prepared_card_proves_itself(name: str) -> None:
    chip = chip_of_kind(name, None, UID)
    assert refusal(chip) == "card_foreign"
    prepare_key_card(HeldCard(chip), kind_of(chip), RING)
    identity = identify(HeldCard(chip), kind_of(chip), RING)
    assert (identity.uid, identity.proven, identity.cap) == (UID.hex(), True, None)
    with pytest.raises(Refused):
        identify(HeldCard(chip), kind_of(chip), STRANGER)


@pytest.mark.parametrize("name", ["desfire", "ntag424"])
@pytest.mark.parametrize("ring", [RING, NEXT_RING], ids=["initialise", "change-keys"])
def test_preparing_a_key_card_can_be_taken_up_at_any_point(name: str, ring: KeyRing) -> None:
    for at in range(1, 60):
        for after in (False, True):
            chip = chip_of_kind(name, None, UID)
            if ring is NEXT_RING:
                prepare_key_card(HeldCard(chip), kind_of(chip), RING)
            torn = HeldCard(chip, Pull(at, after))
            try:
                prepare_key_card(torn, kind_of(chip), ring)
            except OperatingError:
                prepare_key_card(HeldCard(chip), kind_of(chip), ring)
            assert identify(HeldCard(chip), kind_of(chip), ring).proven


def test_every_kind_is_recognised() -> None:
    recognised = {name: kind_of(chip_of_kind(name, None, UID)) for name in KINDS}
    assert recognised == {
        "desfire": CardKind.DESFIRE,
        "ntag424": CardKind.NTAG_424,
        "classic": CardKind.CLASSIC,
        "ultralight": CardKind.ULTRALIGHT,
        "bank": CardKind.BANK,
    }
    assert kind_of(purse()) is CardKind.PURSE


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("0002", CardKind.CLASSIC),
        ("0038", CardKind.PLUS),
        ("003A", CardKind.ULTRALIGHT),
        ("FFFF", CardKind.UNKNOWN),
    ],
)
def test_storage_cards_by_their_name(name: str, kind: CardKind) -> None:
    assert recognise(HeldCard(chip_of_kind("classic", None, UID)), storage_atr(name)) is kind


def test_a_mute_card_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        recognise(HeldCard(chip_of_kind("desfire", None, UID), Pull(1, after=False)), b"")


@pytest.mark.parametrize("name", ["classic", "ultralight"])
def test_a_bare_uid_counts_only_where_switched_on_and_capped(name: str) -> None:
    chip = chip_of_kind(name, None, UID)
    assert refusal(chip) == "card_can_be_copied"
    identity = identify(HeldCard(chip), kind_of(chip), RING, CAP)
    assert (identity.proven, identity.cap) == (False, CAP)


def test_bank_cards_and_random_uids_are_never_keys() -> None:
    assert refusal(chip_of_kind("bank", None, UID), cap=True) == "card_is_bank_card"
    random_uid = chip_of_kind("classic", None, bytes.fromhex("08C3A1F7"))
    assert refusal(random_uid, cap=True) == "card_uid_random"


def test_four_byte_uids_that_are_not_random_are_read() -> None:
    chip = chip_of_kind("classic", None, bytes.fromhex("C308A1F7"))
    assert card_uid(HeldCard(chip)).hex() == "c308a1f7"


class PublishedExchange(NamedTuple):
    """A worked example of AuthenticateEV2First with key 0 all zero."""

    ours: str
    challenge: str
    sealed: str
    proof: str
    transaction: str
    enciphering_key: str
    mac_key: str


AN12196_TABLE_14 = PublishedExchange(
    ours="13C5DB8A5930439FC3DEF9A4C675360F",
    challenge="A04C124213C186F22399D33AC2A30215",
    sealed="35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D",
    proof="3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663",
    transaction="9D00C4DF",
    enciphering_key="1309C877509E5A215007FF0ED19CA564",
    mac_key="4C6626F5E72EA694202139295C7A7FC7",
)
AN12343_TABLE_16 = PublishedExchange(
    ours="B04D0787C93EE0CC8CACC8E86F16C6FE",
    challenge="24677DDBD46349E623798FD729006E79",
    sealed="3B50445F21D21D77D500794DEB245E5A754F5F901844259F4C9B31A5C7335ACD",
    proof="04C6DBD67417ED0D31DDDE4D2E3FFAC2B4B074F638EEF7FFF9254963B65C7759",
    transaction="8CF141F3",
    enciphering_key="63DC07286289A7A6C0334CA31C314A04",
    mac_key="774F26743ECE6AF5033B6AE8522946F6",
)


class PublishedTag:
    """Answers as the application note prints it; fails on any other proof of ours."""

    def __init__(self, example: PublishedExchange) -> None:
        self._answers = {
            "00A4040C07D276000085010100": "9000",
            "9071000002000000": f"{example.challenge}91AF",
            f"90AF000020{example.sealed}00": f"{example.proof}9100",
        }

    def transmit(self, apdu: bytes) -> bytes:
        return bytes.fromhex(self._answers[apdu.hex().upper()])

    def close(self) -> None: ...


@pytest.mark.parametrize("example", [AN12196_TABLE_14, AN12343_TABLE_16])
def test_published_authentication(example: PublishedExchange) -> None:
    tag = Ntag424(PublishedTag(example), random=lambda _: bytes.fromhex(example.ours))
    session = tag.authenticate(0, bytes(16))
    assert session.transaction.hex().upper() == example.transaction
    assert session.enciphering_key.hex().upper() == example.enciphering_key
    assert session.mac_key.hex().upper() == example.mac_key


def test_published_change_of_key() -> None:
    """AN12196, table 26."""
    session = Ev2Session(bytes(16), bytes(16), bytes(16), bytes.fromhex("7614281A"))
    session.enciphering_key = bytes.fromhex("4CF3CB41A22583A61E89B158D252FC53")
    session.mac_key = bytes.fromhex("5529860B2FC5FB6154B7F28361D30BF9")
    session.counter = 3
    sealed = session.sealed(0xC4, b"\0", bytes.fromhex("5004BF991F408672B1EF00F08F9E8647") + b"\1")
    assert sealed.hex().upper() == (
        "00C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FDA6610234BDED6432"
    )
