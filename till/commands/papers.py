"""till paper, reprint, statement and drawer: what comes out of the printers beside a sale."""

import argparse
from uuid import UUID

from till.assembly import Till
from till.commands.afterwards import open_papers, report_and_print
from till.commands.outcome import Exit, Json, Outcome
from till.counter.handover import MAIL
from till.counter.permission import supervisors_only
from till.paper import printer_of
from vouchers.errors import OperatingError, Reason, Refused
from vouchers.people import User


def paper(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """What has not come out yet, and a person's decision about one of them."""
    handover = till.counter.handover
    result: Json = {}
    match arguments.action:
        case "whole" | "spoiled":
            whole = arguments.action == "whole"
            renewed = handover.came_out(_job(arguments), whole=whole, user=user)
            result["vouchers"] = [
                {
                    "id": new.voucher.voucher_id,
                    "code": new.code.grouped,
                    "last4": new.voucher.last4,
                    "balance": new.left,
                }
                for new in renewed
            ]
        case "give":
            handover.give_to(_job(arguments), arguments.printer, user)
        case "mail":
            handover.give_to(_job(arguments), MAIL + arguments.address, user)
    return _after(till, result, "papers_open")


def reprint(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """A receipt again, as a marked copy without codes."""
    job = till.counter.paperwork.reprint(arguments.receipt, user)
    return _after(till, {"receipt": job.reference}, "reprinted", reference=job.reference)


def statement(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """An account with its entries on paper, for supervisors."""
    supervisors_only(user, key="supervisor_only")
    account = till.counter.accounts.find(arguments.code)[0]
    job = till.counter.paperwork.print_statement(till.counter.accounts.statement(account), user)
    result = {"id": account.voucher.voucher_id, "balance": account.balance}
    return _after(till, result, "reprinted", reference=job.reference)


def drawer(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    """Open the drawer, with a reason that is written down; or ask its sensor."""
    if arguments.action == "state":
        return _drawer_state(till)
    job = till.counter.paperwork.open_drawer(arguments.reason, user)
    problem = report_and_print(till)
    if till.counter.paperwork.withdraw(job):  # it must not open later, with nobody at the till
        raise problem or OperatingError("drawer_stayed_shut")
    return Outcome(result={"opened": True, "reason": arguments.reason}, message="drawer_opened")


def _drawer_state(till: Till) -> Outcome:
    name = till.identity.printer_for("drawer_slip")
    if name is None:
        raise Refused(Reason.NOT_ALLOWED, "paper_no_printer")
    is_open = printer_of(till.identity, till.folder, name).drawer_is_open()
    message = {True: "drawer_is_open", False: "drawer_is_shut", None: "drawer_unknown"}[is_open]
    return Outcome(result={"open": is_open}, message=message)


def _after(till: Till, result: Json, message: str, **details: str) -> Outcome:
    problem = report_and_print(till)
    papers = open_papers(till)
    return Outcome(
        result={**result, "papers": papers},
        message=message,
        details={"count": len(papers), **details},
        warnings=[(problem.key, problem.details)] if problem else [],
        exit=Exit.WORLD_FAILED if problem else Exit.DONE,
    )


def _job(arguments: argparse.Namespace) -> UUID:
    try:
        return UUID(arguments.job)
    except ValueError as error:
        raise Refused(Reason.UNKNOWN, "paper_unknown", job=arguments.job) from error
