"""Who may sign in at the window, and what it says to whoever guesses."""

from msgspec.structs import replace

from sync.wire.feed import UsersChanged
from tests.till.ui.cashier import Cashier
from tests.till.ui.world import CATALOGUE, PEOPLE, World
from till.store import settings
from till.store.sync_store import TillSyncStore
from till.ui.window import Window
from vouchers.money import Money
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
    cashier.sees("A sale was interrupted", "Kim Kasse", "Pay 25.00 EUR")
    assert world.counter.open_sales.every() == []  # without money it is a basket like any other


def test_money_taken_by_whoever_is_removed_is_on_disk_and_comes_back(
    cashier: Cashier, world: World
) -> None:
    _kim, sam, uli = PEOPLE
    cashier.tap("Voucher €100")
    cashier.tap("Pay 100.00 EUR")
    cashier.tap("Card")
    cashier.type("40")
    cashier.tap("Accepted: 40.00 EUR")
    cashier.sees("−40.00")
    change_people(world, sam, uli)
    cashier.sees("Kim Kasse was signed out", "whoever signs in next goes on with it.")
    (left,) = world.counter.open_sales.every()
    assert (left.cashier, left.sale.rest.minor) == ("Kim Kasse", 6000)
    cashier.sign_in("Sam Schicht", "5678")
    cashier.sees("A sale was interrupted", "40.00 were taken by card", "−40.00", "Pay 60.00 EUR")
    cashier.tap("Pay 60.00 EUR")
    cashier.tap("Exact: 60.00")
    cashier.sees("Paid, no change · T1-000001")


def test_a_basket_left_behind_follows_the_prices_of_now(cashier: Cashier, world: World) -> None:
    _kim, sam, uli = PEOPLE
    cashier.press_f(2)
    cashier.tap("Adult")
    cashier.sees("Pay 12.00 EUR")
    change_people(world, sam, uli)
    cashier.sees("Kim Kasse was signed out")
    dearer = replace(CATALOGUE.product("adult"), price=Money(1300, "EUR"))
    products = [dearer if one.product_id == "adult" else one for one in CATALOGUE.products]
    with world.database.write() as work:
        settings.catalogue.put(work, replace(CATALOGUE, products=products))
    cashier.sign_in("Sam Schicht", "5678")
    cashier.sees("13.00", "Pay 13.00 EUR")


def test_a_supervisor_who_is_one_no_more_signs_in_again(supervisor: Cashier, world: World) -> None:
    kim, sam, uli = PEOPLE
    change_people(world, kim, replace(sam, role=Role.CASHIER), uli)
    supervisor.sees("Sam Schicht was signed out")
    supervisor.sign_in("Sam Schicht", "5678")
    assert supervisor.button("Incidents") is None
