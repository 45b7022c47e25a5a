"""What a new catalogue, new users or new campaigns would change, in words for an operator."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from server.storage.open_vouchers import OpenVouchers
from vouchers.campaign_faults import campaign_faults, given_away
from vouchers.campaigns import Campaign
from vouchers.catalogue import Catalogue, Product

NAMED_MAX = 20
"""The audit names so many of what changed in one go."""

FOR_EVER = 10_000
"""More years than anything is valid for."""


def objections(
    before: Catalogue | None,
    after: Catalogue,
    held: Sequence[OpenVouchers],
    campaigns: Sequence[Campaign],
) -> list[str]:
    """Why an operator might not want `after` in place of `before`: who holds what would suffer."""
    found = [_gift(one) for one in after.products if not _was_so(one, before) and _is_gift(one)]
    if before is None:
        return found
    if before.currency != after.currency and held:
        count = sum(one.count for one in held)
        found.append(f"{_open(count)} in {before.currency} and could not be redeemed.")
    old, new = _by_id(before), _by_id(after)
    for product_id, product in old.items():
        found += _loss(product, new.get(product_id), held)
    return found + _ended_campaigns(before, after, campaigns)


def gifts(before: Sequence[Campaign], after: Sequence[Campaign], catalogue: Catalogue) -> list[str]:
    """Which of the new campaigns give vouchers away for nothing."""
    found = ((one, given_away(one, catalogue)) for one in after if one not in before)
    return [
        f"{campaign.campaign_id} gives {_names(one.product_id for one in free)} away for nothing."
        for campaign, free in found
        if free
    ]


def summary(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """What is new, other and gone among named things: "new: mug; changed: adult; gone: poster"."""
    parts = {
        "new": [name for name in after if name not in before],
        "changed": [name for name in after if name in before and before[name] != after[name]],
        "gone": [name for name in before if name not in after],
    }
    return "; ".join(f"{what}: {_names(names)}" for what, names in parts.items() if names)


def parts_of(catalogue: Catalogue | None) -> dict[str, object]:
    """A catalogue taken apart for `summary`: its products by id, everything else by its key."""
    if catalogue is None:
        return {}
    rest = {name: getattr(catalogue, name) for name in catalogue.__struct_fields__}
    del rest["products"]
    return {**rest, **_by_id(catalogue)}


def fingerprint(value: object) -> str:
    """A short digest by which one version of a document is told from all others."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:16]


def _loss(product: Product, now: Product | None, held: Sequence[OpenVouchers]) -> list[str]:
    """What holders of open vouchers lose when `product` becomes `now`."""
    name = product.product_id
    sold = sum(one.count for one in held if one.product_id == name)
    waiting = sum(one.count for one in held if one.yields == name)
    found = []
    if now is None and waiting:
        found.append(f"{_open(waiting)} for {name}, which is no longer there.")
    if now is None and sold:
        found.append(f"{_open(sold)} sold as {name}, which is no longer there.")
    if now is not None and sold and _years(now) < _years(product):
        found.append(f"{_open(sold)} sold as {name}, which would be valid for a shorter time.")
    if now is not None and sold and now.kind is not product.kind:
        found.append(f"{_open(sold)} sold as {name}, which would be {now.kind}.")
    return found


def _ended_campaigns(
    before: Catalogue, after: Catalogue, campaigns: Sequence[Campaign]
) -> list[str]:
    known = campaign_faults(campaigns, before)
    return [
        f"The campaign {campaigns[int(one.path[1])].campaign_id} is in force: "
        f"its {one.path[2]} {one.why}."
        for one in campaign_faults(campaigns, after)
        if one not in known
    ]


def _is_gift(product: Product) -> bool:
    return product.voucher_kind is not None and product.price is not None and not product.price


def _was_so(product: Product, before: Catalogue | None) -> bool:
    return before is not None and product in before.products


def _gift(product: Product) -> str:
    return f"{product.product_id} costs nothing: whoever asks for it is given {product.value}."


def _open(count: int) -> str:
    return f"{count} open voucher{'s are' if count != 1 else ' is'}"


def _years(product: Product) -> int:
    return product.valid_years or FOR_EVER


def _by_id(catalogue: Catalogue) -> dict[str, Product]:
    return {one.product_id: one for one in catalogue.products}


def _names(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {len(found) - NAMED_MAX} more" if len(found) > NAMED_MAX else ""
    return ", ".join(found[:NAMED_MAX]) + more
