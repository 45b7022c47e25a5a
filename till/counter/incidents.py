"""Incidents: what was odd and booked all the same, until a supervisor settles it."""

from sync.wire import Exposure, Incident, Settled, Settlement, SettlementAction
from till.counter.desk import Desk
from till.store import audit, incidents
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.money import Money
from vouchers.people import Role, User

REASON_MIN, REASON_MAX = 3, 200


class Incidents:
    """The venue's open incidents. Settling one needs the server; looking at them does not."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open(self) -> list[Incident]:
        """All that wait for a supervisor, oldest first."""
        with self._desk.database.read() as work:
            return incidents.all_open(work)

    def exposure(self) -> Exposure:
        """What the venue stands to lose. Raises Unreachable."""
        return self._desk.server.exposure()

    def settle(
        self,
        incident: Incident,
        action: SettlementAction,
        *,
        supervisor: User,
        reason: str,
        amount: Money | None = None,
        second: User | None = None,
    ) -> Settled:
        """Settle it, with a reason; `second` agrees above the venue's four-eyes amount.

        Raises Refused (not_allowed, four_eyes, settled_already, amount) or Unreachable; the
        incident then stays open.
        """
        for person in (supervisor, second):
            if person is not None and person.role is not Role.SUPERVISOR:
                raise Refused(Reason.NOT_ALLOWED, "supervisor_pin_wrong")
        if not REASON_MIN <= len(reason.strip()) <= REASON_MAX:
            raise Refused(Reason.NOT_ALLOWED, "settlement_reason_missing")
        settled = self._desk.server.settle(
            incident.incident_id,
            Settlement(
                settlement_id=new_id(),
                action=action,
                actor=supervisor.user_id,
                reason=reason.strip(),
                amount=amount,
                second=second.user_id if second else None,
            ),
        )
        with self._desk.database.write() as work:
            incidents.apply(work, settled.incident)
            audit.add(
                work,
                self._desk.clock.now(),
                actor=supervisor.user_id,
                action=f"settle {action}",
                subject=f"{incident.kind} {incident.incident_id}: {reason.strip()}",
                approved_by=second.user_id if second else None,
            )
        return settled
