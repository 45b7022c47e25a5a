"""A key of its own for every card (NXP AN10922, AES-128)."""

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

_AES_128 = b"\x01"
INPUT_MIN, INPUT_MAX = 16, 31


def diversify(master: bytes, uid: bytes, application: bytes, system: bytes) -> bytes:
    """AES-CMAC under `master` over 01, UID, application id and system identifier.

    AN10922 pads short inputs in a way of its own; from 16 bytes on it is plain CMAC, so shorter
    ones are not taken (ValueError).
    """
    material = uid + application + system
    if not INPUT_MIN <= len(material) <= INPUT_MAX:
        raise ValueError("the input for a diversified key has 16 to 31 bytes")
    mac = CMAC(AES(master))
    mac.update(_AES_128 + material)
    return mac.finalize()
