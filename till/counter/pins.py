"""PINs are judged here and nowhere else; whoever guesses has to wait longer each time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct
from msgspec.structs import replace

from till.counter.desk import Desk
from till.store import audit, wrong_pins
from till.store.database import Work
from till.store.wrong_pins import WrongPins
from vouchers.errors import Reason, Refused
from vouchers.guessing import PIN_PATIENCE
from vouchers.people import User, is_pin


class PinWarning(Struct, frozen=True, kw_only=True):
    """So many wrong PINs were tried on one user that it may have been somebody else."""

    user_id: str
    count: int
    last_at: datetime


class Pins:
    """Tries PINs on users. What was wrong is on disk, so that ending the program wins nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._hasher = PasswordHasher()

    def owner(self, candidates: Sequence[User], pin: str) -> User | None:
        """The one of `candidates` whose PIN that is; None when it is nobody's.

        Each candidate's wrong PINs count for themselves: the right PIN of one makes nobody else
        wait less. Raises Refused (sign_in) while all of them have to wait.
        """
        tried = self._count(candidates)
        for user in candidates:
            if user.user_id in tried and self._matches(user, pin):
                self._uncount(tried, user)
                return user
        self._write_down(tried)
        return None

    def warnings(self) -> list[PinWarning]:
        """Whose PIN was guessed at since supervisors were last told."""
        with self._desk.database.read() as work:
            known = wrong_pins.known(work)
        return [
            PinWarning(user_id=user_id, count=wrong.untold, last_at=wrong.last_at)
            for user_id, wrong in known.items()
            if wrong.untold >= PIN_PATIENCE.free
        ]

    def told(self, warnings: Iterable[PinWarning]) -> None:
        """A supervisor has read these."""
        with self._desk.database.write() as work:
            known = wrong_pins.known(work)
            read = {
                one.user_id: replace(
                    known[one.user_id], untold=max(known[one.user_id].untold - one.count, 0)
                )
                for one in warnings
                if one.user_id in known
            }
            wrong_pins.keep(work, read)

    def _count(self, candidates: Sequence[User]) -> dict[str, WrongPins]:
        """Those who may be tried now, as they stood before. The try counts as wrong until it has
        turned out right: whoever pulls the plug in between has used it up.
        """
        now = self._desk.clock.now()
        with self._desk.database.write() as work:
            before = wrong_pins.of(work, [user.user_id for user in candidates], now)
            waits = {who: self._wait(work, who, wrong, now) for who, wrong in before.items()}
            tried = {who: before[who] for who, wait in waits.items() if not wait}
            counted = {
                who: WrongPins(in_row=wrong.in_row + 1, untold=wrong.untold + 1, last_at=now)
                for who, wrong in tried.items()
            }
            wrong_pins.keep(work, counted)
        if waits and not tried:
            shortest_s = ceil(min(waits.values()).total_seconds())
            raise Refused(Reason.SIGN_IN, "pin_wait", wait=timedelta(seconds=shortest_s))
        return tried

    def _wait(self, work: Work, user_id: str, wrong: WrongPins, now: datetime) -> timedelta:
        """How long nobody may try a PIN on this user. A clock set back starts the wait anew."""
        wait = timedelta(seconds=PIN_PATIENCE.wait_s(wrong.in_row))
        if now < wrong.last_at:
            wrong_pins.keep(work, {user_id: replace(wrong, last_at=now)})
            return wait
        return max(wait - (now - wrong.last_at), timedelta())

    def _uncount(self, tried: dict[str, WrongPins], right: User) -> None:
        """The try was right for one and so no guess at the others."""
        with self._desk.database.write() as work:
            now = wrong_pins.of(work, tried, self._desk.clock.now())
            after = {
                who: replace(
                    now[who],
                    in_row=0 if who == right.user_id else max(now[who].in_row - 1, 0),
                    untold=max(now[who].untold - 1, 0),
                    last_at=before.last_at,
                )
                for who, before in tried.items()
            }
            wrong_pins.keep(work, after)

    def _write_down(self, tried: dict[str, WrongPins]) -> None:
        guessed = {w: one.in_row + 1 for w, one in tried.items()}
        with self._desk.database.write() as work:
            for user_id, in_row in guessed.items():
                if in_row >= PIN_PATIENCE.free:
                    audit.add(
                        work,
                        self._desk.clock.now(),
                        actor=user_id,
                        action="wrong PIN",
                        subject=f"{in_row} in a row",
                    )

    def _matches(self, user: User, pin: str) -> bool:
        """Not even a venue's old empty PIN is one."""
        try:
            return is_pin(pin) and self._hasher.verify(user.pin_hash, pin)
        except (VerificationError, InvalidHashError):
            return False
