"""What a DESFire card answers when it does not do as it is told."""

from enum import IntEnum

from vouchers.errors import OperatingError


class Status(IntEnum):
    """Status bytes (MF2DLHX0, table of status words; EV1 data sheet)."""

    OK = 0x00
    NOTHING_OPEN = 0x0C
    OUT_OF_MEMORY = 0x0E
    UNKNOWN_COMMAND = 0x1C
    INTEGRITY = 0x1E
    NO_SUCH_KEY = 0x40
    LENGTH = 0x7E
    DENIED = 0x9D
    PARAMETER = 0x9E
    NO_SUCH_APPLICATION = 0xA0
    AUTHENTICATION = 0xAE
    MORE = 0xAF
    BOUNDARY = 0xBE
    ABORTED = 0xCA
    DUPLICATE = 0xDE
    NO_SUCH_FILE = 0xF0


class CardSaidNo(OperatingError):
    """The card answered and did not do it. The session is over, nothing stays open.

    The status carries no MAC: after a Commit it proves nothing.
    """

    def __init__(self, command: int, status: int) -> None:
        super().__init__("card_said_no", support=f"{command:02X}-{status:02X}")
        self.command = command
        self.status = status
