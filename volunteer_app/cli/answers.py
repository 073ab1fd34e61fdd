"""Kinds of values on the command line, each with its own sentence for a wrong one."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from ..domain.days import read_day
from ..domain.refusal import Invalid
from ..domain.regions import REGIONS
from ..domain.vocabulary import Labelled

Member = TypeVar("Member", bound=Labelled)


class OneOf(click.ParamType[Member]):
    """A member of a closed list, by its word in code."""

    name = "word"

    def __init__(self, members: type[Member]) -> None:
        self.members = members

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Member:
        if isinstance(value, self.members):
            return value
        try:
            return self.members(value)
        except ValueError:
            words = "、".join(f"{member.value}（{member.label}）" for member in self.members)
            self.fail(f"只能是{words}。", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        del ctx, param
        return [
            CompletionItem(member.value, help=member.label)
            for member in self.members
            if member.value.startswith(incomplete)
        ]


class Place(click.ParamType[str]):
    """A prefecture by its code or name; becomes the code."""

    name = "region"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        code = next((r.code for r in REGIONS if value in (r.code, r.name, r.short)), None)
        if code is None:
            self.fail(f"应是{'、'.join(region.short for region in REGIONS)}之一。", param, ctx)
        return code


class Day(click.ParamType[dt.date]):
    name = "day"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return read_day(value, field=self.name)
        except Invalid as error:
            self.fail(f"{error.message}。", param, ctx)


class Number(click.ParamType[int]):
    """A whole number between two bounds, both allowed."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and self.least <= int(text) <= self.most):
            self.fail(f"应是{self.least}至{self.most}的整数。", param, ctx)
        return int(text)
