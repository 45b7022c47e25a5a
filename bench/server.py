"""The central server alone, on PostgreSQL with two workers, against bare FastAPI with psycopg.

Both are sent ready-made requests over plain sockets, so that the client weighs alike on both.
"""

import asyncio
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import psycopg

from sync.wire import API
from sync.wire.booking import BATCH_ENTRIES_MAX, EntryBatch, HoldRequest
from tests.postgres import running_postgres
from tests.server.client import Chain, Till, euros, new_voucher
from tests.server_process import server_process
from vouchers.ids import new_id
from vouchers.ledger import LedgerEntry
from vouchers.voucher import Voucher

SECONDS = 2.0
ROUNDS = 3
READY_MADE, READY_EACH = 2_000, 400
BATCHES = 60
_DATABASE = "BARE_DATABASE"

Requests = Iterator[bytes]


def ratios() -> list[tuple[str, str]]:
    """What was measured, and the figure."""
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres(durable=True))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        database = postgres.new_database()
        server = stack.enter_context(server_process(folder, database=database, workers=2))
        bare_url = stack.enter_context(_bare(postgres.new_database(empty=True)))
        tills = []
        for number in range(8):
            client = stack.enter_context(httpx.Client(base_url=server.url, verify=False))
            tills.append(Till(client, server.add_till(f"till-{number}")))
        measured = _Measured(server.url, bare_url, tills)
        return [*measured.redemptions(1), *measured.redemptions(8), *measured.batches()]


class _Measured:
    def __init__(self, url: str, bare_url: str, tills: list[Till]) -> None:
        self._url, self._bare_url = url, bare_url
        self._tills = tills
        self._vouchers = [_sell(till) for till in tills]
        self._single_per_s = 0.0

    def redemptions(self, clients: int) -> list[tuple[str, str]]:
        pairs = list(zip(self._tills, self._vouchers, strict=True))[:clients]
        bare, ours, holds = [], [], []
        for _ in range(ROUNDS):
            bare.append(_rate(self._bare_url, [_bare_requests(self._bare_url)] * clients))
            ours.append(_rate(self._url, [_entries(till, v, clients) for till, v in pairs]))
            holds.append(_rate(self._url, [_holds(till, v, clients) for till, v in pairs]))
        if clients == 1:
            self._single_per_s = statistics.median(ours)
        against = statistics.median(bare)
        what = f"on PostgreSQL, 2 workers, {clients} client{'s' * (clients > 1)}"
        return [
            (f"redemptions booked, {what}", _of(statistics.median(ours), against)),
            (f"redemptions authorised (holds), {what}", _of(statistics.median(holds), against)),
        ]

    def batches(self) -> list[tuple[str, str]]:
        till = self._tills[0]
        vouchers = [till.sell(5_000_000) for _ in range(BATCH_ENTRIES_MAX)]
        return [
            self._batches("redemptions", lambda: _redemptions(till, vouchers)),
            self._batches("sales of new vouchers", lambda: _sales(till)),
        ]

    def _batches(self, what: str, make: Callable[[], bytes]) -> tuple[str, str]:
        made = [make() for _ in range(BATCHES)]
        connection = _Connection(self._url)
        began = time.perf_counter()
        for request in made:
            connection.ask(request)
        rate = BATCHES * BATCH_ENTRIES_MAX / (time.perf_counter() - began)
        connection.close()
        factor = f"{rate / self._single_per_s:.1f} x ({rate:,.0f} / {self._single_per_s:,.0f} a s)"
        return (f"{what} in batches against single redemptions", factor)


def _of(rate: float, bare: float) -> str:
    return f"{rate / bare:.2f} ({rate:,.0f} / {bare:,.0f} a second)"


class _Connection:
    """One kept-alive connection that sends bytes and waits for the whole answer."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname, parts.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> None:
        self._socket.sendall(request)
        answer = self._socket.recv(65536)
        while b"\r\n\r\n" not in answer:
            answer += self._socket.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            raise RuntimeError(answer[:500])
        lengths = [line for line in head.lower().split(b"\r\n") if b"content-length" in line]
        left = int(lengths[0].partition(b":")[2]) - len(body)
        while left > 0:
            left -= len(self._socket.recv(65536))

    def close(self) -> None:
        self._socket.close()


def _rate(url: str, requests: list[Requests]) -> float:
    """Requests a second, of one client per iterator."""
    counts = [0] * len(requests)
    stop = threading.Event()

    def run(number: int, made: Requests) -> None:
        connection = _Connection(url)
        for request in made:
            if stop.is_set():
                break
            connection.ask(request)
            counts[number] += 1
        stop.set()  # also when one has used up what was made ready
        connection.close()

    threads = [
        threading.Thread(target=run, args=(number, made)) for number, made in enumerate(requests)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    stop.wait(SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def _post(url: str, path: str, body: object, headers: dict[str, str]) -> bytes:
    content = msgspec.json.encode(body)
    lines = [f"POST {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ["Content-Type: application/json", f"Content-Length: {len(content)}", "", ""]
    return "\r\n".join(lines).encode() + content


def _ready(make: Callable[[], bytes], clients: int) -> Requests:
    return iter([make() for _ in range(READY_MADE // clients + READY_EACH)])


def _sell(till: Till) -> list[Voucher]:
    return [till.sell(5_000_000) for _ in range(20)]


def _entries(till: Till, vouchers: list[Voucher], clients: int) -> Requests:
    turn, chain = itertools.cycle(vouchers), _chain(till)
    return _ready(lambda: _batch(till, [chain.entry(next(turn).voucher_id, -1)]), clients)


def _holds(till: Till, vouchers: list[Voucher], clients: int) -> Requests:
    turn = itertools.cycle(vouchers)
    return _ready(
        lambda: _post(
            str(till.http.base_url),
            f"{API}/holds",
            HoldRequest(
                hold_id=new_id(), code_digest=next(turn).code_digest, amount=euros(1), seconds=1
            ),
            till.bearer,
        ),
        clients,
    )


def _redemptions(till: Till, vouchers: list[Voucher]) -> bytes:
    chain = _chain(till)
    return _batch(till, [chain.entry(voucher.voucher_id, -1) for voucher in vouchers])


def _sales(till: Till) -> bytes:
    chain = _chain(till)
    return _batch(till, [chain.issue(new_voucher()) for _ in range(BATCH_ENTRIES_MAX)])


def _chain(till: Till) -> Chain:
    """A chain of its own for each round: what was made ready and not sent leaves no gap."""
    return Chain(f"{till.enrolment.till_id}-{new_id().hex[-12:]}")


def _batch(till: Till, entries: list[LedgerEntry]) -> bytes:
    url = str(till.http.base_url)
    return _post(url, f"{API}/entries", EntryBatch(entries=entries), till.bearer)


def _bare_requests(url: str) -> Requests:
    request = _post(url, "/redeem", {"voucher": 7, "amount": 1}, {})
    return itertools.repeat(request)


@contextmanager
def _bare(database: str) -> Iterator[str]:
    """A bare FastAPI endpoint around the same two statements, with two workers."""
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE accounts (id bigint PRIMARY KEY, balance bigint NOT NULL)")
        connection.execute(
            "CREATE TABLE entries (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " account bigint NOT NULL, amount bigint NOT NULL)"
        )
        connection.execute(
            "INSERT INTO accounts SELECT n, 1000000000 FROM generate_series(1, 1000) AS n"
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "bench.server:bare_app", "--factory"]
    command += ["--workers", "2", "--port", str(port), "--log-level", "error", "--no-access-log"]
    process = subprocess.Popen(command, env={**os.environ, _DATABASE: database})
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(url)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_answers(url: str) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{url}/openapi.json")
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)


def bare_app() -> Any:
    """What a programmer would write in a minute: no sign-in, no idempotency, no feed."""
    import random

    from fastapi import FastAPI
    from pydantic import BaseModel

    class Redemption(BaseModel):
        voucher: int
        amount: int

    app = FastAPI()
    idle: asyncio.Queue[psycopg.AsyncConnection[Any]] = asyncio.Queue()

    async def connection() -> psycopg.AsyncConnection[Any]:
        if idle.empty():
            return await psycopg.AsyncConnection.connect(os.environ[_DATABASE])
        return await idle.get()

    async def redeem(redemption: Redemption) -> dict[str, int]:
        database = await connection()
        account = random.randrange(1, 1001)
        row = await (
            await database.execute(
                "UPDATE accounts SET balance = balance - %s WHERE id = %s RETURNING balance",
                (redemption.amount, account),
            )
        ).fetchone()
        await database.execute(
            "INSERT INTO entries (account, amount) VALUES (%s, %s)", (account, redemption.amount)
        )
        await database.commit()
        idle.put_nowait(database)
        return {"balance": row[0] if row else 0}

    app.post("/redeem")(redeem)
    return app
