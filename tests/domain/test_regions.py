"""The province has its 11 prefectures and 117 counties, each found by its code."""

from __future__ import annotations

import pytest

from volunteer_app.domain.regions import REGIONS, county, region, region_of


def test_the_eleven_prefectures_stand_in_the_order_of_their_codes() -> None:
    assert "、".join(each.short for each in REGIONS) == (
        "太原、大同、阳泉、长治、晋城、朔州、晋中、运城、忻州、临汾、吕梁"
    )
    assert [each.code for each in REGIONS] == [f"14{number:02}00" for number in range(1, 12)]
    assert all(each.name == f"{each.short}市" for each in REGIONS)


def test_every_prefecture_has_its_number_of_counties() -> None:
    counts = {each.short: len(each.counties) for each in REGIONS}

    assert counts == {
        "太原": 10,
        "大同": 10,
        "阳泉": 5,
        "长治": 12,
        "晋城": 6,
        "朔州": 6,
        "晋中": 11,
        "运城": 13,
        "忻州": 14,
        "临汾": 17,
        "吕梁": 13,
    }
    assert sum(counts.values()) == 117


def test_every_county_is_found_and_lies_in_its_prefecture() -> None:
    for each in REGIONS:
        assert region(each.code) is each
        assert list(each.counties) == sorted(each.counties, key=lambda inner: inner.code)
        for inner in each.counties:
            assert county(inner.code) is inner
            assert region_of(inner.code) is each
            assert inner.code[:4] == each.code[:4]
            assert inner.name.endswith(("区", "县", "市"))
            assert inner.name != "市辖区"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("140105", "小店区"),
        ("140213", "平城区"),
        ("140302", "城区"),
        ("140681", "怀仁市"),
        ("140703", "太谷区"),
        ("141182", "汾阳市"),
    ],
)
def test_a_county_bears_the_name_it_has_today(code: str, name: str) -> None:
    assert county(code).name == name


@pytest.mark.parametrize("code", ["140202", "140227", "140726", "140101", "140100", "110101", ""])
def test_a_withdrawn_or_foreign_code_is_no_county(code: str) -> None:
    with pytest.raises(KeyError):
        county(code)
    with pytest.raises(KeyError):
        region_of(code)


@pytest.mark.parametrize("code", ["140000", "140105", "142200", "太原"])
def test_a_code_of_something_else_is_no_prefecture(code: str) -> None:
    with pytest.raises(KeyError):
        region(code)
