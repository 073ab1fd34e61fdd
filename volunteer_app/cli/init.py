"""volunteer init: keys, database, first recruitment, the administrator's one-time link."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import Flask

from ..db import db, start_writing
from ..migrating import upgrade
from ..services import preparing
from ..services.staffing import INVITATION_DAYS
from ..settings import KEYS_FILE, Settings, instance_path
from ..vault import new_keys, write_keys
from ..web.clock import system_clock
from .answers import Number
from .chinese import ChineseCommand, Unready
from .opening import cli_actor, keep_log, opened, pending_migrations, settings_for, sqlite_file

port_option = click.option(
    "--port",
    type=Number(1, 65535),
    envvar="PORT",
    default=8000,
    metavar="端口",
    help="端口，默认8000；也读PORT变量。",
)


@click.command(cls=ChineseCommand)
@port_option
def init(port: int) -> None:
    """建立实例目录、密钥、数据库和第一次招募。

    可以反复运行：已有的不动，只补缺的。第一名管理员还没有设置密码时，每次给一个新链接。
    """
    keep_log(logging.WARNING)
    instance = make_instance(instance_path())
    environ = dict(os.environ)
    keys = None if "VOLUNTEER_KEYS" in environ else _missing_keys(instance)
    if keys is not None:
        environ["VOLUNTEER_KEYS"] = json.dumps(keys)
    settings = settings_for(port, environ)
    with opened(settings) as app:
        upgraded = prepare_database(app, keys)
    say_keys(instance, keys, environ)
    click.echo("数据库：结构已升级到最新。" if upgraded else "数据库：结构已是最新。")
    with opened(settings):
        _prepare_first_day(settings)


def make_instance(instance: Path) -> Path:
    """The folder, for its owner only."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    instance.chmod(0o700)
    click.echo(f"实例目录：{instance}")
    return instance


def _missing_keys(instance: Path) -> dict[str, Any] | None:
    return None if (instance / KEYS_FILE).exists() else new_keys()


def say_keys(instance: Path, keys: Mapping[str, Any] | None, environ: Mapping[str, str]) -> None:
    if keys is not None:
        click.echo(f"密钥：新建{instance / KEYS_FILE}，请把它和数据库分开备份。")
    elif "VOLUNTEER_KEYS" in environ:
        click.echo("密钥：来自VOLUNTEER_KEYS变量。")
    else:
        click.echo("密钥：已有，没有改动。")


def prepare_database(app: Flask, keys: Mapping[str, Any] | None) -> bool:
    """Upgrade the structure; write the new keys, if there are any, before anything is sealed
    with them. Returns whether there was anything to upgrade."""
    settings: Settings = app.extensions["settings"]
    _refuse_other_keys(app, settings)
    pending = pending_migrations(app)
    if pending:
        upgrade(app)
    if keys is not None:
        write_keys(settings.instance / KEYS_FILE, keys)
    return pending


def _refuse_other_keys(app: Flask, settings: Settings) -> None:
    """New keys beside an old database would make everything in it unreadable."""
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        return
    if app.extensions["alembic"].current() and preparing.wrong_keys(db.session):
        raise Unready(
            "数据库里已有资料，却是用另一套密钥写的。"
            f"请从备份恢复密钥文件{settings.instance / KEYS_FILE}，再运行一次。"
        )


def _prepare_first_day(settings: Settings) -> None:
    start_writing(db.session)
    token = preparing.prepare(db.session, actor=cli_actor(), now=system_clock())
    db.session.commit()
    click.echo(f"网址：{settings.url}")
    if token is None:
        click.echo("管理员：已经设置过密码，请直接登录。")
        return
    click.echo(
        f"管理员：登录名admin，请在{INVITATION_DAYS}天内打开这个链接设置密码（只能用一次）："
    )
    click.echo(f"{settings.url}/staff/invitation/{token}")
