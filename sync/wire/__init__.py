"""The wire format that tills and server share: JSON bodies of /api/v1, as values.

Ledger entries, catalogues and users travel as they are (vouchers/). Nothing here is renamed
once released; new fields carry a default. A till follows servers that are newer than itself:
words it does not know are kept (vouchers.open_enum), kinds of changes it does not know are
passed over (sync.changes). A server takes only what it knows, so it is upgraded first.
"""

from typing import Annotated

from msgspec import Meta, Struct

from vouchers.money import Money

API = "/api/v1"
PAGE_MAX = 1_000
SERVER_TIME_HEADER = "Server-Time-Ms"
"""Every answer carries the server's clock in milliseconds since 1970, to measure skew by."""

Position = Annotated[int, Meta(ge=0, le=2**63 - 1)]
HexKey = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
HexSignature = Annotated[str, Meta(pattern="^[0-9a-f]{128}$")]


class Problem(Struct, kw_only=True, omit_defaults=True):
    """An error answer (RFC 9457, application/problem+json).

    `type` is stable: "/problems/<word>", where for a refused hold or look-up the word is one of
    vouchers.errors.Reason. `balance` tells an enrolled till what is left.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    balance: Money | None = None

    @property
    def word(self) -> str:
        """The last part of the type, which programs go by."""
        return self.type.rsplit("/", 1)[-1]
