"""What was sold is called on screen as the till speaks, and on paper as the venue does."""

from dataclasses import replace

import pytest
from msgspec.structs import replace as changed

from resources.texts import Texts
from tests.till.ui.hand import reader_beside
from tests.till.ui.world import CATALOGUE, World
from till.ui.look import Look
from till.ui.style.tokens import LIGHT
from vouchers.voucher import Voucher


@pytest.fixture
def sold(world: World) -> Voucher:
    code = world.issue("family")
    world.follow()
    return world.counter.redemption.look_up(code.text).account.voucher


def look(language: str) -> Look:
    return Look(Texts(language), LIGHT, CATALOGUE)


def test_a_voucher_is_called_as_the_till_speaks(sold: Voucher) -> None:
    product = CATALOGUE.product("family")
    assert sold.title == product.name("en") != product.name("de")
    assert look("de").voucher_title(sold) == product.name("de")
    assert look("en").voucher_title(changed(sold, title=product.name("de"))) == product.name("en")


def test_what_is_sold_under_another_name_by_now_keeps_the_one_it_was_sold_under(
    sold: Voucher,
) -> None:
    before = changed(sold, title="Day for four")
    assert look("de").voucher_title(before) == "Day for four"
    gone = replace(look("de"), catalogue=changed(CATALOGUE, products=[]))
    assert gone.voucher_title(sold) == sold.title


def test_cards_have_names_in_both_languages(world: World) -> None:
    with world.database.read() as work:
        card = world.counter.cards.terms(work, "04a1b2c3d4e5f6")
    assert look("en").voucher_title(card) == "Value card"
    assert look("de").voucher_title(card) == "Wertkarte"


def test_the_reader_is_named_in_the_language_chosen_last(world: World) -> None:
    spoken = ["en"]
    with reader_beside(world, lambda: Texts(spoken[-1])):
        assert world.cards is not None
        said = [world.cards.light()]
        spoken.append("de")
        said.append(world.cards.light())
    assert [one.text for one in said if one] == ["reader ready", "Leser bereit"]
