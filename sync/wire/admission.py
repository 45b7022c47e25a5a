"""How a till gets in: enrolment once, then a session by a signed challenge."""

from typing import Annotated

from msgspec import Meta, Struct

from sync.wire import HexKey, HexSignature
from sync.wire.cards import CardKeys
from sync.wire.succession import SUCCESSIONS_MAX, Succession
from vouchers.voucher import ShortText


class EnrolRequest(Struct, kw_only=True):
    """A till's first words: the one-time code and the Ed25519 public key it made itself.

    A till that was enrolled before brings the words of its `earlier` enrolments, the oldest
    first, each for the next one: else it cannot report what they had not reported yet.
    """

    code: Annotated[str, Meta(max_length=64)]
    public_key: HexKey
    earlier: Annotated[list[Succession], Meta(max_length=SUCCESSIONS_MAX)] = []


class Enrolment(Struct, kw_only=True, omit_defaults=True):
    """What an enrolled till is told once. `digest_key` keys the digests of voucher codes.

    `name_used_before`: another till of this name has given receipts, or may have.
    """

    till_id: ShortText
    name: ShortText
    organisation: ShortText
    digest_key: HexKey
    card_keys: CardKeys | None = None
    name_used_before: bool = False


class Challenge(Struct, kw_only=True):
    """What a till signs to prove it holds its key."""

    challenge: Annotated[str, Meta(max_length=500)]


class SessionRequest(Struct, kw_only=True, omit_defaults=True):
    """The signed challenge: Ed25519 over the UTF-8 bytes of `challenge`.

    `heard_revoked`: the till has written down that it is shut out, and sells nothing any more.
    """

    till_id: ShortText
    challenge: Annotated[str, Meta(max_length=500)]
    signature: HexSignature
    heard_revoked: bool = False


class Session(Struct, kw_only=True):
    """A bearer token for `expires_in_s` seconds from now."""

    token: Annotated[str, Meta(pattern="^[!-~]+$")]
    expires_in_s: int
