"""Streams that are cut, held back or without end: the till hears of changes all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import conversation
from sync.engine import Engine
from tests.cardreader.waiting import eventually
from tests.server_process import ServerProcess
from tests.sync.front import Front, Misbehaviour, swallow
from tests.sync.misbehaviour import for_ever, head, http, says
from tests.sync.tills import enrolled, sold
from till.assembly import Till

EVENTS = head("200 OK", "Content-Type: text/event-stream")
STREAMS: dict[str, Misbehaviour] = {
    "ends at once": says(EVENTS),
    "is held back by a proxy": swallow,
    "has one line without end": for_ever(EVENTS, bytes([65]) * (1 << 16)),
    "has a line a byte at a time": for_ever(EVENTS + b"data: ", b"x", 0.2),
    "has only empty lines": for_ever(EVENTS, b"\n", 0.01),
    "says rubbish": says(EVENTS + b"data: {}}\n\ndata: \xff\n\n"),
    "is a log-in page": http("200 OK", b"<html>"),
    "is refused": http("403 Forbidden", b"no streams here"),
}


@pytest.fixture
def front(server: ServerProcess) -> Iterator[Front]:
    with Front(server.port) as line:
        yield line


@pytest.fixture
def till(server: ServerProcess, front: Front, tmp_path: Path, patient: None) -> Iterator[Till]:
    opened = enrolled(tmp_path / "till", front.url, server.add_till(tmp_path.name[-14:]))
    yield opened
    opened.close()


@pytest.mark.parametrize("stream", STREAMS.values(), ids=STREAMS)
def test_changes_arrive_though_the_stream(
    stream: Misbehaviour,
    till: Till,
    front: Front,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversation, "STREAM_SILENCE_S", 1.0)
    front.misbehave(stream, only="/feed/stream")
    engine = Engine(till.books, till.link, till.line)
    engine.start()
    eventually(lambda: till.line.state.online, seconds=5)
    before = till.books.position()
    sold(till)
    engine.nudge()
    eventually(lambda: till.books.counts() == (0, 0) and till.books.position() > before, seconds=9)
    assert till.line.state.online
    engine.stop()
