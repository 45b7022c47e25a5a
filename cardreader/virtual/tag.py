"""A virtual NTAG 424 DNA: its first key, to be proven and changed."""

import secrets
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from cardreader.virtual.faults import AUTHENTICATION, ILLEGAL_COMMAND, Fault
from cardreader.virtual.memory import Store
from cardreader.virtual.secure import INTEGRITY_ERROR, Blocks

_SELECT = bytes.fromhex("00A4040C07D276000085010100")


class TagChip:
    """Keeps its key in the place of a DESFire card's master key."""

    atr = bytes.fromhex("3B8180018080")

    def __init__(self, store: Store, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self.store = store
        self._random = random
        if store.memory.master.des:
            store.memory.master.secret, store.memory.master.des = bytes(16), False
        self.power()

    def power(self) -> None:
        """Forget challenge and session."""
        self._challenge: bytes | None = None
        self._session: tuple[bytes, bytes, bytes] | None = None

    def exchange(self, apdu: bytes) -> bytes:
        """UID, version, authentication and change of key 0."""
        if apdu == bytes.fromhex("FFCA000000"):
            return self.store.memory.uid + b"\x90\x00"
        if apdu == _SELECT:
            self.power()
            return b"\x90\x00"
        if apdu[0] != 0x90:
            return b"\x6a\x82"
        try:
            status, answer = self._native(apdu[1], apdu[5:-1])
        except Fault as fault:
            self.power()
            status, answer = fault.status, b""
        return answer + bytes([0x91, status])

    def _native(self, code: int, data: bytes) -> tuple[int, bytes]:
        if code == 0x60:
            told = bytes.fromhex("04040230001105" + "04040201021105") + self.store.memory.uid
            return 0, told + bytes(7)
        if code == 0x71 and data == b"\0\0":
            self._challenge = self._random(16)
            return 0xAF, Blocks(self.store.memory.master.secret).seal(self._challenge)
        if code == 0xAF and self._challenge is not None:
            return 0, self._prove(data, self._challenge)
        if code == 0xC4 and self._session is not None:
            return 0, self._change_key(data, *self._session)
        raise Fault(ILLEGAL_COMMAND)

    def _prove(self, data: bytes, card: bytes) -> bytes:
        secret = self.store.memory.master.secret
        opened = Blocks(secret).open(data)
        reader, rotated = opened[:16], opened[16:]
        if rotated != card[1:] + card[:1]:
            raise Fault(AUTHENTICATION)
        transaction = self._random(4)
        middle = bytes(a ^ b for a, b in zip(reader[2:8], card[:6], strict=True))
        tail = b"\0\1\0\x80" + reader[:2] + middle + card[6:] + reader[8:]
        keys = (_mac(secret, head + tail) for head in (b"\xa5\x5a", b"\x5a\xa5"))
        self._session = (next(keys), next(keys), transaction)
        return Blocks(secret).seal(transaction + reader[1:] + reader[:1] + bytes(12))

    def _change_key(self, data: bytes, seal: bytes, mac_key: bytes, transaction: bytes) -> bytes:
        body, mac = data[:-8], data[-8:]
        if _mac(mac_key, b"\xc4\0\0" + transaction + body)[1::2] != mac or body[:1] != b"\0":
            raise Fault(INTEGRITY_ERROR)
        blocks = Blocks(seal)
        blocks.last = blocks.pure(b"\xa5\x5a" + transaction + bytes(10))
        plain = blocks.open(body[1:])
        self.store.memory.master.secret, self.store.memory.master.version = plain[:16], plain[16]
        self.store.save()
        self.power()
        return b""


def _mac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()
