"""volunteer export-roster: the roster as CSV or XLSX, recorded like an export on the web."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from pathlib import Path

import click
from sqlalchemy.orm import Session

from ..db import start_writing
from ..domain.terms import day_of
from ..domain.text import clean_line
from ..domain.vocabulary import TermStatus
from ..services import exporting, inspecting
from ..services.auditing import record
from ..services.finding import RosterFilter
from ..services.recruiting import find_recruitment
from ..web.clock import system_clock
from .answers import Day, OneOf, Place
from .chinese import ChineseCommand, Unready
from .opening import cli_actor, ready_session

FORMATS = ("csv", "xlsx")


@click.command(name="export-roster", cls=ChineseCommand)
@click.option("--output", required=True, metavar="文件", help="写到哪个文件，-是标准输出。")
@click.option("--format", "form", metavar="格式", help="csv或xlsx；不填看文件名，默认csv。")
@click.option("--recruitment", "slug", metavar="招募", help="只要这次招募的，例如2027。")
@click.option("--region", type=Place(), metavar="市", help="只要这个市的，例如太原。")
@click.option("--on", type=Day(), metavar="日期", help="那一天的花名册，默认今天。")
@click.option(
    "--status",
    type=OneOf(TermStatus),
    metavar="状态",
    help="upcoming、active、ended或terminated；不填是全部。",
)
@click.option("--reveal", is_flag=True, help="给出完整的证件号码、手机和邮箱，要写明理由。")
@click.option("--reason", default="", metavar="理由", help="为什么要完整号码，记入操作日志。")
def export_roster(
    *,
    output: str,
    form: str | None,
    slug: str | None,
    region: str | None,
    on: dt.date | None,
    status: TermStatus | None,
    reveal: bool,
    reason: str,
) -> None:
    """导出花名册。

    号码默认只给末四位。每次导出都在操作日志里留一行。
    """
    reason = clean_line(reason)
    if reveal and not reason:
        raise Unready("要导出完整号码，请用--reason写明理由。")
    form = _format_of(output, form)
    with ready_session() as session:
        filters = RosterFilter(
            on=on or day_of(system_clock()),
            recruitment_id=_recruitment_id(session, slug),
            region=region,
            status=status,
        )
        count = _record(session, filters, slug=slug, form=form, reveal=reveal, reason=reason)
        _write(session, filters, output, form=form, reveal=reveal)
    if output != "-":
        click.echo(f"已导出{count}人到{output}。")


def _format_of(output: str, form: str | None) -> str:
    """What was asked for, else what the name of the file ends in."""
    form = form or Path(output).suffix.removeprefix(".").lower() or "csv"
    if form not in FORMATS:
        raise Unready("格式只能是csv或xlsx，请用--format写明。")
    return form


def _recruitment_id(session: Session, slug: str | None) -> int | None:
    if slug is None:
        return None
    recruitment = find_recruitment(session, slug)
    if recruitment is None:
        raise Unready(f"没有“{slug}”这次招募，请到招募设置里看它的代号。")
    return recruitment.id


def _record(
    session: Session, filters: RosterFilter, *, slug: str | None, form: str, reveal: bool,
    reason: str,
) -> int:  # fmt: skip
    """Recorded before the first row leaves: an export that breaks off was one all the same."""
    start_writing(session)
    count = inspecting.count_in_roster(session, filters)
    columns = exporting.columns(session, on=filters.on, revealed=reveal)
    status = filters.status.value if filters.status else None
    asked = {"recruitment": slug, "status": status, "on": filters.on.isoformat()}
    record(
        session,
        "export",
        "roster",
        actor=cli_actor(),
        now=system_clock(),
        format=form,
        filter={name: value for name, value in asked.items() if value},
        region=filters.region,
        columns=[column.name for column in columns],
        revealed=reveal,
        reason=reason if reveal else "",
        count=count,
    )
    session.commit()
    return count


def _write(
    session: Session, filters: RosterFilter, output: str, *, form: str, reveal: bool
) -> None:
    """Whole or not at all: the file takes its name when its last row is in."""
    if output == "-" and form == "csv":
        for chunk in exporting.csv_chunks(session, filters, revealed=reveal):
            sys.stdout.buffer.write(chunk)
        return
    target = None if output == "-" else Path(output).resolve()
    folder = tempfile.gettempdir() if target is None else target.parent
    handle, name = tempfile.mkstemp(prefix=".roster-", dir=folder)
    os.close(handle)
    part = Path(name)
    try:
        _fill(session, filters, part, form=form, reveal=reveal)
        if target is None:
            sys.stdout.buffer.write(part.read_bytes())
        else:
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _fill(session: Session, filters: RosterFilter, path: Path, *, form: str, reveal: bool) -> None:
    if form == "xlsx":
        exporting.write_xlsx(session, filters, path, revealed=reveal)
        return
    with path.open("wb") as file:
        file.writelines(exporting.csv_chunks(session, filters, revealed=reveal))
