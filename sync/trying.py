"""A step of keeping in step, tried once: whatever comes of it, the till goes on selling."""

import logging
from collections.abc import Callable

from sync.line import Line
from sync.link import Fault, Unreachable
from vouchers.errors import OperatingError

log = logging.getLogger(__name__)


def attempt(step: Callable[[], object], line: Line) -> OperatingError | None:
    """Do `step`; what came in the way, if anything did, which the line has been told as well.

    Raises nothing. What the server said may be well-formed and still be more than the till can
    take in (a number too large for its database): that is no reason to sell nothing.
    """
    try:
        step()
    except OperatingError as trouble:
        if not isinstance(trouble, Unreachable):
            log.warning("keeping in step failed: %s", trouble)
        line.failed(trouble)
        return trouble
    except Exception as mistake:
        log.exception("keeping in step failed")
        unexpected = Unreachable(type(mistake).__name__, Fault.UNEXPECTED)
        line.failed(unexpected)
        return unexpected
    return None
