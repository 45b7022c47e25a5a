"""The readers of this machine."""

from cardreader.pcsc import context_of_its_own, reader_names
from cardreader.slots import Slot, slot_of


def list_readers() -> list[str]:
    """Names of the readers that can take a visitor's card; SAM and chip slots are left out.

    Raises CardsNotInstalled without pyscard, CardServiceAway without a running service.
    """
    with context_of_its_own() as context:
        return [name for name in reader_names(context) if slot_of(name) is Slot.FIELD]
