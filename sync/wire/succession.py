"""How a till that enrols anew proves which entries it goes on with."""

from collections.abc import Iterable
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from sync.wire import HexKey, HexSignature
from vouchers.voucher import ShortText

SUCCESSIONS_MAX = 100
"""A till enrols anew after trouble; far more often than that is no till."""


class Succession(Struct, frozen=True, kw_only=True):
    """The word of till `till_id` that the holder of the key `successor` goes on with its entries.

    `signature` is Ed25519 by the till's own key over `succession <till_id> <successor>`.
    """

    till_id: ShortText
    public_key: HexKey
    successor: HexKey
    signature: HexSignature

    @classmethod
    def of(cls, till_id: str, key: Ed25519PrivateKey, successor: Ed25519PublicKey) -> Self:
        """What a till signs before it gives its key up."""
        named = successor.public_bytes_raw().hex()
        return cls(
            till_id=till_id,
            public_key=key.public_key().public_bytes_raw().hex(),
            successor=named,
            signature=key.sign(_signed_text(till_id, named)).hex(),
        )

    @property
    def is_genuine(self) -> bool:
        """Whether the key that it names has signed it."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))
            key.verify(bytes.fromhex(self.signature), _signed_text(self.till_id, self.successor))
        except (InvalidSignature, ValueError):
            return False
        return True


def line_of(public_key: str, successions: Iterable[Succession]) -> list[Succession]:
    """Those that lead to `public_key` one after the other, the last one first."""
    genuine = {each.successor: each for each in successions if each.is_genuine}
    line: list[Succession] = []
    while (before := genuine.pop(public_key, None)) is not None:
        line.append(before)
        public_key = before.public_key
    return line


def _signed_text(till_id: str, successor: str) -> bytes:
    return f"succession {till_id} {successor}".encode()
