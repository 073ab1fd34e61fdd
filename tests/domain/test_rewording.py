"""A wording is refused for what would go wrong when it is sent, in one sentence with the remedy."""

from __future__ import annotations

import pytest

from volunteer_app.documents.letters import kinds, standard
from volunteer_app.domain import rewording
from volunteer_app.domain.messages import MessageKind
from volunteer_app.domain.refusal import Invalid
from volunteer_app.domain.wording import PLACEHOLDERS, names_in


def refusal(kind: MessageKind, subject: str, text: str) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        rewording.check(kind, subject, text)
    return refused.value.field, refused.value.message


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{报名编码}", "没有{报名编码}这个词，您要写的可能是{报名编号}。"),
        ("{ 姓名 }", "没有{ 姓名 }这个词，您要写的可能是{姓名}。"),
        (
            "{昨天的天气}",
            "没有{昨天的天气}这个词，可以用的有{报名编号}、{查询网址}、{姓名}等，见“可以用的词”。",
        ),
        ("{姓名，您好", "有一个“{”没有配对，花括号要成对，例如{姓名}。"),
        ("姓名}，您好", "有一个“}”没有配对，花括号要成对，例如{姓名}。"),
        ("{{姓名}}", "有一个“{”没有配对，花括号要成对，例如{姓名}。"),
        ("{}", "没有{}这个词，可以用的有{报名编号}、{查询网址}、{姓名}等，见“可以用的词”。"),
    ],
)
def test_what_is_unknown_is_named_with_what_was_meant(text: str, sentence: str) -> None:
    assert refusal(MessageKind.RECEIVED, "标题", text) == ("text", sentence)
    assert refusal(MessageKind.RECEIVED, text, "正文") == ("subject", sentence)


@pytest.mark.parametrize("kind", list(rewording.REQUIRED))
def test_a_message_keeps_what_it_is_for(kind: MessageKind) -> None:
    name = rewording.REQUIRED[kind][0]

    field, sentence = refusal(kind, f"{{{name}}}", "您好。")

    assert (field, sentence.partition("，")[0]) == ("text", f"这种通知要有{{{name}}}")


def test_a_link_is_not_lost_with_another_word_of_its_line() -> None:
    kind = MessageKind.CONFIRM_NOMINATION

    field, sentence = refusal(kind, "请确认", "请点{专用链接}，期限{期限}")

    assert (field, sentence.partition("所在")[0]) == ("text", "{专用链接}")
    rewording.check(kind, "请确认", "{姓名}请点{专用链接}\n期限{期限}")


@pytest.mark.parametrize("kind", kinds())
def test_the_files_words_are_good_themselves(kind: MessageKind) -> None:
    rewording.check(kind, standard(kind).subject, standard(kind).text)


def test_every_kind_and_every_placeholder_is_explained() -> None:
    assert rewording.MEANINGS.keys() == PLACEHOLDERS.keys()
    for kind in MessageKind:
        assert {*rewording.REQUIRED.get(kind, ()), "姓名"} <= rewording.offered(kind).keys()


@pytest.mark.parametrize("kind", kinds())
def test_what_the_file_uses_is_offered(kind: MessageKind) -> None:
    used = names_in(standard(kind).subject + standard(kind).text)

    assert set(used) - rewording.offered(kind).keys() == set()
