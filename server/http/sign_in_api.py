"""Enrolment and sign-in: the only operations a stranger may call."""

from typing import Any

from server.http.operation import Call, Nothing, Operation, ProblemFound
from server.problems import problem
from server.tills.directory import enrol_till, enrolled_till, heard_revoked
from server.tills.sign_in import SESSION_VALID_S, SignedIn
from sync.wire import API
from sync.wire.admission import Challenge, Enrolment, EnrolRequest, Session, SessionRequest


async def enrol(call: Call[Nothing, EnrolRequest]) -> Enrolment:
    """Use a one-time code; wrong ones are counted by address."""
    guessing = call.services.guessing
    if wait_s := guessing.wait_s(call.address):
        raise ProblemFound(problem("slow-down"), {"Retry-After": str(wait_s)})
    body = call.body
    enrolment = await call.services.write(
        lambda connection: enrol_till(connection, body.code, body.public_key, body.earlier)
    )
    if enrolment is None:
        guessing.failed(call.address)
        raise ProblemFound(problem("not-allowed", "This code is unknown, used or too old."))
    guessing.succeeded(call.address)
    call.services.announce(enrolment.organisation)
    return enrolment


async def challenge(call: Call[Nothing, Nothing]) -> Challenge:
    """Something to sign."""
    return Challenge(challenge=call.services.sign_in.challenge())


async def sign_in(call: Call[Nothing, SessionRequest]) -> Session:
    """A token for whoever proves to hold an enrolled till's key."""
    body, services = call.body, call.services
    known = await services.read(lambda connection: enrolled_till(connection, body.till_id))
    if known is None or not services.sign_in.proves(
        body.challenge, body.signature, known.public_key
    ):
        raise ProblemFound(problem("not-signed-in", "The till is unknown or did not prove itself."))
    if known.revoked:
        if body.heard_revoked:
            await services.write(lambda connection: heard_revoked(connection, body.till_id))
        raise ProblemFound(problem("till-revoked"))
    token = services.sign_in.token(SignedIn(body.till_id, known.organisation))
    return Session(token=token, expires_in_s=SESSION_VALID_S)


OPERATIONS: list[Operation[Any, Any]] = [
    Operation(
        *("POST", f"{API}/enrolments", "enrol", "Enrol a till with its one-time code"),
        handler=enrol,
        parameters=Nothing,
        body=EnrolRequest,
        answer=Enrolment,
        status=201,
        problems=("not-allowed", "slow-down"),
        signed_in=False,
    ),
    Operation(
        *("POST", f"{API}/sessions/challenges", "challenge", "Ask for something to sign"),
        handler=challenge,
        parameters=Nothing,
        body=Nothing,
        answer=Challenge,
        status=201,
        signed_in=False,
    ),
    Operation(
        *("POST", f"{API}/sessions", "sign_in", "Sign in with the signed challenge"),
        handler=sign_in,
        parameters=Nothing,
        body=SessionRequest,
        answer=Session,
        status=201,
        problems=("not-signed-in", "till-revoked"),
        signed_in=False,
    ),
]
