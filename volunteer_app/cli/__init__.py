"""The command `volunteer`: one group, one module for each thing it does."""

from __future__ import annotations

import os

import click

from .chinese import ChineseGroup
from .database import db_group
from .demo import demo
from .doctor import doctor
from .init import init
from .jobs import notify_expiry, run_daily
from .roster import export_roster
from .serve import serve
from .staff import staff_group
from .worker import worker


@click.group(cls=ChineseGroup)
@click.version_option(package_name="volunteer-app", message="%(version)s", help="显示版本。")
def main() -> None:
    """招募消费维权志愿者：建立、运行、维护这套系统。

    设置来自VOLUNTEER_*环境变量和实例目录，见docs/operations.md。
    """
    os.umask(0o077)  # keys, database and exports are for their owner only


for command in (
    init,
    serve,
    worker,
    db_group,
    staff_group,
    export_roster,
    demo,
    doctor,
    run_daily,
    notify_expiry,
):
    main.add_command(command)

__all__ = ["main"]
