"""The secure channel of an EV1 session: one running IV through every command and every answer."""

import zlib
from enum import Enum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from cardreader.errors import NoAnswer

MAC_BYTES = 8
CRC_BYTES = 4


class Mode(Enum):
    """How the data of a file or command travels (communication settings of the data sheet)."""

    PLAIN = 0
    MAC = 1
    ENCIPHERED = 3


def crc32(data: bytes) -> bytes:
    """CRC-32 without final inversion, little-endian, as DESFire uses it."""
    return (~zlib.crc32(data) & 0xFFFFFFFF).to_bytes(CRC_BYTES, "little")


class BlockCipher:
    """AES-128, or DES as three-key DES with one key thrice (only factory-blank cards need it)."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.AES(key) if len(key) == 16 else TripleDES(key * 3)
        self.block_bytes = self._algorithm.block_size // 8

    def encrypt(self, data: bytes, iv: bytes) -> bytes:
        """CBC, without padding."""
        return Cipher(self._algorithm, modes.CBC(iv)).encryptor().update(data)

    def decrypt(self, data: bytes, iv: bytes) -> bytes:
        """CBC, without padding."""
        return Cipher(self._algorithm, modes.CBC(iv)).decryptor().update(data)


class Channel:
    """Arithmetic of one authenticated session; no bytes leave from here.

    Every command and every answer must pass through, plain ones too, or the IVs part ways.
    """

    def __init__(self, cipher: BlockCipher) -> None:
        self._cipher = cipher
        self._iv = bytes(cipher.block_bytes)
        self._whole_key, self._padded_key = _subkeys(cipher)

    def outgoing(self, command: bytes, data: bytes, mode: Mode) -> bytes:
        """What follows the command header on the wire for `data`; `command` is code and header."""
        if mode is Mode.ENCIPHERED:
            return self._encrypt(_fill(data + crc32(command + data), self._cipher.block_bytes))
        mac = self._mac(command + data)
        return data + mac if mode is Mode.MAC else data

    def outgoing_key(self, command: bytes, data: bytes, tail: bytes) -> bytes:
        """The cryptogram of a ChangeKey: CRC over command and `data`, then `tail`."""
        plain = data + crc32(command + data) + tail
        return self._encrypt(_fill(plain, self._cipher.block_bytes))

    def incoming(self, answer: bytes) -> bytes:
        """Data of a successful answer whose last 8 bytes are its MAC. Raises NoAnswer."""
        data, mac = answer[:-MAC_BYTES], answer[-MAC_BYTES:]
        if not constant_time.bytes_eq(mac, self._mac(data + b"\0")):
            raise NoAnswer("mac")
        return data

    def incoming_enciphered(self, answer: bytes, length: int) -> bytes:
        """The `length` plain bytes of an enciphered successful answer. Raises NoAnswer.

        The length comes from the command: searching for the CRC would let chance decide.
        """
        block = self._cipher.block_bytes
        if len(answer) != -(-(length + CRC_BYTES) // block) * block:
            raise NoAnswer("length")
        plain, self._iv = self._cipher.decrypt(answer, self._iv), answer[-block:]
        data, crc = plain[:length], plain[length : length + CRC_BYTES]
        if not constant_time.bytes_eq(crc, crc32(data + b"\0")):
            raise NoAnswer("crc")
        return data

    def _encrypt(self, plain: bytes) -> bytes:
        wire = self._cipher.encrypt(plain, self._iv)
        self._iv = wire[-self._cipher.block_bytes :]
        return wire

    def _mac(self, message: bytes) -> bytes:
        """CMAC (NIST SP 800-38B) from the running IV, which it becomes; its first 8 bytes."""
        block = self._cipher.block_bytes
        whole = bool(message) and len(message) % block == 0
        padded = message if whole else _fill(message + b"\x80", block)
        last = _xor(padded[-block:], self._whole_key if whole else self._padded_key)
        self._encrypt(padded[:-block] + last)
        return self._iv[:MAC_BYTES]


class RunningCipher:
    """The chained CBC of an authentication handshake, from a zero IV."""

    def __init__(self, cipher: BlockCipher) -> None:
        self._cipher = cipher
        self._iv = bytes(cipher.block_bytes)

    def encrypt(self, data: bytes) -> bytes:
        """Encipher and go on from the last block sent."""
        wire = self._cipher.encrypt(data, self._iv)
        self._iv = wire[-self._cipher.block_bytes :]
        return wire

    def decrypt(self, data: bytes) -> bytes:
        """Decipher and go on from the last block received."""
        plain, self._iv = self._cipher.decrypt(data, self._iv), data[-self._cipher.block_bytes :]
        return plain


def _subkeys(cipher: BlockCipher) -> tuple[bytes, bytes]:
    bits = cipher.block_bytes * 8
    polynomial = 0x87 if bits == 128 else 0x1B

    def doubled(value: int) -> int:
        return (value << 1) % (1 << bits) ^ (polynomial if value >> (bits - 1) else 0)

    zero = bytes(cipher.block_bytes)
    first = doubled(int.from_bytes(cipher.encrypt(zero, zero), "big"))
    return (
        first.to_bytes(cipher.block_bytes, "big"),
        doubled(first).to_bytes(cipher.block_bytes, "big"),
    )


def _fill(data: bytes, block: int) -> bytes:
    return data + bytes(-len(data) % block)


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
