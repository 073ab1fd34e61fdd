"""Words of 通知: what a message tells, and what became of it."""

from __future__ import annotations

from .vocabulary import Labelled


class MessageStatus(Labelled):
    """Where a message of the outbox is; a message that is no longer right is never sent."""

    WAITING = "waiting", "待发"
    SENT = "sent", "已发"
    FAILED = "failed", "没发出"
    CANCELLED = "cancelled", "不再发"


class MessageKind(Labelled):
    """What a message tells; each has its text in templates/mail/."""

    RECEIVED = "received", "已收到"
    RETURNED = "returned", "退回补正"
    APPROVED = "approved", "已通过"
    REJECTED = "rejected", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"
    CONFIRM_NOMINATION = "confirm_nomination", "请本人确认"
