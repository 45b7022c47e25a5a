"""Hears every request and answer, notes what they promise, and checks it on the spot."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.responses import Response

from tests.simulation.central import Call
from tests.simulation.nature import WorldClock
from tests.simulation.network import hold_id_of
from tests.simulation.promises import Promises, Settled
from tests.simulation.violation import require

LACK_OF_BALANCE = ("insufficient", "empty")
SAID = (200, 201, 204, 409)
"""What binds the server: 409 is a refusal, which stays one."""

_LEFT = """
SELECT q.expires_ms, a.status, a.balance - coalesce((SELECT sum(r.amount) FROM requests r
    WHERE r.voucher_id = a.voucher_id AND r.state = 'held' AND r.expires_ms > :now_ms), 0) AS left
FROM requests q JOIN accounts a ON a.voucher_id = q.voucher_id WHERE q.request_id = :hold_hex
"""


_ABOUT = "SELECT voucher_id FROM incidents WHERE incident_id = :incident_id"
_STATUS = "SELECT status FROM accounts WHERE voucher_id = :voucher_id"


class Witness:
    """Called with each request before the server sees it, and with each answer. `ask` gives one row
    of the server's file as it is now."""

    def __init__(
        self,
        ask: Callable[[str, dict[str, Any]], sqlite3.Row | None],
        clock: WorldClock,
        promises: Promises,
    ) -> None:
        self._ask, self._clock, self._promises = ask, clock, promises

    def __call__(self, call: Call, answer: Response | None) -> None:
        """The server is about to be asked, or has just answered; what it said binds it."""
        if answer is None:
            self._note_wish(call)
            return
        self._check_let_in(call, answer)
        if call.method == "DELETE" and answer.status_code == 204:
            self._promises.released.add(hold_id_of(call))
        elif call.method == "POST" and answer.status_code in SAID:
            self._hear(call, answer.status_code, bytes(answer.body))

    def _hear(self, call: Call, status: int, body: bytes) -> None:
        match call.path.rsplit("/", 1)[1]:
            case "status" if status == 204:
                self._check_status(call.path.split("/")[-2], json.loads(call.body)["status"])
            case "settlement" if status == 200:
                self._check_settled(json.loads(call.body), json.loads(body))
            case "entries" if status == 200:
                for one in json.loads(body)["answers"]:
                    if one["verdict"] in ("booked", "exists"):
                        self._promises.acknowledged.add(UUID(one["entry_id"]))
            case "holds":
                self._check_hold(json.loads(call.body), json.loads(body))

    def _note_wish(self, call: Call) -> None:
        if call.path.endswith("/settlement"):
            asked = json.loads(call.body)
            self._promises.settlements[UUID(asked["settlement_id"])] = Settled(
                action=asked["action"],
                actor=asked["actor"],
                second=asked.get("second") or "",
                amount=(asked.get("amount") or {"amount": 0})["amount"],
            )
            about = self._ask(_ABOUT, {"incident_id": UUID(call.path.split("/")[-2]).hex})
            if asked["action"] == "block" and about and about["voucher_id"]:
                self._promises.may_be_blocked.add(UUID(about["voucher_id"]))
        elif call.path.endswith("/status") and json.loads(call.body)["status"] == "blocked":
            self._promises.may_be_blocked.add(UUID(call.path.split("/")[-2]))

    def _check_let_in(self, call: Call, answer: Response) -> None:
        welcome = answer.status_code < 300 and not call.path.endswith(
            ("/challenges", "/enrolments")
        )
        banned = call.sender in self._promises.shut_out
        require(not (welcome and banned), "who is shut out is not let in", call)

    def _check_settled(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        """What an answer says has happened by then."""
        if _decided_ms(asked, answer["incident"]) != self._clock.now_ms:
            return  # it was asked for before: somebody may have changed it since
        if asked["action"] == "reenrol" and answer.get("enrolment_code"):
            self._promises.shut_out.add(answer["incident"]["origin"])
        if asked["action"] == "block":
            self._check_status(answer["incident"]["voucher_id"], "blocked")

    def _check_status(self, voucher_id: str, status: str) -> None:
        row = self._ask(_STATUS, {"voucher_id": UUID(voucher_id).hex})
        done = row is not None and row["status"] == status
        require(done, "a block that is confirmed holds", voucher_id)

    def _check_hold(self, asked: dict[str, Any], answer: dict[str, Any]) -> None:
        said = answer["type"].rsplit("/", 1)[-1] if "type" in answer else "granted"
        first = self._promises.answered.setdefault(asked["hold_id"], said)
        require(said == first, "a repeat gets the first answer", (asked, first, said))
        now_ms, hold_hex = self._clock.now_ms, UUID(asked["hold_id"]).hex
        row = self._ask(_LEFT, {"now_ms": now_ms, "hold_hex": hold_hex})
        if row is None or row["expires_ms"] != now_ms + 1000 * asked["seconds"]:
            return  # answered before: what is left by now says nothing about that
        if said == "granted":
            require(row["status"] == "active", "nothing is granted on a blocked voucher", asked)
            require(row["left"] >= 0, "a hold is granted within the balance", asked)
        elif said in LACK_OF_BALANCE:
            short = row["left"] < asked["amount"]["amount"]
            require(short, "a hold is refused only where the balance is short", (asked, dict(row)))


def _decided_ms(asked: dict[str, Any], incident: dict[str, Any]) -> int:
    """When it was settled, or when this was done about it while it stays open."""
    if "settled_at" in incident:
        return round(datetime.fromisoformat(incident["settled_at"]).timestamp() * 1000)
    steps = incident["details"]["steps"]
    return next((s["at_ms"] for s in steps if s["settlement"] == asked["settlement_id"]), 0)
