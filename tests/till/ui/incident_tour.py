"""The screens of incidents and overrides, for those who look at them."""

from collections.abc import Iterator

from sync.wire.incidents import IncidentKind
from tests.till.ui.guide import Guide
from tests.till.ui.scripted_office import raise_incident
from till.store import settings


class IncidentTour(Guide):
    """Yields the name of each screen when it stands; a supervisor is signed in by it."""

    def screens(self) -> Iterator[str]:
        """All of them."""
        self._sign_in("Sam Schicht", "5678")
        yield from self._overrides()
        self._tap("ui_place_incidents")
        self._sees("exposure_owed")
        yield "incidents-none"
        yield from self._settling()
        yield from self._everything_at_once()

    def _overrides(self) -> Iterator[str]:
        self._world.go_offline()
        code = self._world.issue()
        self._cashier.scan(code.text)
        self._sees("override_offer")
        yield "override-offered"
        self._tap("override_offer")
        self._cashier.type("12.5")
        self._tap("override_reason_receipt")
        yield "override"
        self._enter()
        self._sees("override_pin_why", reason=self._say("override_reason_receipt"))
        yield "override-pin"
        self._world.server.away = False
        self._world.line.answered()
        self._tap("ui_place_sell")

    def _settling(self) -> Iterator[str]:
        raise_incident(self._world, IncidentKind.OVERDRAWN, balance_minor=-250_00, balance=-54_00)
        raise_incident(self._world, IncidentKind.UNKNOWN_VOUCHER, balance_minor=12_50)
        raise_incident(self._world, IncidentKind.FORK, balance_minor=50_00, seq=17)
        self._sees("incident_fork_title")
        yield "incidents"
        self._tap("incident_overdrawn_title")
        self._sees("incident_entry_receipt")
        yield "incident"
        self._tap("settle_adjust")
        self._cashier.type("120")
        yield "incident-adjust"
        self._tap("settle_reason_goodwill")
        self._enter()
        self._sees("second_what")
        yield "incident-second"
        self._tap("ui_place_incidents")
        self._tap("incident_fork_title")
        self._tap("settle_reenrol")
        self._tap("settle_reason_repaired")
        yield "incident-reenrol"
        self._enter()
        self._sees("reenrol_title")
        yield "incident-code"

    def _everything_at_once(self) -> Iterator[str]:
        self._tap("reenrol_done")
        self._world.load = (120_000, 1_000_000)
        self._world.go_offline()
        with self._world.database.write() as work:
            settings.clock_skew_ms.put(work, 185_000)
        self._world.change()
        self._tap("incident_overdrawn_title")
        self._sees("ui_status")
        yield "incident-offline"
