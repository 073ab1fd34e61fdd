"""操作日志: who did what to what, newest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from ..db import db
from ..domain import regions
from ..domain.actions import ACTIONS, DETAILS, SUBJECTS, action_label
from ..domain.fields import BY_NAME
from ..domain.messages import MessageKind, PhoneOutcome
from ..domain.permissions import Permission
from ..domain.requests import RequestKind, RequestStatus
from ..domain.text import clean_line
from ..domain.vocabulary import (
    Channel,
    DocumentKind,
    ReceivedVia,
    Role,
    Status,
    Verdict,
)
from ..models import AuditEvent
from ..services import inspecting
from .access import open_to
from .narrowing import PAGE_SIZE, one_of

audit = Blueprint("audit", __name__, url_prefix="/staff/audit")


@audit.get("/")
@open_to(Permission.AUDIT)
def index() -> ResponseReturnValue:
    args = asked()
    before = place()
    found = inspecting.events(
        db.session,
        action=args.get("action", ""),
        subject=args.get("subject", ""),
        before=before,
        size=PAGE_SIZE,
    )
    events = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    return render_template(
        "admin/audit.html",
        args=args,
        actions=ACTIONS,
        events=[shown(event) for event in events],
        turned=before is not None,
        following=url_for("audit.index", **args, before=cursor(events[-1])) if more else None,
    )


def asked() -> dict[str, Any]:
    """The filters of this request; an action that does not exist is no filter."""
    given = {
        "action": request.args.get("action", ""),
        "subject": clean_line(request.args.get("subject", ""))[:80],
    }
    return {k: v for k, v in given.items() if v and (k != "action" or v in ACTIONS)}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="audit-page")


def cursor(event: AuditEvent) -> str:
    """Where the next page begins, signed: nobody else can make one."""
    return str(_signer().dumps(event.id))


def place() -> int | None:
    try:
        before = _signer().loads(request.args.get("before", ""))
    except BadSignature:
        return None
    return int(before)


def shown(event: AuditEvent) -> dict[str, Any]:
    """A row in words; the subject of a failed sign-in is a digest and says nothing to anybody."""
    failed = event.action == "sign_in_failed"
    return {
        "event": event,
        "action": action_label(event.action),
        "actor": _actor(event.actor),
        "subject": "" if failed else SUBJECTS.get(event.subject, event.subject),
        "detail": "；".join(
            f"{DETAILS.get(name, name)}：{text}"
            for name, value in event.detail.items()
            if (text := in_words(name, value))
        ),
    }


def _actor(actor: str) -> str:
    kind, _, username = actor.partition(":")
    return username if kind == "staff" else _OTHERS.get(kind, kind)


_OTHERS = {"applicant": "申请人", "anonymous": "未登录", "cli": "命令行"}


def in_words(name: str, value: Any) -> str:
    """One detail as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "，".join(f"{_label(key)}{in_words(key, each)}" for key, each in value.items())
    if isinstance(value, list):
        return "、".join(_label(str(each)) for each in value)
    if name in _READ:
        return _READ[name](value)
    member = one_of(_KINDS[name], str(value)) if name in _KINDS else None
    if member:
        return str(member.label)
    return _label(str(value)) if name == "field" else str(value or "")


#: The digest of a searched name says nothing to anybody.
_READ: dict[str, Callable[[Any], str]] = {
    "q": lambda _digest: "*",
    "region": lambda code: next((r.name for r in regions.REGIONS if r.code == code), "全省"),
}


def _label(name: str) -> str:
    return BY_NAME[name].label if name in BY_NAME else DETAILS.get(name, name)


_KINDS: dict[str, Any] = {
    "to": Status,
    "channel": Channel,
    "received_via": ReceivedVia,
    "outcome": Verdict,
    "kind": DocumentKind,
    "message": MessageKind,
    "role": Role,
    "call": PhoneOutcome,
    "request": RequestKind,
    "result": RequestStatus,
}
