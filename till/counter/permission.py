"""Who may do it, and the reason they have to give."""

from vouchers.errors import OperatingError, Reason, Refused
from vouchers.people import Role, User

REASON_MIN, REASON_MAX = 3, 200
"""Signs of a reason, blanks around it not counted."""

_ASKABLE = {Reason.OFFLINE_LIMIT, Reason.EXPIRED}
_UNKNOWN_HERE = {"refused_unknown_offline", "offline_product_unknown"}


def supervisors_only(*people: User | None, key: str) -> None:
    """Raise Refused (not_allowed) with the sentence `key` unless all are supervisors.

    None is a second person who was not needed.
    """
    for person in people:
        if person is not None and person.role is not Role.SUPERVISOR:
            raise Refused(Reason.NOT_ALLOWED, key)


def reason_given(typed: str, *, key: str) -> str:
    """The reason without blanks around it.

    Raises Refused (not_allowed) with the sentence `key` for one too short to say why, or too long.
    """
    reason = typed.strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Refused(Reason.NOT_ALLOWED, key)
    return reason


def may_be_overridden(error: OperatingError) -> bool:
    """Whether a supervisor's word goes past this refusal."""
    if not isinstance(error, Refused):
        return False
    return error.reason in _ASKABLE or error.key in _UNKNOWN_HERE
