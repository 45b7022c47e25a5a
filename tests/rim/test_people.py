"""PINs and people at the real window: guessed, changed, removed."""

from msgspec.structs import replace

from sync.wire.feed import UsersChanged
from tests.rim.program import Program
from tests.rim.till import RimTill
from tests.till.ui.world import PEOPLE
from till.store.sync_store import TillSyncStore


def only_sam_works_here(program: Program) -> None:
    _kim, sam, _uli = PEOPLE
    world = program.world
    world.server.people = [replace(sam, name="Sam Schicht")]
    change = UsersChanged(position=99, users=world.server.people)
    TillSyncStore(world.database).apply([change], 99)
    world.change()


def shut_out(program: Program) -> None:
    TillSyncStore(program.world.database).revoked()
    program.world.change()


def test_a_guesser_waits_whatever_keys_they_press(till: RimTill) -> None:
    till.tap("Sign out")
    till.tap("Sam Schicht")
    for _ in range(3):
        till.type([*"0000", "Enter"])
        till.sees("That name and PIN do not belong together.")
    till.type([*"5678", "Enter"])
    till.sees("Too many wrong PINs were typed.")


def test_who_is_removed_in_the_middle_of_a_sale_leaves_it_to_the_next(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.sees("Pay 25.00 EUR")
    till.ask(only_sam_works_here)
    till.sees("Kim Kasse was signed out")
    till.type([*"5678", "Enter"])
    till.sees("A sale was interrupted")
    till.tap("Pay 25.00 EUR")
    till.tap("Cash 25.00 EUR")
    till.sees("Paid, no change")
    assert till.receipts() == 1


def test_a_till_that_is_shut_out_sells_nothing(till: RimTill) -> None:
    till.tap("Voucher €25")
    till.ask(shut_out)
    till.sees("This till has been shut out at the server.")
    till.tap("Pay 25.00 EUR")
    till.sees("It sells and redeems nothing any more")
    assert till.receipts() == 0
