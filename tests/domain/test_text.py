"""Typed text is stored without what nobody sees, and otherwise as typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_app.domain.refusal import Invalid
from volunteer_app.domain.text import (
    INVISIBLE,
    clean_digits,
    clean_line,
    clean_name,
    clean_number,
    clean_text,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  府西街29号\u3000", "府西街29号"),
        ("太原市\u3000\u3000府西街", "太原市 府西街"),
        ("太原市 \u3000 府西街", "太原市 府西街"),
        ("太原市\u00a0府西街", "太原市 府西街"),
        ("两个  空格", "两个  空格"),
        ("第一行\r\n第二行\t完", "第一行 第二行 完"),
        ("a\x00b\x1bc\x7fd\x85e\x9ff", "abcdef"),
        ("李\u200b\u200d\ufeff四\u202e\u2066\u2028\u2029\u00ad", "李四"),
        ("旗\U000e0067\U000e007f", "旗"),
        ("前\ud842后\udfb7", "前后"),
        ("\u3164\u115f", ""),
        ("\ufffe\ufdd0字", "字"),
        ("１２ｋｍ㎡ ﬁ", "１２ｋｍ㎡ ﬁ"),
        ("<b>=1+1</b>", "<b>=1+1</b>"),
        ("", ""),
    ],
)
def test_a_line_loses_only_what_nobody_sees(typed: str, stored: str) -> None:
    assert clean_line(typed) == stored


@pytest.mark.parametrize("character", INVISIBLE)
def test_no_invisible_character_is_stored(character: str) -> None:
    assert clean_line(f"李{character}四") == clean_text(f"李{character}四") == "李四"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("一\r\n二\r三\n四", "一\n二\n三\n四"),
        ("\n\n\u3000\u3000一段话 \n\n另一段\x00\n\n", "一段话\n\n另一段"),
        ("制表\t符\x0b和\x0c页", "制表 符 和 页"),
        ("一\u2028二\x85三", "一二三"),
        (" \n ", ""),
    ],
)
def test_a_longer_text_keeps_its_lines(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored


@given(st.text(st.characters() | st.sampled_from(" \t\r\n\u3000\u200b\ud800")))
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    assert clean_line(clean_line(typed)) == clean_line(typed)
    assert clean_text(clean_text(typed)) == clean_text(typed)


@given(st.text(st.characters() | st.sampled_from("\ud800\udfff\x00")))
def test_what_is_stored_can_be_written_as_utf_8(typed: str) -> None:
    assert "\x00" not in clean_line(typed)
    clean_text(typed).encode("utf-8")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("乔秀兰", "乔秀兰"),
        ("欧阳·𠮷", "欧阳·𠮷"),
        ("䶮", "䶮"),
        ("㛃", "㛃"),
        ("张一〇", "张一〇"),
        ("\U00031350\U0002ebf0", "\U00031350\U0002ebf0"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("ئايگۈل مەمەت", "ئايگۈل مەمەت"),
        ("Anna O'Neil", "Anna O'Neil"),
        ("Anna O’Neil", "Anna O’Neil"),
        ("Zoe\u0308 Smith-Jones Jr.", "Zoe\u0308 Smith-Jones Jr."),
        ("\u3000李\u3000四 ", "李 四"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("\ufa19", "\ufa19"),
        ("Ａｎｎａ", "Ａｎｎａ"),
        ("李\u200b四", "李四"),
    ],
)
def test_a_name_is_stored_as_typed(typed: str, stored: str) -> None:
    assert clean_name(typed) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请填写姓名"),
        (" \u3000\u200b", "请填写姓名"),
        ("\u3164", "请填写姓名"),
        ("<b>", "姓名中不能有“<”，请按证件上的姓名填写"),
        ("=1+1", "姓名中不能有“=”，请按证件上的姓名填写"),
        ("李4", "姓名中不能有“4”，请按证件上的姓名填写"),
        ("李４", "姓名中不能有“４”，请按证件上的姓名填写"),
        ("李四（男）", "姓名中不能有“（”，请按证件上的姓名填写"),
        ("李四😀", "姓名中不能有“😀”，请按证件上的姓名填写"),
        ("李\ue000", "姓名中不能有无法显示的字符（U+E000），请按证件上的姓名填写"),
        ("·", "姓名中没有文字，请按证件上的姓名填写"),
        ("-'.", "姓名中没有文字，请按证件上的姓名填写"),
        ("\u0301", "姓名中没有文字，请按证件上的姓名填写"),
    ],
)
def test_a_refused_name_says_which_character_is_in_the_way(typed: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_name(typed)

    assert (refused.value.message, refused.value.field) == (sentence, "name")


@pytest.mark.parametrize(
    ("typed", "number", "digits"),
    [
        (" 138 0013－8000 ", "1380013-8000", "13800138000"),
        ("１３８–００１３—８０００", "138-0013-8000", "13800138000"),
        ("14010519550830033ｘ", "14010519550830033X", "14010519550830033X"),
        ("Ｍ１２３（４）", "M123(4)", "M123(4)"),
        ("\u202d12\u202c\u300034", "1234", "1234"),
        ("−−", "--", ""),
    ],
)
def test_a_number_is_read_however_it_was_grouped(typed: str, number: str, digits: str) -> None:
    assert (clean_number(typed), clean_digits(typed)) == (number, digits)
