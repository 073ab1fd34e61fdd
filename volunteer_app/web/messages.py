"""通知 for staff: waiting, sent, not sent with the server's words; again, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ..db import db, start_writing
from ..domain.masking import mask_email, mask_phone
from ..domain.messages import ONLY_A_LINK, MessageKind, MessageStatus, PhoneOutcome
from ..domain.permissions import Permission
from ..domain.refusal import Refused
from ..models import Message
from ..services import calling, delivering, editing, outbox
from . import call_page
from .access import actor, current_staff, open_to
from .call_page import tabs
from .clock import now
from .inputs import VolunteerForm
from .letters import can_send, shown_letter
from .narrowing import PAGE_SIZE, one_of

messages = Blueprint("messages", __name__, url_prefix="/staff/messages")

_STAYED = "页面停留太久，没有办，请再点一次。"


def get_or_404(slug: str, *, lock: bool = False) -> Message:
    """Another prefecture's is as if it were not there."""
    return outbox.find_message(db.session, current_staff(), slug, lock=lock) or abort(404)


@messages.get("/")
@open_to(Permission.REVIEW)
def index() -> ResponseReturnValue:
    """Tabs by what became of them; those that wait come first."""
    staff = current_staff()
    status = one_of(MessageStatus, request.args.get("status")) or MessageStatus.WAITING
    after = request.args.get("after", "")
    rows, more = outbox.listed(db.session, staff, status, after=after, size=PAGE_SIZE)
    return render_template(
        "messages/index.html",
        status=status,
        tabs=tabs(status),
        rows=rows,
        kinds=MessageKind,
        following=rows[-1].slug if more else "",
        first=not after,
        overtaken=delivering.overtaken,
        configured=can_send(current_app),
    )


@messages.get("/calls")
@open_to(Permission.REVIEW)
def calls() -> ResponseReturnValue:
    """打电话: who left no e-mail address and has to know."""
    return call_page.render(after=request.args.get("after", ""))


@messages.get("/<slug>")
@open_to(Permission.REVIEW)
def show(slug: str) -> ResponseReturnValue:
    return render(get_or_404(slug))


def render(message: Message, *, conflict: str = "") -> str:
    """The letter as it would be written now, and what can be done with it."""
    address = delivering.recipient(db.session, message)
    called = calling.waits_for_a_call(message)
    why_not = delivering.outdated if called else delivering.undeliverable
    sent = message.status is MessageStatus.SENT
    outdated = "" if sent else why_not(db.session, message, now=now())
    return render_template(
        "messages/show.html",
        message=message,
        kind=MessageKind(message.kind),
        letter=shown_letter(current_app, db.session, message, now=now()),
        address=mask_email(address) if address else "",
        phone=mask_phone(message.phone_last4) if message.phone_last4 else "",
        outdated=outdated or "",
        under_way=outbox.under_way(message, now=now()),
        by_phone=called,
        for_the_phone=MessageKind(message.kind) not in ONLY_A_LINK,
        outcomes=PhoneOutcome,
        editable=editing.is_editable(message, now=now()),
        edition=editing.edition_of(message),
        conflict=conflict,
        configured=can_send(current_app),
        form=VolunteerForm(formdata=None),
    )


@messages.post("/<slug>/again")
@open_to(Permission.REVIEW)
def send_again(slug: str) -> ResponseReturnValue:
    return act(slug, outbox.send_again, "已排入待发。")


@messages.post("/<slug>/by-phone")
@open_to(Permission.REVIEW)
def by_phone(slug: str) -> ResponseReturnValue:
    return act(slug, calling.move_to_phone, "已放到“打电话”里。")


@messages.post("/<slug>/drop")
@open_to(Permission.REVIEW)
def drop(slug: str) -> ResponseReturnValue:
    """不再发; the other button says that the person was told already."""
    told = request.form.get("told") == "yes"
    said = "已记下：告诉过本人，不再发。" if told else "这条通知不再发。"
    return act(slug, partial(outbox.drop, told=told), said, onwards=url_for("messages.index"))


def act(
    slug: str, work: Callable[..., None], said: str, *, onwards: str = ""
) -> ResponseReturnValue:
    """One service on one message in the writer's turn; back to it, or `onwards`."""
    start_writing(db.session)
    message = get_or_404(slug, lock=True)
    if not VolunteerForm().validate():
        return render(message, conflict=_STAYED), 422
    try:
        work(db.session, message, actor=actor(), now=now())
        db.session.commit()
    except Refused as refusal:
        return conflict(slug, refusal)
    flash(said)
    return redirect(onwards or url_for("messages.show", slug=slug), 303)


def conflict(slug: str, refusal: Refused) -> ResponseReturnValue:
    """The page as things are now, with the sentence why not."""
    db.session.rollback()
    return render(get_or_404(slug), conflict=refusal.message), 409
