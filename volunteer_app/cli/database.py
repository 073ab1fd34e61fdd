"""volunteer db: bring the structure up to date, count anew, delete what is over."""

from __future__ import annotations

import logging

import click

from .. import migrating
from ..db import start_writing
from ..services import counting, drafting, linking, recommending
from ..settings import load_settings
from ..web.clock import system_clock
from .chinese import ChineseGroup, Unready
from .opening import keep_log, opened, pending_migrations, ready_session, revisions, sqlite_file


@click.group(name="db", cls=ChineseGroup)
def db_group() -> None:
    """数据库：升级结构、重新计数、删除过期的草稿。"""


@db_group.command()
def upgrade() -> None:
    """把数据库的结构升级到这个版本。

    升级前请先备份，见docs/operations.md。
    """
    keep_log(logging.WARNING)
    settings = load_settings()
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        raise Unready(f"还没有数据库{file}，请先运行volunteer init。")
    with opened(settings) as app:
        if not pending_migrations(app):
            click.echo("数据库的结构已是最新。")
            return
        alembic = app.extensions["alembic"]
        before = "、".join(revisions(alembic.current())) or "空"
        migrating.upgrade(app)
        click.echo(f"数据库的结构已从{before}升级到{'、'.join(revisions(alembic.heads()))}。")


@db_group.command()
def recount() -> None:
    """重新清点各状态的报名份数。

    平时用不着；从别处导入或手工改过数据库以后运行一次。
    """
    with ready_session() as session:
        start_writing(session)
        wrong = counting.recount(session)
        session.commit()
    click.echo(f"已重新清点，改正{wrong}处。" if wrong else "已重新清点，原来的数字都对。")


@db_group.command()
def purge() -> None:
    """删除截止30天以后还没有提交的草稿和单位推荐。

    每天运行一次，例如写进cron；多运行几次没有关系。
    """
    with ready_session() as session:
        start_writing(session)
        now = system_clock()
        linking.purge(session, now=now)
        drafts, never = drafting.purge(session, now=now), recommending.purge(session, now=now)
        session.commit()
    click.echo(f"已删除{drafts}份过期的草稿、{never}份没有提交的单位推荐。")
