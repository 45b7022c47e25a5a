"""Every sentence exists in both languages with the same gaps; every refusal can be said."""

import string

import pytest

from resources.texts import LANGUAGES, Texts, sentences
from tests.vouchers.test_proof import voucher
from till.counter.redemption import _with_details
from vouchers.errors import Reason, Refused
from vouchers.money import Money
from vouchers.voucher import Account


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_say_the_same_things() -> None:
    english, german = (sentences(language) for language in LANGUAGES)
    assert english.keys() == german.keys()
    assert [key for key in english if gaps(english[key]) != gaps(german[key])] == []
    assert [key for key in english if "!" in english[key] + german[key]] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "reason",
    ["unknown", "expired", "blocked", "empty", "insufficient", "currency", "amount"],
)
def test_whatever_the_server_refuses_can_be_said(reason: str, language: str) -> None:
    account = Account(voucher=voucher(), balance=Money(5000, "EUR"))
    for balance in (None, Money(800, "EUR")):
        refusal = Refused(Reason(reason), balance=balance)
        detailed = _with_details(refusal, account, Money(1250, "EUR"))
        assert Texts(language).explain(detailed)
