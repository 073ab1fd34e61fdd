"""Words of 通知: what a message tells, and what became of it."""

from __future__ import annotations

from .vocabulary import Labelled


class MessageStatus(Labelled):
    """Where a message of the outbox is; a message that is no longer right is never sent."""

    WAITING = "waiting", "待发"
    SENT = "sent", "已发"
    FAILED = "failed", "没发出"
    CANCELLED = "cancelled", "不再发"


class MessageVia(Labelled):
    """How it reaches the person: who left no e-mail address is rung up."""

    EMAIL = "email", "邮件"
    PHONE = "phone", "电话"


#: Why a message was not sent although the person knows what it tells.
TOLD_OTHERWISE = "已用别的办法告诉本人"


class PhoneOutcome(Labelled):
    """What became of a call."""

    TOLD = "told", "已告诉本人"
    NO_ANSWER = "no_answer", "没人接"
    WRONG_NUMBER = "wrong_number", "号码不对"


class MessageKind(Labelled):
    """What a message tells; each has its text in templates/mail/."""

    RECEIVED = "received", "已收到"
    RETURNED = "returned", "退回补正"
    APPROVED = "approved", "已通过"
    REJECTED = "rejected", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"
    CONFIRM_NOMINATION = "confirm_nomination", "请本人确认"
    UNIT_REMINDER = "unit_reminder", "提醒单位"
    DRAFT_REMINDER = "draft_reminder", "草稿还没提交"
    DEADLINE_MOVED = "deadline_moved", "截止日有变"
    RESUME_LINK = "resume_link", "继续填写的链接"
    EXPIRING = "expiring", "聘期快满"
    ENDED = "ended", "聘期届满"
    ENDED_EARLY = "ended_early", "提前解聘"
    ENDING_UNDONE = "ending_undone", "解聘已撤销"
    CERTIFICATE = "certificate", "聘书换发"
    ANSWERED = "answered", "请求有了答复"
    OWN_DATA = "own_data", "本人全部资料"
    OPENS = "opens", "招募开始"


#: Told by telephone to who left no e-mail address: they would not hear of it otherwise.
BY_PHONE = frozenset(
    {
        MessageKind.RETURNED,
        MessageKind.APPROVED,
        MessageKind.REJECTED,
        MessageKind.UNIT_REMINDER,
        MessageKind.EXPIRING,
        MessageKind.ENDED,
        MessageKind.ENDED_EARLY,
        MessageKind.ENDING_UNDONE,
        MessageKind.ANSWERED,
        MessageKind.OPENS,
    }
)
#: Nothing but a link to full numbers: a call cannot tell it.
ONLY_A_LINK = frozenset({MessageKind.OWN_DATA, MessageKind.RESUME_LINK})
