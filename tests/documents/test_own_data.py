"""本人全部资料 is all of it: every column and table has its place, or a reason why not."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests import units
from tests.conftest import ActorFor
from tests.factories import APPLICANT, NOW, make_application
from volunteer_app.db import Base, start_writing, vault_of
from volunteer_app.documents import own_data
from volunteer_app.documents.own_data import LEFT_OUT, as_json, as_zip, gather
from volunteer_app.documents.own_records import PARTS_OF_TABLES, WITHOUT_ITEM, WITHOUT_PART
from volunteer_app.domain.requests import RequestKind
from volunteer_app.domain.vocabulary import DocumentKind, Role, Status
from volunteer_app.models import Application, Attachment, Message
from volunteer_app.services import attaching, editing, requesting
from volunteer_app.services.attaching import JPEG, Upload
from volunteer_app.services.auditing import record


def full(session: Session, actor_for: ActorFor) -> Application:
    application = make_application(
        session, status=Status.APPROVED, phone="13912345678", wechat="wx_qiao", employer="某单位"
    )
    reviewer = actor_for(Role.REVIEWER)
    start_writing(session)
    for name in ("照片.jpg", "照片.jpg"):
        upload = Upload(
            kind=DocumentKind.OTHER,
            filename=name,
            media_type=JPEG,
            content=f"{name}{len(application.attachments)}".encode(),
            pages=1,
        )
        attaching.attach(session, upload, application, actor=APPLICANT, now=NOW)
    kind = RequestKind.CORRECTION
    requesting.ask(session, application, kind, "请改工作单位", actor=APPLICANT, now=NOW)
    record(
        session, "reveal", application.reference, actor=reviewer, now=NOW, field="phone",
        reason="核对",
    )  # fmt: skip
    session.commit()
    return application


def test_every_column_of_an_application_is_in_it_or_has_a_reason(
    session: Session, actor_for: ActorFor
) -> None:
    parts = {part.key: part for part in gather(session, full(session, actor_for))}
    keys = {item.key for key in ("application", "answers") for item in parts[key].records[0]}
    columns = {
        column.name.removesuffix("_sealed")
        for column in Base.metadata.tables["application"].columns
    }

    assert columns - keys - LEFT_OUT.keys() == {"findings"}
    assert set(LEFT_OUT) <= columns
    assert parts["findings"].records


def test_every_table_that_hangs_on_an_application_is_in_it_or_has_a_reason() -> None:
    hanging = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ("application", "appointment")
    }

    assert hanging - PARTS_OF_TABLES.keys() == WITHOUT_PART.keys()


@pytest.mark.parametrize("table", PARTS_OF_TABLES)
def test_every_column_of_these_tables_is_in_it_or_has_a_reason(table: str) -> None:
    _key, _title, labels, _rows = PARTS_OF_TABLES[table]
    columns = {
        column.name.removesuffix("_sealed") for column in Base.metadata.tables[table].columns
    }

    assert columns - labels.keys() == WITHOUT_ITEM[table].keys()


def test_every_record_has_an_item_for_each_label(session: Session, actor_for: ActorFor) -> None:
    parts = {part.key: part for part in gather(session, full(session, actor_for))}

    for key, _title, labels, _rows in PARTS_OF_TABLES.values():
        for items in parts[key].records:
            assert [item.key for item in items if item.key not in labels] == []
            assert {item.key for item in items} == labels.keys()


def test_a_letter_that_staff_wrote_is_in_it(session: Session, actor_for: ActorFor) -> None:
    application = full(session, actor_for)
    start_writing(session)
    message = session.scalars(sa.select(Message).where(Message.kind == "approved")).one()
    editing.edit(
        session, message, subject="恭喜您", text="乔老师，下周一见。",
        actor=actor_for(Role.REVIEWER), now=NOW,
    )  # fmt: skip
    session.commit()

    written = json.loads(as_json(gather(session, application), at=NOW))

    assert "恭喜您\n乔老师，下周一见。" in [each["edited"] for each in written["messages"]]


def test_both_renderings_say_what_is_stored_in_clear(session: Session, actor_for: ActorFor) -> None:
    application = full(session, actor_for)
    number = application.open("id_number", vault_of(session))

    written = json.loads(as_json(gather(session, application), at=NOW))

    assert written["generated_at"] == "2027-08-12T10:00:00+08:00"
    [answers] = written["answers"]
    assert (answers["id_number"], answers["phone"]) == (number, "13912345678")
    assert answers["education"] == "bachelor"
    assert [each["move"] for each in written["decisions"]] == ["提交", "通过"]
    assert [each["by"] for each in written["decisions"]] == ["本人", "审核员"]
    assert written["requests"][0]["words"] == "请改工作单位"
    assert written["appointment"][0]["number"] == "晋消志聘〔2027〕第0001号"
    assert written["looks"][0] | {"at": ""} == {
        "at": "", "what": "查看完整号码", "by": "审核员", "field": "手机号码",
    }  # fmt: skip
    assert {each["kind"] for each in written["consents"]} == {
        "consent", "consent_sensitive", "consent_public",
    }  # fmt: skip


def test_no_officer_is_named_and_no_word_between_officers_is_told(session: Session) -> None:
    application = make_application(session, status=Status.AWAITING_APPROVAL)
    proposer = application.decisions[-1].staff
    assert proposer is not None

    text = as_json(gather(session, application), at=NOW).decode()

    assert proposer.name not in text
    assert proposer.username not in text
    assert "材料与填写的不一致" not in text


def test_a_nominees_data_say_which_unit_wrote_what(session: Session) -> None:
    recommendation = units.proven(session, count=1)
    [nominee] = recommendation.nominees
    assert nominee.application is not None

    written = json.loads(as_json(gather(session, nominee.application), at=NOW))

    assert written["nominations"][0]["unit"] == "太原市消费研究中心"
    assert written["nominations"][0]["answers"]["name"] == nominee.name


def test_the_archive_has_the_data_and_every_file(session: Session, actor_for: ActorFor) -> None:
    application = full(session, actor_for)

    file = io.BytesIO(b"".join(as_zip(session, application, at=NOW)))
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["data.json", "attachments/01-照片.jpg", "attachments/02-照片.jpg"]
        assert archive.read(names[2]) == "照片.jpg1".encode()
        assert json.loads(archive.read("data.json"))["application"][0]["status"] == "approved"


def test_the_archive_is_made_without_a_file_and_without_a_transaction_that_waits(
    session: Session, actor_for: ActorFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = full(session, actor_for)
    monkeypatch.setattr("tempfile._get_default_tempdir", lambda: "/nowhere")
    monkeypatch.setattr("tempfile.tempdir", None)

    pieces = []
    for piece in as_zip(session, application, at=NOW):
        assert not session.in_transaction()
        pieces.append(piece)

    assert len(pieces) == 3
    assert all(pieces)


def test_a_file_name_is_never_a_path(session: Session, actor_for: ActorFor) -> None:
    application = full(session, actor_for)
    start_writing(session)
    session.get_one(Attachment, application.attachments[0].id).filename = "../../etc/passwd"
    session.commit()

    file = io.BytesIO(b"".join(as_zip(session, application, at=NOW)))
    names = zipfile.ZipFile(file).namelist()

    assert names[1] == "attachments/01-_.._etc_passwd"


def test_words_of_people_are_words_and_not_codes(session: Session, actor_for: ActorFor) -> None:
    parts = {part.key: part for part in gather(session, full(session, actor_for))}
    words = {item.key: item.words for item in parts["answers"].records[0]}

    assert (words["education"], words["region"]) == ("本科", "太原市")
    assert own_data.item("x", "x", ["occupation"]).words == "职业"
