"""Every sentence exists in both languages with the same gaps; every refusal can be said."""

import re
import string

import pytest

from printing.printers.errors import PaperOut
from resources.texts import LANGUAGES, Texts, sentences
from tests.resources.words import is_said, said
from tests.vouchers.test_proof import voucher
from till.counter.redemption import _with_details
from till.printer_kinds import KINDS
from vouchers.errors import Listed, Reason, Refused
from vouchers.money import Money
from vouchers.voucher import Account

ENGLISH = re.compile(
    r"\b(the|and|is|are|not|of|with|card|voucher|reader|please|your|to|left|ready|nothing|money)\b",
    re.IGNORECASE,
)
NO_WORDS = re.compile(r"\{\w+\}|'.*?'|(voucher-)?till [a-z]+( [a-z]+)?|--\w+")
"""Gaps, and what is typed alike in both languages."""

SAME_IN_BOTH = {"Online"}


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_say_the_same_things() -> None:
    english, german = (sentences(language) for language in LANGUAGES)
    assert english.keys() == german.keys()
    assert [key for key in english if gaps(english[key]) != gaps(german[key])] == []
    assert [key for key in english if "!" in english[key] + german[key]] == []


def test_whatever_the_program_says_is_there_with_its_gaps_filled() -> None:
    english = sentences("en")
    every = list(said())
    assert len(every) > 300
    assert [f"{one.key} at {one.where}" for one in every if one.key not in english] == []
    unfilled = [
        f"{one.key} at {one.where}: {gaps(english[one.key]) - one.gaps}"
        for one in every
        if one.gaps is not None and gaps(english[one.key]) - one.gaps
    ]
    assert unfilled == []


def test_no_sentence_is_left_that_nobody_says() -> None:
    assert [key for key in sentences("en") if not is_said(key)] == []


def test_german_is_german() -> None:
    english, german = (sentences(language) for language in LANGUAGES)
    same = {
        key for key in english if english[key] == german[key] and re.search("[a-z]{2}", german[key])
    }
    assert {key for key in same if not is_same_word(german[key])} == set()
    foreign = {key: ENGLISH.findall(NO_WORDS.sub("", german[key])) for key in german}
    assert {key: words for key, words in foreign.items() if words} == {}


def is_same_word(sentence: str) -> bool:
    """What is called so in both languages, or is put together of gaps alone."""
    bare = re.sub(r"\{\w+\}", "", sentence)
    return not set(re.findall(r"\w{2,}", bare)) - SAME_IN_BOTH


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", Reason)
def test_whatever_a_server_refuses_for_is_said(reason: Reason, language: str) -> None:
    """Reasons that no till expects of it, and details it does not give, among them."""
    assert len(Texts(language).explain(Refused(reason, balance=None))) > 20


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", "The printer for receipts is out of"),
        ("de", "Der Drucker für Belege hat kein Papier"),
    ],
)
def test_a_printer_is_named_by_what_it_prints(language: str, says: str) -> None:
    assert Texts(language).explain(PaperOut("receipt")).startswith(says)
    assert "192.168.0.20" in Texts(language).explain(PaperOut("192.168.0.20"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_printer_and_every_missing_fact_has_a_name(language: str) -> None:
    known = sentences(language)
    assert {f"printer_for_{kind}" for kind in KINDS} <= known.keys()
    lacking = Listed(("fact_code", "fact_expiry"))
    said = Texts(language).say("layout_lacks", layout="L", model="M", missing=lacking)
    assert known["fact_code"] in said and known["fact_expiry"] in said
