"""Numbers are read for what they say, and a refusal names the one cause and its remedy."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from volunteer_app.domain.identity import (
    Identity,
    identity_key,
    last_four,
    read_number,
)
from volunteer_app.domain.refusal import Invalid
from volunteer_app.domain.vocabulary import Gender, IdType

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/eligibility.json").read_text("utf-8"))
TODAY = dt.date(2027, 8, 1)
GENDERS = {gender.value: gender for gender in Gender}

RESIDENT = IdType.RESIDENT_ID
HK = IdType.HK_MACAO_PERMIT
TAIWAN = IdType.TAIWAN_PERMIT
FOREIGN = IdType.FOREIGN_PERMIT
PASSPORT = IdType.PASSPORT
OTHER = IdType.OTHER


def numbers(*, valid: bool) -> list[dict[str, Any]]:
    return [case for case in VECTORS["identity"] if case["valid"] is valid]


@pytest.mark.parametrize("case", numbers(valid=True), ids=lambda case: case["number"])
def test_a_worked_number_is_read(case: dict[str, Any]) -> None:
    identity = read_number(RESIDENT, case["number"], on=TODAY)

    assert identity.number == case.get("stored", case["number"])
    assert identity.birth_date == dt.date.fromisoformat(case.get("born", "1990-03-07"))
    assert identity.gender is GENDERS[case.get("gender", "female")]


@pytest.mark.parametrize("case", numbers(valid=False), ids=lambda case: case["why"])
def test_a_worked_number_is_refused_for_its_reason(case: dict[str, Any]) -> None:
    sentences = {
        "check character": "校验码不符，请核对最后一位",
        "30 February": "号码中的出生日期1990年2月30日不存在，请核对第7至14位",
        "17 characters": "身份证号码应为18位，您填了17位",
        "a 15-digit number of the old kind is no longer valid": (
            "15位的旧号码已停用，请填18位号码"
        ),
    }

    with pytest.raises(Invalid) as refused:
        read_number(RESIDENT, case["number"], on=TODAY)

    assert (refused.value.message, refused.value.field) == (sentences[case["why"]], "id_number")


@pytest.mark.parametrize(
    ("id_type", "number", "gender"),
    [
        (RESIDENT, "14999919900307412X", Gender.FEMALE),
        (HK, "810000199003074120", Gender.FEMALE),
        (HK, "820000199003074130", Gender.MALE),
        (TAIWAN, "830000199003074124", Gender.FEMALE),
        (FOREIGN, "914156199003074125", Gender.FEMALE),
    ],
)
def test_every_18_character_type_is_read_whatever_its_county(
    id_type: IdType, number: str, gender: Gender
) -> None:
    assert read_number(id_type, number, on=TODAY) == Identity(
        id_type=id_type, number=number, birth_date=dt.date(1990, 3, 7), gender=gender
    )


def test_a_number_may_be_of_somebody_born_today_but_not_tomorrow() -> None:
    born = dt.date(1990, 3, 7)

    assert read_number(RESIDENT, "140105199003074128", on=born).birth_date == born

    with pytest.raises(Invalid, match="还没有到"):
        read_number(RESIDENT, "140105199003074128", on=born - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("id_type", "typed", "sentence"),
    [
        (RESIDENT, "", "请填写身份证号码"),
        (RESIDENT, " - \u200b", "请填写身份证号码"),
        (PASSPORT, "", "请填写护照号码"),
        (RESIDENT, "1401051990030741280", "身份证号码应为18位，您填了19位"),
        (HK, "H1234567", "港澳居民居住证号码应为18位，您填了8位"),
        (
            FOREIGN,
            "USA110090030700",
            "15位的旧证号码不能用于报名，请填新证上以9开头的18位号码",
        ),
        (
            RESIDENT,
            "14O105199003074128",
            "身份证号码的前17位只能是数字，请核对第3位的“O”",
        ),
        (
            RESIDENT,
            "1401051990030741٢8",
            "身份证号码的前17位只能是数字，请核对第17位的“٢”",
        ),
        (RESIDENT, "14010519900307412Y", "身份证号码的最后一位只能是数字或X，请核对“Y”"),
        (
            RESIDENT,
            "140105199013074128",
            "号码中的出生日期1990年13月7日不存在，请核对第7至14位",
        ),
        (
            RESIDENT,
            "140105000003074128",
            "号码中的出生日期0年3月7日不存在，请核对第7至14位",
        ),
        (
            RESIDENT,
            "140105189912314128",
            "号码中的出生日期1899年12月31日早于1900年，请核对第7至14位",
        ),
        (
            RESIDENT,
            "140105202708024128",
            "号码中的出生日期2027年8月2日还没有到，请核对第7至14位",
        ),
        (
            RESIDENT,
            "810000199003074120",
            "这是港澳居民居住证的号码，请核对号码，或把证件类型改为“港澳居民居住证”",
        ),
        (
            RESIDENT,
            "820000199003074130",
            "这是港澳居民居住证的号码，请核对号码，或把证件类型改为“港澳居民居住证”",
        ),
        (
            RESIDENT,
            "830000199003074124",
            "这是台湾居民居住证的号码，请核对号码，或把证件类型改为“台湾居民居住证”",
        ),
        (
            RESIDENT,
            "914156199003074125",
            "这是外国人永久居留身份证的号码，请核对号码，或把证件类型改为“外国人永久居留身份证”",
        ),
        (
            HK,
            "140105199003074128",
            "这是居民身份证的号码，请核对号码，或把证件类型改为“居民身份证”",
        ),
        (
            OTHER,
            "140105199003074128",
            "这是居民身份证的号码，请核对号码，或把证件类型改为“居民身份证”",
        ),
        (HK, "810101199003074122", "港澳居民居住证号码应以810000或820000开头，请核对前6位"),
        (TAIWAN, "830001199003074120", "台湾居民居住证号码应以830000开头，请核对前6位"),
        (PASSPORT, "E12", "护照号码应为4至30位，您填了3位"),
        (OTHER, "1" * 31, "证件号码应为4至30位，您填了31位"),
        (
            PASSPORT,
            "E123<456",
            "护照号码只能有字母、数字和“-”“(”“)”“/”，请去掉“<”",
        ),
    ],
)
def test_a_refused_number_says_what_is_wrong_and_what_to_do(
    id_type: IdType, typed: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read_number(id_type, typed, on=TODAY)

    assert (refused.value.message, refused.value.field) == (sentence, "id_number")


@pytest.mark.parametrize(
    ("id_type", "typed", "stored"),
    [
        (PASSPORT, " ｅ1234 5678 ", "E12345678"),
        (OTHER, "南字第0123-456号", "南字第0123-456号"),
        (OTHER, "m123456（7）/a", "M123456(7)/A"),
        (PASSPORT, "1234", "1234"),
        (OTHER, "1" * 30, "1" * 30),
        (OTHER, "140105199003074127", "140105199003074127"),
    ],
)
def test_other_papers_are_stored_as_given_and_say_no_birth_date(
    id_type: IdType, typed: str, stored: str
) -> None:
    assert read_number(id_type, typed, on=TODAY) == Identity(
        id_type=id_type, number=stored, birth_date=None, gender=None
    )


@pytest.mark.parametrize("place", range(18))
def test_one_wrong_digit_anywhere_is_noticed(place: int) -> None:
    number = "140105199003074128"

    for digit in set("0123456789") - {number[place]}:
        with pytest.raises(Invalid):
            read_number(RESIDENT, number[:place] + digit + number[place + 1 :], on=TODAY)


def test_one_paper_has_one_key_however_its_type_was_chosen() -> None:
    keys = {identity_key(id_type, "14010519550830033X") for id_type in IdType}

    assert keys == {"14010519550830033X"}
    assert identity_key(OTHER, " 140105-19550830-033x ") == "14010519550830033X"


def test_papers_of_different_types_with_one_number_have_different_keys() -> None:
    assert identity_key(PASSPORT, "E12345678") == "passport:E12345678"
    assert identity_key(OTHER, "E12345678") == "other:E12345678"
    assert identity_key(PASSPORT, "ｅ1234-5678") == "passport:E12345678"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("140105199003074128", "4128"),
        ("14010519550830033X", "033X"),
        ("033x", "033X"),
        (" ４１２８ ", "4128"),
        ("M123456(7)", "4567"),
        ("12", "12"),
    ],
)
def test_the_last_four_are_those_of_the_stored_number(number: str, expected: str) -> None:
    assert last_four(number) == expected
