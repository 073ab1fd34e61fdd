"""聘任 in words: numbers, prefixes, terms."""

from __future__ import annotations

import datetime as dt

import pytest

from volunteer_app.domain.appointments import certificate_number, read_prefix, term_in_words
from volunteer_app.domain.refusal import Invalid
from volunteer_app.domain.terms import last_day, whole_years


def test_a_number_has_four_figures_until_it_needs_more() -> None:
    assert certificate_number("晋消志聘", 2027, 42) == "晋消志聘〔2027〕第0042号"
    assert certificate_number("晋消志聘", 2027, 12345) == "晋消志聘〔2027〕第12345号"


@pytest.mark.parametrize("years", range(1, 11))
@pytest.mark.parametrize("starts_on", [dt.date(2027, 9, 1), dt.date(2028, 2, 29)])
def test_a_term_of_whole_years_knows_how_many(starts_on: dt.date, years: int) -> None:
    ends_on = last_day(starts_on, years)

    assert whole_years(starts_on, ends_on) == years
    assert whole_years(starts_on, ends_on + dt.timedelta(days=1)) is None
    assert whole_years(starts_on, ends_on - dt.timedelta(days=1)) is None


def test_terms_are_said_as_people_say_them() -> None:
    assert [term_in_words(years) for years in (1, 2, 3, 10)] == ["一年", "两年", "三年", "十年"]


def test_a_prefix_is_a_few_chinese_characters() -> None:
    assert read_prefix(" 晋消 志聘　") == "晋消志聘"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "编号前缀应是2到10个汉字，您填了0个"),
        ("晋", "编号前缀应是2到10个汉字，您填了1个"),
        ("晋" * 11, "编号前缀应是2到10个汉字，您填了11个"),
        ("晋消〔聘", "编号前缀只用汉字，请去掉“〔”"),
        ("晋消2聘", "编号前缀只用汉字，请去掉“2”"),
    ],
)
def test_any_other_prefix_is_refused_with_its_cause(text: str, cause: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_prefix(text)

    assert (refused.value.message, refused.value.field) == (cause, "certificate_prefix")
