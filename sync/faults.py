"""What any library raises while it talks to a stranger, in our own words: once, here."""

import http.client
import logging
import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

from sync.link import Fault, Unreachable

_BY_TYPE: list[tuple[type[BaseException], Fault]] = [
    (requests.exceptions.ProxyError, Fault.PROXY),
    (urllib3.exceptions.ProxyError, Fault.PROXY),
    (ssl.SSLCertVerificationError, Fault.CERTIFICATE),
    (ssl.SSLError, Fault.NO_TLS),
    (socket.gaierror, Fault.NAME_UNKNOWN),
    (requests.exceptions.ConnectTimeout, Fault.NO_ANSWER),
    (TimeoutError, Fault.TOO_SLOW),
    (requests.exceptions.Timeout, Fault.TOO_SLOW),
    (ConnectionRefusedError, Fault.NO_ANSWER),
    (urllib3.exceptions.NewConnectionError, Fault.NO_ANSWER),
    (ConnectionError, Fault.BROKEN_OFF),  # reset, aborted, or ended without a word
    (http.client.IncompleteRead, Fault.BROKEN_OFF),
    (requests.exceptions.InvalidURL, Fault.ADDRESS),
    (requests.exceptions.MissingSchema, Fault.ADDRESS),
    (requests.exceptions.InvalidSchema, Fault.ADDRESS),
    (urllib3.exceptions.LocationValueError, Fault.ADDRESS),
    (UnicodeError, Fault.ADDRESS),
]
"""The first that is found anywhere in an error's chain of causes says what happened."""

log = logging.getLogger(__name__)

_NO_CERTIFICATES = ("suitable TLS CA certificate bundle", "NO_CERTIFICATE_OR_CRL_FOUND")


def unreachable(error: Exception, url: str) -> Unreachable:
    """The typed error for whatever was raised while talking to `url`."""
    chain = list(_causes(error))
    said = " ".join(str(each) for each in chain)
    if any(sign in said for sign in _NO_CERTIFICATES):
        return Unreachable(str(error), Fault.NO_CA_FILE, url=url)
    for kind, fault in _BY_TYPE:
        for each in chain:
            if isinstance(each, kind):
                return Unreachable(_why(each), fault, url=url)
    log.warning("%s answers in a way nobody has thought of", url, exc_info=error)
    return Unreachable(type(error).__name__, Fault.NOT_OUR_SERVER, url=url)


def _why(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
