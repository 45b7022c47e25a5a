"""A PIN is slowed down after a few wrong ones, whatever is done to the till in between."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.till.ui.world import CASHIER_PIN, SECOND_PIN, SUPERVISOR_PIN, World
from till.counter.pins import Pins
from till.counter.sign_in import SignIn
from till.store import audit
from vouchers.errors import Refused
from vouchers.people import User


class HandSetClock:
    """A clock that stands until somebody sets it."""

    def __init__(self, world: World) -> None:
        self.time = world.counter.desk.clock.now()

    def now(self) -> datetime:
        return self.time

    def passes(self, **time: float) -> None:
        self.time += timedelta(**time)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def clock(world: World, monkeypatch: pytest.MonkeyPatch) -> HandSetClock:
    clock = HandSetClock(world)
    object.__setattr__(world.counter.desk, "clock", clock)
    return clock


@pytest.fixture
def door(world: World, clock: HandSetClock) -> SignIn:
    return world.counter.sign_in


def guess(door: SignIn, user_id: str = "c1", times: int = 3) -> None:
    for _ in range(times):
        with pytest.raises(Refused) as wrong:
            door.sign_in(user_id, "0000")
        assert wrong.value.key == "refused_sign_in"


def waits(door: SignIn, user_id: str = "c1", pin: str = CASHIER_PIN) -> timedelta:
    with pytest.raises(Refused) as slowed:
        door.sign_in(user_id, pin)
    assert (slowed.value.reason, slowed.value.key) == ("sign_in", "pin_wait")
    wait = slowed.value.details["wait"]
    assert isinstance(wait, timedelta)
    return wait


def test_the_wait_grows_and_the_right_pin_ends_it(door: SignIn, clock: HandSetClock) -> None:
    guess(door)
    assert waits(door) == timedelta(seconds=5)
    clock.passes(seconds=5)
    guess(door, times=1)
    assert waits(door) == timedelta(seconds=10)
    clock.passes(seconds=10)
    assert door.sign_in("c1", CASHIER_PIN).user_id == "c1"
    guess(door, times=2)
    assert door.sign_in("c1", CASHIER_PIN).user_id == "c1"


def test_neither_a_restart_nor_a_clock_set_back_helps(
    world: World, door: SignIn, clock: HandSetClock
) -> None:
    guess(door)
    clock.passes(hours=-5)
    assert waits(SignIn(world.counter.desk)) == timedelta(seconds=5)
    clock.passes(seconds=3)
    assert waits(SignIn(world.counter.desk)) == timedelta(seconds=2)
    clock.passes(seconds=2)
    assert door.sign_in("c1", CASHIER_PIN).user_id == "c1"


def test_a_try_counts_before_it_is_judged(
    door: SignIn, clock: HandSetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pull_the_plug(_pins: Pins, _user: User, _pin: str) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as plug:
        plug.setattr(Pins, "_matches", pull_the_plug)
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                door.sign_in("c1", "0000")
    assert waits(door) == timedelta(seconds=5)


def test_one_users_right_pin_makes_nobody_else_wait_less(
    world: World, door: SignIn, clock: HandSetClock
) -> None:
    guess(door, "s2")
    cashier = next(user for user in door.users() if user.user_id == "c1")
    assert door.approve(cashier, SUPERVISOR_PIN, "account", "K7Q2").user_id == "s1"
    assert waits(door, "s2", SECOND_PIN) == timedelta(seconds=5)
    with pytest.raises(Refused):
        door.agree("s2", SECOND_PIN)
    assert door.sign_in("s1", SUPERVISOR_PIN).user_id == "s1"


def test_approvals_are_slowed_down_too_and_told(
    world: World, door: SignIn, clock: HandSetClock
) -> None:
    cashier = next(user for user in door.users() if user.user_id == "c1")
    for _ in range(3):
        with pytest.raises(Refused) as wrong:
            door.approve(cashier, "0000", "override", "K7Q2")
        assert wrong.value.key == "supervisor_pin_wrong"
    with pytest.raises(Refused) as slowed:
        door.approve(cashier, SUPERVISOR_PIN, "override", "K7Q2")
    assert slowed.value.key == "pin_wait"
    assert [(one.user_id, one.count) for one in door.pins.warnings()] == [("s1", 3), ("s2", 3)]
    with world.database.read() as work:
        assert len(audit.latest(work, "wrong PIN", 9)) == 2
    door.pins.told(door.pins.warnings())
    assert door.pins.warnings() == []
    assert waits(door, "s1", SUPERVISOR_PIN)


def test_what_is_no_pin_is_nobodys(door: SignIn) -> None:
    for nothing in ("", " ", "123", "1234 "):
        with pytest.raises(Refused):
            door.sign_in("c1", nothing)
