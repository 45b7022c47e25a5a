"""What a venue's computer has set up for its network: proxies are used, passwords are not."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.conversation import Conversation

VENUE = "http://vouchers.example.org"
CHALLENGE, SESSION = b'{"challenge": "sign this"}', b'{"token": "t", "expires_in_s": 60}'
NO_CHANGES = b'{"changes": [], "position": 0, "more": false}'


class Recorder(http.server.BaseHTTPRequestHandler):
    """Answers as the server would, and remembers what it was asked."""

    asked: list[tuple[str, str]]

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("http") and VENUE not in self.path:
            self.send_error(502)  # for a thread that another test has left behind
            return
        self.asked.append((self.path, self.headers.get("Authorization", "")))
        challenge = self.path.endswith("/challenges")
        bodies = {"POST": CHALLENGE if challenge else SESSION, "GET": NO_CHANGES}
        body = bodies[self.command]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815 - the names that are asked for

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of somebody who answers."""
    monkeypatch.setattr(Recorder, "asked", [], raising=False)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def talk(url: str) -> None:
    conversation = Conversation([url], "till", Ed25519PrivateKey.generate())
    conversation.ask("GET", "/feed", dict)


def test_a_password_file_does_not_take_the_place_of_the_token(
    somebody: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    talk(somebody)
    assert Recorder.asked[-1] == ("/api/v1/feed", "Bearer t")


def test_the_proxy_of_the_venue_is_asked(somebody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", somebody)
    monkeypatch.delenv("no_proxy", raising=False)
    talk(VENUE)
    assert Recorder.asked[-1] == (f"{VENUE}/api/v1/feed", "Bearer t")


def test_a_server_in_the_house_is_asked_without_it(
    somebody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    talk(somebody)
    assert Recorder.asked[-1] == ("/api/v1/feed", "Bearer t")
