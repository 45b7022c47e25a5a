"""The edge to PC/SC: pyscard's low-level calls, imported late, their codes translated once."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import Any

from cardreader.errors import CardInUse, CardServiceAway, CardsNotInstalled, NoCard, ReaderGone

Context = Any  # an opaque handle; pyscard hands out plain numbers


def scard() -> ModuleType:
    """pyscard's `smartcard.scard`. Raises CardsNotInstalled."""
    try:
        return import_module("smartcard.scard")
    except ImportError as missing:
        raise CardsNotInstalled from missing


def establish() -> Context:
    """A new context. Raises CardsNotInstalled, CardServiceAway."""
    api = scard()
    code, context = api.SCardEstablishContext(api.SCARD_SCOPE_USER)
    if code != api.SCARD_S_SUCCESS:
        raise CardServiceAway
    return context


def release(context: Context) -> None:
    """Give `context` back; a dead one is no matter."""
    with suppress(scard().error):
        scard().SCardReleaseContext(context)


@contextmanager
def context_of_its_own() -> Iterator[Context]:
    """A context for as long as the block lasts."""
    context = establish()
    try:
        yield context
    finally:
        release(context)


def reader_names(context: Context) -> list[str]:
    """Every slot the service knows, of whatever kind. Raises CardServiceAway."""
    api = scard()
    code, names = api.SCardListReaders(context, [])
    if code == api.SCARD_E_NO_READERS_AVAILABLE:
        return []
    check(code, reader="")
    return list(names)


def check(code: int, *, reader: str) -> None:
    """Raise what `code` means for `reader`, nothing when it means success.

    Codes not listed come from a service or driver that lost its footing: the context is
    dropped and made anew, as after a restart of the service.
    """
    api = scard()
    match code:
        case api.SCARD_S_SUCCESS:
            return
        case api.SCARD_E_UNKNOWN_READER | api.SCARD_E_READER_UNAVAILABLE:
            raise ReaderGone(reader)
        case api.SCARD_E_SHARING_VIOLATION:
            raise CardInUse(reader)
        case (
            api.SCARD_E_NO_SMARTCARD
            | api.SCARD_W_REMOVED_CARD
            | api.SCARD_W_UNRESPONSIVE_CARD
            | api.SCARD_W_UNPOWERED_CARD
        ):
            raise NoCard(reader)
        case _:
            raise CardServiceAway
