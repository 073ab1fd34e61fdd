"""Everyday words for closed answers."""

from __future__ import annotations

from volunteer_app.domain import everyday, regions


def test_every_county_is_known_by_its_name() -> None:
    for region in regions.REGIONS:
        for county in region.counties:
            assert everyday.county(county.name, region.code) == county.code


def test_a_name_that_several_prefectures_have_needs_its_prefecture() -> None:
    assert everyday.county("城区", None) is None
    assert everyday.county("阳泉市城区", None) == "140302"


def test_words_that_are_none_of_the_list_are_told() -> None:
    assert everyday.several("availability", "周末、上午、周末") == (["weekend"], ["上午"])
