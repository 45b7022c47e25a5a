"""Mutual authentication: both ends prove that they know the key, and agree on a session."""

from collections.abc import Callable
from enum import Enum

from cryptography.hazmat.primitives import constant_time

from cardreader.desfire.channel import BlockCipher, Channel, RunningCipher
from cardreader.desfire.status import CardSaidNo, Status

Random = Callable[[int], bytes]
Frame = Callable[[int, bytes], tuple[int, bytes]]
"""Sends one native frame (command, data), returns the status and data answered."""


class Scheme(Enum):
    """Authentication commands: AES, and ISO for the DES key of a factory-blank card."""

    AES = 0xAA
    ISO_DES = 0x1A


def authenticate(
    frame: Frame, scheme: Scheme, key_number: int, key: bytes, random: Random
) -> Channel:
    """Prove `key` to the card and have it proven by the card.

    Raises CardSaidNo (Status.AUTHENTICATION) when either proof fails: then no session exists.
    """
    cipher = BlockCipher(key)
    running = RunningCipher(cipher)
    status, challenge = frame(scheme.value, bytes([key_number]))
    if status != Status.MORE or len(challenge) != cipher.block_bytes:
        raise CardSaidNo(scheme.value, status)
    theirs = running.decrypt(challenge)
    ours = random(cipher.block_bytes)
    status, proof = frame(Status.MORE, running.encrypt(ours + theirs[1:] + theirs[:1]))
    if status != Status.OK or len(proof) != cipher.block_bytes:
        raise CardSaidNo(scheme.value, status)
    if not constant_time.bytes_eq(running.decrypt(proof), ours[1:] + ours[:1]):
        raise CardSaidNo(scheme.value, Status.AUTHENTICATION)
    return Channel(BlockCipher(_session_key(ours, theirs)))


def _session_key(ours: bytes, theirs: bytes) -> bytes:
    key = ours[:4] + theirs[:4]
    return key + ours[12:16] + theirs[12:16] if len(ours) == 16 else key
