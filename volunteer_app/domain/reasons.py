"""The maintained list of common reasons for a decision; own words may follow any of them."""

from __future__ import annotations

from dataclasses import dataclass

from .vocabulary import Labelled


class Ground(Labelled):
    """What a reason is for: the applicant can put it right, nobody can, or it asks to relax."""

    CURABLE = "curable", "可以补正的，用于退回补正"
    FINAL = "final", "不能补正的，用于不予通过"
    RELAXATION = "relaxation", "申请放宽的，用于提请复核"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """`text` is read by the applicant (退回补正, 不予通过) or by the approver (提请复核)."""

    code: str
    ground: Ground
    text: str


_TEXTS: dict[Ground, dict[str, str]] = {
    Ground.CURABLE: {
        "name_differs": "姓名与证件不一致，请核对后改正",
        "phone_wrong": "手机号码打不通，请留能联系上您的号码",
        "place_unclear": "报名地与您说明的情况不一致，请核对市和县（市、区）",
        "education_unclear": "学历填写不清楚，请选已经取得的最高一项",
        "speciality_vague": "专业特长写得太简单，请写明从事多久、有什么证书",
        "experience_vague": "学法用法和维权经历写得太简单，请补充",
        "declaration_missing": "有一项没有声明，请看清内容后再决定是否声明",
    },
    Ground.FINAL: {
        "age_outside": "年龄不在本次招募的范围内，也不符合放宽的条件",
        "education_below": "学历没有达到高中或中专",
        "not_declared": "没有作出报名要求的声明",
        "proof_insufficient": "提供的材料不能证明专业特长",
        "not_corrected": "补正期限已过，仍没有补正",
        "untrue": "填写的情况经核实与事实不符",
        "places_full": "报名地的名额已满，本次未能聘任",
    },
    Ground.RELAXATION: {
        "speciality_proven": "有专业特长，原件已核，申请放宽年龄",
        "speciality_needed": "当地缺少这类专业特长的志愿者，申请放宽年龄",
    },
}

#: In the order in which they are offered.
REASONS: tuple[Reason, ...] = tuple(
    Reason(code=code, ground=ground, text=text)
    for ground, texts in _TEXTS.items()
    for code, text in texts.items()
)
BY_CODE = {reason.code: reason for reason in REASONS}

#: Which reasons a move takes, by its name; the others are given in own words only.
GROUND_OF_MOVE: dict[str, Ground] = {
    "return": Ground.CURABLE,
    "reject": Ground.FINAL,
    "propose": Ground.RELAXATION,
}


def with_own_words(code: str, words: str) -> str:
    """The reason of the list and what was written beside it, as one text."""
    listed = f"{BY_CODE[code].text}。" if code else ""
    return f"{listed}{words}"
