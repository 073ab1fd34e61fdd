"""A refusal is caught as one kind and read as one sentence."""

from __future__ import annotations

import pytest

from volunteer_app.domain.refusal import (
    AlreadyDecided,
    Duplicate,
    Invalid,
    NotAllowed,
    NotOpen,
    Refused,
)


@pytest.mark.parametrize("kind", [NotAllowed, AlreadyDecided, Duplicate, NotOpen])
def test_every_refusal_is_caught_as_refused_and_keeps_its_sentence(kind: type[Refused]) -> None:
    with pytest.raises(Refused) as caught:
        raise kind("报名已截止。")

    assert (caught.value.message, str(caught.value)) == ("报名已截止。", "报名已截止。")


def test_an_invalid_answer_says_which_field_it_belongs_to() -> None:
    refusal = Invalid("请填写姓名", field="name")

    assert isinstance(refusal, Refused)
    assert (refusal.field, refusal.message) == ("name", "请填写姓名")
