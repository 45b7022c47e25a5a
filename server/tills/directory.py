"""The tills of an organisation: added by an operator, enrolled by themselves, revoked."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from server.errors import NotPossible
from server.storage.card_keys import card_keys
from server.storage.database import now_ms
from server.storage.tables import tills
from server.storage.venues import announce, digest_key
from server.tills.origins import keep_origins
from server.tills.sign_in import shared_secret
from sync.wire.admission import Enrolment
from sync.wire.succession import Succession, line_of
from vouchers.codes import ALPHABET
from vouchers.faults import text_faults

NAME_SIGNS_MAX = 40
CODE_SIGNS = 12
CODE_VALID_MS = 7 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class TillRow:
    """A till as an operator sees it. `state` is waiting, enrolled or revoked."""

    till_id: str
    name: str
    organisation: str
    state: str
    debit_only: bool = False


@dataclass(frozen=True, slots=True)
class NewTill:
    """A till that may enrol once with `code` within a week."""

    till_id: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class KnownTill:
    """By which key a till proves itself, whose it is, and whether it was shut out."""

    public_key: str
    organisation: str
    revoked: bool


def add_till(
    connection: sa.Connection,
    organisation: str,
    name: str,
    *,
    debit_only: bool = False,
    code: str = "",
) -> NewTill:
    """Make a one-time code for a till. A till still waiting for its first gets a new one.

    With `debit_only` it will be able to take money from cards, and not to load them. A `code`
    that is given is used instead of a random one.
    Raises NotPossible when a till of that name works, whatever its capitals, the name cannot stand
    on a receipt, or the organisation is unknown.
    """
    digest_key(connection, organisation)
    known = list_tills(connection, organisation)
    present = [row for row in known if row.name.casefold() == name.casefold()]
    if not present:
        _check_name(name)
    if enrolled := next((row for row in present if row.state == "enrolled"), None):
        raise NotPossible("till_enrolled_already", name=enrolled.name)
    waiting = next((row for row in present if row.state == "waiting"), None)
    code = code or new_enrolment_code()
    fresh = {
        "code_digest": _digest(code),
        "code_expires_ms": now_ms() + CODE_VALID_MS,
        "debit_only": debit_only,
    }
    if waiting is not None:
        connection.execute(sa.update(tills).where(tills.c.till_id == waiting.till_id).values(fresh))
        return NewTill(waiting.till_id, waiting.name, code)
    till_id = _till_id(name)
    connection.execute(
        sa.insert(tills).values(
            till_id=till_id, organisation=organisation, name=name, added_ms=now_ms(), **fresh
        )
    )
    return NewTill(till_id, name, code)


def list_tills(connection: sa.Connection, organisation: str | None = None) -> list[TillRow]:
    """All tills, or those of one organisation, in the order they were added."""
    query = sa.select(tills).order_by(tills.c.added_ms, tills.c.till_id)
    if organisation is not None:
        query = query.where(tills.c.organisation == organisation)
    return [
        TillRow(row.till_id, row.name, row.organisation, _state(row), row.debit_only)
        for row in connection.execute(query)
    ]


def revoke_till(connection: sa.Connection, organisation: str, name: str) -> None:
    """Shut a till out, by its name or id. What it has reported stays. Raises NotPossible."""
    named = [
        row
        for row in list_tills(connection, organisation)
        if name in (row.name, row.till_id) and row.state != "revoked"
    ]
    if not named:
        raise NotPossible("till_unknown", name=name)
    for row in named:
        connection.execute(
            sa.update(tills)
            .where(tills.c.till_id == row.till_id)
            .values(revoked_ms=now_ms(), code_digest=None)
        )
    announce(connection, organisation, "issuer_keys")


def let_enrol_anew(
    connection: sa.Connection, organisation: str, till_id: str, settlement_id: UUID
) -> str:
    """Shut a till out and give it a code to come back with as a new one. "" if it is no till.

    The code follows from the settlement: whoever asks again because the answer got lost is told
    the same one, and "" once it has been used or is too old.
    """
    known = next((t for t in list_tills(connection, organisation) if t.till_id == till_id), None)
    if known is None:
        return ""
    code = _code_of_settlement(shared_secret(connection), settlement_id)
    before = connection.execute(
        sa.select(tills.c.public_key, tills.c.code_expires_ms).where(
            tills.c.code_digest == _digest(code)
        )
    ).first()
    if before is not None:
        usable = before.public_key is None and before.code_expires_ms > now_ms()
        return code if usable else ""
    if known.state != "revoked":
        revoke_till(connection, organisation, till_id)
    others = [t for t in list_tills(connection, organisation) if t.name == known.name]
    if any(other.state == "enrolled" for other in others):
        return ""
    return add_till(
        connection, organisation, known.name, debit_only=known.debit_only, code=code
    ).code


def enrol_till(
    connection: sa.Connection, code: str, public_key: str, earlier: Sequence[Succession] = ()
) -> Enrolment | None:
    """Use a one-time code up; None when it is unknown, used by another till or too old.

    A till whose answer got lost asks again with the same code and the same key, and is told again.
    From then on it may also bring the entries of the `earlier` enrolments that vouch for it.
    """
    valid = (
        tills.c.code_digest == _digest(code),
        tills.c.code_expires_ms > now_ms(),
        tills.c.revoked_ms.is_(None),
        sa.or_(tills.c.public_key.is_(None), tills.c.public_key == public_key),
    )
    used = connection.execute(
        sa.update(tills)
        .where(*valid)
        .values(public_key=public_key, enrolled_ms=now_ms())
        .returning(tills.c.till_id, tills.c.name, tills.c.organisation, tills.c.debit_only)
    ).first()
    if used is None:
        return None
    keep_origins(connection, used.organisation, used.till_id, line_of(public_key, earlier))
    announce(connection, used.organisation, "issuer_keys")
    return Enrolment(
        till_id=used.till_id,
        name=used.name,
        organisation=used.organisation,
        digest_key=digest_key(connection, used.organisation),
        card_keys=card_keys(connection, used.organisation, debit_only=used.debit_only),
        name_used_before=_was_used_before(connection, used.organisation, used.name, used.till_id),
    )


def _was_used_before(connection: sa.Connection, organisation: str, name: str, till_id: str) -> bool:
    """Whether a till of that name, other than this one, has ever enrolled."""
    other = sa.select(tills.c.till_id).where(
        tills.c.organisation == organisation,
        tills.c.name == name,
        tills.c.till_id != till_id,
        tills.c.enrolled_ms.is_not(None),
    )
    return connection.execute(other.limit(1)).first() is not None


def revoked_tills(connection: sa.Connection) -> frozenset[str]:
    """The ids of all tills that are shut out."""
    return frozenset(
        connection.scalars(sa.select(tills.c.till_id).where(tills.c.revoked_ms.is_not(None)))
    )


def enrolled_till(connection: sa.Connection, till_id: str) -> KnownTill | None:
    """A till that has enrolled at some time; None when nobody knows it."""
    row = connection.execute(
        sa.select(tills.c.public_key, tills.c.organisation, tills.c.revoked_ms).where(
            tills.c.till_id == till_id, tills.c.public_key.is_not(None)
        )
    ).first()
    return KnownTill(row.public_key, row.organisation, row.revoked_ms is not None) if row else None


def heard_revoked(connection: sa.Connection, till_id: str) -> None:
    """A till that is shut out has said that it knows."""
    connection.execute(
        sa.update(tills)
        .where(
            tills.c.till_id == till_id,
            tills.c.revoked_ms.is_not(None),
            tills.c.heard_revoked_ms.is_(None),
        )
        .values(heard_revoked_ms=now_ms())
    )


def is_debit_only(connection: sa.Connection, till_id: str) -> bool:
    """Whether a till may take money from cards and not load them; nobody knows it: yes."""
    found = connection.scalar(sa.select(tills.c.debit_only).where(tills.c.till_id == till_id))
    return found is not False


def new_enrolment_code() -> str:
    """A code to type once: 12 random signs (59 bits) in groups of four."""
    return _grouped(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS))


def _code_of_settlement(secret: str, settlement_id: UUID) -> str:
    known_here = hmac.new(secret.encode(), b"enrol\x00" + settlement_id.bytes, hashlib.sha256)
    number, signs = int.from_bytes(known_here.digest()), len(ALPHABET)
    return _grouped(ALPHABET[number // signs**place % signs] for place in range(CODE_SIGNS))


def _grouped(signs: Iterable[str]) -> str:
    text = "".join(signs)
    return "-".join(text[i : i + 4] for i in range(0, CODE_SIGNS, 4))


def _digest(code: str) -> str:
    signs = re.sub(r"[\s-]", "", code).upper()
    return hashlib.sha256(signs.encode()).hexdigest()


def _check_name(name: str) -> None:
    """The name stands on every receipt, and before its number."""
    wrong = [fault.why for fault in text_faults(name, ())]
    if len(name) > NAME_SIGNS_MAX:
        wrong.append(f"has {len(name)} signs; {NAME_SIGNS_MAX} are the most")
    if name != name.strip():
        wrong.append("begins or ends with a blank")
    if wrong:
        raise NotPossible("till_name_wrong", why=wrong[0])


def _till_id(name: str) -> str:
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "till"
    return f"{readable}-{''.join(secrets.choice(ALPHABET) for _ in range(5)).lower()}"


def _state(row: sa.Row[tuple[object, ...]]) -> str:
    if row.revoked_ms is not None:
        return "revoked"
    return "enrolled" if row.public_key is not None else "waiting"
