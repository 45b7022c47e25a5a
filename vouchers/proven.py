"""The terms of a voucher that nobody here has heard of, as its signed QR and the catalogue tell."""

from vouchers.catalogue import Catalogue, Product
from vouchers.codes import voucher_id_of
from vouchers.errors import Reason, Refused
from vouchers.proof import Proof
from vouchers.voucher import Voucher


def proven_voucher(proof: Proof, digest: str, catalogue: Catalogue) -> Voucher:
    """The terms; its product may have been renamed or removed since it was sold.

    Raises Refused (unknown) for an older voucher whose product is gone: its QR does not say
    whether it pays like money or for one product.
    """
    product = _product(proof, catalogue)
    kind = proof.kind or (product.voucher_kind if product else None)
    if kind is None:
        last4 = proof.code.last4
        raise Refused(Reason.UNKNOWN, "offline_product_unknown", last4=last4)
    title = product.name(catalogue.venue.language) if product else proof.product_id
    return Voucher(
        voucher_id=voucher_id_of(digest),
        kind=kind,
        code_digest=digest,
        last4=proof.code.last4,
        product_id=proof.product_id,
        title=title,
        price=proof.value,
        value=proof.value,
        expires_on=proof.expires_on,
        yields=product.yields if product else None,
    )


def _product(proof: Proof, catalogue: Catalogue) -> Product | None:
    """What it was sold as. Older QRs have a question mark for each sign that is not ASCII."""
    for product in catalogue.products:
        names = (product.product_id, product.product_id.encode("ascii", "replace").decode())
        if proof.product_id in names:
            return product
    return None
