"""The ways in which the world fails the server, told to operators and tills."""

from vouchers.errors import OperatingError


class DatabaseRefused(OperatingError):
    """The database is not ours, newer than this program, or damaged; it was not touched."""


class StorageUnavailable(OperatingError):
    """The database does not answer at the moment; nothing was booked that is not on disk."""

    def __init__(self, why: str = "") -> None:
        super().__init__("database_unavailable", why=why)


class StorageFull(OperatingError):
    """The disk is full: nothing was booked."""

    def __init__(self) -> None:
        super().__init__("disk_full")


class NotPossible(OperatingError):
    """What an operator asked for is wrong, or contradicts what is there. Nothing was changed."""


class MachineRefused(NotPossible):
    """An operator asked rightly, but this machine did not let us."""


class NeedsEvenSo(OperatingError):
    """What an operator asks for would do harm to somebody: it must be asked for once more."""

    def __init__(self, objections: list[str]) -> None:
        super().__init__("needs_even_so", objections="\n".join(objections))


class PositionLost(OperatingError):
    """The feed keeps no changes as old as the position asked for, or has never got so far."""

    def __init__(self) -> None:
        super().__init__("feed_position_lost")
