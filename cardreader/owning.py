"""Making a DESFire card the venue's: its own key, so that nobody else deletes what is on it."""

from cardreader.desfire.desfire import Desfire
from cardreader.desfire.handshake import Scheme
from cardreader.desfire.link import PICC
from cardreader.desfire.status import CardSaidNo
from cardreader.keys import UNSET_VERSION, KeyRing, Role
from vouchers.errors import Reason, Refused

UNSET_KEY = bytes(16)
"""What every key of a new application is."""

CARD_SETTINGS = 0x0B
"""Only the card's own key makes or deletes applications; they may be listed."""

_FACTORY_KEY = bytes(8)


class Owner:
    """The venue with its keys, before one card. Enters applications, whatever key set they have."""

    def __init__(self, desfire: Desfire, uid: bytes, ring: KeyRing) -> None:
        self.desfire = desfire
        self.current = ring.current
        self._uid = uid
        self._ring = ring

    def own_card(self, ours: bytes) -> None:
        """Replace the factory key, or an older one of ours, and stay in the card's session.

        A card with applications other than `ours` belongs to somebody. Raises Refused for any
        card that is neither blank nor ours, before anything is changed.
        """
        try:
            self.desfire.select(PICC)
            version = self.desfire.key_version(0)
        except CardSaidNo as no:
            raise Refused(Reason.NOT_ALLOWED, "card_not_desfire") from no
        if version == UNSET_VERSION:
            self._enter_blank(ours)
        else:
            self.enter(Role.CARD, PICC, 0, version)
        if version != self.current:
            self.desfire.change_key(0, self.key(Role.CARD, PICC, self.current), self.current)
            self.enter(Role.CARD, PICC, 0, self.current)
        if self.desfire.key_settings() != CARD_SETTINGS:
            self.desfire.change_key_settings(CARD_SETTINGS)

    def enter(self, role: Role, application: bytes, number: int, version: int) -> None:
        """Authenticate in the selected application under key set `version`. Raises Refused."""
        try:
            self.desfire.authenticate(number, self.key(role, application, version))
        except CardSaidNo as no:
            raise Refused(Reason.NOT_ALLOWED, "card_foreign") from no

    def renew_other(self, role: Role, application: bytes, number: int) -> None:
        """Bring a key to the current set, from the session of the application's first key."""
        version = self.desfire.key_version(number)
        if version != self.current:
            old = self.key(role, application, version)
            new = self.key(role, application, self.current)
            self.desfire.change_key(number, new, self.current, old=old)

    def renew_own(self, role: Role, application: bytes) -> None:
        """Bring the session's own key to the current set; that ends the session."""
        if self.desfire.key_version(0) != self.current:
            self.desfire.change_key(0, self.key(role, application, self.current), self.current)

    def key(self, role: Role, application: bytes, version: int) -> bytes:
        """The key of this card as `version` tells it."""
        if version == UNSET_VERSION:
            return UNSET_KEY
        return self._ring.key(role, self._uid, application, version)

    def _enter_blank(self, ours: bytes) -> None:
        if set(self.desfire.application_ids()) - {ours}:
            raise Refused(Reason.NOT_ALLOWED, "card_not_blank")
        try:
            self.desfire.authenticate(0, _FACTORY_KEY, Scheme.ISO_DES)
        except CardSaidNo as no:
            raise Refused(Reason.NOT_ALLOWED, "card_not_blank") from no
