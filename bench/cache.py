"""A till with many vouchers in its cache, and one redemption from it, ours and bare."""

import sqlite3
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import msgspec
from msgspec import Raw

from sync.wire.feed import SnapshotAccount
from till.assembly import Till
from till.counter.basket import OPEN_AMOUNT
from till.counter.sale import Sale
from till.counter.tenders import TenderKind
from till.store import accounts, settings
from till.store.database import open_database
from till.store.secrets import new_keys, save_keys
from till.store.settings import Identity
from vouchers.catalogue import Catalogue
from vouchers.codes import VoucherCode, code_digest, new_code, voucher_id_of
from vouchers.money import Money
from vouchers.people import Role, User
from vouchers.voucher import Voucher, VoucherKind, VoucherStatus

CASHIER = User(user_id="bench", name="Bench", role=Role.CASHIER, pin_hash="")
AMOUNT = Money(100, "EUR")
PAGE = 10_000


def demo_catalogue() -> Catalogue:
    """What the demo venue sells."""
    text = (files("resources") / "demo" / "catalogue.toml").read_bytes()
    return msgspec.toml.decode(text, type=Catalogue)


def filled_till(folder: Path, count: int) -> tuple[Till, list[VoucherCode]]:
    """A till that is offline, with `count` vouchers of 50.00; some of their codes."""
    keys = new_keys()
    keys.digest_key = bytes(32)
    save_keys(folder, keys)
    database = open_database(folder)
    identity = Identity(till_id="bench", name="B", organisation="o", server_urls=["http://[::1]:9"])
    codes: list[VoucherCode] = []
    with database.write() as work:
        settings.identity.put(work, identity)
        settings.catalogue.put(work, demo_catalogue())
        settings.last_contact.put(work, datetime.now(UTC) - timedelta(seconds=5))
    for start in range(0, count, PAGE):
        made = [new_code() for _ in range(min(PAGE, count - start))]
        codes += made[:: count // 1000 or 1]
        with database.write() as work:
            accounts.apply_page(work, [sample_account(code, keys.digest_key) for code in made])
    return Till(folder, database, identity), codes


def sample_account(code: VoucherCode, digest_key: bytes) -> SnapshotAccount:
    """An account of 50.00 as the server would tell it."""
    value = Money(5000, "EUR")
    digest = code_digest(digest_key, code)
    voucher = Voucher(
        voucher_id=voucher_id_of(digest),
        kind=VoucherKind.VALUE,
        code_digest=digest,
        last4=code.last4,
        product_id="value-50",
        title="Gutschein 50 €",
        price=value,
        value=value,
    )
    return SnapshotAccount(
        version=1,
        voucher_id=voucher.voucher_id,
        balance=value,
        status=VoucherStatus.ACTIVE,
        contains=[],
        voucher=Raw(msgspec.json.encode(voucher)),
    )


def look_up_once(till: Till, code: VoucherCode) -> None:
    """Find a voucher in the cache."""
    till.counter.redemption.look_up(code.text)


def sell_once(till: Till) -> None:
    """One voucher sold for cash."""
    catalogue = till.counter.catalogue()
    sale = Sale.new("EUR").add(catalogue.product("value-25")).tender(TenderKind.CASH)
    till.counter.checkout.commit(sale, CASHIER)


def redeem_once(till: Till, code: VoucherCode) -> None:
    """What happens at the counter when the server is away: look up, set aside, commit."""
    redemption = till.counter.redemption
    sale = Sale.new("EUR").add(OPEN_AMOUNT, 1, AMOUNT)
    sale = redemption.add(sale, redemption.look_up(code.text), AMOUNT)
    till.counter.checkout.commit(sale, CASHIER)


def redeem_bare(bare: sqlite3.Connection, till: Till, code: VoucherCode) -> None:
    """The same look-up and the same rows in the same two transactions, and nothing else."""
    digest = code_digest(till.desk.keys.digest_key, code)
    found = bare.execute("SELECT voucher_id FROM accounts WHERE code_digest = ?", (digest,))
    (voucher_id,) = found.fetchone()
    hold, body = uuid4().hex, b"x" * 600
    bare.execute("BEGIN IMMEDIATE")
    bare.execute("INSERT INTO holds VALUES (?, ?, 100, 0, 0)", (hold, voucher_id))
    bare.execute("COMMIT")
    bare.execute("BEGIN IMMEDIATE")
    (seq,) = bare.execute("SELECT coalesce(max(seq), 0) + 1 FROM entries").fetchone()
    (number,) = bare.execute("SELECT coalesce(max(seq), 0) + 1 FROM receipts").fetchone()
    bare.execute("DELETE FROM holds WHERE hold_id = ?", (hold,))
    bare.execute(
        "INSERT INTO entries VALUES (?,'B',?,?,?,'redeem','offline',-100,'EUR',?,?,?,0)",
        (seq, seq, hold, voucher_id, f"B-{number}", body, "0" * 64),
    )
    bare.execute("INSERT INTO outbox VALUES (?, 'waiting', NULL)", (seq,))
    bare.execute(
        "INSERT INTO receipts VALUES (?, ?, ?, NULL, '2026-11-22', ?)",
        (f"B-{number}", number, uuid4().hex, body),
    )
    bare.execute("COMMIT")
