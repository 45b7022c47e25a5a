"""The ways in which proxies, routers and strangers answer in a server's place."""

import functools
import gzip
import socket
import struct
import time
from collections.abc import Iterator

from sync.link import Fault
from tests.sync.front import HANG_S, Misbehaviour, swallow

HTML = b"<!DOCTYPE html><title>Welcome to our Wi-Fi</title>"
PROBLEM = b'{"type": "about:blank", "title": "Sign in", "status": 401}'


def head(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1")


def http(status: str, body: bytes = b"", *headers: str) -> Misbehaviour:
    return says(head(status, f"Content-Length: {len(body)}", *headers) + body)


def says(data: bytes) -> Misbehaviour:
    def way(client: socket.socket, _request: bytes) -> None:
        client.sendall(data)

    return way


def for_ever(start: bytes, piece: bytes, every_s: float = 0.0) -> Misbehaviour:
    def way(client: socket.socket, _request: bytes) -> None:
        client.sendall(start)
        until = time.monotonic() + HANG_S
        while time.monotonic() < until:
            client.sendall(piece)
            time.sleep(every_s)

    return way


def resets(client: socket.socket, _request: bytes) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def by_path(answers: dict[bytes, Misbehaviour], otherwise: Misbehaviour) -> Misbehaviour:
    def way(client: socket.socket, request: bytes) -> None:
        line = request.split(b"\r\n", 1)[0]
        for path, answer in answers.items():
            if path + b" " in line:
                return answer(client, request)
        return otherwise(client, request)

    return way


def json(body: bytes) -> Misbehaviour:
    return http("200 OK", body, "Content-Type: application/json")


def signs_in_and(then: Misbehaviour, token: bytes = b"t") -> Misbehaviour:
    """Somebody who plays our server as far as the sign-in."""
    return by_path(
        {
            b"/sessions/challenges": json(b'{"challenge": "sign this"}'),
            b"/sessions": json(b'{"token": "' + token + b'", "expires_in_s": 60}'),
        },
        then,
    )


def bomb(*encodings: str) -> Misbehaviour:
    """64 MiB of nothing, packed as often as it says."""

    @functools.cache
    def answer() -> Misbehaviour:
        packed = bytes(2**26)
        for _ in encodings:
            packed = gzip.compress(packed, 1)
        return http("200 OK", packed, f"Content-Encoding: {', '.join(encodings)}")

    def way(client: socket.socket, request: bytes) -> None:
        answer()(client, request)

    return way


def ways() -> Iterator[tuple[str, Misbehaviour, set[Fault]]]:
    """Name, way, and what may be said of it."""
    moved, proxy, other = {Fault.REDIRECT}, {Fault.PROXY}, {Fault.NOT_OUR_SERVER}
    cut, slow = {Fault.BROKEN_OFF}, {Fault.TOO_SLOW}
    for status, where in {
        "301 Moved Permanently": "https://vouchers.example.org/api/v1",
        "302 Found": "/api/v1/sessions/challenges",
        "303 See Other": "http://127.0.0.1:1/",
        "307 Temporary Redirect": "ftp://files.example.org/",
        "308 Permanent Redirect": "http://[::bad",
    }.items():
        yield status, http(status, HTML, f"Location: {where}"), moved
    yield "300 that leads nowhere", http("300 Multiple Choices", HTML), moved
    yield "304 of a cache", http("304 Not Modified"), moved
    yield "301 and an endless body", for_ever(head("301 Moved", "Location: /"), bytes(9000)), moved
    for status in (
        *("400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "405 No"),
        *("407 Proxy Authentication Required", "413 Too Large", "429 Too Many Requests"),
        *("500 Oops", "502 Bad Gateway", "503 Unavailable", "504 Gateway Timeout", "511 Sign In"),
    ):
        yield status, http(status, HTML), proxy
    yield "401 in JSON of somebody else", http("401 Unauthorized", PROBLEM), proxy
    yield "403 without a word", http("403 Forbidden"), proxy
    yield "a log-in page", http("200 OK", HTML, "Content-Type: text/html"), other
    yield "200 without a word", http("200 OK"), other
    yield "204", http("204 No Content"), other
    yield "205", http("205 Reset Content"), other
    yield "206", http("206 Partial Content", b"{", "Content-Range: bytes 0-0/9"), other
    yield "a wrong type", json(b"[]"), other
    yield "a wrong shape", json(b'{"challenge": 7}'), other
    yield "the same key twice", json(b'{"challenge": "a", "challenge": ["b"]}'), other
    yield "invalid UTF-8", json(b'{"challenge": "\xff\xfe"}'), other
    yield "NUL bytes", json(bytes(64)), other
    yield "nested without end", json(b'{"x":' + b"[" * 99_999), other
    yield "a byte order mark", json(b'\xef\xbb\xbf{"challenge": "a"}'), other
    yield "a token of two lines", signs_in_and(http("200 OK", HTML), b"a\\nb"), other
    yield "a token of another alphabet", signs_in_and(http("200 OK", HTML), b"\\u4e2d"), other
    yield "signs in, then HTML", signs_in_and(json(HTML)), other
    numbers = b'{"answers": [], "changes": [], "position": 1e999, "more": false}'
    yield "signs in, then numbers out of range", signs_in_and(json(numbers)), other
    dates = b'{"answers": [{"entry_id": 1, "at": "0000-13-41"}]}'
    yield "signs in, then wrong dates", signs_in_and(json(dates)), other
    yield "signs in, then 204", signs_in_and(http("204 No Content")), other
    yield "longer than it says", says(head("200 OK", "Content-Length: 3") + HTML), other
    yield "shorter than it says", says(head("200 OK", "Content-Length: 99999") + b"{"), cut
    yield "a length that is none", says(head("200 OK", "Content-Length: many") + HTML), other
    yield "a length below zero", says(head("200 OK", "Content-Length: -5") + HTML), other
    chunked = head("200 OK", "Transfer-Encoding: chunked")
    yield "chunks of no size", says(chunked + b"zz\r\n" + HTML), cut | other
    yield "chunks that end half-way", says(chunked + b"ffff\r\n" + HTML), cut
    yield "an endless body", for_ever(head("200 OK"), bytes(1 << 16)), other | slow
    yield "endless chunks", for_ever(chunked, b"10000\r\n" + bytes(1 << 16) + b"\r\n"), other | slow
    yield "a zip bomb", bomb("gzip"), other
    yield "a bomb in a bomb", bomb("gzip", "gzip"), other
    yield "packed, it says", http("200 OK", HTML, "Content-Encoding: gzip"), other
    yield "packed as never asked", http("200 OK", HTML, "Content-Encoding: br"), other
    yield "a header without end", for_ever(b"HTTP/1.1 200 OK\r\nX: ", bytes([65]) * 9000), other
    yield "ten thousand headers", says(head("200 OK", *["X: y"] * 10_000)), other
    yield "headers a byte at a time", for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"y", 0.3), slow
    yield "a body a byte at a time", for_ever(head("200 OK"), b" ", 0.3), slow
    yield "Continue without end", for_ever(b"", head("100 Continue"), 0.05), slow
    yield "silence", swallow, slow
    yield "the door shut", says(b""), cut
    yield "the door slammed", resets, cut
    yield "HTTP 0.9", says(b"hello\r\n"), other
    yield "another protocol", says(b"SSH-2.0-OpenSSH_9.6\r\n"), other
    yield "only bytes", says(bytes(range(256)) * 4), other
    yield "a TLS alert", says(b"\x15\x03\x01\x00\x02\x02\x50"), other
    yield "a status that is none", says(b"HTTP/1.1 fine thanks\r\n\r\n"), other
    yield (
        "101 to something else",
        http("101 Switching Protocols", b"", "Upgrade: h2c"),
        other | proxy,
    )
