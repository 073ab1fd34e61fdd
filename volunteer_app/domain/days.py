"""Days as people type them and read them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from .refusal import Invalid

_PARTS = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\s*\D?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def read_day(text: str, *, field: str) -> dt.date:
    """1960-3-12, 1960年3月12日, 1960/3/12 or 19600312, in half- or full-width figures.

    Raises Invalid with the cause: not a day, or a day that does not exist.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _COMPACT.fullmatch(plain) or _PARTS.fullmatch(plain)
    if found is None:
        raise Invalid("请按年、月、日填写，例如1960-3-12", field=field)
    year, month, day = map(int, found.groups())
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise Invalid(f"{year}年{month}月{day}日不存在，请核对", field=field) from error


def in_words(day: dt.date) -> str:
    """2029年8月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
