"""Tills in this process, enrolled at a real server, and what people do at them."""

from pathlib import Path

from bench.cache import CASHIER
from till.assembly import Till, open_till
from till.commands.arguments import parser
from till.commands.run import run_command
from till.counter.basket import OPEN_AMOUNT
from till.counter.checkout import Committed
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from vouchers.money import Money
from vouchers.people import Role, User

TEN = Money(1000, "EUR")
PATIENCE_S = (2.0, 4.0)


def enrol(folder: Path, url: str, code: str, *options: str) -> int:
    """What `till enrol` ends with."""
    words = ["enrol", "--server", url, "--code", code, *options, "--json"]
    return run_command(parser().parse_args(words), folder)


def enrolled(
    folder: Path, url: str, code: str, *, patience_s: tuple[float, float] = PATIENCE_S
) -> Till:
    """A new till, open and in step."""
    assert enrol(folder, url, code) == 0
    till = open_till(folder, patience_s=patience_s)
    assert till.get_in_step()
    return till


def sold(till: Till) -> Committed:
    catalogue = till.counter.catalogue()
    sale = Sale.new("EUR").add(catalogue.product("value-50")).tender(TenderKind.CASH)
    return till.counter.checkout.commit(sale, CASHIER)


def redeemed(till: Till, code: str) -> Committed:
    redemption = till.counter.redemption
    sale = redemption.add(Sale.new("EUR").add(OPEN_AMOUNT, 1, TEN), redemption.look_up(code), TEN)
    return till.counter.checkout.commit(sale, CASHIER)


def supervisor_of(till: Till) -> User:
    return next(u for u in till.counter.sign_in.users() if u.role is Role.SUPERVISOR)
