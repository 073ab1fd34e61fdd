"""The tables that hang on an application, as the person may read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..db import vault_of
from ..domain.actions import action_label
from ..domain.consents import CONSENT_TEXTS
from ..domain.fields import LABELS
from ..domain.messages import MessageKind
from ..domain.workflow import DECISION_LABELS
from ..models import Application, Message, PrivateLink, RenewalWish, Staff
from ..services import nominating, remembering

Records = Iterable[dict[str, Any]]
Labels = dict[str, str]

#: Words of staff that were for the person; others are between officers and left out.
_TOLD = frozenset({"return", "reject", "withdraw", "amend"})


def _role(staff: Staff | None) -> str:
    """Never a name."""
    return staff.role.label if staff else "本人"


def _consents(_session: Session, application: Application) -> Records:
    for each in application.consents:
        text = CONSENT_TEXTS[each.kind].label
        yield {"kind": each.kind, "given": each.given, "version": each.text_version,
               "at": each.at, "text": text}  # fmt: skip


def _decisions(session: Session, application: Application) -> Records:
    vault = vault_of(session)
    for each in application.decisions:
        yield {
            "at": each.at,
            "move": DECISION_LABELS.get(each.move, each.move),
            "from": each.source,
            "to": each.target,
            "by": _role(each.staff),
            "words": each.reason if each.move in _TOLD else "",
            "fields": list(each.fields),
            "due_on": each.due_on,
            "outcome": each.outcome,
            "before": each.open_before(vault),
        }


def _sightings(_session: Session, application: Application) -> Records:
    for each in application.sightings:
        yield {"kind": each.kind, "at": each.at, "by": _role(each.staff)}


def _messages(session: Session, application: Application) -> Records:
    query = sa.select(Message).where(Message.application_id == application.id)
    for each in session.scalars(query.order_by(Message.id)):
        yield {"kind": MessageKind(each.kind), "via": each.via, "status": each.status,
               "created_at": each.created_at, "sent_at": each.sent_at,
               "tried_at": each.tried_at, "error": each.error,
               "edited": "\n".join(each.open_edited(vault_of(session)) or ())}  # fmt: skip


def _attachments(_session: Session, application: Application) -> Records:
    for each in application.attachments:
        yield {"kind": each.kind, "filename": each.filename, "media_type": each.media_type,
               "size": each.size, "pages": each.pages, "uploaded_at": each.uploaded_at,
               "sha256": each.digest}  # fmt: skip


def _appointment(_session: Session, application: Application) -> Records:
    term = application.appointment
    if term is not None:
        yield {"number": term.number, "starts_on": term.starts_on, "ends_on": term.ends_on,
               "terminated_on": term.terminated_on, "created_at": term.created_at}  # fmt: skip


def _certificates(_session: Session, application: Application) -> Records:
    for each in application.appointment.certificates if application.appointment else []:
        yield {"code": each.code, "issued_at": each.issued_at, "reason": each.reason,
               "replaced_at": each.replaced_at, "by": _role(each.issued_by)}  # fmt: skip


def _endings(_session: Session, application: Application) -> Records:
    for each in application.appointment.endings if application.appointment else []:
        yield {"reason": each.reason, "words": each.words, "ends_from": each.ends_from,
               "at": each.at, "by": _role(each.staff), "undone_at": each.undone_at}  # fmt: skip


def _nominations(session: Session, application: Application) -> Records:
    for nominee, recommendation in nominating.nominations(session, application):
        yield {"unit": recommendation.unit_name, "status": nominee.status,
               "number": nominee.number, "sent_at": nominee.sent_at,
               "answers": nominee.open_answers(vault_of(session)),
               "answered_at": nominee.answered_at}  # fmt: skip


def _requests(session: Session, application: Application) -> Records:
    for each in application.requests:
        yield {"kind": each.kind, "status": each.status,
               "words": each.open_words(vault_of(session)), "asked_at": each.asked_at,
               "due_on": each.due_on, "answer": each.answer, "answered_at": each.answered_at,
               "by": _role(each.answered_by) if each.answered_at else ""}  # fmt: skip


def _links(session: Session, application: Application) -> Records:
    query = sa.select(PrivateLink).where(PrivateLink.application_id == application.id)
    for each in session.scalars(query.order_by(PrivateLink.created_at)):
        yield {"purpose": each.purpose, "created_at": each.created_at,
               "expires_at": each.expires_at}  # fmt: skip


def _wishes(session: Session, application: Application) -> Records:
    wish = session.get(RenewalWish, application.id)
    if wish is not None:
        yield {"asked_at": wish.asked_at, "told_at": wish.told_at}


def _looks(session: Session, application: Application) -> Records:
    for look in remembering.looks(session, application.reference):
        yield {"at": look.at, "what": action_label(look.action), "by": look.role,
               "field": LABELS.get(look.what, look.what)}  # fmt: skip


_AT, _BY = {"at": "时间"}, {"by": "谁"}

#: Table: key and title of its part, the labels of its items, and its records.
PARTS_OF_TABLES: dict[
    str, tuple[str, str, Labels, Callable[[Session, Application], Records]]
] = {
    "consent_given": ("consents", "同意",
        _AT | {"kind": "同意什么", "given": "同意", "version": "文本版本", "text": "文本"},
        _consents),
    "decision": ("decisions", "审核记录",
        _AT | _BY | {"move": "办了什么", "from": "从", "to": "到", "words": "说明",
                     "fields": "项目", "due_on": "期限", "outcome": "资格核对",
                     "before": "改动以前"},
        _decisions),
    "sighting": ("originals", "核对过的原件", _AT | _BY | {"kind": "材料"}, _sightings),
    "attachment": ("attachments", "附件",
        {"kind": "材料", "filename": "文件名", "media_type": "类型", "size": "字节",
         "pages": "页数", "uploaded_at": "上传", "sha256": "校验值（SHA-256）"},
        _attachments),
    "nominee": ("nominations", "单位推荐",
        {"unit": "单位", "status": "情况", "number": "名单上第几行", "sent_at": "请您确认的邮件",
         "answers": "单位填写的内容", "answered_at": "答复"},
        _nominations),
    "message": ("messages", "通知",
        {"kind": "内容", "via": "方式", "status": "情况", "created_at": "记入",
         "sent_at": "发出", "tried_at": "最近试过", "error": "没发出或者打电话的结果",
         "edited": "工作人员改过的标题和正文"},
        _messages),
    "appointment": ("appointment", "聘任",
        {"number": "聘书编号", "starts_on": "聘期第一日", "ends_on": "聘期最后一日",
         "terminated_on": "解聘日", "created_at": "记入"},
        _appointment),
    "certificate": ("certificates", "聘书",
        _BY | {"code": "查验码", "issued_at": "制发", "reason": "换发原因",
               "replaced_at": "已换发"},
        _certificates),
    "ending": ("endings", "提前解聘",
        _AT | _BY | {"reason": "原因", "words": "说明", "ends_from": "从哪天起",
                     "undone_at": "撤销"},
        _endings),
    "subject_request": ("requests", "请求",
        _BY | {"kind": "请求", "status": "情况", "words": "您的话", "asked_at": "提出",
               "due_on": "答复期限", "answer": "答复", "answered_at": "答复时间"},
        _requests),
    "private_link": ("links", "发出过的专用链接",
        {"purpose": "用途", "created_at": "生成", "expires_at": "失效"}, _links),
    "renewal_wish": ("wishes", "开始招募时通知我",
        {"asked_at": "提出", "told_at": "通知"}, _wishes),
    "audit_event": ("looks", "谁看过完整号码，谁下载过",
        _AT | _BY | {"what": "做了什么", "field": "项目"}, _looks),
}  # fmt: skip

#: Tables with a column for an application that have no part, each with the reason.
WITHOUT_PART: dict[str, str] = {
    "name_token": "姓名的片段，只用来查找，姓名本身在资料里",
    "draft": "续聘时没有提交的草稿，由草稿自己的链接打开",
    "application": "续聘的报名是另一份报名，用它自己的编号查询和下载",
}

_ROW, _TOKEN = "程序内部的行号或者编号", "链接的凭证，谁有它谁就能打开"
_WHOSE = "这份资料就是它的"
_STAFF = "工作人员，只写角色"
_OTHERWISE = "资料里用别的名称写着"
_POST = "发信程序用的"
#: Columns of these tables without an item, each with the reason.
WITHOUT_ITEM: dict[str, dict[str, str]] = {
    "consent_given": {"id": _ROW, "application_id": _WHOSE, "text_version": _OTHERWISE},
    "decision": {"id": _ROW, "application_id": _WHOSE, "staff_id": _STAFF,
                 "source": _OTHERWISE, "target": _OTHERWISE, "reason": _OTHERWISE},
    "sighting": {"application_id": _WHOSE, "staff_id": _STAFF},
    "attachment": {"id": _ROW, "slug": _ROW, "application_id": _WHOSE, "draft_digest": _ROW,
                   "recommendation_id": _ROW, "digest": _OTHERWISE,
                   "content": "附件本身，在ZIP里", "uploaded_by": _STAFF},
    "nominee": {"id": _ROW, "application_id": _WHOSE, "recommendation_id": _ROW,
                "name": "在单位填写的内容里", "id_number_index": "查重用的密文",
                "id_number_last4": "号码本身在资料里", "token": _TOKEN, "token_digest": _TOKEN,
                "confirmed_by_id": _STAFF},
    "message": {"id": _ROW, "slug": _ROW, "dedupe_key": _ROW, "application_id": _WHOSE,
                "draft_digest": _ROW, "recommendation_id": _ROW, "decision_id": _ROW,
                "nominee_id": _ROW, "recruitment_id": _ROW, "request_id": _ROW,
                "link_digest": _TOKEN, "due_since": _POST, "next_try_at": _POST,
                "leased_until": _POST, "attempts": _POST, "rounds": _POST,
                "closed_on": "招募原来的截止日，不是您的资料"},
    "appointment": {"id": _ROW, "application_id": _WHOSE, "recruitment_id": _ROW,
                    "prefix": _OTHERWISE, "year": _OTHERWISE, "serial": _OTHERWISE,
                    "region": "和填写的地区一样", "version": _ROW},
    "certificate": {"id": _ROW, "appointment_id": _WHOSE, "issued_by_id": _STAFF},
    "ending": {"id": _ROW, "appointment_id": _WHOSE, "staff_id": _STAFF, "undone_by_id": _STAFF,
               "undone_reason": "工作人员之间的话"},
    "subject_request": {"id": _ROW, "slug": _ROW, "version": _ROW, "application_id": _WHOSE,
                        "answered_by_id": _STAFF},
    "private_link": {"application_id": _WHOSE, "draft_digest": _ROW, "recommendation_id": _ROW,
                     "token": _TOKEN, "token_digest": _TOKEN},
    "renewal_wish": {"application_id": _WHOSE},
    "audit_event": {"id": _ROW, "subject": _WHOSE, "action": _OTHERWISE, "actor": _STAFF,
                    "detail": "项目写着，其余是工作人员之间的话", "address": "工作人员的网络地址",
                    "request_id": _ROW, "keep_until": "日志保留到哪天"},
}  # fmt: skip
