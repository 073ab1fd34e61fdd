"""Fonts and characters: nothing prints as an empty box, nothing a person wrote is markup."""

from __future__ import annotations

import pytest

from volunteer_app.documents import typesetting


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("乔秀兰", []),
        ("䶮", []),
        ("㛃", []),
        ("𠮷", ["𠮷"]),
        ("\U0002b746", ["\U0002b746"]),
        ("欧阳·𠮷", ["𠮷"]),
        ("𠮷𠮷和\U0002b746", ["𠮷", "\U0002b746"]),
        ("一行\n又一行\t", []),
        ("邉\U000e0101", []),
    ],
)
def test_the_characters_that_no_font_has_are_named_once(text: str, missing: list[str]) -> None:
    assert typesetting.missing_glyphs(text) == missing


def test_a_missing_character_is_printed_as_its_code_wherever_it_stands() -> None:
    content = {"name": "欧阳·𠮷", "rows": [("单位", "\U0002b746村")], "count": 2, "photo": None}

    assert typesetting.printable(content) == {
        "name": "欧阳·〔U+20BB7〕",
        "rows": [["单位", "〔U+2B746〕村"]],
        "count": 2,
        "photo": None,
    }


@pytest.mark.parametrize(
    ("family", "warned"),
    [
        ("Noto Serif SC", []),
        ("Noto Sans SC", []),
        ("DejaVu Sans Mono", []),
        ("Noto Sans CJK SC", ["unknown font family: noto sans cjk sc"]),
    ],
)
def test_the_fonts_are_those_of_the_program_not_of_the_machine(
    family: str, warned: list[str]
) -> None:
    source = f'#set text(font: "{family}")\nA'.encode()

    _made, warnings = typesetting._compiler().compile_with_warnings(input=source, format="pdf")

    assert [warning.message for warning in warnings] == warned


def test_a_template_can_read_no_file_of_the_machine() -> None:
    with pytest.raises(RuntimeError, match=r"(?s)."):
        typesetting._compiler().compile(input=b'#read("/etc/hostname")', format="pdf")
