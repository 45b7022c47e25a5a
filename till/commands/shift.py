"""till shift: open and close the drawer, and see how it stands."""

import argparse

import msgspec

from till.assembly import Till
from till.commands.afterwards import report_and_print
from till.commands.outcome import Exit, Json, Outcome
from till.counter.shift_figures import ShiftFigures
from vouchers.errors import Reason, Refused
from vouchers.money import Money
from vouchers.people import User


def shift(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Open with a float, close with the cash that was counted, or report (X; --z NUMBER again)."""
    shifts, currency = till.counter.shifts, till.counter.catalogue().currency
    match arguments.action:
        case "open":
            shifts.open(user, Money.parse(arguments.amount, currency))
            return _told(till, shifts.figures(), "shift_opened")
        case "close":
            figures = shifts.close(user, Money.parse(arguments.amount, currency))
            return _told(till, figures, "shift_closed")
        case "outside":
            return _told(till, shifts.report_outside(user), "shift_outside_reported")
    if arguments.z is not None:
        report = shifts.reprint_z(user, arguments.z or None)
        return _printed(till, {"number": report.number}, "reprinted", reference=report.number)
    return _told(till, shifts.print_x(user), "shift_reported")


def _told(till: Till, figures: ShiftFigures | None, message: str) -> Outcome:
    if figures is None:
        raise Refused(Reason.NO_SHIFT)
    result = {name.rstrip("_"): getattr(figures, name) for name in figures.__struct_fields__}
    result["taxes"] = [msgspec.structs.asdict(line) for line in figures.taxes]
    if figures.counted is not None:
        result["difference"] = figures.counted - figures.expected
    printed = _printed(till, result, message, expected=figures.expected)
    if figures.unreadable:
        missing = {"receipts": ", ".join(figures.unreadable)}
        printed.warnings.append(("report_unreadable", missing))
    return printed


def _printed(till: Till, result: Json, message: str, **details: object) -> Outcome:
    problem = report_and_print(till)
    return Outcome(
        result=result,
        message=message,
        details=details,
        warnings=[(problem.key, problem.details)] if problem else [],
        exit=Exit.WORLD_FAILED if problem else Exit.DONE,
    )
