"""How a virtual card says no."""


class Fault(Exception):
    """Answered as `91 status`; the session ends and nothing stays open."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:02X}")
        self.status = status


NO_CHANGES = 0x0C
ILLEGAL_COMMAND = 0x1C
NO_SUCH_KEY = 0x40
LENGTH = 0x7E
PARAMETER = 0x9E
NO_SUCH_APPLICATION = 0xA0
AUTHENTICATION = 0xAE
BOUNDARY = 0xBE
DUPLICATE = 0xDE
NO_SUCH_FILE = 0xF0
