"""Every problem the API can answer with: a stable word, its status and its title (RFC 9457)."""

from sync.wire import Problem
from vouchers.errors import Reason
from vouchers.money import Money

PROBLEMS: dict[str, tuple[int, str]] = {
    "malformed": (400, "The request does not say what this operation needs."),
    "not-signed-in": (401, "Sign in first: the token is missing, too old or revoked."),
    "till-revoked": (403, "This till is shut out: it reports again once it is enrolled anew."),
    "not-allowed": (403, "This till may not do that."),
    "not-found": (404, "There is nothing here."),
    "wrong-method": (405, "This operation does not exist here."),
    "conflict": (409, "The same id was used before with other content."),
    "gone": (409, "This id was released or booked before the request arrived."),
    "settled-already": (409, "Somebody has settled this incident already."),
    "four-eyes": (403, "This amount needs the consent of a second supervisor."),
    "balance-unknown": (404, "Nothing can be said about this voucher here. Ask at the till."),
    "position-lost": (410, "Changes that old are no longer kept: load a new snapshot."),
    "too-large": (413, "The request is larger than this server takes."),
    "wrong-content-type": (415, "Send JSON, and say so: Content-Type: application/json."),
    "slow-down": (429, "Too many attempts. Wait before the next one."),
    "internal": (500, "The server made a mistake. It is in the server's log."),
    "unavailable": (503, "The database does not answer. Nothing was booked that is not on disk."),
    "storage-full": (507, "The server's disk is full. Nothing was booked."),
    Reason.UNKNOWN: (409, "No voucher with this code is known here."),
    Reason.EXPIRED: (409, "The voucher has expired."),
    Reason.BLOCKED: (409, "The voucher is blocked."),
    Reason.EMPTY: (409, "Nothing is left on the voucher."),
    Reason.INSUFFICIENT: (409, "Less is left on the voucher than was asked for."),
    Reason.CURRENCY: (409, "The voucher is in another currency."),
    Reason.AMOUNT: (409, "This amount cannot be taken from the voucher."),
}


def problem(word: str, detail: str = "", balance: Money | None = None) -> Problem:
    """The problem named `word`, which must be in PROBLEMS."""
    status, title = PROBLEMS[word]
    return Problem(
        type=f"/problems/{word}", title=title, status=status, detail=detail, balance=balance
    )
