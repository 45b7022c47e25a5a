"""A card on a PC/SC reader, held exclusively."""

import time
from collections.abc import Callable
from typing import TypeVar

from cardreader.errors import CardInUse, CardServiceAway, NoAnswer
from cardreader.pcsc import Context, check, establish, release, scard
from cardreader.worker import Worker

EXCHANGE_DEADLINE_MS = 2_000
"""Longer than any exchange of a card that works: changing a key takes some 100 ms."""

BUSY_PATIENCE_MS = 600
"""How long another program may look at a new card before we say that it is in the way."""

_BUSY_PAUSE_S = 0.03

Result = TypeVar("Result")


class PcscCard:
    """Fulfils `Card`. Made by `connect`, on whose thread nothing of PC/SC is ever called."""

    def __init__(
        self, worker: Worker, context: Context, handle: Context, protocol: int, deadline_ms: int
    ) -> None:
        self._worker = worker
        self._context = context
        self._handle = handle
        self._api = scard()
        t0 = protocol == self._api.SCARD_PROTOCOL_T0
        self._pci = self._api.SCARD_PCI_T0 if t0 else self._api.SCARD_PCI_T1
        self._deadline_ms = deadline_ms
        self._silent = False

    def transmit(self, apdu: bytes) -> bytes:
        """One exchange. Whatever goes wrong means that nobody knows what the card did."""
        if self._silent:
            raise NoAnswer("silent before")
        try:
            code, answer = self._worker.run(
                lambda: self._api.SCardTransmit(self._handle, self._pci, list(apdu)),
                self._deadline_ms,
            )
        except Exception as error:
            self._silent = True
            raise NoAnswer(type(error).__name__) from error
        if code != self._api.SCARD_S_SUCCESS or len(answer) < 2:
            self._silent = True
            raise NoAnswer(f"{code & 0xFFFFFFFF:08X}")
        return bytes(answer)

    def close(self) -> None:
        """Reset the card, which drops what it has not committed, and let go of it."""
        self._silent = True
        self._worker.finish(self._let_go)

    def _let_go(self) -> None:
        self._api.SCardDisconnect(self._handle, self._api.SCARD_RESET_CARD)
        release(self._context)


def connect(reader: str, deadline_ms: int = EXCHANGE_DEADLINE_MS) -> PcscCard:
    """The card on `reader`, ours alone.

    Raises CardsNotInstalled, CardServiceAway, ReaderGone, NoCard or CardInUse.
    """
    scard()
    worker = Worker(f"card on {reader}")
    context = _within(worker, establish, deadline_ms)
    patience_until = time.monotonic() + BUSY_PATIENCE_MS / 1000
    while True:
        try:
            handle, protocol = _within(worker, lambda: _hold(context, reader), deadline_ms)
            return PcscCard(worker, context, handle, protocol, deadline_ms)
        except CardInUse:
            if time.monotonic() > patience_until:
                worker.finish(lambda: release(context))
                raise
            time.sleep(_BUSY_PAUSE_S)
        except Exception:
            worker.finish(lambda: release(context))
            raise


def _hold(context: Context, reader: str) -> tuple[Context, int]:
    api = scard()
    protocols = api.SCARD_PROTOCOL_T0 | api.SCARD_PROTOCOL_T1
    code, handle, protocol = api.SCardConnect(context, reader, api.SCARD_SHARE_EXCLUSIVE, protocols)
    check(code, reader=reader)
    return handle, protocol


def _within(worker: Worker, work: Callable[[], Result], deadline_ms: int) -> Result:
    try:
        return worker.run(work, deadline_ms)
    except TimeoutError as hanging:
        raise CardServiceAway from hanging
