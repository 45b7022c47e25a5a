"""A till's keys: a file of their own beside the database, readable by its owner only.

A stolen database is not money: without `digest_key` its digests match no code.
"""

import os
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from process.files import OWNER_ONLY
from sync.wire.succession import SUCCESSIONS_MAX, Succession
from vouchers.errors import OperatingError

FILE_NAME = "till.keys"
PENDING_NAME = "till.keys.pending"
"""Keys of an enrolment whose answer has not come yet: asked again with the same ones."""


class TillKeys(Struct, kw_only=True):
    """`signing_key` is the raw Ed25519 key made here; `digest_key` comes with the enrolment.

    `card_keys` are those of the venue's cards, where the operating system keeps no secrets;
    else they are `card_keys_sealed` in its keyring. `mail_password` opens the venue's mail.
    `till_id` is whose keys they are, which a database put back from a backup may have forgotten;
    `earlier` are the words of this till's earlier enrolments for the next, the oldest first.
    """

    signing_key: bytes
    digest_key: bytes = b""
    card_keys: str = ""
    card_keys_sealed: bool = False
    mail_password: str = ""
    till_id: str = ""
    earlier: list[Succession] = []

    @property
    def signer(self) -> Ed25519PrivateKey:
        """The key that signs vouchers and the till's sign-in."""
        return Ed25519PrivateKey.from_private_bytes(self.signing_key)

    def __repr__(self) -> str:
        return "TillKeys(…)"


def new_keys() -> TillKeys:
    """Keys for a till that is about to enrol."""
    return TillKeys(signing_key=Ed25519PrivateKey.generate().private_bytes_raw())


def successor_keys(keys: TillKeys) -> TillKeys:
    """Keys for a till that is about to enrol anew, and the word of `keys` for them."""
    successor = new_keys()
    word = Succession.of(keys.till_id, keys.signer, successor.signer.public_key())
    successor.earlier = [*keys.earlier, word][-SUCCESSIONS_MAX:]
    return successor


def load_keys(folder: Path, name: str = FILE_NAME) -> TillKeys | None:
    """The keys in `folder`, None when there are none. Raises OperatingError when unreadable."""
    try:
        return msgspec.json.decode((folder / name).read_bytes(), type=TillKeys)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as damage:
        raise OperatingError("keys_unreadable", path=folder / name) from damage


def save_keys(folder: Path, keys: TillKeys, name: str = FILE_NAME) -> None:
    """Put the keys on disk, whole or not at all, before anybody relies on them."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / (name + ".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "wb") as new:
        new.write(msgspec.json.encode(keys))
        new.flush()
        os.fsync(new.fileno())
    beside.replace(folder / name)
