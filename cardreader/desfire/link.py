"""One card spoken to in native commands, through its session once there is one."""

import secrets

from cardreader.desfire.channel import Channel, Mode
from cardreader.desfire.framing import FRAME_DATA_MAX, frames, unwrap, wrap
from cardreader.desfire.handshake import Random, Scheme, authenticate
from cardreader.desfire.status import CardSaidNo, Status
from cardreader.protocols import Card

PICC = bytes(3)
"""The application id of the card itself."""

ANSWER_FRAMES_MAX = 40
"""More frames than the largest answer we ask for has: a card that never ends is cut off."""


class Link:
    """Carries commands to the selected application and keeps both ends' IVs in step.

    Methods raise NoAnswer (unknown what happened) or CardSaidNo (it did not happen). Either
    ends the session: the card has dropped it, or can no longer be followed.
    """

    def __init__(
        self,
        card: Card,
        *,
        random: Random = secrets.token_bytes,
        frame_data_max: int = FRAME_DATA_MAX,
    ) -> None:
        self._card = card
        self._random = random
        self.frame_data_max = frame_data_max
        self._channel: Channel | None = None
        self.selected = PICC

    def select(self, application: bytes) -> None:
        """SelectApplication: ends the session and drops what is open."""
        self._channel = None
        self._exchange(0x5A, application)
        self.selected = application

    def authenticate(self, key_number: int, key: bytes, scheme: Scheme = Scheme.AES) -> None:
        """Start a session under `key`. Raises CardSaidNo when card or key is another."""
        self._channel = None
        self._channel = authenticate(self._frame, scheme, key_number, key, self._random)

    def command(
        self, code: int, header: bytes = b"", data: bytes = b"", mode: Mode = Mode.PLAIN
    ) -> bytes:
        """A command whose answer is plain, with a MAC inside a session."""
        if self._channel is None:
            return self._exchange(code, header, data)
        channel = self._channel
        body = channel.outgoing(bytes([code]) + header, data, mode)
        return channel.incoming(self._exchange(code, header, body))

    def read(self, code: int, header: bytes, length: int) -> bytes:
        """A command answered with `length` enciphered bytes."""
        channel = self._session()
        channel.outgoing(bytes([code]) + header, b"", Mode.PLAIN)
        return channel.incoming_enciphered(self._exchange(code, header), length)

    def change_own_key(self, command: bytes, value: bytes) -> None:
        """Replace the key of this session, which ends it: the answer carries no MAC."""
        cryptogram = self._session().outgoing_key(command, value, b"")
        self._channel = None
        self._exchange(command[0], command[1:] + cryptogram)

    def change_other_key(self, command: bytes, value: bytes, crc_of_new: bytes) -> None:
        """Replace another key of the application; the session goes on."""
        channel = self._session()
        cryptogram = channel.outgoing_key(command, value, crc_of_new)
        channel.incoming(self._exchange(command[0], command[1:] + cryptogram))

    def _session(self) -> Channel:
        if self._channel is None:
            raise CardSaidNo(Scheme.AES.value, Status.AUTHENTICATION)
        return self._channel

    def _exchange(self, code: int, header: bytes, body: bytes = b"") -> bytes:
        """Send in as many frames as it takes, collect the answer from as many as it has."""
        fits = len(header) + len(body) <= self.frame_data_max
        waiting = [header + body] if fits else [header, *frames(body, self.frame_data_max)]
        status, answer = self._frame(code, waiting.pop(0))
        for _ in range(ANSWER_FRAMES_MAX):
            if status != Status.MORE:
                break
            status, more = self._frame(Status.MORE, waiting.pop(0) if waiting else b"")
            answer += more
        if status != Status.OK or waiting:
            self._channel = None
            raise CardSaidNo(code, status)
        return answer

    def _frame(self, code: int, data: bytes) -> tuple[int, bytes]:
        return unwrap(self._card.transmit(wrap(code, data)))
