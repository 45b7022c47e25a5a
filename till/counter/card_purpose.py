"""What a movement on a card is for, kept in its journal row: whoever settles it books by it."""

from typing import Protocol
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from till.counter.sale import Sale
from vouchers.catalogue import Product, ProductKind
from vouchers.ledger import EntryKind
from vouchers.money import Money
from vouchers.people import User


class Movement(Protocol):
    """A change of a card's balance (cardreader.purse.journal.CardMovement)."""

    @property
    def movement_id(self) -> UUID:
        """The id of the ledger entry to come."""

    @property
    def uid(self) -> str:
        """The card."""

    @property
    def amount(self) -> Money:
        """Signed: loads are positive."""

    @property
    def balance_after(self) -> Money:
        """What the card then holds."""

    @property
    def counter(self) -> int:
        """The number it takes in the card's life."""

    @property
    def follows(self) -> UUID:
        """The movement found on the card as the newest."""


class CardPurpose(Struct, frozen=True, kw_only=True):
    """`sale` is as it will stand when the movement is done; it is committed with it if it then
    `completes`. `corrects` is the payment that goes back onto the card."""

    kind: EntryKind
    cashier: User
    sale: Sale
    completes: bool
    corrects: UUID | None = None

    def packed(self) -> bytes:
        """For the journal. A PIN's hash has no business there."""
        nobody = replace(self.cashier, pin_hash="")
        return msgspec.json.encode(replace(self, cashier=nobody))


_decoder = msgspec.json.Decoder(CardPurpose)


def unpacked(body: bytes) -> CardPurpose:
    """What `packed` made."""
    return _decoder.decode(body)


def card_load(amount: Money) -> Product:
    """What stands on a receipt when a card is loaded with `amount`: also what moves onto it."""
    return Product(
        product_id="card-load",
        kind=ProductKind.VALUE_VOUCHER,
        category="",
        title={"en": "Card loaded", "de": "Karte geladen"},
        price=amount,
        vouchers_pay=True,
    )
