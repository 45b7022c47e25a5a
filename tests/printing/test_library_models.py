"""Every model that python-escpos knows: usable, or refused with the reason."""

import pytest

from printing.escpos_models import known_models, profile_of_model
from printing.layouts import LayoutBook
from printing.library import library
from printing.profiles import ProfileUnreadable, find_profile
from printing.virtual.commands import Reader
from printing.virtual.paper import Paper
from tests.printing.paper_reading import symbols
from tests.printing.samples import issued, receipt

ALL = sorted(library().capabilities.CAPABILITIES["profiles"])


@pytest.mark.parametrize("model", known_models())
def test_a_receipt_fits_the_model(layouts: LayoutBook, model: str) -> None:
    profile = find_profile(f"escpos:{model}")
    paper = Paper(profile.width_dots, {profile.code_page_number: profile.code_page})
    reader = Reader()
    for command in reader.feed(layouts.to_bytes(receipt(), profile)):
        paper.carry_out(command)
    paper.tear_off()
    image = paper.documents[0].image
    assert symbols(image) == {"QR Code": [issued().proof]}


def test_what_cannot_be_used_says_why() -> None:
    refused = {model for model in ALL if model not in known_models()}
    assert "TSP600" in refused
    for model in refused:
        with pytest.raises(ProfileUnreadable, match=r"Star|pictures|Latin"):
            profile_of_model(model)
    with pytest.raises(ProfileUnreadable, match="no such model"):
        find_profile("escpos:no-such-model")
    assert len(known_models()) > 20
