"""The virtual DESFire chip: power, framing, authentication, and who may do what."""

import copy
import secrets
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar, cast

from cardreader.virtual.faults import AUTHENTICATION, ILLEGAL_COMMAND, LENGTH, NO_SUCH_KEY, Fault
from cardreader.virtual.memory import Application, File, Key, Store
from cardreader.virtual.secure import Blocks, CardSession, session_key

ANSWER_FRAME = 59
MORE = 0xAF
PLAIN, MACED, ENCIPHERED = 0, 1, 3

AnyFile = TypeVar("AnyFile", bound=File)


class Chip(Protocol):
    """Anything that can be held to the virtual reader."""

    atr: bytes

    def power(self) -> None:
        """Forget all that lives on power alone."""

    def exchange(self, apdu: bytes) -> bytes:
        """Answer one APDU."""


class DesfireChip:
    """An EV1 command set over a `Store`. Commands come from `commands`, by their code."""

    atr = bytes.fromhex("3B8180018080")

    def __init__(
        self,
        store: Store,
        commands: Mapping[int, "Command"],
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self.store = store
        self._commands = commands
        self._random = random
        self.power()

    def power(self) -> None:
        """Forget all that lives on power alone."""
        self.selected: Application | None = None
        self.selected_id = bytes(3)
        self._handshake: tuple[int, bytes, Blocks] | None = None
        self._waiting: list[bytes] = []
        self.drop()

    def drop(self) -> None:
        """End the session and forget what is pending."""
        self.session: CardSession | None = None
        self.pending: dict[int, File] = {}
        self.new_records: set[int] = set()

    def exchange(self, apdu: bytes) -> bytes:
        """Answer one APDU: native commands wrapped, the reader's own UID request, nothing else."""
        if apdu == bytes.fromhex("FFCA000000"):
            return self.store.memory.uid + b"\x90\x00"
        if len(apdu) < 5 or apdu[0] != 0x90:
            return b"\x6a\x82" if apdu[1:2] == b"\xa4" else b"\x6e\x00"
        try:
            status, answer = self._native(apdu[1], _body(apdu))
        except Fault as fault:
            self._handshake, self._waiting = None, []
            self.drop()
            status, answer = fault.status, b""
        return answer + bytes([0x91, status])

    def _native(self, code: int, data: bytes) -> tuple[int, bytes]:
        if code == MORE:
            return self._continue(data)
        self._handshake, self._waiting = None, []
        if code in (0xAA, 0x1A):
            return self._challenge(data, aes=code == 0xAA)
        if code not in self._commands:
            raise Fault(ILLEGAL_COMMAND)
        answer = self._commands[code](self, data)
        self._waiting = [answer[i : i + ANSWER_FRAME] for i in range(0, len(answer), ANSWER_FRAME)]
        return self._next_frame()

    def _continue(self, data: bytes) -> tuple[int, bytes]:
        if self._handshake is not None:
            handshake, self._handshake = self._handshake, None
            return 0, self._prove(*handshake, data)
        if not self._waiting:
            raise Fault(ILLEGAL_COMMAND)
        return self._next_frame()

    def _next_frame(self) -> tuple[int, bytes]:
        frame = self._waiting.pop(0) if self._waiting else b""
        return (MORE if self._waiting else 0), frame

    def _challenge(self, data: bytes, *, aes: bool) -> tuple[int, bytes]:
        self.drop()
        key = self.key(data[0] if len(data) == 1 else 0xFF)
        if key.des == aes:
            raise Fault(AUTHENTICATION)
        blocks = Blocks(key.secret)
        ours = self._random(blocks.size)
        self._handshake = (data[0], ours, blocks)
        return MORE, blocks.seal(ours)

    def _prove(self, number: int, ours: bytes, blocks: Blocks, data: bytes) -> bytes:
        if len(data) != 2 * blocks.size:
            raise Fault(LENGTH)
        opened = blocks.open(data)
        theirs, rotated = opened[: blocks.size], opened[blocks.size :]
        if rotated != ours[1:] + ours[:1]:
            raise Fault(AUTHENTICATION)
        proof = blocks.seal(theirs[1:] + theirs[:1])
        self.session = CardSession(number, session_key(theirs, ours))
        return proof

    # What the commands lean on.

    def key(self, number: int) -> Key:
        """A key of the selected application, or the card's own."""
        keys = [self.store.memory.master] if self.selected is None else self.selected.keys
        if number >= len(keys):
            raise Fault(NO_SUCH_KEY)
        return keys[number]

    @property
    def settings(self) -> int:
        """Key settings of the application selected, or of the card."""
        return self.store.memory.settings if self.selected is None else self.selected.settings

    def demand(self, *key_numbers: int) -> None:
        """Raise Fault unless the session stands under one of those keys; 0xE is everybody's."""
        if 0xE in key_numbers:
            return
        if self.session is None or self.session.key_number not in key_numbers:
            raise Fault(AUTHENTICATION)

    def touch(self, number: int, file: AnyFile) -> AnyFile:
        """The pending copy of a file, made on the first change in a transaction."""
        pending = self.pending.setdefault(number, copy.deepcopy(file))
        return cast("AnyFile", pending)

    def received(self, command: bytes, data: bytes, mode: int = PLAIN) -> bytes:
        """What came after `command` (code and header), checked in the session."""
        if self.session is None:
            return data
        if mode == MACED:
            self.session.check_mac(command + data[:-8], data[-8:])
            return data[:-8]
        self.session.mac(command + data)
        return data

    def received_sealed(self, command: bytes, data: bytes, length: int) -> bytes:
        """The same for `length` enciphered bytes."""
        if self.session is None:
            raise Fault(AUTHENTICATION)
        return self.session.open_checked(command, data, length)

    def answered(self, data: bytes, mode: int = PLAIN) -> bytes:
        """What goes back, with what the session adds."""
        if self.session is None:
            return data
        if mode == ENCIPHERED and data:
            return self.session.seal_answer(data)
        return data + self.session.mac(data + b"\0")


Command = Callable[[DesfireChip, bytes], bytes]


def _body(apdu: bytes) -> bytes:
    if len(apdu) == 5:
        return b""
    if len(apdu) != apdu[4] + 6:
        raise Fault(LENGTH)
    return apdu[5:-1]
