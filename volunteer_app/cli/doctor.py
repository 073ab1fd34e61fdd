"""volunteer doctor: what is well, what must be mended, and how."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from ..db import db, wrong_pragmas
from ..domain.messages import MessageStatus
from ..models import Message
from ..services.preparing import wrong_keys
from ..settings import Settings, SettingsError, instance_path, load_settings
from .chinese import ChineseCommand
from .opening import keep_log, open_app, opened, pending_migrations, sqlite_file

#: Free space below which writing may soon fail.
LEAST_FREE = 500 * 1024**2


@dataclass(frozen=True)
class Report:
    """`well` None = nothing to mend, but worth knowing."""

    topic: str
    well: bool | None
    text: str


@click.command(cls=ChineseCommand)
def doctor() -> None:
    """检查密钥、数据库、时区、磁盘和邮件，指出要修的地方。

    有要修的地方时以1退出。
    """
    keep_log(logging.ERROR)
    reports = list(examine())
    for report in reports:
        mark = {True: "正常", False: "要修", None: "提示"}[report.well]
        click.echo(f"{mark}  {report.topic}：{report.text}")
    broken = sum(report.well is False for report in reports)
    click.echo(f"有{broken}处要修。" if broken else "没有要修的地方。")
    sys.exit(1 if broken else 0)


def examine() -> Iterator[Report]:
    yield _clock_zone()
    try:
        settings = load_settings()
        open_app(settings)
    except SettingsError as error:
        yield Report("密钥和设置", False, str(error))
        yield _disk(instance_path())
        return
    source = "VOLUNTEER_KEYS变量" if "VOLUNTEER_KEYS" in os.environ else "密钥文件，权限0600"
    yield Report("密钥和设置", True, f"齐全（{source}）。")
    yield _address(settings)
    yield from _database(settings)
    yield _disk(settings.instance)
    yield Report("字体", None, "网页用访客自己的字体，服务器不用安装。")


def _clock_zone() -> Report:
    try:
        zoneinfo.ZoneInfo("Asia/Shanghai")
    except zoneinfo.ZoneInfoNotFoundError:
        return Report("时区", False, "找不到Asia/Shanghai，请安装系统的tzdata。")
    return Report("时区", True, "有Asia/Shanghai，截止时间按它计算。")


def _address(settings: Settings) -> Report:
    if settings.https and not settings.proxies:
        return Report(
            "网址",
            None,
            f"{settings.url}是https，而VOLUNTEER_PROXIES是0；前面有反向代理的，请设为1。",
        )
    return Report("网址", True, f"{settings.url}，前面有{settings.proxies}层反向代理。")


def _database(settings: Settings) -> Iterator[Report]:
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        yield Report("数据库", False, f"还没有{file}，请运行volunteer init。")
        return
    with opened(settings) as app:
        try:
            yield Report("数据库", True, f"连得上（{db.engine.dialect.name}{_version()}）。")
            if pending_migrations(app):
                yield Report("数据库结构", False, "不是最新的，请运行volunteer db upgrade。")
                return
            yield Report("数据库结构", True, "是最新的。")
            yield _pragmas()
            yield _keys_fit()
            yield _mail(settings)
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or type(error).__name__)
            cause = cause.strip().partition("\n")[0]
            yield Report("数据库", False, f"连不上（{cause}），请检查VOLUNTEER_DATABASE_URL。")


def _version() -> str:
    """Asks the database, so that what is unreachable shows here."""
    sqlite = db.engine.dialect.name == "sqlite"
    version = db.session.scalar(
        sa.text("select sqlite_version()" if sqlite else "show server_version")
    )
    return f" {version}"


def _pragmas() -> Report:
    if wrong := wrong_pragmas(db.session):
        return Report("数据库设置", False, f"{'，'.join(wrong)}，请把文件放在本地磁盘上。")
    return Report("数据库设置", True, "写入后先落盘再答复。")


def _keys_fit() -> Report:
    if wrong_keys(db.session):
        return Report("密钥与数据库", False, "不是一套，请从备份恢复密钥文件。")
    return Report("密钥与数据库", True, "是一套。")


def _mail(settings: Settings) -> Report:
    waiting, failed = (
        db.session.scalar(sa.select(sa.func.count()).where(Message.status == status)) or 0
        for status in (MessageStatus.WAITING, MessageStatus.FAILED)
    )
    if settings.mail is None:
        text = f"没有配置发信，{waiting}条通知存在待发队列里，请电话告知本人。"
        return Report("邮件", None, text)
    text = f"由{settings.mail.host}发信，{waiting}条待发，{failed}条没发出"
    if failed:
        return Report("邮件", None, f"{text}，请到“通知”一栏处理。")
    return Report("邮件", True, f"{text}。")


def _disk(folder: Path) -> Report:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    size = f"{free / 1024**3:.1f} GiB"
    if free < LEAST_FREE:
        return Report("磁盘", False, f"{there}只剩{size}，请清理或扩容，不然报名会存不下。")
    return Report("磁盘", True, f"还有{size}空闲。")
