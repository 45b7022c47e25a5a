"""Who may sign in at the window, and what it says to whoever guesses."""

from msgspec.structs import replace

from sync.wire.feed import UsersChanged
from tests.till.ui.cashier import Cashier
from tests.till.ui.world import PEOPLE, World
from till.store.sync_store import TillSyncStore
from till.ui.window import Window
from vouchers.people import Role, User


def try_pin(person: Cashier, name: str, pin: str) -> None:
    person.tap(name)
    person.type(pin)
    person.tap("Sign in")


def test_whoever_guesses_waits_and_a_supervisor_is_told(window: Window, world: World) -> None:
    person = Cashier(window)
    for _ in range(3):
        try_pin(person, "Kim Kasse", "0000")
        person.sees("That name and PIN do not belong together.")
    try_pin(person, "Kim Kasse", "1234")
    person.sees("Too many wrong PINs were typed. Wait")
    person.sign_in("Sam Schicht", "5678")
    person.sees("3 wrong PINs were typed here for Kim Kasse")
    person.tap("Sign out")
    person.sign_in("Uli Umsicht", "9999")
    assert "wrong PINs" not in person.reads()


def test_a_new_pin_counts_at_once(window: Window, world: World) -> None:
    kim, sam, uli = PEOPLE
    world.server.people = [replace(kim, pin_hash=uli.pin_hash), sam, uli]
    person = Cashier(window)
    try_pin(person, "Kim Kasse", "1234")
    person.sees("That name and PIN do not belong together.")
    person.sign_in("Kim Kasse", "9999")


def test_a_till_that_is_shut_out_takes_no_money(cashier: Cashier, world: World) -> None:
    cashier.tap("Voucher €25")
    TillSyncStore(world.database).revoked()
    world.change()
    cashier.sees("This till has been shut out at the server.", "Shut out: sells nothing")
    cashier.tap("Dismiss")
    cashier.tap("Pay 25.00 EUR")
    cashier.sees("It sells and redeems nothing any more")
    assert cashier.button("Exact") is None


def change_people(world: World, *people: User) -> None:
    TillSyncStore(world.database).apply([UsersChanged(position=99, users=list(people))], 99)
    world.server.people = list(people)
    world.change()


def test_who_works_here_changes_without_a_restart(window: Window, world: World) -> None:
    _kim, sam, uli = PEOPLE
    person = Cashier(window)
    person.sees("Kim Kasse")
    change_people(world, sam, replace(uli, user_id="n1", name="Nora Neu"))
    person.sees("Nora Neu")
    assert person.button("Kim Kasse") is None
    person.sign_in("Nora Neu", "9999")


def test_whoever_is_removed_is_signed_out_and_the_basket_waits(
    cashier: Cashier, world: World
) -> None:
    _kim, sam, uli = PEOPLE
    cashier.tap("Voucher €25")
    cashier.sees("Pay 25.00 EUR")
    change_people(world, sam, uli)
    cashier.sees("Kim Kasse was signed out", "whoever signs in next goes on with it.")
    cashier.sign_in("Sam Schicht", "5678")
    cashier.sees("This sale was begun before you signed in.", "Pay 25.00 EUR")


def test_a_supervisor_who_is_one_no_more_signs_in_again(supervisor: Cashier, world: World) -> None:
    kim, sam, uli = PEOPLE
    change_people(world, kim, replace(sam, role=Role.CASHIER), uli)
    supervisor.sees("Sam Schicht was signed out")
    supervisor.sign_in("Sam Schicht", "5678")
    assert supervisor.button("Incidents") is None
