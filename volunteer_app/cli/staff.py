"""volunteer staff invite: an account and its one-time link."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from ..db import start_writing
from ..domain.text import clean_line
from ..domain.vocabulary import Role
from ..services import staffing
from ..settings import load_settings
from ..web.clock import system_clock
from .answers import OneOf, Place
from .chinese import ChineseGroup, Unready
from .opening import cli_actor, ready_session


@click.group(name="staff", cls=ChineseGroup)
def staff_group() -> None:
    """工作人员：邀请、换新链接。"""


@staff_group.command()
@click.option("--username", required=True, metavar="登录名", help="登录名。")
@click.option("--name", default="", metavar="姓名", help="姓名；新账号必填。")
@click.option(
    "--role",
    type=OneOf(Role),
    default=Role.VIEWER,
    metavar="角色",
    help="viewer、reviewer、approver或admin，默认viewer。",
)
@click.option("--region", type=Place(), metavar="市", help="只看这个市的，例如太原；不填是全省。")
@click.option("--reset", is_flag=True, help="账号已有密码时也换新链接，原密码随即失效。")
def invite(username: str, name: str, role: Role, region: str | None, reset: bool) -> None:
    """建一个账号，给出设置密码的一次性链接。

    账号已经有了而没有密码的，换一个新链接，角色和市不变。
    """
    username = clean_line(username).lower()
    with ready_session() as session:
        start_writing(session)
        staff = staffing.find_staff(session, username)
        if staff is None:
            token = _invite(session, username, clean_line(name), role, region)
        elif staff.password is not None and not reset:
            raise Unready("这个账号已经有密码；忘了密码的，请加--reset换新链接。")
        else:
            token = staffing.renew_invitation(session, staff, actor=cli_actor(), now=system_clock())
        session.commit()
    click.echo(f"请在{staffing.INVITATION_DAYS}天内打开这个链接设置密码（只能用一次）：")
    click.echo(f"{load_settings().url}/staff/invitation/{token}")


def _invite(session: Session, username: str, name: str, role: Role, region: str | None) -> str:
    if not username:
        raise Unready("请用--username填写登录名。")
    if not name:
        raise Unready("还没有这个账号，请用--name填写姓名。")
    return staffing.invite(
        session,
        username=username,
        name=name,
        role=role,
        region=region,
        actor=cli_actor(),
        now=system_clock(),
    )
