"""Time-ordered ids, made where the event happens, before anything is sent."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): unique everywhere, sorts by the time it was made."""
    return UUID(int=uuid_utils.uuid7().int)
