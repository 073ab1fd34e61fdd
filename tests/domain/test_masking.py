"""Masks hide what they promise, and no cell runs in a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_app.domain.masking import (
    mask_email,
    mask_name,
    mask_number,
    mask_phone,
    spreadsheet_safe,
)
from volunteer_app.domain.vocabulary import IdType


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("乔秀兰", "乔*兰"),
        ("李四", "李*"),
        ("䶮", "*"),
        ("欧阳·𠮷", "欧**𠮷"),
        ("𠮷野", "𠮷*"),
        ("阿依古丽·买买提", "阿******提"),
        ("葛\U000e0100明", "葛\U000e0100*"),
        ("Zoe\u0308", "Z*e\u0308"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_its_ends(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("id_type", "masked"),
    [
        (IdType.RESIDENT_ID, "**************0028"),
        (IdType.HK_MACAO_PERMIT, "**************0028"),
        (IdType.TAIWAN_PERMIT, "**************0028"),
        (IdType.FOREIGN_PERMIT, "**************0028"),
        (IdType.PASSPORT, "****0028"),
        (IdType.OTHER, "****0028"),
    ],
)
def test_a_masked_number_is_as_long_as_the_paper_only_where_all_are(
    id_type: IdType, masked: str
) -> None:
    assert mask_number("0028", id_type) == masked


def test_a_masked_phone_number_has_eleven_places() -> None:
    assert mask_phone("0001") == "*******0001"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("qiao@example.com", "qia***@example.com"),
        ("qiaoxiulan@163.com", "qia***@163.com"),
        ("abc@163.com", "ab***@163.com"),
        ("a@163.com", "***@163.com"),
    ],
)
def test_a_masked_address_never_shows_the_whole_name(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+8613800138000",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\t文字",
        " \r文字",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM",
        "\ufeff=1",
        "\u200b\u200d=1",
        "  \u3000=1",
        "\n=1",
        "\u00a0\ufeff ＝1",
        "\x00=1",
        "\u2028@x",
        "\u3164+1",
        "\u00ad-1",
        "=",
    ],
)
def test_a_cell_that_might_run_gets_an_apostrophe_and_loses_nothing(cell: str) -> None:
    assert spreadsheet_safe(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "乔秀兰",
        "1+1=2",
        "a=1",
        "qiao@163.com",
        " 乔",
        "\ufeff乔",
        "'=1",
        "2027-08-01",
        " ",
        "\n",
    ],
)
def test_an_ordinary_cell_is_left_alone(cell: str) -> None:
    assert spreadsheet_safe(cell) == cell


@given(st.text(st.sampled_from("=+-@\t\r\n ＝＋－＠\ufeff\u200b乔a1'")))
def test_no_exported_cell_begins_with_a_formula(cell: str) -> None:
    safe = spreadsheet_safe(cell)

    assert safe.removeprefix("'") == cell.removeprefix("'")
    assert safe.lstrip("\ufeff\u200b\n ")[:1] not in set("=+-@\t\r＝＋－＠")
