"""The keys of the venue's cards: in the operating system's keyring, else beside the till's own.

The file is for machines without a keyring (kiosks, servers): readable by its owner only.
"""

from pathlib import Path

from msgspec.structs import replace

from cardreader.keys import KeyRing, KeySet, Role
from sync.wire.cards import CardKeys
from till.store.secrets import TillKeys, load_keys, save_keys
from vouchers.errors import OperatingError

SERVICE = "voucher-till cards"


class NoCardKeys(OperatingError):
    """This till was given no keys for cards, or the keyring holds them back."""

    def __init__(self) -> None:
        super().__init__("card_keys_missing")


def with_card_keys(folder: Path, keys: TillKeys, told: CardKeys) -> TillKeys:
    """The till's keys with those of its cards, which are sealed away where that is possible."""
    text = ring_of(told).sealed()
    if _seal(folder, text):
        return replace(keys, card_keys="", card_keys_sealed=True)
    return replace(keys, card_keys=text, card_keys_sealed=False)


def load_ring(folder: Path) -> KeyRing:
    """The keys of the cards. Raises NoCardKeys."""
    keys = load_keys(folder)
    text = None
    if keys is not None:
        text = _unseal(folder) if keys.card_keys_sealed else keys.card_keys
    if not text:
        raise NoCardKeys
    return KeyRing.unsealed(text)


def renew_ring(folder: Path, told: CardKeys) -> None:
    """Keep what the server says of the cards' keys by now. Raises OperatingError."""
    keys = load_keys(folder)
    if keys is not None and _known(folder) != ring_of(told):
        save_keys(folder, with_card_keys(folder, keys, told))


def _known(folder: Path) -> KeyRing | None:
    try:
        return load_ring(folder)
    except NoCardKeys:
        return None


def ring_of(told: CardKeys) -> KeyRing:
    """The keys as cards want them."""
    sets = [
        KeySet(one.number, {Role(role): bytes.fromhex(key) for role, key in one.masters.items()})
        for one in told.sets
    ]
    return KeyRing(bytes.fromhex(told.system), sets, told.current)


def _seal(folder: Path, text: str) -> bool:
    """Whether a real keyring has taken it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        if keyring.get_keyring().priority <= 0:
            return False
        keyring.set_password(SERVICE, str(folder.absolute()), text)
        return keyring.get_password(SERVICE, str(folder.absolute())) == text
    except (KeyringError, RuntimeError):
        return False


def _unseal(folder: Path) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, str(folder.absolute()))
    except (KeyringError, RuntimeError) as locked:
        raise NoCardKeys from locked
