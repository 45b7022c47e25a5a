"""A venue's campaigns.toml: every campaign that is in force, and no other."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct

from server.errors import NeedsEvenSo, NotPossible
from server.storage.accounts import find_accounts
from server.storage.audit import note_operator
from server.storage.venues import digest_key, load_campaigns, load_catalogue, save_campaigns
from server.venue_changes import fingerprint, gifts, summary
from server.written_files import FilesWrong, WrittenFile
from vouchers.campaign_faults import campaign_faults
from vouchers.campaigns import Campaign, normalised
from vouchers.codes import VoucherCode, code_digest
from vouchers.faults import Fault

CAMPAIGNS_FILE = "campaigns.toml"


class CampaignsFile(Struct, frozen=True):
    """campaigns.toml; an empty list ends all campaigns."""

    campaigns: list[Campaign]


def check_campaign_file(
    connection: sa.Connection, organisation: str, file: Path, *, even_so: bool = False
) -> list[Campaign]:
    """The campaigns of `file`, when they can be used with the catalogue in force.

    Raises FilesWrong with every mistake, NotPossible without a catalogue, and NeedsEvenSo when
    one gives vouchers away for nothing, unless that is meant.
    """
    catalogue = load_catalogue(connection, organisation)
    if catalogue is None:
        raise NotPossible("venue_not_loaded", organisation=organisation)
    written = WrittenFile(file, CampaignsFile)
    campaigns = written.value.campaigns
    found = [
        *campaign_faults(campaigns, catalogue),
        *_vouchers_codes(connection, organisation, campaigns),
    ]
    if mistakes := written.mistakes(found):
        raise FilesWrong(mistakes)
    free = gifts(load_campaigns(connection, organisation) or [], campaigns, catalogue)
    if free and not even_so:
        raise NeedsEvenSo(free)
    return campaigns


def load_campaign_file(
    connection: sa.Connection, organisation: str, file: Path, *, even_so: bool = False
) -> list[Campaign]:
    """Put the campaigns of `file` in force in place of all others; what did not change is not
    announced again.

    Raises as check_campaign_file does, with nothing changed.
    """
    campaigns = check_campaign_file(connection, organisation, file, even_so=even_so)
    before = load_campaigns(connection, organisation)
    if before != campaigns:
        named = {one.campaign_id: one for one in campaigns}
        changed = summary({one.campaign_id: one for one in before or []}, named)
        save_campaigns(connection, organisation, campaigns)
        note_operator(
            connection,
            organisation,
            action="campaigns load",
            subject=fingerprint(campaigns),
            reason=changed or "the first, and empty",
        )
    return campaigns


def _vouchers_codes(
    connection: sa.Connection, organisation: str, campaigns: Sequence[Campaign]
) -> Iterator[Fault]:
    """Action codes that another system's voucher has already, which tills would find first."""
    key = bytes.fromhex(digest_key(connection, organisation))
    for index, campaign in enumerate(campaigns):
        digest = code_digest(key, VoucherCode(normalised(campaign.code)))
        if find_accounts(connection, organisation, code_digest=digest, limit=1).accounts:
            yield Fault(("campaigns", index, "code"), "is the code of a voucher")
