"""NTAG 424 DNA: proving a key, and giving the tag one (AuthenticateEV2First, ChangeKey).

Source: NXP NT4H2421Gx data sheet, AN12196 and AN12343; their worked examples are the tests.
"""

import secrets

from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from cardreader.desfire.channel import BlockCipher
from cardreader.desfire.framing import unwrap, wrap
from cardreader.desfire.handshake import Random
from cardreader.desfire.status import CardSaidNo, Status
from cardreader.errors import NoAnswer
from cardreader.protocols import Card

_SELECT = bytes.fromhex("00A4040C07D276000085010100")
_AUTHENTICATE, _CHANGE_KEY = 0x71, 0xC4
_NO_IV = bytes(16)


class Ev2Session:
    """Secure messaging after AuthenticateEV2First, as far as changing a key needs it."""

    def __init__(self, ours: bytes, theirs: bytes, key: bytes, transaction: bytes) -> None:
        mixed = bytes(a ^ b for a, b in zip(ours[2:8], theirs[:6], strict=True))
        vector = bytes.fromhex("00010080") + ours[:2] + mixed + theirs[6:] + ours[8:]
        self.enciphering_key = _cmac(key, b"\xa5\x5a" + vector)
        self.mac_key = _cmac(key, b"\x5a\xa5" + vector)
        self.transaction = transaction
        self.counter = 0

    def sealed(self, command: int, header: bytes, plain: bytes) -> bytes:
        """Header, cryptogram and MAC of a command in full mode."""
        count = self.counter.to_bytes(2, "little")
        cipher = BlockCipher(self.enciphering_key)
        iv = cipher.encrypt(b"\xa5\x5a" + self.transaction + count + bytes(8), _NO_IV)
        padded = plain + b"\x80" + bytes(-(len(plain) + 1) % 16)
        body = header + cipher.encrypt(padded, iv)
        mac = _cmac(self.mac_key, bytes([command]) + count + self.transaction + body)
        return body + mac[1::2]


class Ntag424:
    """One tag in the field, its standard application selected.

    Raises NoAnswer or CardSaidNo, as `Desfire` does.
    """

    def __init__(self, card: Card, *, random: Random = secrets.token_bytes) -> None:
        self._card = card
        self._random = random
        if card.transmit(_SELECT)[-2:] != b"\x90\x00":
            raise CardSaidNo(0xA4, Status.NO_SUCH_APPLICATION)

    def authenticate(self, key_number: int, key: bytes) -> Ev2Session:
        """Mutual proof of `key`. Raises CardSaidNo (Status.AUTHENTICATION) when either fails."""
        cipher = BlockCipher(key)
        challenge = self._frame(_AUTHENTICATE, bytes([key_number, 0]), Status.MORE, 16)
        theirs = cipher.decrypt(challenge, _NO_IV)
        ours = self._random(16)
        proof = cipher.encrypt(ours + theirs[1:] + theirs[:1], _NO_IV)
        told = cipher.decrypt(self._frame(Status.MORE, proof, Status.OK, 32), _NO_IV)
        if not constant_time.bytes_eq(told[4:20], ours[1:] + ours[:1]):
            raise CardSaidNo(_AUTHENTICATE, Status.AUTHENTICATION)
        return Ev2Session(ours, theirs, key, told[:4])

    def change_own_key(self, session: Ev2Session, new: bytes, version: int) -> None:
        """Replace key 0, under which `session` stands and with which it ends."""
        sealed = session.sealed(_CHANGE_KEY, b"\0", new + bytes([version]))
        self._frame(_CHANGE_KEY, sealed, Status.OK, 0)

    def _frame(self, command: int, data: bytes, wanted: Status, length: int) -> bytes:
        status, answer = unwrap(self._card.transmit(wrap(command, data)))
        if status != wanted:
            raise CardSaidNo(command, status)
        if len(answer) != length:
            raise NoAnswer("length")
        return answer


def _cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()
