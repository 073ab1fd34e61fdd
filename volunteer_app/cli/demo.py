"""volunteer demo: an instance of its own with synthetic people in every state."""

from __future__ import annotations

import logging
import os
import secrets
import sys
from pathlib import Path

import click
from flask_security import hash_password

from ..db import db, start_writing
from ..domain.vocabulary import Role
from ..migrating import upgrade
from ..services import demonstrating, staffing
from ..services.auditing import Actor
from ..settings import DATABASE_FILE, KEYS_FILE, Settings, instance_path
from ..vault import new_keys, write_keys
from ..web.clock import system_clock
from . import demo_units
from .answers import Number
from .chinese import ChineseCommand, Unready
from .init import port_option
from .opening import keep_log, opened, pending_migrations, settings_for
from .serve import run

#: Says that a folder holds a demo and may be made anew; `Settings.demo` reads it.
MARKER = "demo"
PEOPLE = 300
_IGNORED = (
    "VOLUNTEER_DATABASE_URL",
    "VOLUNTEER_KEYS",
    "VOLUNTEER_URL",
    "VOLUNTEER_PROXIES",
    "VOLUNTEER_MAIL_URL",
)
_ACTOR = Actor(name="cli:demo")


@click.command(cls=ChineseCommand)
@port_option
@click.option("--fresh", is_flag=True, help="丢掉原来的演示数据，按今天的日期重新生成。")
@click.option("--no-serve", is_flag=True, help="只准备，不运行网站。")
@click.option("--people", type=Number(20, 2000), default=PEOPLE, hidden=True)
def demo(port: int, fresh: bool, no_serve: bool, people: int) -> None:
    """准备一套演示数据，然后运行网站。

    演示数据放在实例目录下的demo里，300多个人和三个单位都是虚构的，不碰真实的数据。
    每次运行都给四个账号换新密码。
    """
    keep_log(logging.WARNING)
    for name in _IGNORED:
        if name in os.environ:
            click.echo(f"演示不用{name}，已忽略。", err=True)
    instance = _prepare_folder(instance_path() / "demo", fresh)
    settings = settings_for(port, {"VOLUNTEER_INSTANCE": str(instance)})
    passwords = _prepare(settings, people)
    _introduce(settings, passwords)
    if not no_serve:
        server = "gunicorn" if sys.platform.startswith("linux") else "waitress"
        run(settings, host="127.0.0.1", port=port, workers=2, server=server)


def _prepare_folder(instance: Path, fresh: bool) -> Path:
    """The demo's own folder with its own keys; nothing is removed where the marker is missing."""
    if instance.exists() and any(instance.iterdir()) and not (instance / MARKER).is_file():
        raise Unready(f"{instance}里的不是演示数据，没有动它；请移走后再运行。")
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    instance.chmod(0o700)
    (instance / MARKER).write_text("演示数据，可以删除。\n", "utf-8")
    if fresh:
        for suffix in ("", "-wal", "-shm"):
            (instance / f"{DATABASE_FILE}{suffix}").unlink(missing_ok=True)
        (instance / KEYS_FILE).unlink(missing_ok=True)
    if not (instance / KEYS_FILE).exists():
        write_keys(instance / KEYS_FILE, new_keys())
    return instance


def _prepare(settings: Settings, people: int) -> dict[Role, str]:
    """Migrated, filled if empty, with new passwords, which are returned."""
    passwords = {role: secrets.token_urlsafe(9) for role in Role}
    with opened(settings) as app:
        if pending_migrations(app):
            upgrade(app)
    with opened(settings):
        hashes = {role: hash_password(password) for role, password in passwords.items()}
        start_writing(db.session)
        if staffing.find_staff(db.session, Role.ADMIN.value) is None:
            click.echo(f"正在生成{people}个虚构的人……")
            now = system_clock()
            *_, latest = demonstrating.fill(db.session, hashes, people=people, now=now)
            demo_units.fill(db.session, latest, url=settings.url, now=now)
        else:
            _change_passwords(hashes)
        db.session.commit()
    return passwords


def _change_passwords(hashes: dict[Role, str]) -> None:
    for role, password_hash in hashes.items():
        staff = staffing.find_staff(db.session, role.value)
        if staff is not None:
            staffing.change_password(
                db.session, staff, password_hash, actor=_ACTOR, now=system_clock()
            )


def _introduce(settings: Settings, passwords: dict[Role, str]) -> None:
    click.echo(f"演示网址：{settings.url}")
    click.echo(f"工作人员登录：{settings.url}/staff/sign-in")
    for role, password in passwords.items():
        click.echo(f"  {role.label}  登录名{role.value}  密码{password}")
