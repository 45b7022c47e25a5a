"""Whatever catalogue the server lets in, tills can sell by it, print, report and redeem."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import available_timezones

import pytest
import sqlalchemy as sa
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bench.cache import CASHIER
from printing.layouts import LayoutBook
from printing.profiles import find_profile
from server.storage.database import open_engine, writing
from server.storage.venues import ensure_organisation
from server.tills.directory import add_till
from server.venue_files import Venue, load_venue, read_venue
from server.written_files import FilesWrong
from tests.server.conftest import new_sqlite, serving
from tests.server.written_venue import Document, demo, write_venue
from tests.sync.tills import enrolled
from till.assembly import Till
from till.counter.basket import OPEN_AMOUNT
from till.counter.checkout import Committed
from till.counter.issuing import NewVoucher
from till.counter.papers import papers_of
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from vouchers.catalogue import Product
from vouchers.ids import new_id
from vouchers.money import Money
from vouchers.voucher import VoucherKind

Draw = Callable[[st.SearchStrategy[Any]], Any]

ODD = "äß€„“ \u00a0\u0301{}%&<>\\|;,.0١漢😀\u202e"
PRINTABLE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])


class Values(NamedTuple):
    """What keys are given: what a venue may say, or anything at all."""

    texts: st.SearchStrategy[str]
    ids: st.SearchStrategy[str]
    numbers: st.SearchStrategy[int]
    minors: st.SearchStrategy[int]
    words: Mapping[str, st.SearchStrategy[str]]


SENSIBLE = Values(
    texts=st.text(st.one_of(PRINTABLE, st.sampled_from(ODD)), min_size=1, max_size=200).filter(
        lambda text: bool(text.strip())
    ),
    ids=st.sampled_from(["größe", "a" * 40, "%s", "..", "漢", "x"]),
    numbers=st.sampled_from([1, 2, 30, 700]),
    minors=st.sampled_from([1, 99, 1000, 10**7, 10**10 - 1]),
    words={
        "kind": st.sampled_from(["value_voucher", "ticket", "goods"]),
        "medium": st.sampled_from(["receipt", "blank", "card"]),
        "category": st.sampled_from(["vouchers", "tickets", "shop"]),
        "currency": st.sampled_from(["EUR", "JPY", "BHD", "CHF"]),
        "language": st.sampled_from(["de", "en"]),
        "timezone": st.sampled_from(sorted(available_timezones())),
        "yields": st.sampled_from(["family", "adult", "poster"]),
    },
)
ANYTHING = Values(
    texts=st.text(st.one_of(st.characters(), st.sampled_from(ODD)), max_size=210),
    ids=st.sampled_from(["adult", "family", "", "a b", "a" * 41, "open-amount"]),
    numbers=st.sampled_from([-1, 0, 31, 10_001, 2**31]),
    minors=st.sampled_from([-1, 0, 10**10, 2**60]),
    words=dict.fromkeys(
        SENSIBLE.words, st.sampled_from(["", "EUX", "fr", "Europe", "/etc", "../UTC", "nothing"])
    ),
)


def change_something(draw: Draw, document: Document, values: Values) -> None:
    """Another value for one key, or one key less."""
    table = draw(st.sampled_from(list(_tables(document))))
    key = draw(st.sampled_from(sorted(table)))
    value = table[key]
    if key in values.words and key != "currency":
        table[key] = draw(values.words[key])
    elif isinstance(value, bool):
        table[key] = not value
    elif isinstance(value, int):
        table[key] = draw(values.minors if key == "amount" else values.numbers)
    elif isinstance(value, str) and key != "currency":
        table[key] = draw(values.ids if key == "product_id" else values.texts)
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        table[key] = draw(st.lists(values.texts, min_size=1, max_size=20))
    elif values is ANYTHING:
        del table[key]


def add_something(draw: Draw, document: Document, values: Values) -> None:
    """A key that a product has not, as often as not one that means something for it."""
    product = draw(st.sampled_from(document["products"]))
    amount = {"amount": draw(values.minors), "currency": document["currency"]}
    more = {
        "value": amount,
        "amount_min": amount,
        "amount_max": amount,
        "valid_years": draw(values.numbers),
        "medium": draw(values.words["medium"]),
        "yields": draw(values.words["yields"]),
        "vouchers_pay": True,
    }
    key = draw(st.sampled_from(sorted(more)))
    product[key] = more[key]


def be_elsewhere(draw: Draw, document: Document, values: Values) -> None:
    """The same venue with another currency, in all places at once."""
    currency = draw(values.words["currency"])
    for table in _tables(document):
        if "currency" in table:
            table["currency"] = currency


def have_other_products(draw: Draw, document: Document, values: Values) -> None:
    """Some products less, in another order, perhaps one twice."""
    products = draw(st.permutations(document["products"]))
    kept = products[: draw(st.integers(1, len(products)))]
    needed = {one.get("yields") for one in kept} - {one["product_id"] for one in kept}
    if values is SENSIBLE:
        kept += [one for one in document["products"] if one["product_id"] in needed]
    elif draw(st.booleans()):
        kept.append(dict(kept[0]))
    document["products"] = kept


MUTATIONS = (change_something, change_something, add_something, be_elsewhere, have_other_products)


@st.composite
def catalogues(draw: Draw) -> Document:
    """The demo's catalogue with a few changes: some can be sold by, some nearly."""
    document = demo("catalogue")
    for mutate in draw(st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=6)):
        mutate(draw, document, draw(st.sampled_from([SENSIBLE] * 7 + [ANYTHING])))
    return document


def _tables(value: Any) -> Iterator[Document]:
    if isinstance(value, dict):
        if value:
            yield value
        value = list(value.values())
    for inside in value if isinstance(value, list) else ():
        yield from _tables(inside)


class Server:
    """A server in this process; every catalogue gets a venue and a till of its own."""

    def __init__(self, url: str, engine: sa.Engine, folder: Path) -> None:
        self._url, self._engine, self._folder = url, engine, folder

    def read(self, catalogue: Document) -> Venue | None:
        """The venue of that catalogue, None when it is refused."""
        write_venue(self._folder / "files", catalogue)
        try:
            return read_venue(self._folder / "files")
        except FilesWrong as refused:
            assert refused.mistakes
            return None

    def till(self, venue: Venue) -> Till:
        organisation = f"org-{new_id().hex[-12:]}"
        with writing(self._engine) as connection:
            ensure_organisation(connection, organisation)
            load_venue(connection, organisation, venue, even_so=True)
            code = add_till(connection, organisation, "Kasse").code
        return enrolled(Path(tempfile.mkdtemp(dir=self._folder)), self._url, code)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    database = new_sqlite(folder)
    engine = open_engine(database)
    with serving(database) as url:
        yield Server(url, engine, folder)
    engine.dispose()


def sell(till: Till, product: Product) -> Committed:
    sale = Sale.new(till.counter.catalogue().currency).add(product, 1, product.amount_min)
    paid = sale.tender(TenderKind.CASH) if sale.rest else sale
    committed = till.counter.checkout.commit(paid, CASHIER)
    print_all(till, paid, committed)
    return committed


def print_all(till: Till, sale: Sale, committed: Committed) -> None:
    """Every paper that the sale owes can be drawn."""
    book, profile = LayoutBook.shipped(), find_profile("epson-tm-t88v")
    with till.database.read() as work:
        identity, today = till.desk.identity(work), till.desk.today(work)
    for paper in papers_of(sale, committed.vouchers, committed.receipt, identity, today):
        assert book.to_bytes(paper, profile)


def redeem(till: Till, new: NewVoucher) -> Committed:
    redemption = till.counter.redemption
    found = redemption.look_up(new.proof)
    sale = Sale.new(new.voucher.value.currency)
    if new.voucher.kind is VoucherKind.VALUE:
        one = Money(1, new.voucher.value.currency)
        sale = redemption.add(sale.add(OPEN_AMOUNT, 1, one), found, one)
    else:
        sale = redemption.add(sale, found)
    committed = till.counter.checkout.commit(sale, CASHIER)
    print_all(till, sale, committed)
    return committed


def live_with(till: Till, venue: Venue) -> None:
    """A day at the till: everything is sold once, reported, and every voucher is redeemed."""
    assert till.counter.catalogue() == venue.catalogue
    products = till.counter.catalogue().products
    sold = [new for one in products for new in sell(till, one).vouchers]
    assert till.get_in_step()
    for new in sold:
        redeem(till, new)
    assert till.get_in_step()
    assert till.books.counts() == (0, 0)
    assert till.counter.status().incidents == 0
    till.texts("en").show(till.desk.clock.now())


def check(server: Server, catalogue: Document) -> None:
    venue = server.read(catalogue)
    event("refused" if venue is None else "let in")
    if venue is None:
        return
    till = server.till(venue)
    try:
        live_with(till, venue)
    finally:
        till.close()
        shutil.rmtree(till.folder)


@settings(max_examples=6)
@given(catalogue=catalogues())
def test_whatever_is_let_in_can_be_lived_with(server: Server, catalogue: Document) -> None:
    check(server, catalogue)


@pytest.mark.soak
@settings(max_examples=400)
@given(catalogue=catalogues())
def test_whatever_is_let_in_can_be_lived_with_at_length(
    server: Server, catalogue: Document
) -> None:
    check(server, catalogue)
