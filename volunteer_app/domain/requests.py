"""What a person may ask of the association about an application of their own, and by when."""

from __future__ import annotations

import datetime as dt

from .vocabulary import Labelled


class RequestKind(Labelled):
    """请求: a second look after a rejection, or a right over one's own data (个人信息保护法)."""

    SECOND_LOOK = "second_look", "请再核对"
    CORRECTION = "correction", "更正资料"
    DELETION = "deletion", "删除资料"


class RequestStatus(Labelled):
    OPEN = "open", "待办"
    GRANTED = "granted", "已办"
    DECLINED = "declined", "没有同意"


class LinkPurpose(Labelled):
    """What a private link opens."""

    RESUME_DRAFT = "resume_draft", "继续填写报名"
    RESUME_RECOMMENDATION = "resume_recommendation", "继续办理单位推荐"
    OWN_DATA = "own_data", "下载本人全部资料"
    RENEW = "renew", "续聘"


#: Days in which staff answer.
ANSWER_DAYS = {
    RequestKind.SECOND_LOOK: 15,
    RequestKind.CORRECTION: 30,
    RequestKind.DELETION: 30,
}


def due_on(kind: RequestKind, asked_on: dt.date) -> dt.date:
    """The last day for an answer."""
    return asked_on + dt.timedelta(days=ANSWER_DAYS[kind])
