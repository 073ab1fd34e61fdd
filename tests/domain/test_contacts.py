"""Phones, e-mail addresses and credit codes: read as people type them, or refused with a cause."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from volunteer_app.domain.identity import read_email, read_phone, read_uscc
from volunteer_app.domain.refusal import Invalid

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/eligibility.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "typed",
    [
        "13800138000",
        " 138 0013 8000 ",
        "138-0013-8000",
        "１３８００１３８０００",
        "+86 138 0013 8000",
        "＋8613800138000",
        "008613800138000",
        "8613800138000",
        "\u202d13800138000\u202c",
    ],
)
def test_a_phone_number_is_read_however_it_was_written(typed: str) -> None:
    assert read_phone(typed) == "13800138000"


@pytest.mark.parametrize("number", ["13900860000", "19900000086", "13868613800"])
def test_only_at_its_beginning_is_0086_a_country(number: str) -> None:
    assert read_phone(number) == number


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写手机号码"),
        ("+86", "请填写手机号码"),
        ("1380013800", "手机号码应为11位，您填了10位"),
        ("+86 1380013800", "手机号码应为11位，您填了10位"),
        ("138001380001", "手机号码应为11位，您填了12位"),
        ("12800138000", "手机号码应以13至19开头，您填的以12开头，请核对"),
        ("0351-1234567", "手机号码应以13至19开头，您填的以03开头，请核对"),
        ("1380013800a", "手机号码只能是数字，请去掉“A”"),
        ("1380013800٢", "手机号码只能是数字，请去掉“٢”"),
        ("+852 51234567", "请填写中国内地的11位手机号码"),
    ],
)
def test_a_refused_phone_number_counts_the_digits(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_phone(typed)

    assert (refused.value.message, refused.value.field) == (sentence, "phone")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("qiao@example.com", "qiao@example.com"),
        (" Qiao.XL+1@Example.COM ", "Qiao.XL+1@example.com"),
        ("ｑｉａｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "qiao@example.com"),
        ("qiao@example。com", "qiao@example.com"),
        ("qiao\u200b@163.com", "qiao@163.com"),
        ("a@例子.中国", "a@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_an_address_is_stored_as_mail_servers_take_it(typed: str, stored: str) -> None:
    assert read_email(typed) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写邮箱地址"),
        ("qiao", "邮箱地址中要有一个@，例如name@163.com"),
        ("a b@163.com", "邮箱地址中不能有空格，请去掉空格"),
        ("a@163.com, b@163.com", "邮箱地址中不能有空格，请去掉空格"),
        ("a@163.com,b@163.com", "邮箱地址中只能有一个@，请只填一个邮箱"),
        ("@163.com", "请填写邮箱地址@前面的部分"),
        ("a@", "请填写邮箱地址@后面的部分，例如163.com"),
        ("a@qq", "邮箱地址@后面的“qq”不完整，例如163.com"),
        ("a@163,com", "邮箱地址@后面的“163,com”不完整，例如163.com"),
        ("a@163..com", "邮箱地址@后面的“163..com”不是有效的域名，请核对，例如163.com"),
        ("a@c.local", "邮箱地址@后面的“c.local”不是有效的域名，请核对，例如163.com"),
        ("乔@163.com", "邮箱地址@前面的“乔”不能用作邮箱名，请核对"),
        ("a..b@163.com", "邮箱地址@前面的“a..b”不能用作邮箱名，请核对"),
        (f"{'a' * 65}@163.com", f"邮箱地址@前面的“{'a' * 65}”不能用作邮箱名，请核对"),
    ],
)
def test_a_refused_address_names_its_cause(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_email(typed)

    assert (refused.value.message, refused.value.field) == (sentence, "email")


@pytest.mark.parametrize("case", VECTORS["uscc"], ids=lambda case: case["number"])
def test_a_worked_credit_code_is_judged(case: dict[str, Any]) -> None:
    if case["valid"]:
        assert read_uscc(case["number"]) == case["number"]
        return

    with pytest.raises(Invalid) as refused:
        read_uscc(case["number"])

    assert refused.value.message == "统一社会信用代码的校验码不符，请逐位核对"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("N2140105MF00000018", "N2140105MF00000018"),
        (" ５１１４００００ mj0000001m ", "51140000MJ0000001M"),
    ],
)
def test_a_credit_code_of_a_village_or_in_full_width_is_read(typed: str, stored: str) -> None:
    assert read_uscc(typed) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写统一社会信用代码"),
        ("51140000MJ0000001", "统一社会信用代码应为18位，您填了17位"),
        (
            "51140000MJ000000IM",
            "统一社会信用代码只有数字和大写字母，且不用I、O、S、V、Z，请核对第17位的“I”",
        ),
    ],
)
def test_a_refused_credit_code_names_its_cause(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_uscc(typed)

    assert (refused.value.message, refused.value.field) == (sentence, "uscc")
