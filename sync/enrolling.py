"""How a machine becomes a till of a server: the one conversation before it can sign in."""

import re

import msgspec

from sync.answers import read
from sync.conversation import PATIENCE_S
from sync.exchange import Deadline, Exchanges
from sync.link import Fault, NotSignedIn, Unreachable
from sync.wire import API
from sync.wire.admission import Enrolment, EnrolRequest
from vouchers.errors import OperatingError, Reason, Refused

_ADDRESS = re.compile(r"(?P<scheme>[a-z]+://)?(?P<host>[^/?#\s]+)", re.IGNORECASE)
_MAY_BE_TLS = {Fault.BROKEN_OFF, Fault.NOT_OUR_SERVER, Fault.PROXY}


def enrol(url: str, request: EnrolRequest) -> Enrolment:
    """Trade a one-time code for a till's identity.

    Raises Refused (sign_in), and OperatingError that says what to type instead of an address
    where nobody enrols tills, as far as anybody can tell.
    """
    data = msgspec.json.encode(request)
    connect_s, whole_s = PATIENCE_S
    deadline = Deadline.within(whole_s, connect_s)
    try:
        answer = Exchanges().send("POST", url, f"{API}/enrolments", deadline, data=data)
        return read(answer, Enrolment, url)
    except (NotSignedIn, Refused) as refusal:
        raise Refused(Reason.SIGN_IN, "enrolment_refused") from refusal
    except Unreachable as failure:
        raise _advice(url, failure) from failure


def _advice(url: str, failure: Unreachable) -> OperatingError:
    instead = instead_of(url, failure)
    if instead and instead != url:
        return OperatingError("enrol_elsewhere", cause=failure.cause, instead=instead)
    return OperatingError("enrol_unreachable", cause=failure.cause)


def instead_of(url: str, failure: Unreachable) -> str:
    """The address that was probably meant, empty when nobody can tell.

    >>> instead_of("vouchers.example.org", Unreachable(fault=Fault.ADDRESS))
    'https://vouchers.example.org'
    """
    if failure.fault is Fault.REDIRECT:
        return _root(failure.location) if "://" in failure.location else ""
    if failure.fault is Fault.NO_TLS:
        return _root(url).replace("https://", "http://")
    if failure.fault in _MAY_BE_TLS and url.startswith("http://"):
        return _root(url).replace("http://", "https://")
    return _root(url)


def _root(url: str) -> str:
    """An address without path, and with a scheme."""
    found = _ADDRESS.match(url.strip())
    return (found["scheme"] or "https://") + found["host"] if found else ""
