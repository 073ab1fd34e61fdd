"""The roster leaves whole, masked unless revealed, and cannot run in a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import make_application, valid_identity
from volunteer_app.domain.fields import FIELDS
from volunteer_app.domain.refusal import Refused
from volunteer_app.domain.vocabulary import Status, TermStatus
from volunteer_app.models import Application
from volunteer_app.services import exporting
from volunteer_app.services.finding import RosterFilter

ON = dt.date(2027, 10, 1)
HEADER = [
    "报名编号", "招募", "聘期第一日", "聘期最后一日", "聘任状态",
    "姓名", "证件类型", "证件号码", "出生日期", "性别", "民族", "手机号码", "电子邮箱",
    "报名地所在市", "报名地所在县（市、区）", "通信地址", "最高学历", "政治面貌", "职业",
    "工作单位", "职务或职称", "服务意愿", "可服务时间", "专业特长",
]  # fmt: skip
NUMBER = valid_identity(serial=9001)


def appointed(session: Session, **answers: Any) -> Application:
    return make_application(session, status=Status.APPROVED, **answers)


def exported(session: Session, *, revealed: bool = False, **filters: Any) -> list[list[str]]:
    raw = b"".join(exporting.csv_chunks(session, RosterFilter(on=ON, **filters), revealed=revealed))
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_the_header_is_the_catalogue(session: Session) -> None:
    assert exported(session) == [HEADER]
    assert HEADER[5:] == [field.label for field in FIELDS if field.in_roster]


def test_a_row_says_what_is_known_in_words(session: Session) -> None:
    application = appointed(
        session,
        name="欧阳·𠮷",
        id_number=NUMBER,
        phone="13912345678",
        email="ouyang@example.com",
        service_areas=["goods", "mediation"],
        availability=["weekday", "weekend"],
    )

    [_header, row] = exported(session)

    assert row == [
        application.reference, "2027年度招募", "2027-09-01", "2029-08-31", "在聘",
        "欧阳·𠮷", "居民身份证", "*" * 14 + NUMBER[-4:], "1990-03-07", "女", "汉族",
        "*******5678", "已登记", "太原市", "小店区", "", "本科", "群众", "教师", "", "",
        "商品监督、协助调解消费纠纷", "工作日白天、周末", "",
    ]  # fmt: skip


def test_numbers_are_whole_only_when_revealed(session: Session) -> None:
    appointed(session, id_number=NUMBER, phone="13912345678", email="ouyang@example.com")
    private = {NUMBER, "13912345678", "ouyang@example.com"}

    assert private <= set(exported(session, revealed=True)[1])
    assert private.isdisjoint(exported(session)[1])


def test_the_file_begins_with_a_mark_and_ends_lines_as_windows_does(session: Session) -> None:
    appointed(session)

    first, *rest = exporting.csv_chunks(session, RosterFilter(on=ON), revealed=False)

    assert first.startswith(b"\xef\xbb\xbf")
    assert first.endswith(b"\r\n")
    assert len(rest) == 1
    assert (first + rest[0]).count(b"\r\n") == 2


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\ufeff=1", "\u200b=cmd", "\t=1"]
)
def test_a_cell_cannot_run(session: Session, formula: str) -> None:
    appointed(session, occupation=formula, speciality="食品=安全")

    [_header, row] = exported(session)

    assert row[HEADER.index("职业")] == f"'{formula}"
    assert row[HEADER.index("专业特长")] == "食品=安全"


def test_only_the_appointed_are_in_it_oldest_first(session: Session) -> None:
    for status in Status:
        if status is not Status.APPROVED:
            make_application(session, status=status)
    names = ["甲", "乙", "丙"]
    for name in names:
        appointed(session, name=name)

    assert [row[5] for row in exported(session)[1:]] == names


def test_filters_narrow_the_export(session: Session) -> None:
    appointed(session, name="甲乙")
    appointed(session, name="丙丁", region="140200", county="140213")

    def names(**filters: Any) -> list[str]:
        return [row[5] for row in exported(session, **filters)[1:]]

    assert names(region="140200") == ["丙丁"]
    assert names(text="甲乙") == ["甲乙"]
    assert names(status=TermStatus.ACTIVE) == ["甲乙", "丙丁"]
    assert names(status=TermStatus.ENDED) == []
    assert names(recruitment_id=99) == []


def test_the_export_is_read_in_pieces(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        appointed(session)
    monkeypatch.setattr(exporting, "_CHUNK", 2)

    chunks = list(exporting.csv_chunks(session, RosterFilter(on=ON), revealed=False))

    assert [chunk.count(b"\r\n") for chunk in chunks] == [1, 2, 2, 1]


def test_a_workbook_holds_text_and_no_formula(session: Session, tmp_path: Path) -> None:
    appointed(session, name="李雷", id_number=NUMBER, occupation="=1+1", phone="13912345678")
    path = tmp_path / "roster.xlsx"

    count = exporting.write_xlsx(session, RosterFilter(on=ON), path, revealed=True)

    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    cells = re.findall(r"<t(?: [^>]*)?>([^<]*)</t>", sheet)
    assert count == 1
    assert cells[: len(HEADER)] == HEADER
    assert {"李雷", NUMBER, "=1+1", "13912345678"} <= set(cells)
    assert "<f>" not in sheet
    assert "<v>" not in sheet


def test_a_workbook_is_never_cut_short(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        appointed(session)
    path = tmp_path / "roster.xlsx"

    monkeypatch.setattr(exporting, "SHEET_ROWS", 2)
    with pytest.raises(Refused, match="一张工作表最多2人，请加筛选或改用CSV"):
        exporting.write_xlsx(session, RosterFilter(on=ON), path, revealed=False)
    assert not path.exists()

    monkeypatch.setattr(exporting, "SHEET_ROWS", 3)
    assert exporting.write_xlsx(session, RosterFilter(on=ON), path, revealed=False) == 3
