"""What may stand in the wording of a message: which placeholders there are, which it must have."""

from __future__ import annotations

import difflib

from .messages import MessageKind
from .refusal import Invalid
from .wording import PLACEHOLDERS, names_in, unknown

MOST_SUBJECT, MOST_TEXT = 100, 5000
LINK = "专用链接"
#: Stands for the private link in one edited letter; put in when the letter goes out.
LINK_MARK = f"{{{LINK}}}"

#: What each placeholder is, for who writes a wording.
MEANINGS: dict[str, str] = {
    "姓名": "收信人的姓名；写给单位的是联系人",
    "报名编号": "报名的编号",
    "招募": "招募的名称",
    "协会": "协会的名称",
    "联系办法": "怎么联系协会，电话和信箱",
    "查询网址": "查询进度的网址",
    "说明": "工作人员写的理由或说明",
    "要补正的内容": "退回补正的项目",
    "期限": "补正的最后一天",
    "聘期第一日": "聘期开始的日子",
    "聘期最后一日": "聘期结束的日子",
    "解聘日": "提前解聘的日子",
    "聘书编号": "聘书上的编号",
    "查验网址": "查验聘书的网址",
    "单位": "推荐单位的全称",
    "专用链接": "只给收信人用的链接",
    "链接有效到": "链接最后能用的日子",
    "开始日": "报名开始的日子",
    "截止日": "报名截止的日子",
    "原截止日": "改以前的截止日",
    "还剩天数": "离截止还有几天",
    "还缺什么": "还没有办完的事",
    "请求": "本人请求的是什么",
    "续聘": "怎么办续聘；已经办了的，说正在审核",
}

#: Known in every message of every kind.
_ALWAYS = ("姓名", "招募", "协会", "联系办法")
_OF_AN_APPLICATION = ("报名编号", "查询网址")
_OF_A_TERM = ("聘期第一日", "聘期最后一日", "聘书编号", "查验网址")
_OF_A_RECRUITMENT = ("开始日", "截止日", "还剩天数")
_OF_A_LINK = (LINK, "链接有效到")

_OFFERED: dict[MessageKind, tuple[str, ...]] = {
    MessageKind.RECEIVED: _OF_AN_APPLICATION,
    MessageKind.RETURNED: (*_OF_AN_APPLICATION, "说明", "要补正的内容", "期限"),
    MessageKind.APPROVED: (*_OF_AN_APPLICATION, *_OF_A_TERM),
    MessageKind.REJECTED: (*_OF_AN_APPLICATION, "说明"),
    MessageKind.WITHDRAWN: (*_OF_AN_APPLICATION, "说明"),
    MessageKind.CONFIRM_NOMINATION: ("单位", LINK, *_OF_AN_APPLICATION),
    MessageKind.UNIT_REMINDER: ("单位", "还缺什么", *_OF_A_LINK, "截止日", "还剩天数"),
    MessageKind.DRAFT_REMINDER: (*_OF_A_LINK, "截止日", "还剩天数"),
    MessageKind.DEADLINE_MOVED: ("截止日", "原截止日", "还剩天数", "单位", *_OF_A_LINK),
    MessageKind.RESUME_LINK: (*_OF_A_LINK, "单位", "截止日", "还剩天数"),
    MessageKind.EXPIRING: (
        *_OF_AN_APPLICATION,
        *_OF_A_TERM,
        "续聘",
        *_OF_A_LINK,
        *_OF_A_RECRUITMENT,
    ),
    MessageKind.ENDED: (*_OF_AN_APPLICATION, *_OF_A_TERM, "续聘", *_OF_A_LINK, *_OF_A_RECRUITMENT),
    MessageKind.ENDED_EARLY: (*_OF_AN_APPLICATION, *_OF_A_TERM, "解聘日", "说明"),
    MessageKind.ENDING_UNDONE: (*_OF_AN_APPLICATION, *_OF_A_TERM),
    MessageKind.CERTIFICATE: (*_OF_AN_APPLICATION, *_OF_A_TERM),
    MessageKind.ANSWERED: (*_OF_AN_APPLICATION, "请求", "说明"),
    MessageKind.OWN_DATA: (*_OF_AN_APPLICATION, *_OF_A_LINK),
    MessageKind.OPENS: (*_OF_AN_APPLICATION, *_OF_A_RECRUITMENT, *_OF_A_LINK),
}

#: Without these the message would not do what it is for.
REQUIRED: dict[MessageKind, tuple[str, ...]] = {
    MessageKind.RETURNED: ("要补正的内容", "期限"),
    MessageKind.REJECTED: ("说明",),
    MessageKind.CONFIRM_NOMINATION: (LINK,),
    MessageKind.UNIT_REMINDER: ("还缺什么",),
    MessageKind.DRAFT_REMINDER: (LINK,),
    MessageKind.DEADLINE_MOVED: ("截止日",),
    MessageKind.RESUME_LINK: (LINK,),
    MessageKind.ENDED_EARLY: ("解聘日",),
    MessageKind.ENDING_UNDONE: ("聘期最后一日",),
    MessageKind.OWN_DATA: (LINK,),
}


def offered(kind: MessageKind) -> dict[str, str]:
    """The placeholders that have something to say in that kind, with what each is."""
    return {name: MEANINGS[name] for name in (*_OFFERED[kind], *_ALWAYS)}


def check(kind: MessageKind, subject: str, text: str) -> None:
    """Raises Invalid, at `subject` or `text`, with one sentence that names what is wrong and,
    where something similar exists, what was meant."""
    for field, typed in (("subject", subject), ("text", text)):
        if wrong := unknown(typed):
            raise Invalid(_what_is_wrong(kind, wrong[0]), field=field)
    known = {*REQUIRED.get(kind, ()), *_ALWAYS}
    for name in REQUIRED.get(kind, ()):
        lines = [names for line in text.splitlines() if name in (names := names_in(line))]
        if not lines:
            raise Invalid(f"这种通知要有{{{name}}}，请加上，不然收信人没法办。", field="text")
        if not any(known.issuperset(names) for names in lines):
            raise Invalid(
                f"{{{name}}}所在的一行还有别的词，那个词没有内容时整行都不写，请让它单独一行。",
                field="text",
            )


def _what_is_wrong(kind: MessageKind, found: str) -> str:
    if found in ("{", "}"):
        return f"有一个“{found}”没有配对，花括号要成对，例如{{姓名}}。"
    close = difflib.get_close_matches(found.strip(), PLACEHOLDERS, n=3, cutoff=0.5)
    if close:  # of names equally near, one that begins alike is meant
        meant = next((name for name in close if name[0] == found.strip()[0]), close[0])
        return f"没有{{{found}}}这个词，您要写的可能是{{{meant}}}。"
    some = "、".join(f"{{{name}}}" for name in [*_OFFERED[kind][:3], "姓名"])
    return f"没有{{{found}}}这个词，可以用的有{some}等，见“可以用的词”。"
