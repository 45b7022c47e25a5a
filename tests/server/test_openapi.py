"""The API does what its own description says, whatever it is sent."""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from server.http.app import OPERATIONS
from server.http.openapi import openapi_document
from server.storage.database import open_engine, writing
from server.storage.venues import ensure_organisation, save_catalogue
from server.tills.directory import add_till
from sync.wire import API
from tests.server.client import Till
from tests.server.conftest import DEMO_CATALOGUE, Venue, serving
from vouchers.ids import new_id

DOCUMENT = openapi_document(OPERATIONS)
SCHEMA = schemathesis.openapi.from_dict(msgspec.json.decode(DOCUMENT))

PROMISES: list[Any] = [
    schemathesis.checks.not_a_server_error,
    *schemathesis.checks.CHECKS.get_by_names(
        [
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
            "unsupported_method",
            "ignored_auth",
        ]
    ),
]

HOSTILE = {
    "empty": b"",
    "not JSON": b"{",
    "invalid UTF-8": b'{"entries": ["\xff\xfe"]}',
    "lone surrogate": b'{"entries": ["\\ud800"]}',
    "NUL": b'{"hold_id": "\\u0000"}',
    "wrong type": b"[]",
    "null": b"null",
    "deep": b"[" * 100_000,
    "deep in an unknown field": b'{"x":' + b'{"x":' * 50_000,
    "huge number": b'{"entries": ' + b"9" * 10_000 + b"}",
    "huge": b'{"entries": "' + b"x" * 2_000_000 + b'"}',
}


def entry(**fields: Any) -> dict[str, Any]:
    named = {
        "entry_id": "01a20203-0000-7000-8000-000000000001",
        "voucher_id": "01a20203-0000-7000-8000-000000000002",
        "kind": "redeem",
        "amount": {"amount": -1, "currency": "EUR"},
        "occurred_at": "2026-11-22T10:00:00Z",
        "origin": "t",
        "origin_seq": 1,
        "actor": "a",
        "reference": "r",
        "basis": "online",
        "previous_digest": "0" * 64,
    }
    return {"entries": [{**named, **fields}]}


IMPOSSIBLE = {
    "overflow": entry(amount={"amount": 2**63, "currency": "EUR"}),
    "negative sequence": entry(origin_seq=-1),
    "sequence overflow": entry(origin_seq=2**80),
    "float": entry(amount={"amount": 1.5, "currency": "EUR"}),
    "no currency": entry(amount={"amount": 1}),
    "no time zone": entry(occurred_at="2026-11-22T10:00:00"),
    "no date": entry(occurred_at="soon"),
    "unknown kind": entry(kind="gift"),
    "long text": entry(reference="x" * 201),
    "too many": {"entries": entry()["entries"] * 201},
    "none": {"entries": []},
}


@pytest.fixture(scope="module")
def probed(shared_database: str) -> Iterator[Till]:
    """A till of a worker that nobody else uses: it will slow down who guesses at random."""
    engine = open_engine(shared_database)
    name = f"probed-{new_id().hex[-12:]}"
    with writing(engine) as connection:
        ensure_organisation(connection, name)
        save_catalogue(connection, name, DEMO_CATALOGUE)
        code = add_till(connection, name, "probed").code
    engine.dispose()
    with serving(shared_database) as url, httpx.Client(base_url=url, verify=False) as client:
        yield Till(client, code)


def assert_problem(answer: httpx.Response) -> None:
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].startswith("/problems/")


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("path", ["/entries", "/holds", "/sessions", "/enrolments", "/balance"])
def test_hostile_bodies_get_problems(probed: Till, path: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json", **probed.bearer}
    assert_problem(probed.http.post(API + path, content=body, headers=headers))


@pytest.mark.parametrize("body", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_impossible_entries_get_problems(probed: Till, body: dict[str, Any]) -> None:
    assert_problem(probed.http.post(f"{API}/entries", json=body, headers=probed.bearer))


def test_a_date_at_the_edge_of_time_is_no_server_error(probed: Till) -> None:
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        body = entry(occurred_at=moment)
        answer = probed.http.post(f"{API}/entries", json=body, headers=probed.bearer)
        assert answer.status_code in (200, 400)


def test_wrong_methods_types_and_paths_get_problems(probed: Till) -> None:
    client, bearer = probed.http, probed.bearer
    assert_problem(client.put(f"{API}/holds", headers=bearer))
    assert_problem(client.get("/nowhere"))
    assert_problem(client.post(f"{API}/holds", content=b"{}", headers=bearer))
    assert_problem(client.get(f"{API}/accounts/nonsense/entries", headers=bearer))
    assert_problem(client.get(f"{API}/accounts?reference=%00", headers=bearer))
    assert_problem(client.get(f"{API}/feed?after=-1", headers=bearer))
    assert_problem(client.get(f"{API}/feed?after={2**70}", headers=bearer))
    assert_problem(client.get(f"{API}/feed?limit=0", headers=bearer))


def test_the_description_names_every_operation(venue: Venue) -> None:
    document = venue.client().get(f"{API}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert f"{API}/holds/{{hold_id}}" in document["paths"]
    assert "LedgerEntry" in document["components"]["schemas"]


def test_the_served_description_is_the_one_tested_here(venue: Venue) -> None:
    assert venue.client().get(f"{API}/openapi.json").content == DOCUMENT


@SCHEMA.exclude(operation_id="stream").parametrize()
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
)
def test_nothing_answers_what_it_does_not_document(
    case: schemathesis.Case[Any], probed: Till
) -> None:
    """Calls made up from the description; the stream, which never ends, apart."""
    case.call_and_validate(
        base_url=str(probed.http.base_url), headers=probed.bearer, checks=PROMISES
    )
