"""Campaigns from the operator's file to the till's receipt, with nothing faked between them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.tills import WORLD_FAILED, TillProcess, sums
from tests.server_process import ServerProcess

NewTill = Callable[..., TillProcess]

CAMPAIGN = """
[[campaigns]]
campaign_id = "{name}"
title = {{ de = "Aktion", en = "Campaign" }}
code = "{code}"
{rest}
"""


@pytest.fixture
def load(server: ServerProcess, tmp_path: Path) -> Callable[..., None]:
    def put(*campaigns: tuple[str, str], only: str = "") -> None:
        file = tmp_path / "campaigns.toml"
        written = [
            CAMPAIGN.format(name=code.lower(), code=code, rest=rest) for code, rest in campaigns
        ]
        file.write_text("".join(written) or "campaigns = []", "utf-8")
        server.command("campaigns", "load", str(file))

    return put


def shown(server: ServerProcess) -> list[str]:
    return [one["code"] for one in json.loads(server.command("campaigns", "show", "--json"))]


def test_loaded_changed_and_ended_also_after_an_outage(
    server: ServerProcess, new_till: NewTill, load: Callable[..., None]
) -> None:
    till = new_till("A")
    sell = ("sell", "--product", "adult", "--quantity", "2", "--tender", "cash", "--action")
    assert "FRIENDS" in shown(server)
    assert till(*sell, "friends")["total"]["amount"] == 2160

    load(("MAY", "percent_bp = 2000"))
    assert shown(server) == ["MAY"]
    till("sync", "--once")
    assert till(*sell, "m a y")["discount"]["amount"] == 480
    assert till.refused(*sell, "FRIENDS") == "unknown"

    server.stop()
    load(("MAY", 'amount_off = { amount = 700, currency = "EUR" }'))
    offline = till(*sell, "MAY")
    assert (offline["basis"], offline["total"]["amount"]) == ("offline", 1920)
    assert till("sync", "--once", exit=WORLD_FAILED)["online"] is False
    server.start()
    till("sync", "--once")
    assert till(*sell, "MAY")["total"]["amount"] == 1700

    load()
    assert shown(server) == []
    till("sync", "--once")
    assert till.refused(*sell, "MAY") == "unknown"
    server.restart()
    assert shown(server) == []  # the demo's own do not come back


def test_a_new_till_has_them_with_its_first_sale_and_the_voucher_its_full_value(
    server: ServerProcess, new_till: NewTill, load: Callable[..., None]
) -> None:
    load(("GIFTS", 'percent_bp = 2500\nproducts = ["value-50"]'))
    till = new_till("A")
    done = till("sell", "--product", "value-50", "--action", "gifts", "--tender", "cash:50")
    assert (done["total"]["amount"], done["change"]["amount"]) == (3750, 1250)
    (voucher,) = done["vouchers"]
    assert voucher["value"]["amount"] == 5000
    assert till("redeem", voucher["code"], "--amount", "50.00")["total"]["amount"] == 5000
    till("sync", "--once")
    entries = sums(
        server.data / "server.sqlite",
        "SELECT voucher_id, sum(body -> '$.amount.amount') FROM entries GROUP BY voucher_id",
    )
    assert entries == {voucher["id"].replace("-", ""): 0}
