"""The card's end of a session: block by block, as the data sheet draws it."""

from zlib import crc32

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from cardreader.virtual.faults import Fault

INTEGRITY_ERROR = 0x1E


class Blocks:
    """One cipher and the last block that went through it in either direction."""

    def __init__(self, key: bytes) -> None:
        kind = AES(key) if len(key) == 16 else TripleDES(3 * key)
        cipher = Cipher(kind, ECB())  # noqa: S305 - single blocks; the chaining is ours
        self._seal, self._open = cipher.encryptor(), cipher.decryptor()
        self.size = len(key)
        self.last = bytes(self.size)

    def seal(self, plain: bytes) -> bytes:
        """Encipher, chaining from `last`."""
        sealed = b""
        for at in range(0, len(plain), self.size):
            self.last = self._seal.update(self._mix(plain[at : at + self.size]))
            sealed += self.last
        return sealed

    def open(self, sealed: bytes) -> bytes:
        """Decipher, chaining from `last`."""
        plain = b""
        for at in range(0, len(sealed), self.size):
            block = sealed[at : at + self.size]
            plain += self._mix(self._open.update(block))
            self.last = block
        return plain

    def pure(self, block: bytes) -> bytes:
        """One block enciphered outside the chain."""
        return self._seal.update(block)

    def _mix(self, block: bytes) -> bytes:
        number = int.from_bytes(block, "big") ^ int.from_bytes(self.last, "big")
        return number.to_bytes(self.size, "big")


class CardSession:
    """What an authenticated card checks of each command and adds to each answer."""

    def __init__(self, key_number: int, key: bytes) -> None:
        self.key_number = key_number
        self._blocks = Blocks(key)
        self._k1 = self._shift(self._blocks.pure(bytes(self._blocks.size)))
        self._k2 = self._shift(self._k1)

    def mac(self, message: bytes) -> bytes:
        """CMAC chained on what went before, cut to eight bytes."""
        size = self._blocks.size
        odd = len(message) % size
        key = self._k2 if odd or not message else self._k1
        if odd or not message:
            message += b"\x80"
            message += bytes((size - len(message) % size) % size)
        tail = bytes(a ^ b for a, b in zip(message[-size:], key, strict=True))
        self._blocks.seal(message[:-size] + tail)
        return self._blocks.last[:8]

    def check_mac(self, message: bytes, mac: bytes) -> None:
        """Raise Fault (integrity) when the reader's MAC is not ours."""
        if self.mac(message) != mac:
            raise Fault(INTEGRITY_ERROR)

    def open(self, sealed: bytes) -> bytes:
        """Decipher what the reader sent. Raises Fault (integrity) for broken blocks."""
        if not sealed or len(sealed) % self._blocks.size:
            raise Fault(INTEGRITY_ERROR)
        return self._blocks.open(sealed)

    def open_checked(self, command: bytes, sealed: bytes, length: int) -> bytes:
        """The `length` bytes sent under `command`, whose CRC must hold."""
        plain = self.open(sealed)
        data, rest = plain[:length], plain[length:]
        if rest[:4] != checksum(command + data) or any(rest[4:]):
            raise Fault(INTEGRITY_ERROR)
        return data

    def seal_answer(self, data: bytes) -> bytes:
        """Encipher data with the CRC over it and the status 00."""
        plain = data + checksum(data + b"\0")
        return self._blocks.seal(plain + bytes(-len(plain) % self._blocks.size))

    def _shift(self, block: bytes) -> bytes:
        size = self._blocks.size
        doubled = int.from_bytes(block, "big") << 1
        if doubled >> (8 * size):
            doubled ^= (1 << (8 * size)) | (0x87 if size == 16 else 0x1B)
        return doubled.to_bytes(size, "big")


def checksum(data: bytes) -> bytes:
    """CRC-32 as the card computes it: without the last inversion, low byte first."""
    return (crc32(data) ^ 0xFFFFFFFF).to_bytes(4, "little")


def session_key(reader: bytes, card: bytes) -> bytes:
    """From both random numbers: 16 bytes for AES, 8 for single DES."""
    if len(reader) == 8:
        return reader[:4] + card[:4]
    return reader[:4] + card[:4] + reader[12:] + card[12:]
