"""The commands of a DESFire card that the till needs, by name."""

from dataclasses import dataclass

from cardreader.desfire.channel import Mode, crc32
from cardreader.desfire.link import PICC, Link
from cardreader.errors import NoAnswer

UID_BYTES = 7
_AES_KEY = 0x80


@dataclass(frozen=True, slots=True)
class Version:
    """What GetVersion tells before anybody has proven anything."""

    product: int
    major: int
    uid: bytes


class Desfire(Link):
    """One card. Numbers travel little-endian; amounts are minor units in four bytes.

    Every method raises NoAnswer (unknown what happened) or CardSaidNo (it did not happen, and
    the session is over).
    """

    def version(self) -> Version:
        """GetVersion. The UID is all zero on a card that hides it."""
        told = self.command(0x60)
        if len(told) < 14 + UID_BYTES:
            raise NoAnswer("version")
        return Version(product=told[1], major=told[3], uid=told[14 : 14 + UID_BYTES])

    def real_uid(self) -> bytes:
        """GetCardUID: the UID as the authenticated card vouches for it."""
        return self.read(0x51, b"", UID_BYTES)

    def application_ids(self) -> list[bytes]:
        """GetApplicationIDs of the card."""
        told = self.command(0x6A)
        return [told[i : i + 3] for i in range(0, len(told), 3)]

    def create_application(self, application: bytes, settings: int, aes_keys: int) -> None:
        """CreateApplication with all-zero AES keys."""
        self.command(0xCA, application + bytes([settings, _AES_KEY | aes_keys]))

    def change_key_settings(self, settings: int) -> None:
        """ChangeKeySettings of the selected application, or of the card."""
        self.command(0x54, data=bytes([settings]), mode=Mode.ENCIPHERED)

    def key_settings(self) -> int:
        """The settings byte of GetKeySettings."""
        return _one(self.command(0x45)[:1])

    def key_version(self, key_number: int) -> int:
        """GetKeyVersion; asks for no authentication."""
        return _one(self.command(0x64, bytes([key_number])))

    def change_key(
        self, key_number: int, new: bytes, version: int, *, old: bytes | None = None
    ) -> None:
        """ChangeKey to an AES key. `old` is needed for any key but the session's own.

        Changing the session's own key ends the session.
        """
        number = key_number | (_AES_KEY if self.selected == PICC else 0)
        if old is None:
            self.change_own_key(bytes([0xC4, number]), new + bytes([version]))
            return
        mixed = bytes(a ^ b for a, b in zip(new, old, strict=True))
        self.change_other_key(bytes([0xC4, number]), mixed + bytes([version]), crc32(new))

    def file_ids(self) -> list[int]:
        """GetFileIDs of the selected application."""
        return list(self.command(0x6F))

    def file_settings(self, file: int) -> bytes:
        """GetFileSettings, as the data sheet lays it out for the type of the file."""
        return self.command(0xF5, bytes([file]))

    def create_value_file(self, file: int, rights: bytes, upper_limit: int) -> None:
        """CreateValueFile, enciphered, from 0 to `upper_limit`, holding 0, no LimitedCredit."""
        limits = _signed(0) + _signed(upper_limit) + _signed(0)
        head = bytes([file, Mode.ENCIPHERED.value])
        self.command(0xCC, head + rights + limits + b"\0")

    def create_cyclic_file(self, file: int, rights: bytes, record_bytes: int, records: int) -> None:
        """CreateCyclicRecordFile, enciphered. The card keeps one of `records` for the next."""
        head = bytes([file, Mode.ENCIPHERED.value])
        self.command(0xC0, head + rights + _three(record_bytes) + _three(records))

    def value(self, file: int) -> int:
        """GetValue, the committed one."""
        told = self.read(0x6C, bytes([file]), 4)
        return int.from_bytes(told, "little", signed=True)

    def credit(self, file: int, amount: int) -> None:
        """Credit; pending until commit."""
        self.command(0x0C, bytes([file]), _signed(amount), Mode.ENCIPHERED)

    def debit(self, file: int, amount: int) -> None:
        """Debit; pending until commit."""
        self.command(0xDC, bytes([file]), _signed(amount), Mode.ENCIPHERED)

    def write_record(self, file: int, record: bytes) -> None:
        """WriteRecord as the newest; pending until commit."""
        head = bytes([file]) + _three(0) + _three(len(record))
        self.command(0x3B, head, record, Mode.ENCIPHERED)

    def read_records(self, file: int, count: int, record_bytes: int) -> list[bytes]:
        """ReadRecords: the newest `count`, oldest first. There must be that many."""
        head = bytes([file]) + _three(0) + _three(count)
        told = self.read(0xBB, head, count * record_bytes)
        return [told[i : i + record_bytes] for i in range(0, len(told), record_bytes)]

    def commit(self) -> None:
        """CommitTransaction: all pending changes of the application become valid at once."""
        self.command(0xC7)


def _signed(number: int) -> bytes:
    return number.to_bytes(4, "little", signed=True)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")


def _one(answer: bytes) -> int:
    if len(answer) != 1:
        raise NoAnswer("length")
    return answer[0]
