"""Who may speak to the server."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.storage.database import open_engine, writing
from server.storage.venues import ensure_organisation
from server.tills.directory import add_till, revoke_till
from sync.wire import API
from sync.wire.admission import SessionRequest
from sync.wire.feed import FeedPage
from tests.server.client import Till
from tests.server.conftest import Venue, new_sqlite, serving


def test_a_code_enrols_once(venue: Venue) -> None:
    code = venue.code("front")
    till = Till(venue.client(), code.lower().replace("-", " "))
    assert till.enrolment.name == "front"
    with pytest.raises(Exception, match="missing required field"):
        Till(venue.client(), code)


def test_without_a_valid_token_nothing_is_told(venue: Venue) -> None:
    client = venue.client()
    for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Authorization": "Basic abc"}):
        answer = client.get(f"{API}/venue", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


def test_another_key_does_not_sign_in(venue: Venue) -> None:
    till = venue.till("front")
    till.key = Ed25519PrivateKey.generate()
    with pytest.raises(Exception, match="token"):
        till.sign_in()


def test_a_challenge_must_be_ours(venue: Venue) -> None:
    till = venue.till("front")
    request = SessionRequest(
        till_id=till.enrolment.till_id,
        challenge="made up",
        signature=till.key.sign(b"made up").hex(),
    )
    assert till.post("/sessions", request).status_code == 401


def test_a_revoked_till_is_out_within_a_second(venue: Venue) -> None:
    till = venue.till("front")
    with till.stream() as events:
        next(events)
        with writing(venue.engine) as connection:
            revoke_till(connection, venue.organisation, "front")
        revoked_at = time.monotonic()
        for _ in events:
            pass
        assert time.monotonic() - revoked_at < 2
    assert till.http.get(f"{API}/feed", headers=till.bearer).status_code == 401


def test_every_answer_tells_the_servers_clock(venue: Venue) -> None:
    for path in (f"{API}/health", "/nothing/here"):
        told = int(venue.client().get(path).headers["Server-Time-Ms"])
        assert abs(told - time.time() * 1000) < 5_000


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[httpx.Client, str]]:
    """A server of its own, for it will remember who guessed."""
    database = new_sqlite(tmp_path)
    engine = open_engine(database)
    with writing(engine) as connection:
        ensure_organisation(connection, "main")
        code = add_till(connection, "main", "front").code
    engine.dispose()
    with ExitStack() as stack:
        url = stack.enter_context(serving(database))
        yield stack.enter_context(httpx.Client(base_url=url, verify=False)), code


def test_guessing_codes_is_slowed_down_and_noticed(
    own_server: tuple[httpx.Client, str], caplog: pytest.LogCaptureFixture
) -> None:
    client, code = own_server
    guess = {"code": "AAAA-BBBB-CCCC", "public_key": "0" * 64}
    statuses = [client.post(f"{API}/enrolments", json=guess).status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]
    blocked = client.post(f"{API}/enrolments", json={**guess, "code": code})
    assert blocked.status_code == 429 and int(blocked.headers["retry-after"]) >= 1
    assert "wrong enrolment code from 127.0.0.1, 5 in a row" in caplog.text


def test_a_till_sees_its_own_organisation_only(venue: Venue) -> None:
    front = venue.till("front")
    front.sell(1000)
    own = front.get("/feed", FeedPage).changes
    assert len(own) == 4  # catalogue, users, issuer keys, and the account
