"""till doctor: checks all that a till needs, and says what to do about each problem."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cardreader.readers import list_readers
from resources.texts import Texts
from till.assembly import Till, open_till
from till.commands.outcome import Exit, Json, Outcome
from till.commands.unfinished import sale_json
from till.paper import printers_of
from till.store import damage, settings
from vouchers.errors import OperatingError
from vouchers.reading import noticing

Check = Callable[[], Json]

NAMED_MAX = 10
"""More than so many records are counted in the sentence, and named in JSON only."""


def run(folder: Path, texts: Texts) -> Outcome:
    """Check database, server, printers and reader. A reader is optional: without one, no exit 4."""
    checks: dict[str, Json] = {}
    till: Till | None = None

    def open_database() -> Json:
        nonlocal till
        till = open_till(folder)
        return {"path": str(till.database.path), "till": till.identity.name}

    checks["database"] = _checked(open_database, texts)
    if till is not None:
        _check_till(till, checks, texts)
        till.close()
    checks["reader"] = {**_checked(_readers, texts), "optional": True}
    bad = [name for name, found in checks.items() if not found["ok"]]
    needed = [name for name in bad if not checks[name].get("optional")]
    return Outcome(
        result={"ok": not needed, "checks": checks},
        message="doctor_problems" if bad else "doctor_well",
        details={"problems": ", ".join(bad)},
        warnings=[("doctor_problem", {"part": n, "message": checks[n]["message"]}) for n in bad],
        exit=Exit.WORLD_FAILED if needed else Exit.DONE,
    )


def _check_till(till: Till, checks: dict[str, Json], texts: Texts) -> None:
    checks["server"] = _checked(partial(_server, till), texts)
    checks["records"] = _records(till, texts, online=checks["server"]["ok"])
    checks["threads"] = {**_checked(partial(_threads, till), texts), "optional": True}
    checks["sign_in"] = {**_checked(partial(_pins, till), texts), "optional": True}
    checks["time_zone"] = {**_checked(partial(_time_zone, till), texts), "optional": True}
    checks["sales"] = _open_sales(till, texts)
    if not till.identity.printers:
        checks["printer"] = {"ok": True, "message": texts.say("doctor_no_printer")}
    for name in till.identity.printers:
        checks["printer" if name == "receipt" else f"printer {name}"] = _checked(
            partial(_printer, till, name), texts
        )


def _checked(check: Check, texts: Texts) -> Json:
    try:
        return {"ok": True, **check()}
    except OperatingError as problem:
        return {"ok": False, "message": texts.explain(problem)}


def _threads(till: Till) -> Json:
    """Raises OperatingError when a part of the program has failed since yesterday."""
    with till.database.read() as work:
        failures = settings.thread_failures.get(work) or []
    lately = [each for each in failures if each.at > datetime.now(UTC) - timedelta(days=1)]
    if lately:
        last = lately[-1]
        raise OperatingError(
            "doctor_threads", count=len(lately), part=last.thread, since=last.at, why=last.why
        )
    return {"begun_again": 0}


def _server(till: Till) -> Json:
    position = till.link.changes(till.books.position()).position
    waiting, parked = till.books.counts()
    return {
        "url": till.identity.server_urls[0],
        "position": position,
        "waiting": waiting,
        "parked": parked,
    }


def _records(till: Till, texts: Texts, *, online: bool) -> Json:
    """What cannot be read, of the records here and of what the server tells all tills."""
    with till.database.read() as work:
        found = damage.left_out(work)
    if online:
        with noticing() as told, suppress(OperatingError):
            till.link.venue()
            till.link.incidents()
        found += told
    if not found:
        return {"ok": True}
    said = texts.say("doctor_left_out", what="; ".join(found[:NAMED_MAX]), count=len(found))
    return {"ok": False, "message": said, "left_out": found}


def _pins(till: Till) -> Json:
    guessed = till.counter.sign_in.pins.warnings()
    if guessed:
        users = ", ".join(f"{one.user_id} ({one.count})" for one in guessed)
        raise OperatingError("doctor_wrong_pins", users=users)
    return {}


def _time_zone(till: Till) -> Json:
    if trouble := till.zone_trouble():
        raise trouble
    return {}


def _open_sales(till: Till, texts: Texts) -> Json:
    """Money that was taken for a sale without a receipt; who sells now has theirs in hand."""
    found = [sale_json(one) for one in till.counter.open_sales.every()]
    if not found:
        return {"ok": True}
    at_work = till.others_at_work()
    said = texts.say("doctor_at_work" if at_work else "unfinished_listed", count=len(found))
    return {"ok": at_work, "message": said, "unfinished": found}


def _printer(till: Till, name: str) -> Json:
    printer = printers_of(till.identity, till.folder)[name]
    status = printer.status()
    address, profile = till.identity.printers[name].address, printer.profile.name
    return {"address": address, "profile": profile, "paper_low": status.paper_low}


def _readers() -> Json:
    return {"readers": list_readers()}
