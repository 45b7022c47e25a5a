"""The QR code carries proof: what a voucher is worth, signed by the till that issued it.

A text of 0-9 and A-Z only, so that it survives a scanner in keyboard mode and stays in the QR's
alphanumeric mode:

    V1 <code, 16 signs> <base32hex of: key id 8 | value minor 8 | currency 3 |
                         expiry as days since 1970, 4, 0 for none | product id, UTF-8, any length;
                         behind it a line break and "S" for a service voucher, else "V" |
                         Ed25519 signature 64>

base32hex (RFC 4648, section 7) knows no Y and no Z, so a German layout can hurt the code only,
whose check sign names it; what a French one does to all of it is put right (see scans). The
signature covers "V1", the code and all fields before it.
"""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from vouchers.codes import CODE_SIGNS, VoucherCode, parse_code
from vouchers.errors import Reason, Refused
from vouchers.money import Money
from vouchers.scans import readings
from vouchers.voucher import Voucher, VoucherKind

PREFIX = "V1"
KEY_ID_BYTES = 8
_FIELDS = struct.Struct(">8sQ3sI")
_SIGNATURE_BYTES = 64
_KINDS = {b"\nS": VoucherKind.SERVICE, b"\nV": VoucherKind.VALUE}
_MARK_BYTES = 2
"""No product id has a line break; vouchers of older tills do not say of which kind they are."""

FOREIGN_TAIL_MIN = 24
"""Below this many signs after the code, the scan is a code of another system, not a proof."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a signed QR says of its voucher; believe it only after `verify`.

    Those of older tills tell no `kind`: it is that of the product.
    """

    code: VoucherCode
    value: Money
    expires_on: date | None
    product_id: str
    kind: VoucherKind | None
    key_id: str
    signed: bytes
    signature: bytes

    def verify(self, public_key: bytes) -> bool:
        """Whether the holder of `public_key` (raw Ed25519, 32 bytes) signed this."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self.signature, self.signed)
        except (InvalidSignature, ValueError):
            return False
        return True


def key_id(public_key: bytes) -> str:
    """The short name of a signing key: the first 8 bytes of its SHA-256, in hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()[: 2 * KEY_ID_BYTES]


def sign_proof(key: Ed25519PrivateKey, code: VoucherCode, voucher: Voucher) -> str:
    """The text for the QR of a new voucher."""
    days = (voucher.expires_on - _EPOCH).days if voucher.expires_on else 0
    signer = bytes.fromhex(key_id(key.public_key().public_bytes_raw()))
    value = voucher.value
    fields = _FIELDS.pack(signer, value.minor, value.currency.encode(), days)
    mark = next((mark for mark, kind in _KINDS.items() if kind is voucher.kind), b"")
    fields += voucher.product_id.encode() + mark
    head = PREFIX + code.text
    payload = fields + key.sign(head.encode() + fields)
    return head + base64.b32hexencode(payload).decode().rstrip("=")


def is_proof(scanned: str) -> bool:
    """Whether a scan is a signed QR rather than a typed code."""
    text = scanned.strip().upper()
    return text.startswith(PREFIX) and len(text) > len(PREFIX) + CODE_SIGNS + FOREIGN_TAIL_MIN


def read_proof(scanned: str) -> Proof:
    """Take a signed QR apart. Raises Refused (mistyped) when it is damaged."""
    text = scanned.strip().upper()
    body = text[len(PREFIX) :]
    code = parse_code(body[:CODE_SIGNS])
    try:
        tail = body[CODE_SIGNS:]
        payload = base64.b32hexdecode(tail + "=" * (-len(tail) % 8))
        fields = payload[:-_SIGNATURE_BYTES]
        signer, minor, currency, days = _FIELDS.unpack(fields[: _FIELDS.size])
        sold = fields[_FIELDS.size :]
        kind = _KINDS.get(sold[-_MARK_BYTES:])
        product_id = (sold[:-_MARK_BYTES] if kind else sold).decode()
        value = Money(minor, currency.decode("ascii"))
        expires_on = _EPOCH + timedelta(days=days) if days else None
    except (binascii.Error, struct.error, UnicodeDecodeError, OverflowError) as damage:
        raise Refused(Reason.MISTYPED, "mistyped_qr") from damage
    head = PREFIX + code.text
    return Proof(
        code=code,
        value=value,
        expires_on=expires_on,
        product_id=product_id,
        kind=kind,
        key_id=signer.hex(),
        signed=head.encode() + fields,
        signature=payload[-_SIGNATURE_BYTES:],
    )


def read_scan(scanned: str, *, foreign: bool = False) -> tuple[VoucherCode, Proof | None]:
    """A code from whatever came in: a signed QR, a printed or a typed code. Raises Refused."""
    for text, layout in readings(scanned):
        if is_proof(text):
            proof = read_proof(text)
            return replace(proof.code, layout=layout or proof.code.layout), proof
    return parse_code(scanned, foreign=foreign), None


def is_complete(scanned: str) -> bool:
    """Whether a scan is a whole code of ours, whatever is around it: then it is nothing else."""
    try:
        read_scan(scanned)
    except Refused:
        return False
    return True
