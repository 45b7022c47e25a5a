"""Who may sign in, and how long whoever guesses has to wait."""

import doctest

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from vouchers import guessing, people
from vouchers.guessing import PIN_PATIENCE
from vouchers.people import Role, User, UserFault, able_to_sign_in, faults_of, is_pin

ANNA = User(user_id="anna", name="Anna", role=Role.CASHIER, pin_hash="")


def test_the_examples_are_true() -> None:
    assert doctest.testmod(people).failed == doctest.testmod(guessing).failed == 0


def test_a_user_needs_an_id_of_their_own_a_name_and_four_digits() -> None:
    assert faults_of("anna", "Anna", "0815") == []
    assert faults_of(" ", "", "12", ["anna"]) == [
        *(UserFault.NO_ID, UserFault.NO_NAME, UserFault.WEAK_PIN)
    ]
    assert faults_of("anna", "Anna", "0815", ["ben", "anna"]) == [UserFault.SHARED_ID]
    assert not any(map(is_pin, ["", "   ", "12a4", "٣٤٥٦", "1234\n", "1" * 13]))


def test_nobody_signs_in_whom_the_books_could_not_tell_apart() -> None:
    other = replace(ANNA, name="Zoe")
    nobody = replace(ANNA, user_id=" ", name="Nobody")
    gone = replace(ANNA, user_id="ben", active=False)
    assert able_to_sign_in([nobody, ANNA, other, gone]) == [ANNA]


@given(st.integers(0, 10_000))
def test_the_wait_grows_and_never_ends_the_working_day(failures: int) -> None:
    wait_s = PIN_PATIENCE.wait_s(failures)
    assert 0 <= wait_s <= PIN_PATIENCE.wait_s(failures + 1) <= 300
    assert (wait_s > 0) == (failures >= 3)
