"""聘书上的印章: the picture of the association's seal, chosen, replaced, taken away."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from .. import sandbox
from ..domain.refusal import Invalid
from ..domain.uploads import MEGABYTE, megabytes
from ..models import Association
from .auditing import Actor, record

#: Bytes of a file; pixels of what is decoded; longest side of what is kept, 42 mm on paper.
LARGEST, MOST_PIXELS, LONGEST_SIDE = MEGABYTE, 12_000_000, 700
#: A seal is round, or nearly: what is much longer than high is a strip of something else.
_MOST_LENGTHENED = 1.5
_REMEDY = "请用JPEG或PNG图片，最好是背景透明的PNG"
_SENTENCES = {
    "empty": "文件是空的，请重新选择",
    "kind": f"这不是JPEG或PNG图片。{_REMEDY}",
    "pixels": "图片太大，最多1200万像素，请缩小后再传",
    "broken": f"图片打不开，可能没有传完整或已经损坏。{_REMEDY}",
}


def read_seal(content: bytes) -> bytes:
    """The picture as it will be kept, a PNG. Slow (a child process): call it before a
    transaction. Raises Invalid, field `file`."""
    if len(content) > LARGEST:
        size = megabytes(len(content))
        raise Invalid(f"印章图片最多1MB，您选的有{size}MB。请缩小后再传", field="file")
    try:
        answer = sandbox.run("imprint", content, most_pixels=MOST_PIXELS, longest_side=LONGEST_SIDE)
    except sandbox.UnreadableError as error:
        sentence = _SENTENCES.get(error.reason, _SENTENCES["broken"])
        raise Invalid(sentence, field="file") from error
    sides = sorted((answer.told["width"], answer.told["height"]))
    if sides[1] > sides[0] * _MOST_LENGTHENED:
        raise Invalid("图片是长条形的，印章要圆形或方形。请把四周裁掉再传", field="file")
    return answer.body


def change_seal(
    session: Session,
    association: Association,
    picture: bytes | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Put that picture on certificates from now on, None leaves room for the stamp."""
    if association.seal_image == picture:
        return
    association.seal_image = picture
    action = "remove_seal" if picture is None else "change_seal"
    record(session, action, "association", actor=actor, now=now)
