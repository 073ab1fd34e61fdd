"""A reference survives the telephone: every slip of one place is noticed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_app.domain.codes import (
    ALPHABET,
    format_reference,
    new_reference,
    normalise_reference,
)

drawn = st.text(ALPHABET, min_size=8, max_size=8)


def reference_of(characters: str) -> str:
    """The reference a source of chance that yields these characters makes."""
    rest = iter(characters)

    def choose(_: Sequence[str]) -> str:
        return next(rest)

    return new_reference(choose)


def test_the_alphabet_has_a_prime_size_and_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 31
    assert not set(ALPHABET) & set("0O1IL")


def test_a_new_reference_has_its_shape_and_is_read_back() -> None:
    references = {new_reference() for _ in range(500)}

    assert len(references) == 500
    for reference in references:
        assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]", reference)
        assert normalise_reference(reference) == reference


def test_the_check_character_does_not_change_from_release_to_release() -> None:
    assert reference_of("K7M42RQX") == "K7M4-2RQX-9"


@pytest.mark.parametrize("place", range(9))
def test_every_single_wrong_character_is_noticed(place: int) -> None:
    code = reference_of("K7M42RQX").replace("-", "")

    for character in ALPHABET:
        wrong = format_reference(code[:place] + character + code[place + 1 :])
        assert (normalise_reference(wrong) is not None) is (character == code[place])


@pytest.mark.parametrize("place", range(8))
def test_every_exchange_of_neighbours_is_noticed(place: int) -> None:
    """All 31 x 31 pairs at this place and the next, each in a valid reference."""
    for first, second in itertools.product(ALPHABET, repeat=2):
        code = code_with(place, first + second)
        exchanged = code[:place] + second + first + code[place + 2 :]
        assert (normalise_reference(exchanged) is not None) is (first == second)


def code_with(place: int, pair: str) -> str:
    """A valid code with this pair at its place; a character elsewhere makes it valid."""
    characters = list("K7M42RQX9")
    characters[place : place + 2] = pair
    spare = 8 if place == 0 else 0
    for characters[spare] in ALPHABET:
        if normalise_reference("".join(characters)):
            return "".join(characters)
    raise AssertionError(f"no valid code has {pair} there")


@given(drawn, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_a_wrong_character_is_noticed_in_any_reference(
    characters: str, place: int, character: str
) -> None:
    code = reference_of(characters).replace("-", "")
    wrong = code[:place] + character + code[place + 1 :]

    assert (normalise_reference(wrong) is None) is (wrong != code)


@given(drawn, st.integers(0, 8), st.integers(0, 8))
def test_two_characters_exchanged_across_any_distance_are_noticed(
    characters: str, one: int, other: int
) -> None:
    code = reference_of(characters).replace("-", "")
    exchanged = list(code)
    exchanged[one], exchanged[other] = code[other], code[one]

    assert (normalise_reference("".join(exchanged)) is None) is ("".join(exchanged) != code)


@pytest.mark.parametrize(
    "typed",
    [
        "K7M4-2RQX-9",
        "k7m42rqx9",
        " K7M4 2RQX 9 ",
        "Ｋ７Ｍ４－２ＲＱＸ－９",
        "K7M4—2RQX—9",
        "K7M4\u30002RQX\u200b9\n",
    ],
)
def test_a_reference_is_read_however_it_was_typed(typed: str) -> None:
    assert normalise_reference(typed) == "K7M4-2RQX-9"


@pytest.mark.parametrize(
    "typed",
    ["", "K7M4-2RQX", "K7M4-2RQX-99", "K7M4-2RQX-B", "K7M4-2RQ0-9", "K7M4-2RQX-乙", "../../etc"],
)
def test_what_cannot_be_a_reference_is_none(typed: str) -> None:
    assert normalise_reference(typed) is None
