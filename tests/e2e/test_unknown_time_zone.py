"""A time zone that a machine does not know stops nobody: times are in UTC, and that is said."""

from collections.abc import Callable

from msgspec.structs import replace

from server.storage.database import open_engine, sqlite_url, writing
from server.storage.venues import DEFAULT_ORGANISATION, load_catalogue, save_catalogue
from tests.e2e.tills import TillProcess
from tests.server_process import ServerProcess
from till.window import TillSession


def let_in(server: ServerProcess, timezone: str) -> None:
    """What a server did that did not check the time zone yet."""
    engine = open_engine(sqlite_url(server.data))
    with writing(engine) as connection:
        catalogue = load_catalogue(connection, DEFAULT_ORGANISATION)
        assert catalogue is not None
        venue = replace(catalogue.venue, timezone=timezone)
        save_catalogue(connection, DEFAULT_ORGANISATION, replace(catalogue, venue=venue))
    engine.dispose()


def test_the_till_goes_on_in_utc_and_says_so(
    server: ServerProcess, new_till: Callable[..., TillProcess]
) -> None:
    let_in(server, "Mars/Olympus")
    till = new_till("A")
    sold = till("sell", "--value", "25.00", "--tender", "cash")
    code = sold["vouchers"][0]["code"]
    assert till("redeem", code, "--amount", "5")
    assert till("balance", code)["balance"]["amount"] == 2000
    checks = till("doctor")["checks"]
    assert not checks["time_zone"]["ok"] and "UTC" in checks["time_zone"]["message"]
    session = TillSession(till.data, "de")
    try:
        assert any("UTC" in problem for problem in session.print_problems())
    finally:
        session.close()
