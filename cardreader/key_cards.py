"""Cards that only say who they are; the value lives in the voucher account.

DESFire and NTAG 424 cards prove it with a key of their own. A bare UID can be imitated by
anybody: it counts only where the venue switched it on, up to a cap, and is told apart for good.
"""

import secrets

from msgspec import Struct

from cardreader.desfire.desfire import UID_BYTES, Desfire
from cardreader.desfire.handshake import Random
from cardreader.desfire.status import CardSaidNo
from cardreader.identity import card_uid
from cardreader.keys import KeyRing, Role
from cardreader.kinds import CardKind
from cardreader.ntag424 import Ntag424
from cardreader.owning import UNSET_KEY, Owner
from cardreader.protocols import Card
from cardreader.purse.layout import APPLICATION_SETTINGS
from vouchers.errors import Reason, Refused
from vouchers.money import Money

KEY_APPLICATION = bytes.fromhex("56544B")

_BARE_UID = frozenset(
    {CardKind.CLASSIC, CardKind.PLUS, CardKind.ULTRALIGHT, CardKind.NTAG_424, CardKind.DESFIRE}
)


class Identity(Struct, frozen=True):
    """Who a card is. Without proof it may stand for an account worth `cap` at most."""

    uid: str
    proven: bool
    cap: Money | None = None


def identify(
    card: Card,
    kind: CardKind,
    ring: KeyRing,
    bare_uid_cap: Money | None = None,
    random: Random = secrets.token_bytes,
) -> Identity:
    """The identity of a key card. `bare_uid_cap` switches bare UIDs on.

    Raises Refused with the reason for cards that cannot be keys (bank cards, random UIDs,
    strangers), NoAnswer when the card is gone.
    """
    if kind is CardKind.BANK:
        raise Refused(Reason.NOT_ALLOWED, "card_is_bank_card")
    uid = card_uid(card)
    if _proves(card, kind, uid, ring, random):
        return Identity(uid.hex(), proven=True)
    if bare_uid_cap is not None and kind in _BARE_UID:
        return Identity(uid.hex(), proven=False, cap=bare_uid_cap)
    raise Refused(Reason.NOT_ALLOWED, refusal_as_key(kind))


def refusal_as_key(kind: CardKind) -> str:
    """The sentence why a card of this kind is not taken as a key."""
    if kind in (CardKind.PURSE, CardKind.DESFIRE_KEY, CardKind.DESFIRE, CardKind.NTAG_424):
        return "card_foreign"
    return "card_can_be_copied" if kind in _BARE_UID else "card_unknown_kind"


def prepare_key_card(
    card: Card, kind: CardKind, ring: KeyRing, random: Random = secrets.token_bytes
) -> str:
    """Give a blank DESFire or NTAG 424 its key, or a newer one; returns its UID.

    Taken away at any moment, it is simply prepared again. Raises Refused, NoAnswer.
    """
    uid = card_uid(card)
    if len(uid) != UID_BYTES:
        raise Refused(Reason.NOT_ALLOWED, "card_not_desfire")
    if kind is CardKind.NTAG_424:
        _prepare_ntag(card, uid, ring, random)
    elif kind in (CardKind.DESFIRE, CardKind.DESFIRE_KEY):
        _prepare_desfire(Owner(Desfire(card, random=random), uid, ring))
    else:
        raise Refused(Reason.NOT_ALLOWED, "card_not_desfire")
    return uid.hex()


def _proves(card: Card, kind: CardKind, uid: bytes, ring: KeyRing, random: Random) -> bool:
    try:
        if kind is CardKind.DESFIRE_KEY:
            desfire = Desfire(card, random=random)
            desfire.select(KEY_APPLICATION)
            version = desfire.key_version(0)
            desfire.authenticate(0, ring.key(Role.PROOF, uid, KEY_APPLICATION, version))
            return True
        if kind is CardKind.NTAG_424:
            return _ntag_set(card, uid, ring, random) is not None
    except CardSaidNo:
        return False
    return False


def _ntag_set(card: Card, uid: bytes, ring: KeyRing, random: Random) -> int | None:
    """The key set a tag answers to. It tells no version to strangers, so each is tried."""
    held = [keys for keys in ring.sets if Role.PROOF in keys.masters]
    for keys in sorted(held, key=lambda keys: keys.number != ring.current):
        key = ring.key(Role.PROOF, uid, KEY_APPLICATION, keys.number)
        try:
            Ntag424(card, random=random).authenticate(0, key)
        except CardSaidNo:
            continue
        return keys.number
    return None


def _prepare_desfire(owner: Owner) -> None:
    owner.own_card(KEY_APPLICATION)
    desfire = owner.desfire
    if KEY_APPLICATION not in desfire.application_ids():
        desfire.create_application(KEY_APPLICATION, APPLICATION_SETTINGS, 1)
    desfire.select(KEY_APPLICATION)
    owner.enter(Role.PROOF, KEY_APPLICATION, 0, desfire.key_version(0))
    owner.renew_own(Role.PROOF, KEY_APPLICATION)


def _prepare_ntag(card: Card, uid: bytes, ring: KeyRing, random: Random) -> None:
    number = _ntag_set(card, uid, ring, random)
    if number == ring.current:
        return
    old = UNSET_KEY if number is None else ring.key(Role.PROOF, uid, KEY_APPLICATION, number)
    tag = Ntag424(card, random=random)
    try:
        session = tag.authenticate(0, old)
    except CardSaidNo as no:
        raise Refused(Reason.NOT_ALLOWED, "card_not_blank") from no
    new = ring.key(Role.PROOF, uid, KEY_APPLICATION, ring.current)
    tag.change_own_key(session, new, ring.current)
