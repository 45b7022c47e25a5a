"""A server that is newer than the till: whatever it may have learnt meanwhile, the till goes on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from server.storage import feed as server_feed
from server.storage.database import now_ms, open_engine, writing
from server.storage.positions import free_position
from server.storage.tables import accounts, feed, incidents
from server.storage.venues import announce, load_catalogue, load_users, save_catalogue, save_users
from server.tills.directory import add_till
from server.venue_files import load_demo
from sync import changes
from sync.wire.booking import StatusChange
from sync.wire.incidents import SettlementAction
from tests.cardreader.waiting import eventually
from tests.server.conftest import new_sqlite, serving
from tests.sync.tills import TEN, enrolled, redeemed, sold, supervisor_of
from till.assembly import Till
from till.counter.basket import OPEN_AMOUNT
from till.counter.sale import Sale
from till.store import accounts as cached
from till.store import sync_store
from till.ui.incident_words import actions
from vouchers.catalogue import ProductKind
from vouchers.errors import Refused
from vouchers.ids import new_id
from vouchers.people import Role, User
from vouchers.voucher import VoucherStatus

ORGANISATION = "main"
MOON = {"phase": "full", "tide": 3, "refused": ["clouds"], "seen": None}


class WeatherChanged(Struct, kw_only=True, tag="weather"):
    """A kind of change that no till has heard of yet."""

    position: int
    weather: str = "rain"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    item = server_feed._Told.item

    def newer(self: Any, row: Any) -> Any:
        if row.kind == "weather":
            return WeatherChanged(position=row.position)
        return item(self, row)

    monkeypatch.setattr(server_feed._Told, "item", newer)
    engine = open_engine(new_sqlite(tmp_path))
    with writing(engine) as connection:
        load_demo(connection, ORGANISATION)
    yield engine
    engine.dispose()


@pytest.fixture
def till(database: sa.Engine, tmp_path: Path, patient: None) -> Iterator[Till]:
    with writing(database) as connection:
        code = add_till(connection, ORGANISATION, "Entrance").code
    with serving(str(database.url)) as url:
        opened = enrolled(tmp_path / "till", url, code)
        yield opened
        opened.close()


def raise_incident(database: sa.Engine, kind: str, voucher_id: object = None) -> None:
    with writing(database) as connection:
        position = free_position(connection, ORGANISATION)
        incident_id = new_id()
        connection.execute(
            sa.insert(incidents).values(
                organisation=ORGANISATION,
                incident_id=incident_id,
                kind=kind,
                subject="moon",
                voucher_id=voucher_id,
                details=msgspec.json.encode(MOON).decode(),
                times=1,
                opened_ms=now_ms(),
            )
        )
        told = {"kind": "incident", "subject": incident_id, "changed_ms": now_ms()}
        connection.execute(
            sa.insert(feed).values(organisation=ORGANISATION, position=position, **told)
        )


def test_an_unknown_incident_is_kept_shown_and_settled(database: sa.Engine, till: Till) -> None:
    voucher = sold(till).vouchers[0].voucher
    assert till.get_in_step()
    raise_incident(database, "moon_phase", voucher.voucher_id)
    assert till.get_in_step()
    (case,) = till.counter.incidents.cases()
    assert case.incident.kind == "moon_phase" and not case.incident.kind.is_known
    assert case.incident.details == MOON
    assert actions(case) == [
        SettlementAction.ACCEPT,
        SettlementAction.ADJUST,
        SettlementAction.BLOCK,
    ]
    supervisor = supervisor_of(till)
    till.counter.incidents.settle(
        case.incident, SettlementAction.ACCEPT, supervisor=supervisor, reason="seen it"
    )
    assert till.get_in_step()
    assert till.counter.incidents.open() == []


def test_an_unknown_kind_of_change_is_passed_over(database: sa.Engine, till: Till) -> None:
    with writing(database) as connection:
        announce(connection, ORGANISATION, "weather")
    raise_incident(database, "gap")
    assert till.get_in_step()
    assert len(till.counter.incidents.open()) == 1


def test_the_stream_goes_on_after_an_unknown_change(database: sa.Engine, till: Till) -> None:
    with writing(database) as connection:
        announce(connection, ORGANISATION, "weather")
    raise_incident(database, "moon_phase")
    found = []
    for change in till.link.stream(till.books.position()):
        if change is not None:
            found.append(change)
            till.books.apply([change], change.position)
        if len(found) == 2:
            break
    assert isinstance(found[0], changes.UnknownChange) and found[0].type == "weather"
    assert len(till.counter.incidents.open()) == 1


def test_a_newer_till_takes_in_anew_what_the_older_one_passed_over(
    database: sa.Engine, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert till.books.snapshot_progress().complete
    monkeypatch.setattr(sync_store, "KINDS", changes.KINDS | {"weather"})
    assert not till.books.snapshot_progress().started
    assert till.get_in_step()
    assert till.books.snapshot_progress().complete


def test_one_of_our_own_changes_that_is_damaged_is_passed_over() -> None:
    read = changes.read_change(b'{"type": "users", "position": 3, "users": 7}')
    assert read == changes.UnknownChange(position=3, type="users")


def test_an_account_of_an_unknown_status_is_not_spent_by_the_till_alone(
    database: sa.Engine, till: Till
) -> None:
    new = sold(till).vouchers[0]
    assert till.get_in_step()
    with writing(database) as connection:
        mine = accounts.c.voucher_id == new.voucher.voucher_id
        position = free_position(connection, ORGANISATION)
        connection.execute(
            sa.update(accounts).where(mine).values(status="frozen", version=position)
        )
        told = {"subject": new.voucher.voucher_id, "balance": 5000, "status": "frozen"}
        connection.execute(
            sa.insert(feed).values(
                organisation=ORGANISATION,
                position=position,
                kind="account",
                changed_ms=now_ms(),
                **told,
            )
        )
    assert till.get_in_step()
    with till.database.read() as work:
        account = cached.by_id(work, new.voucher.voucher_id)
    assert account is not None and account.status == "frozen"
    till.line.failed()
    with pytest.raises(Refused, match="blocked"):
        redeemed(till, new.code.text)


def test_unknown_kinds_of_products_and_roles_are_left_out_and_the_rest_works(
    database: sa.Engine, till: Till
) -> None:
    with writing(database) as connection:
        catalogue = load_catalogue(connection, ORGANISATION)
        assert catalogue is not None
        pass_ = replace(catalogue.products[0], product_id="sub", kind=ProductKind("subscription"))
        newer = replace(catalogue, version=99, products=[*catalogue.products, pass_])
        save_catalogue(connection, ORGANISATION, newer)
        auditor = User(user_id="a", name="Audrey", role=Role("auditor"), pin_hash="x")
        save_users(connection, ORGANISATION, [*load_users(connection, ORGANISATION), auditor])
    assert till.get_in_step()
    assert till.counter.catalogue().version == 99
    with pytest.raises(Refused, match="product_of_newer_server"):
        till.counter.catalogue().product("sub")
    assert "Audrey" not in [user.name for user in till.counter.sign_in.users()]
    assert sold(till).receipt.number


def test_a_voucher_of_an_unknown_kind_is_kept_and_not_spent_here(
    database: sa.Engine, till: Till
) -> None:
    new = sold(till).vouchers[0]
    assert till.get_in_step()
    with writing(database) as connection:
        mine = accounts.c.voucher_id == new.voucher.voucher_id
        terms = msgspec.json.encode(new.voucher).decode().replace('"value",', '"time_share",', 1)
        assert "time_share" in terms
        connection.execute(sa.update(accounts).where(mine).values(terms=terms))
    found = till.counter.redemption.look_up(new.code.text)
    assert found.account.voucher.kind == "time_share"
    with pytest.raises(Refused, match="voucher_of_newer_server"):
        sale = Sale.new("EUR").add(OPEN_AMOUNT, 1, TEN)
        till.counter.redemption.add(sale, found, TEN)


def test_an_entry_of_an_unknown_kind_can_be_read_out(database: sa.Engine, till: Till) -> None:
    new = sold(till).vouchers[0]
    assert till.get_in_step()
    with writing(database) as connection:
        connection.execute(
            sa.text("""UPDATE entries SET body = replace(body, '"issue"', '"gift"')""")
        )
    (entry,) = till.link.entries(new.voucher.voucher_id).entries
    assert entry.kind == "gift"
    assert till.line.state.online


def test_what_a_till_writes_is_taken_only_where_the_server_knows_its_words(till: Till) -> None:
    voucher = sold(till).vouchers[0].voucher
    assert till.get_in_step()
    supervisor = supervisor_of(till)
    change = StatusChange(
        status=VoucherStatus("frozen"), actor=supervisor.user_id, reason="why not"
    )
    with pytest.raises(Exception, match="Invalid enum value 'frozen'"):
        till.link.set_status(voucher.voucher_id, change)


def test_the_engine_stays_online_through_all_of_it(database: sa.Engine, till: Till) -> None:
    from sync.engine import Engine

    engine = Engine(till.books, till.link, till.line)
    engine.start()
    eventually(lambda: till.line.state.online, seconds=5)
    with writing(database) as connection:
        announce(connection, ORGANISATION, "weather")
    raise_incident(database, "moon_phase")
    eventually(lambda: len(till.counter.incidents.open()) == 1)
    assert till.line.state.online
    engine.stop()
