"""How long whoever guesses a secret has to wait: the same rule for PINs, codes and enrolments."""

from msgspec import Struct


class Patience(Struct, frozen=True, kw_only=True):
    """After `free` failures in a row each next try has to wait: `first_s` seconds, then twice as
    long each time, up to `most_s`.

    >>> PIN_PATIENCE.wait_s(2), PIN_PATIENCE.wait_s(3), PIN_PATIENCE.wait_s(5)
    (0, 5, 20)
    """

    free: int
    first_s: int
    most_s: int = 300

    def wait_s(self, failures: int) -> int:
        """Seconds between the last of `failures` in a row and the next try."""
        if failures < self.free:
            return 0
        doublings = min(failures - self.free, self.most_s.bit_length())
        return min(self.first_s << doublings, self.most_s)


PIN_PATIENCE = Patience(free=3, first_s=5)
"""Ten thousand PINs of four digits then take more than a month, three slips of a finger nothing."""

CODE_PATIENCE = Patience(free=5, first_s=2)
