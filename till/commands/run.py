"""Runs one command: signs in, does the work, says what became of it, sets the exit status."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from process import output
from resources.texts import Texts
from till.assembly import Till, open_till
from till.commands import (
    backup,
    doctor,
    enrol,
    incidents,
    looking,
    papers,
    redeeming,
    selling,
    setting_up,
    shift,
    unfinished,
)
from till.commands.outcome import Exit, Outcome
from till.counter.cash import CashUnlikely
from till.counter.tenders import money_taken
from vouchers.errors import OperatingError, Reason, Refused, WrongUsage
from vouchers.people import User

PATIENCE_S = (1.0, 6.0)
"""To connect, to answer: how long a command waits for the server before it goes on without."""

Workflow = Callable[[Till, User, argparse.Namespace], Outcome]


def _card(till: Till, user: User, arguments: argparse.Namespace) -> Outcome:
    from till.commands import card  # the session arithmetic is slow to load

    return card.card(till, user, arguments)


SetUp = Callable[[Till, argparse.Namespace], Outcome]
AT_WORK: dict[str, Workflow] = {
    "sell": selling.sell,
    "redeem": redeeming.redeem,
    "paper": papers.paper,
    "reprint": papers.reprint,
    "statement": papers.statement,
    "drawer": papers.drawer,
    "shift": shift.shift,
    "card": _card,
    "unfinished": unfinished.unfinished,
}
SETTING_UP: dict[str, SetUp] = {
    "printer": setting_up.printer,
    "mail": setting_up.mail,
    "sync": looking.sync,
}
LOOKING: dict[str, Workflow] = {
    "balance": looking.balance,
    "account": looking.account,
    "incidents": incidents.show,
    "settle": incidents.settle,
}


def run_command(arguments: argparse.Namespace, folder: Path) -> int:
    """Do what the arguments ask for. Returns the exit status."""
    texts = Texts(arguments.language)
    try:
        outcome, texts = _perform(arguments, folder, texts)
    except Refused as refusal:
        message = texts.explain(refusal)
        if refusal.reason is Reason.UNUSUAL or isinstance(refusal, CashUnlikely):
            message += " " + texts.say("say_even_so")
        _say(arguments, {"refused": refusal.reason, "message": message}, "", [message])
        return Exit.REFUSED
    except OperatingError as failure:
        message = texts.explain(failure)
        _say(arguments, {"failed": failure.key, "message": message}, "", [message])
        return Exit.USAGE if isinstance(failure, WrongUsage) else Exit.WORLD_FAILED
    warnings = [texts.say(key, **details) for key, details in outcome.warnings]
    said = [(outcome.message, outcome.details), *outcome.more]
    sentence = " ".join(texts.say(key, **details) for key, details in said)
    _say(arguments, outcome.result, sentence, warnings)
    return outcome.exit


def _perform(arguments: argparse.Namespace, folder: Path, texts: Texts) -> tuple[Outcome, Texts]:
    if arguments.command == "enrol":
        return enrol.run(folder, arguments), texts
    if arguments.command == "doctor":
        return doctor.run(folder, texts), texts
    if arguments.command == "backup":
        return backup.run(folder, arguments), texts
    till = open_till(folder, patience_s=PATIENCE_S)
    try:
        return _at_till(till, arguments, texts), till.texts(arguments.language)
    finally:
        till.close()


def _at_till(till: Till, arguments: argparse.Namespace, texts: Texts) -> Outcome:
    if arguments.command in SETTING_UP:
        return SETTING_UP[arguments.command](till, arguments)
    if not arguments.offline and not till.counter.sign_in.ask_for_users():
        output.say(texts.say("users_not_asked"), sys.stderr)
    user = till.counter.sign_in.sign_in(
        os.environ.get("TILL_USER", ""), os.environ.get("TILL_PIN", "")
    )
    if not arguments.offline:
        till.get_in_step(pages_max=1)
    if till.counter.status().revoked:
        output.say(texts.say("till_revoked_word"), sys.stderr)
    if arguments.command in LOOKING:
        return LOOKING[arguments.command](till, user, arguments)
    with till.at_work():
        if arguments.command != "unfinished":
            _tell_unfinished(till, till.texts(arguments.language))
        return AT_WORK[arguments.command](till, user, arguments)


def _tell_unfinished(till: Till, texts: Texts) -> None:
    """Whoever uses this till next hears of money that was taken for a sale without a receipt."""
    for one in till.counter.open_sales.every():
        day = texts.day(one.since)
        said = [texts.say("unfinished_sale", day=day, time=one.since, who=one.cashier)]
        taken = money_taken(one.sale.tenders)
        if taken is not None:
            said.append(texts.explain(taken))
        sys.stderr.write(" ".join(said) + "\n")


def _say(arguments: argparse.Namespace, result: object, sentence: str, warnings: list[str]) -> None:
    for warning in warnings:
        output.say(warning, sys.stderr)
    if arguments.json:
        output.say_json(msgspec.json.encode(result).decode())
    elif sentence:
        output.say(sentence)
