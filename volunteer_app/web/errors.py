"""Every error page says what happened, what to do, whom to call; nothing typed is lost."""

from __future__ import annotations

import logging
import time
import traceback
from typing import Any

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from ..db import db
from ..domain.refusal import Refused
from .access import can

logger = logging.getLogger("volunteer")

#: Status: title, what happened, what to do.
_WORDS = {
    400: ("请求不完整", "浏览器发来的内容不完整或格式不对。", "请返回上一页，刷新后再试一次。"),
    401: (
        "登录已过期",
        "您的登录已经过期，这次操作还没有办。",
        "请先重新登录，再回到本页点“再试一次”。",
    ),
    403: ("没有权限", "这个页面或操作不对您开放。", "如果您是工作人员，请用有权限的账号登录。"),
    404: ("找不到这个页面", "网址可能输错了，也可能已经失效。", "请核对网址，或回到首页重新进入。"),
    405: ("不能这样打开", "这个网址只接受表单提交。", "请回到首页，从页面上的按钮进入。"),
    409: ("没有办成", "别人刚刚处理过，或者情况已经变化。", "请返回查看最新情况后再决定。"),
    413: ("内容太大", "提交的内容超过了允许的大小。", "请删短文字后再提交。"),
    415: ("不能这样提交", "发来的内容不是网页上的表单。", "请回到首页，从页面上的按钮进入。"),
    429: ("操作太频繁", "短时间内尝试的次数太多。", "请等15分钟再试；着急的请打电话给协会。"),
    500: (
        "系统出错了",
        "不是您的问题，错误已经记录下来。",
        "请稍后再试；还不行，请把下面的编号告诉协会。",
    ),
    503: ("暂时办不了", "系统现在不能保存，您填的内容还在本页。", "请过半分钟点“再试一次”。"),
}
#: The same where nothing typed is in the page, because a password is part of it.
_UNKEPT = {
    401: ("登录已过期", "您的登录已经过期，密码不会留在页面上。", "请重新登录后再填。"),
    503: (
        "暂时办不了",
        "系统现在不能保存，密码不会留在页面上。",
        "请过半分钟返回上一页，重新填写。",
    ),
}
_FILE_TOO_LARGE = (
    "文件太大",
    "您传的文件太大，没有保存。其他内容不受影响。",
    "照片最多5MB，其他文件每个最多10MB。请返回上一页，把照片缩小或者截一张图再传。",
)
#: How much of a body that is refused is still read, in bytes and in seconds: a browser reads no
#: answer while it sends.
_MOST_DRAINED, _DRAIN_SECONDS = 256 * 1024 * 1024, 30
_SECRET = frozenset({"password", "again", "current"})


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(StaleDataError, stale)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(PoolTimeoutError, unavailable)
    app.register_error_handler(Exception, unexpected)


def http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    cause = getattr(error, "original_exception", None)
    if isinstance(
        cause, OperationalError | PoolTimeoutError
    ):  # a commit after the view, as that of a sign-in
        return unavailable(cause)
    if error.code == 413:
        drain()
    status = error.code if error.code in _WORDS else 400 if error.code < 500 else 500
    answer = page(status, retry=status == 401)
    return (*answer, error.get_headers()[1:]) if error.code == 405 else answer


def drain() -> None:
    """Let the browser finish what it sends, and throw it away: else it shows its own page of a
    broken connection instead of ours."""
    stream, left = request.environ["wsgi.input"], request.content_length or 0
    until = time.monotonic() + _DRAIN_SECONDS
    if left > _MOST_DRAINED:
        return
    while left > 0 and time.monotonic() < until:
        chunk = stream.read(min(left, 64 * 1024))
        if not chunk:
            return
        left -= len(chunk)


def refused(error: Refused) -> ResponseReturnValue:
    db.session.rollback()
    return page(409, happened=error.message)


def stale(_error: StaleDataError) -> ResponseReturnValue:
    db.session.rollback()
    return page(409)


def unavailable(error: OperationalError | PoolTimeoutError) -> ResponseReturnValue:
    """Full disk, no connection, no turn in time: the answers stay in the page, to send again."""
    cause = getattr(error, "orig", error)
    logger.error("database unavailable: %s", type(cause).__name__)
    db.session.rollback()
    return (*page(503, retry=True), {"Retry-After": "30"})


def unexpected(error: Exception) -> ResponseReturnValue:
    if (cause := _of_the_database(error)) is None:
        logger.error("unexpected %s, request %s", type(error).__name__, g.get("request_id"),
                     exc_info=error)  # fmt: skip
    else:
        logger.error("unexpected %s", _without_values(error, cause))
    db.session.rollback()
    return page(500)


def _of_the_database(error: BaseException | None) -> DBAPIError | None:
    """The database's error behind that one: its message may quote what people typed."""
    while error is not None and not isinstance(error, DBAPIError):
        error = error.__cause__ or error.__context__
    return error


def _without_values(error: Exception, cause: DBAPIError) -> str:
    """Which errors, and where; no message and no parameter, so nothing about a person."""
    names = ", ".join(type(each).__name__ for each in (error, cause, cause.orig))
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{names}, request {g.get('request_id')}\n{frames}"


def page(status: int, *, happened: str = "", retry: bool = False) -> tuple[str, int]:
    retry = retry and request.method == "POST"
    secret = retry and any(name in _SECRET or "password" in name for name in request.form)
    title, what_happened, what_to_do = (_UNKEPT if secret else _WORDS)[status]
    if status == 413 and request.mimetype == "multipart/form-data":
        title, what_happened, what_to_do = _FILE_TOO_LARGE
    html = render_template(
        "error.html",
        layout=_layout(status),
        title=title,
        what_happened=happened or what_happened,
        what_to_do=what_to_do,
        request_id=g.get("request_id", ""),
        sign_in=status == 401,
        retry=_retry() if retry and not secret else None,
    )
    return html, status


def not_looked_up() -> tuple[str, int]:
    """For who sends a form about an application that is not open in this browser any more: what
    was typed stays in the page, to send again after looking it up."""
    html = render_template(
        "error.html",
        title="请重新查询",
        what_happened="查询以后过了一个小时，或者点过“离开”，这份报名已经关上，刚才填的还没有提交。",
        what_to_do="请先重新查询，再回到本页点“再试一次”。",
        look_up=True,
        retry=_retry(),
    )
    return html, 401


def _layout(status: int) -> str:
    """Staff keep their own navigation, unless the database, which knows who they are, is away."""
    if status == 503 or not request.path.startswith("/staff"):
        return "base.html"
    try:
        can("VIEW")  # asks who is signed in, as that layout will
    except SQLAlchemyError:
        db.session.rollback()
        return "base.html"
    return "staff.html"


def _retry() -> dict[str, Any]:
    """The form as it was sent, but for the old token."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return {"action": request.full_path.rstrip("?"), "fields": fields}
