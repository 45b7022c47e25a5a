"""Who may do it, and the reason they have to give."""

from vouchers.errors import Reason, Refused
from vouchers.people import Role, User

REASON_MIN, REASON_MAX = 3, 200
"""Signs of a reason, blanks around it not counted."""


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
