"""The list of 打电话: what each row says, its number in part or in full, what is ticked so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, render_template, url_for

from ..db import db
from ..domain.masking import mask_phone
from ..domain.messages import MessageKind, MessageStatus, MessageVia, PhoneOutcome
from ..models import Association, Message
from ..services import calling, delivering, outbox, recruiting
from .access import current_staff
from .clock import now
from .filters import moment
from .letters import Words, words_of, words_to_say
from .search_forms import RevealForm

#: Rows on one page: each is a letter that is written for it.
PAGE_SIZE = 25
_TABS = (
    MessageStatus.WAITING,
    MessageVia.PHONE,
    MessageStatus.SENT,
    MessageStatus.FAILED,
    MessageStatus.CANCELLED,
)
Tab = MessageStatus | MessageVia


@dataclass(frozen=True, kw_only=True)
class Row:
    """One call to be made. `outdated` says why it is not; `phone` is full where it was revealed."""

    message: Message
    kind: str
    words: str
    phone: str
    revealed: bool
    outdated: str
    before: str
    ticked: str


@dataclass(frozen=True)
class Common:
    """What is read once for all rows; the association is held, so that each letter finds it."""

    association: Association
    words: Words


def tabs(current: Tab) -> list[tuple[str, str, str | None, bool]]:
    """The tabs of 通知, as the macro takes them."""
    counts = outbox.counts(db.session, current_staff())
    return [(_word(tab), _address(tab), counts.get(tab), tab is current) for tab in _TABS]


def _word(tab: Tab) -> str:
    return "打电话" if tab is MessageVia.PHONE else tab.label


def _address(tab: Tab) -> str:
    if tab is MessageVia.PHONE:
        return url_for("messages.calls")
    return url_for("messages.index", status=tab.value)


def render(
    *,
    after: str = "",
    form: RevealForm | None = None,
    numbers: Mapping[str, str] | None = None,
    ticked: Mapping[str, str] | None = None,
    conflict: str = "",
) -> str:
    """The page from behind that slug. `numbers` are those in full, `ticked` what was chosen, both
    by slug; `form` has the reason."""
    messages, more = calling.to_call(db.session, current_staff(), after=after, size=PAGE_SIZE)
    common = Common(recruiting.association(db.session), words_of(db.session))
    rows = [row_of(message, common, numbers or {}, ticked or {}) for message in messages]
    return render_template(
        "messages/calls.html",
        tabs=tabs(MessageVia.PHONE),
        rows=rows,
        outcomes=PhoneOutcome,
        form=form or RevealForm.of("phone", formdata=None),
        conflict=conflict,
        after=after,
        following=messages[-1].slug if more else "",
    )


def row_of(
    message: Message, common: Common, numbers: Mapping[str, str], ticked: Mapping[str, str]
) -> Row:
    outdated = delivering.outdated(db.session, message, now=now()) or ""
    words = (
        ""
        if outdated
        else words_to_say(current_app, db.session, message, now=now(), words=common.words)
    )
    return Row(
        message=message,
        kind=MessageKind(message.kind).label,
        words=words,
        phone=numbers.get(message.slug) or mask_phone(message.phone_last4),
        revealed=message.slug in numbers,
        outdated=outdated,
        before=_before(message),
        ticked=ticked.get(message.slug, ""),
    )


def _before(message: Message) -> str:
    """What became of earlier calls."""
    if message.via is not MessageVia.PHONE or not message.attempts or message.tried_at is None:
        return ""
    return f"打过{message.attempts}次，最近{moment(message.tried_at)}，{message.error}"
