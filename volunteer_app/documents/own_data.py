"""本人全部资料: everything stored about one application, gathered once, written in two ways.

What is stored and not in it stands in LEFT_OUT with the reason; a test keeps the two complete.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.fields import BY_NAME, FIELDS, LABELS
from ..domain.terms import SHANGHAI
from ..models import Application, Attachment
from ..services import judging, showing
from ..services.answering import SEALED, answers_of
from .own_records import PARTS_OF_TABLES

#: Columns of an application that are not handed out, each with the reason.
LEFT_OUT: dict[str, str] = {
    "id": "程序内部的行号",
    "recruitment_id": "程序内部的行号，招募写的是名称",
    "submission_token": "防重复提交的随机数",
    "version": "程序内部的版本号",
    "proposed_by_id": "工作人员，在审核记录里写角色",
    "confirmed_by_id": "工作人员，在审核记录里写角色",
    "renews_id": "程序内部的行号，写的是报名编号",
    "id_number_index": "查重用的密文，号码本身在资料里",
    "phone_index": "查找用的密文，号码本身在资料里",
    "id_number_last4": "号码本身在资料里",
    "phone_last4": "号码本身在资料里",
}


@dataclass(frozen=True)
class Item:
    """One value: `key` and `value` for machines (JSON), `label` and `words` for people."""

    key: str
    label: str
    value: Any
    words: str


@dataclass(frozen=True)
class Part:
    """One topic with its records; `empty` is said where there is none."""

    key: str
    title: str
    records: list[list[Item]]


def gather(session: Session, application: Application) -> list[Part]:
    """Every part, in the order in which a person would ask."""
    answered = [
        Part("application", "报名", [_of_application(application)]),
        Part("answers", "填写的内容", [_answers(session, application)]),
        Part("findings", "资格核对", _findings(application)),
    ]
    others = [
        Part(key, title, [_items(labels, each) for each in rows(session, application)])
        for key, title, labels, rows in PARTS_OF_TABLES.values()
    ]
    return answered + others


def _of_application(application: Application) -> list[Item]:
    renews = application.renews.reference if application.renews else None
    values = {
        "reference": ("报名编号", application.reference),
        "recruitment": ("招募", application.recruitment.title),
        "channel": ("途径", application.channel),
        "status": ("状态", application.status),
        "outcome": ("资格核对结果", application.outcome),
        "human_review": ("请工作人员核定", application.human_review),
        "submitted_at": ("提交", application.submitted_at),
        "received_on": ("收到日期", application.received_on),
        "received_via": ("怎么收到的", application.received_via),
        "changed_at": ("最近变动", application.changed_at),
        "due_on": ("补正期限", application.due_on),
        "fields_to_correct": ("要补正的", application.fields_to_correct),
        "renews": ("续聘自", renews),
    }
    return [item(key, label, value) for key, (label, value) in values.items()]


def _answers(session: Session, application: Application) -> list[Item]:
    stored = answers_of(application, vault_of(session))
    return [
        Item(
            field.name,
            field.label,
            stored[field.name],
            stored[field.name]
            if field.name in SEALED
            else showing.in_words(field.name, getattr(application, field.name)),
        )
        for field in FIELDS
        if field.name in stored
    ]


def _findings(application: Application) -> list[list[Item]]:
    return [
        [
            item("rule", "核对项", finding.rule, finding.label),
            item("verdict", "结论", finding.verdict),
            item("explanation", "说明", finding.explanation),
            item("source", "依据", finding.source),
        ]
        for finding in judging.kept_findings(application)
    ]


def _items(labels: dict[str, str], record: dict[str, Any]) -> list[Item]:
    return [item(key, labels[key], value) for key, value in record.items()]


def item(key: str, label: str, value: Any, words: str | None = None) -> Item:
    """The value as JSON takes it, and as people read it."""
    return Item(key, label, _plain(value), _in_words(value) if words is None else words)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return getattr(value, "value", value)


def _in_words(value: Any) -> str:
    if isinstance(value, dt.datetime):
        local = value.astimezone(SHANGHAI)
        return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(LABELS.get(each, str(each)) for each in value)
    if isinstance(value, dict):
        return "；".join(
            f"{BY_NAME[name].label}：{showing.kept_in_words(name, each)}"
            for name, each in value.items()
            if name in BY_NAME and each not in ("", None)
        )
    return showing.in_words("", value)


def as_json(parts: Iterable[Part], *, at: dt.datetime) -> bytes:
    """UTF-8, indented; a key for each part with its records."""
    written: dict[str, Any] = {"generated_at": _plain(at)}
    for part in parts:
        written[part.key] = [{each.key: each.value for each in record} for record in part.records]
    return (json.dumps(written, ensure_ascii=False, indent=2) + "\n").encode()


class _Pieces(io.RawIOBase):
    """A file that can only be written on, and gives up what was written so far."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._written += piece
        return len(piece)

    def taken(self) -> bytes:
        piece, self._written = bytes(self._written), bytearray()
        return piece


def as_zip(session: Session, application: Application, *, at: dt.datetime) -> Iterator[bytes]:
    """The JSON and every attachment, in pieces: one attachment is in memory at a time, nothing is
    put on a disk, and no transaction is open while a piece is on its way."""
    data = as_json(gather(session, application), at=at)
    return _archive(session, data, [attachment.id for attachment in application.attachments])


def _archive(session: Session, data: bytes, ids: list[int]) -> Iterator[bytes]:
    file = _Pieces()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", data)
        for number, each in enumerate(ids, start=1):
            session.rollback()
            yield file.taken()
            if (attachment := session.get(Attachment, each)) is not None:
                archive.writestr(_name(number, attachment), attachment.open(vault_of(session)))
                session.expunge(attachment)
        session.rollback()
    yield file.taken()


def _name(number: int, attachment: Attachment) -> str:
    """Numbered, so that two of one name are both there; never a path."""
    plain = attachment.filename.replace("/", "_").replace("\\", "_").lstrip(".")
    return f"attachments/{number:02d}-{plain}"
