"""The wording of messages: what stands in braces is filled in, or its line left out."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: What administrators write in braces, and the fact it stands for.
PLACEHOLDERS: dict[str, str] = {
    "姓名": "name",
    "报名编号": "reference",
    "招募": "recruitment",
    "协会": "association",
    "联系办法": "contact",
    "查询网址": "look_up",
    "说明": "reason",
    "要补正的内容": "fields",
    "期限": "due_on",
    "聘期第一日": "starts_on",
    "聘期最后一日": "ends_on",
    "解聘日": "terminated_on",
    "聘书编号": "number",
    "查验网址": "verify",
    "单位": "unit",
    "专用链接": "private_link",
    "链接有效到": "expires_on",
    "开始日": "opens_on",
    "截止日": "closes_on",
    "还剩天数": "days_left",
    "还缺什么": "outstanding",
    "请求": "request",
    "原截止日": "closed_on",
    "续聘": "renewal",
}
_MARK = re.compile(r"\{([^{}\n]*)\}")


def names_in(text: str) -> list[str]:
    """What stands in braces, in its order."""
    return _MARK.findall(text)


def unknown(text: str) -> list[str]:
    """What stands in braces and means nothing, each once; a brace without its pair too."""
    found = [name for name in _MARK.findall(text) if name not in PLACEHOLDERS]
    return list(dict.fromkeys(found + re.findall(r"[{}]", _MARK.sub("", text))))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its values; a line that lacks one is left out, and no two empty lines remain.
    Raises KeyError for what is unknown."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if not all(facts[PLACEHOLDERS[name]] for name in _MARK.findall(line)):
            continue
        written = _MARK.sub(lambda mark: facts[PLACEHOLDERS[mark[1]]], line).rstrip()
        if written or (lines and lines[-1]):
            lines.append(written)
    return "\n".join(lines).rstrip() + "\n"
