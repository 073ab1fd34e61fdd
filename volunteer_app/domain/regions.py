"""The province's prefectures and counties, read once from regions_shanxi.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, kw_only=True)
class County:
    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Region:
    """A prefecture; `short` is its name on charts and tiles."""

    code: str
    name: str
    short: str
    counties: tuple[County, ...]


def region(code: str) -> Region:
    """Raises KeyError for a code that is none of the eleven."""
    return _BY_CODE[code]


def county(code: str) -> County:
    """Raises KeyError for a code that is no county of the province today."""
    return _COUNTIES[code]


def region_of(county_code: str) -> Region:
    """The prefecture a county lies in; raises KeyError as `county` does."""
    return _REGION_OF[county_code]


def _read() -> tuple[Region, ...]:
    """A row whose code ends in 00 is a prefecture; its counties share its first four digits."""
    source = resources.files("volunteer_app.domain") / "regions_shanxi.csv"
    lines = [line for line in source.read_text("utf-8").splitlines() if line[:1] != "#"]
    rows = [(row["code"], row["name"]) for row in csv.DictReader(lines)]
    return tuple(
        Region(
            code=code,
            name=name,
            short=name.removesuffix("市"),
            counties=tuple(
                County(code=inner, name=inner_name)
                for inner, inner_name in rows
                if inner[:4] == code[:4] and inner != code
            ),
        )
        for code, name in rows
        if code.endswith("00")
    )


#: In the order of their codes, as official lists have them.
REGIONS = _read()
_BY_CODE = {each.code: each for each in REGIONS}
_COUNTIES = {inner.code: inner for each in REGIONS for inner in each.counties}
_REGION_OF = {inner.code: each for each in REGIONS for inner in each.counties}
