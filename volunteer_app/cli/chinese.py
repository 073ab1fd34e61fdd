"""Click in Chinese: its headings, its complaints; every error is one sentence and exit code 1."""

from __future__ import annotations

import sys
import traceback
import unicodedata
from collections.abc import Iterable
from typing import Any, NoReturn

import click
from click.exceptions import NoArgsIsHelpError
from sqlalchemy.exc import DBAPIError, OperationalError

from ..domain.refusal import Refused
from ..settings import SettingsError

_HEADINGS = {"Options": "选项", "Commands": "命令"}


class Unready(Exception):  # noqa: N818 - like a refusal: a sentence, not a fault of the program
    """One sentence that says why the command does not go on, and what to do."""


class ChineseFormatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Two columns that stand straight: a Chinese character is two columns wide."""
        rows = list(rows)
        first = min(max(_columns(term) for term, _ in rows), col_max) + col_spacing
        for term, text in rows:
            gap = " " * max(col_spacing, first - _columns(term))
            told = text.replace("。  [required]", "（必填）。")
            self.write(f"{'':>{self.current_indent}}{term}{gap}{told}\n")


def _columns(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


class ChineseContext(click.Context):
    formatter_class = ChineseFormatter


class ChineseCommand(click.Command):
    context_class = ChineseContext

    def __init__(self, *args: Any, **values: Any) -> None:
        values.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **values)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这段说明。"
        return option


class ChineseGroup(ChineseCommand, click.Group):
    command_class = ChineseCommand

    def __init__(self, *args: Any, **values: Any) -> None:
        values.setdefault("subcommand_metavar", "命令 [参数]…")
        super().__init__(*args, **values)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            raise Unready(f"没有“{args[0]}”这个命令，请看{ctx.command_path} --help。")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **values: Any) -> Any:
        """Run the command; whatever goes wrong is one sentence on stderr."""
        values["standalone_mode"] = False
        try:
            answer = super().main(*args, **values)
        except NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(0)
        except click.Abort:
            _stop("已中断。")
        except Exception as error:
            _stop(sentence(error))
        sys.exit(answer if isinstance(answer, int) else 0)


def _stop(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(1)


def sentence(error: Exception) -> str:
    """What the person who typed the command reads; never a person's data, never a password."""
    if isinstance(error, Unready | SettingsError | Refused):
        return str(error)
    if isinstance(error, click.ClickException):
        return _misuse(error)
    if isinstance(error, OperationalError):
        return f"数据库打不开或不能写（{_first_line(error)}），请运行volunteer doctor。"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}不能读写（{error.strerror}），请检查路径和权限。"
    if isinstance(error, OSError):
        return f"系统不让这样做（{error.strerror or error}）。"
    where = traceback.extract_tb(error.__traceback__)[-1]
    name = type(error.orig if isinstance(error, DBAPIError) else error).__name__
    return f"程序出错了（{name}，{where.name}第{where.lineno}行），请把这句话告诉维护人员。"


def _first_line(error: OperationalError) -> str:
    return str(error.orig).strip().partition("\n")[0]


def _misuse(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return f"没有{error.option_name}这个选项，请用--help查看。"
        case click.MissingParameter():
            return f"缺少{_named(error)}，请用--help查看。"
        case click.BadParameter():
            return f"{_named(error)}的值不对：{error.message}"
        case click.BadOptionUsage():
            return f"{error.option_name}后面要有一个值，请用--help查看。"
    return "命令的写法不对，请用--help查看。"


def _named(error: click.BadParameter) -> str:
    return error.param.opts[0] if error.param is not None else "参数"
