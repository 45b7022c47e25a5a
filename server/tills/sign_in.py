"""Challenges and tokens: signed by a secret that all workers share, so none keeps a list."""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from itsdangerous import BadData, URLSafeTimedSerializer

from server.storage.database import now_ms
from server.storage.tables import server

CHALLENGE_VALID_S = 60
SESSION_VALID_S = 12 * 3600
_REMEMBERED_MAX = 20_000


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Which till speaks, and whose it is."""

    till_id: str
    organisation: str


class SignIn:
    """Gives out and checks challenges and tokens."""

    def __init__(self, secret: str) -> None:
        self._challenges = URLSafeTimedSerializer(secret, salt="challenge")
        self._tokens = URLSafeTimedSerializer(secret, salt="session")
        self._known: dict[str, tuple[int, SignedIn]] = {}

    def challenge(self) -> str:
        """Something new to sign, good for a minute."""
        return str(self._challenges.dumps(secrets.token_hex(16)))

    def proves(self, challenge: str, signature: str, public_key: str) -> bool:
        """Whether the holder of `public_key` signed a challenge of ours just now."""
        try:
            self._challenges.loads(challenge, max_age=CHALLENGE_VALID_S)
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
            key.verify(bytes.fromhex(signature), challenge.encode())
        except (BadData, InvalidSignature, ValueError):
            return False
        return True

    def token(self, till: SignedIn) -> str:
        """A bearer token for SESSION_VALID_S."""
        return str(self._tokens.dumps([till.till_id, till.organisation]))

    def read_token(self, token: str) -> SignedIn | None:
        """Whose token this is; None when it is not ours or too old."""
        expires_ms, till = self._known.get(token, (0, None))
        if till is not None and now_ms() < expires_ms:
            return till
        try:
            (till_id, organisation), made = self._tokens.loads(
                token, max_age=SESSION_VALID_S, return_timestamp=True
            )
        except (BadData, ValueError, TypeError):
            return None
        till = SignedIn(till_id, organisation)
        if len(self._known) >= _REMEMBERED_MAX:
            self._known.clear()
        self._known[token] = (int(made.timestamp() + SESSION_VALID_S) * 1000, till)
        return till


def shared_secret(connection: sa.Connection) -> str:
    """The secret of this installation, made on the first start."""
    known = connection.scalar(sa.select(server.c.value).where(server.c.name == "secret"))
    if known is None:
        known = secrets.token_hex(32)
        connection.execute(sa.insert(server).values(name="secret", value=known))
    return known
