"""The office side of the scripted server: incidents are opened, settled and counted up."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec.structs import replace

from sync.link import Unreachable
from sync.wire.booking import AccountPage, Standing
from sync.wire.feed import IncidentChanged
from sync.wire.incidents import (
    Exposure,
    Incident,
    IncidentKind,
    Settled,
    Settlement,
    SettlementAction,
)
from till.store.sync_store import TillSyncStore
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import FIRST_DIGEST, Basis, EntryKind, LedgerEntry
from vouchers.money import Money
from vouchers.voucher import Account

if TYPE_CHECKING:
    from tests.till.ui.world import World

CODE = "7KQ2-M4XA-9PWR"


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


EXPOSURE = Exposure(
    tills=3,
    per_voucher=euros(50_00),
    per_till=euros(500_00),
    one_code=euros(150_00),
    worst_outage=euros(1_500_00),
    outstanding=euros(48_211_50),
    held=euros(36_00),
    overdrawn=euros(4_00),
)


@dataclass
class ScriptedOffice:
    """Settles as the server does, as far as the window can tell the difference."""

    accounts: dict[UUID, Account] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    open_incidents: dict[UUID, Incident] = field(default_factory=dict)
    four_eyes_minor: int = 100_00
    loses_answers: bool = False
    settled: dict[UUID, Settled] = field(default_factory=dict)

    def exposure(self) -> Exposure:
        self._answer()
        return EXPOSURE

    def standing(self, standing: Standing) -> AccountPage:
        self._answer()
        below_zero = [one for one in self.accounts.values() if one.balance.minor < 0]
        return AccountPage(accounts=below_zero)

    def settle(self, incident_id: UUID, settlement: Settlement) -> Settled:
        self._answer()
        if settlement.settlement_id in self.settled:
            return self.settled[settlement.settlement_id]
        if incident_id not in self.open_incidents:
            raise Refused(Reason.SETTLED_ALREADY)
        many = abs(self._booked(incident_id, settlement)) > self.four_eyes_minor
        if many and settlement.second in (None, settlement.actor):
            raise Refused(Reason.FOUR_EYES)
        self.settlements.append(settlement)
        incident = self._after(self.open_incidents[incident_id], settlement)
        anew = settlement.action is SettlementAction.REENROL
        answer = Settled(incident=incident, enrolment_code=CODE if anew else "")
        self.settled[settlement.settlement_id] = answer
        if self.loses_answers:
            raise Unreachable
        return answer

    def _after(self, incident: Incident, settlement: Settlement) -> Incident:
        """Settled, or open with one thing more that was done about it."""
        booked = self._booked(incident.incident_id, settlement)
        account = self.accounts.get(incident.voucher_id) if incident.voucher_id else None
        balance = account.balance.minor if account else 0
        if account and settlement.action is SettlementAction.WRITE_OFF:
            booked = -balance
        if account:
            self.accounts[account.voucher.voucher_id] = replace(
                account, balance=euros(balance + booked)
            )
        if incident.kind is IncidentKind.OVERDRAWN and balance + booked < 0:
            step = {
                "settlement": str(settlement.settlement_id),
                "at_ms": 0,
                "by": settlement.actor,
                "action": settlement.action.value,
                "minor": booked,
                "reason": settlement.reason,
            }
            left_open = replace(incident, details={**incident.details, "steps": [step]})
            self.open_incidents[incident.incident_id] = left_open
            return left_open
        del self.open_incidents[incident.incident_id]
        return replace(incident, settled_at=datetime.now(UTC))

    def _booked(self, incident_id: UUID, settlement: Settlement) -> int:
        voucher_id = self.open_incidents[incident_id].voucher_id
        if settlement.action is SettlementAction.WRITE_OFF and voucher_id is not None:
            return self.accounts[voucher_id].balance.minor
        return settlement.amount.minor if settlement.amount else 0

    def _answer(self) -> None:
        raise NotImplementedError


def raise_incident(
    world: "World",
    kind: IncidentKind,
    *,
    balance_minor: int = -4_00,
    minutes_ago: int = 20,
    **details: str | int,
) -> Incident:
    """Another till's redemption of a voucher, and what the server found odd about it."""
    world.issue("value-50", balance_minor=balance_minor)
    account = list(world.server.accounts.values())[-1]
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    entry = LedgerEntry(
        entry_id=new_id(),
        voucher_id=account.voucher.voucher_id,
        kind=EntryKind.REDEEM,
        amount=euros(-54_00),
        occurred_at=at,
        origin="till-2",
        origin_seq=17,
        actor="c1",
        reference="T2-000017",
        basis=Basis.OFFLINE,
        previous_digest=FIRST_DIGEST,
    )
    world.server.ledger.append(entry)
    incident = Incident(
        incident_id=new_id(),
        kind=kind,
        opened_at=at,
        details=details,
        voucher_id=entry.voucher_id,
        entry_id=entry.entry_id,
        origin=entry.origin,
    )
    world.server.open_incidents[incident.incident_id] = incident
    world.follow()
    TillSyncStore(world.database).apply([IncidentChanged(position=1, incident=incident)], 1)
    world.change()
    return incident
