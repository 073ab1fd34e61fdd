"""Days are read in any usual spelling; a day that does not exist is named."""

from __future__ import annotations

import datetime as dt

import pytest

from volunteer_app.domain.days import read_day
from volunteer_app.domain.refusal import Invalid


@pytest.mark.parametrize(
    "typed",
    [
        "1960-3-12",
        "1960-03-12",
        "1960/3/12",
        "1960.3.12",
        "1960年3月12日",
        "1960 年 3 月 12 日",
        "19600312",
        "１９６０－３－１２",
        " 1960-3-12　",
    ],
)
def test_a_day_is_read_however_it_was_written(typed: str) -> None:
    assert read_day(typed, field="birth_date") == dt.date(1960, 3, 12)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请按年、月、日填写，例如1960-3-12"),
        ("去年", "请按年、月、日填写，例如1960-3-12"),
        ("60-3-12", "请按年、月、日填写，例如1960-3-12"),
        ("1960-3", "请按年、月、日填写，例如1960-3-12"),
        ("1961-2-29", "1961年2月29日不存在，请核对"),
        ("1960年13月1日", "1960年13月1日不存在，请核对"),
        ("0000-1-1", "0年1月1日不存在，请核对"),
    ],
)
def test_a_day_that_cannot_be_read_says_why(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_day(typed, field="birth_date")

    assert (refused.value.message, refused.value.field) == (sentence, "birth_date")
