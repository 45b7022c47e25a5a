"""How a machine becomes a till of a server: the one conversation before it can sign in."""

import msgspec
import requests

from sync.conversation import BATCH_TIMEOUT_S, problem_of, read_answer
from sync.link import Unreachable
from sync.wire import API
from sync.wire.admission import Enrolment, EnrolRequest
from vouchers.errors import Reason, Refused


def enrol(url: str, request: EnrolRequest) -> Enrolment:
    """Trade a one-time code for a till's identity. Raises Refused (sign_in) or Unreachable."""
    try:
        response = requests.post(
            f"{url}{API}/enrolments",
            data=msgspec.json.encode(request),
            headers={"Content-Type": "application/json"},
            timeout=BATCH_TIMEOUT_S,
        )
    except requests.RequestException as failure:
        raise Unreachable(type(failure).__name__) from failure
    if response.status_code in (requests.codes.forbidden, requests.codes.not_found):
        raise Refused(Reason.SIGN_IN, "enrolment_refused")
    if not response.ok:
        raise problem_of(response)
    return read_answer(response, Enrolment)
