"""The address a till is enrolled with is wrong: it says what to type instead, as far as it can."""

import datetime as dt
import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from resources.texts import Texts
from sync.enrolling import instead_of
from sync.link import Fault, Unreachable
from tests.server_process import ServerProcess
from tests.sync.front import Front
from tests.sync.misbehaviour import http
from tests.sync.tills import enrol

Said = dict[str, str]


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> "Enrolling":
    return Enrolling(tmp_path / "till", capsys)


class Enrolling:
    """What `till enrol` says of an address."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    def __call__(self, url: str, code: str = "AAAA-AAAA-AAAA", status: int = 4) -> Said:
        assert enrol(self._folder, url, code) == status
        answer: Said = json.loads(self._capsys.readouterr().out)
        return answer


@pytest.mark.parametrize(
    ("typed", "fault", "location", "meant"),
    [
        ("vouchers.example.org", Fault.ADDRESS, "", "https://vouchers.example.org"),
        ("http://a.org/api/v1", Fault.NO_ANSWER, "", "http://a.org"),
        ("http://a.org", Fault.REDIRECT, "https://a.org/api/v1/enrolments", "https://a.org"),
        ("http://a.org", Fault.REDIRECT, "/elsewhere", ""),
        ("https://a.org:8800", Fault.NO_TLS, "", "http://a.org:8800"),
        ("http://a.org", Fault.BROKEN_OFF, "", "https://a.org"),
        ("", Fault.ADDRESS, "", ""),
    ],
)
def test_what_was_probably_meant(typed: str, fault: Fault, location: str, meant: str) -> None:
    failure = Unreachable(fault=fault, url=typed, location=location)
    assert instead_of(typed, failure) == meant


def test_a_redirect_names_the_address_to_type(said: "Enrolling", server: ServerProcess) -> None:
    with Front(server.port) as front:
        front.misbehave(
            http("301 Moved Permanently", b"", f"Location: {server.url}/api/v1/enrolments")
        )
        answer = said(front.url, server.add_till("moved"))
    assert answer["failed"] == "enrol_elsewhere"
    assert f"--server {server.url}" in answer["message"]


def test_a_code_refused_by_a_proxy_is_not_used_up(said: "Enrolling", server: ServerProcess) -> None:
    code = server.add_till("behind a proxy")
    with Front(server.port) as front:
        front.misbehave(http("403 Forbidden", b"<html>"))
        assert "403" in said(front.url, code)["message"]
        front.behave()
        assert said(front.url, code, status=0)["till"] == "behind a proxy"


def test_a_code_that_is_wrong_is_refused(said: "Enrolling", server: ServerProcess) -> None:
    assert said(server.url, status=3)["refused"] == "sign_in"


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("vouchers.example.org", "https://vouchers.example.org"),
        ("ftp://vouchers.example.org", None),
        ("http://[::bad", None),
        ("http://" + "a" * 300, None),
        ("http://\u00e4\u00e4..org", None),
        ("", None),
    ],
)
def test_an_address_that_is_none_is_told(said: "Enrolling", url: str, meant: str | None) -> None:
    answer = said(url)
    assert answer["failed"] == ("enrol_elsewhere" if meant else "enrol_unreachable")
    assert (meant or "") in answer["message"]


def test_plain_http_asked_over_tls(said: "Enrolling", server: ServerProcess) -> None:
    answer = said(server.url.replace("http:", "https:"))
    assert f"--server {server.url}" in answer["message"]


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[str]:
    """The address of somebody with a certificate that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=9))
        .not_valid_after(today + dt.timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    import http.server

    listening = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), http.server.BaseHTTPRequestHandler
    )
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    listening.server_close()


def test_a_certificate_that_nobody_has_signed(said: "Enrolling", secured: str) -> None:
    assert "self-signed certificate" in said(secured)["message"]


@pytest.mark.parametrize("content", [None, "no certificate at all"])
def test_a_missing_file_of_certificates(
    said: "Enrolling",
    secured: str,
    content: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    assert "REQUESTS_CA_BUNDLE" in said(secured)["message"]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_can_be_said(fault: Fault, language: str) -> None:
    failure = Unreachable("why", fault, url="http://a", location="http://b")
    assert "{" not in Texts(language).explain(failure)
