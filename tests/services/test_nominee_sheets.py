"""A unit's spreadsheet: read by content, its header found by name, refused in one sentence."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests import workbooks
from volunteer_app.domain.refusal import Invalid
from volunteer_app.services import nominee_sheets
from volunteer_app.services.nominee_sheets import MOST_ROWS, read_sheet

VECTORS = Path(__file__).parent.parent / "vectors"
RIGHT = "[Content_Types].xml", "xl/workbook.xml"


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_sheet(content)
    assert caught.value.field == "file"
    return caught.value.message


def names(content: bytes) -> list[str]:
    sheet = read_sheet(content)
    return [sheet.cells_of(row)["name"].text for row in sheet.rows]


def two_people() -> list[list[workbooks.Value]]:
    return workbooks.table([workbooks.words(name="甲一"), workbooks.words(name="乙二")])


def test_an_xlsx_is_read() -> None:
    assert names(workbooks.xlsx(two_people())) == ["甲一", "乙二"]


def test_an_xls_is_read_and_its_number_cells_are_marked() -> None:
    sheet = read_sheet((VECTORS / "nominees.xls").read_bytes())

    cells = [sheet.cells_of(row) for row in sheet.rows]
    assert [cell["name"].text for cell in cells] == ["乔秀兰", "阿依古丽·买买提"]
    assert [cell["id_number"].kind for cell in cells] == ["", "number"]
    assert cells[0]["phone"] == ("13900000001", "number")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_in_every_usual_form(encoding: str, separator: str) -> None:
    content = workbooks.text(two_people(), separator).encode(encoding)

    assert names(content) == ["甲一", "乙二"]


def test_a_number_that_a_csv_has_shortened_is_marked() -> None:
    rows = workbooks.table([workbooks.words(id_number="1.40105E+17")])

    sheet = read_sheet(workbooks.text(rows).encode("gb18030"))

    assert sheet.cells_of(sheet.rows[0])["id_number"].kind == "number"


def test_rows_keep_the_number_the_spreadsheet_shows() -> None:
    header, first, second = two_people()
    rows: list[list[workbooks.Value]] = [["某单位推荐名单"], [], header, first, [""], second]

    sheet = read_sheet(workbooks.xlsx(rows))

    assert [row.number for row in sheet.rows] == [4, 6]
    assert sheet.above == (("某单位推荐名单",), ())


def test_a_header_is_known_however_it_is_written() -> None:
    written = {
        "name": " 姓　名 *",
        "id_number": "身份证号（18位）",
        "county": "报名地所在县(市、区)＊",
        "phone": "手机号码：",
        "education": "学历（必填）",
    }
    rows = two_people()
    rows[0] = [written.get(name, rows[0][place]) for place, name in enumerate(workbooks.NAMES)]

    assert list(read_sheet(workbooks.xlsx(rows)).places) == workbooks.NAMES


def test_an_unknown_column_is_kept() -> None:
    rows = [[*row, more] for row, more in zip(two_people(), ["备注", "组长", ""], strict=True)]

    sheet = read_sheet(workbooks.xlsx(rows))

    assert sheet.header[-1] == "备注"
    assert sheet.rows[0].cells[-1].text == "组长"


def test_missing_columns_are_named_in_one_sentence() -> None:
    places = [n for n, name in enumerate(workbooks.NAMES) if name not in ("phone", "county")]
    rows = [[row[place] for place in places] for row in two_people()]

    assert refusal(workbooks.xlsx(rows)) == (
        "表里缺少“手机号码”、“报名地所在县（市、区）”2列，请补上后再上传，或用名单模板填写。"
    )


def test_a_column_that_stands_twice_is_refused() -> None:
    rows = [[*row, more] for row, more in zip(two_people(), ["手机", "1", "2"], strict=True)]

    last = len(rows[0])
    phone = workbooks.NAMES.index("phone") + 1
    assert refusal(workbooks.xlsx(rows)) == (
        f"第{phone}、{last}列都是“手机号码”，请只留一列，删去多余的。"
    )


def test_the_example_row_and_blank_rows_are_left_out() -> None:
    header, first, second = two_people()
    example = [*first]
    example[0] = "（示例）张三"
    numbered: list[list[workbooks.Value]] = [
        ["序号", *header],
        ["1", *example],
        ["2", *first],
        ["3"],
        ["4", *second],
    ]

    sheet = read_sheet(workbooks.xlsx(numbered))

    assert [row.number for row in sheet.rows] == [3, 5]
    assert sheet.examples == 1


def test_two_thousand_rows_are_read_and_one_more_is_refused() -> None:
    header, first, _second = two_people()
    most = [header, *[first] * MOST_ROWS]
    assert len(read_sheet(workbooks.xlsx(most)).rows) == MOST_ROWS

    sentence = "表里有{}行，一次最多2000行，请分成几份，逐份上传、导入。"
    assert refusal(workbooks.xlsx([*most, first])) == sentence.format(2001)
    assert refusal(workbooks.xlsx([*most, *[first] * 500])) == sentence.format(2500)


def locked_xls() -> bytes:
    """The old workbook with the record that says its cells are enciphered."""
    content = bytearray((VECTORS / "nominees.xls").read_bytes())
    first = (
        content.index(b"\x09\x08\x08\x00\x00\x05\x05\x00")
        if (b"\x09\x08\x08\x00\x00\x05\x05\x00" in content)
        else content.index(b"\x09\x08")
    )
    second = first + 4 + int.from_bytes(content[first + 2 : first + 4], "little")
    content[second : second + 2] = b"\x2f\x00"
    return bytes(content)


def declared_bomb() -> bytes:
    parts = dict.fromkeys(RIGHT, b"<x/>")
    return workbooks.zipped(parts | {"xl/worksheets/sheet1.xml": b" " * 80_000_000})


def lying_bomb() -> bytes:
    """Eighty million bytes that its header declares as one hundred."""
    content = bytearray(declared_bomb())
    size = (80_000_000).to_bytes(4, "little")
    assert content.count(size) == 2  # beside the file and in the directory
    return bytes(content.replace(size, (100).to_bytes(4, "little")))


def far_cell() -> bytes:
    rows: list[list[workbooks.Value]] = two_people()
    with io.BytesIO() as file:
        import xlsxwriter

        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            sheet.write_string(1_048_575, 200, "x")
        return file.getvalue()


def torn() -> bytes:
    content = workbooks.xlsx(two_people())
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的，请选已经填好名单的表格。"),
        (workbooks.xlsx([]), "文件是空的，请选已经填好名单的表格。"),
        (workbooks.xlsx([["随便", "什么"]]), "表里没有找到写着“姓名”“证件号码”等的标题行，"),
        (workbooks.xlsx([workbooks.HEADER]), "表里只有标题，没有人员，请填好后再上传。"),
        (b"\x89PNG\r\n\x1a\n", "这是一张图片，不是表格，"),
        (b"\xff\xd8\xff\xe0", "这是一张图片，不是表格，"),
        (b"%PDF-1.7", "这是PDF文件，不是表格，"),
        (b"<html><table>", "这个文件是网页格式，"),
        ((VECTORS / "locked.xlsx").read_bytes(), "表格设了打开密码，"),
        (locked_xls(), "表格设了打开密码，"),
        (
            workbooks.zipped(dict.fromkeys((*RIGHT, "xl/vbaProject.bin"), b"")),
            "表格里带有宏，不能接收，请另存为.xlsx",
        ),
        (workbooks.zipped({"mimetype": b"application/vnd.oasis"}), "这是OpenDocument表格，"),
        (workbooks.zipped({"xl/workbook.bin": b""}), "这是二进制工作簿（.xlsb），"),
        (workbooks.zipped({"word/document.xml": b""}), "这是Word文档，不是表格，"),
        (workbooks.zipped({"photo.jpg": b""}), "文件打不开，可能已损坏，"),
        (workbooks.zipped(dict.fromkeys(RIGHT, b"<x")), "文件打不开，可能已损坏，"),
        (torn(), "文件打不开，可能已损坏，"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "文件打不开，可能已损坏，"),
        (declared_bomb(), "文件展开后大得不正常，"),
        (lying_bomb(), "文件展开后大得不正常，"),
        (far_cell(), "第1048576行附近还有内容，离名单太远，"),
        (bytes(range(1, 256)), "认不出文件的文字编码，"),
        (workbooks.xlsx([["姓名"] * 101]), "表里有101列，最多100列，"),
        (workbooks.xlsx([["姓名", "长" * 2001]]), "第1行第2列有2001个字，一格最多2000个字，"),
    ],
    ids=range(24),
)
def test_a_file_that_cannot_be_used_gets_one_sentence(content: bytes, sentence: str) -> None:
    told = refusal(content)

    assert told.startswith(sentence)
    assert told.count("。") == 1


def test_only_some_rows_move_up_under_the_header() -> None:
    header, first, second = two_people()
    sheet = read_sheet(workbooks.xlsx([["题"], header, first, second]))

    left = nominee_sheets.only_rows(sheet, {4})

    assert [(row.number, row.cells[0].text) for row in left.rows] == [(3, "乙二")]


def test_a_workbook_is_found_by_its_sheet_with_a_header() -> None:
    with io.BytesIO() as file:
        import xlsxwriter

        with xlsxwriter.Workbook(file) as book:
            book.add_worksheet("说明").write_string(0, 0, "填表说明")
            sheet = book.add_worksheet("名单")
            for number, row in enumerate(two_people()):
                sheet.write_row(number, 0, row)
        content = file.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(content))

    assert names(content) == ["甲一", "乙二"]
