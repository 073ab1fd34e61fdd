"""What people declare, and the texts that they consent to, each with its version: a changed text
gets a new version."""

from __future__ import annotations

from dataclasses import dataclass

from .vocabulary import Consent, Declaration


@dataclass(frozen=True, kw_only=True)
class ConsentText:
    """`version` is stored with each consent, so that what was agreed to can be shown later."""

    version: str
    label: str
    text: str
    required: bool


CONSENT_TEXTS: dict[Consent, ConsentText] = {
    Consent.PERSONAL_DATA: ConsentText(
        version="2027-1",
        label="我同意协会为办理这次志愿者招募和聘期的管理处理我填写的个人信息。",
        text="协会只把这些信息用于审核、联系、公示、聘任和服务记录，不提供给无关的人。"
        "未通过或撤回的，出结果180天后删除；聘任的，服务记录保存到聘期结束后10年。"
        "您可以查看、更正、要求删除，也可以撤回同意。",
        required=True,
    ),
    Consent.SENSITIVE: ConsentText(
        version="2027-1",
        label="我单独同意协会处理我的证件号码。",
        text="证件号码只用来核对身份、防止重复报名和计算年龄，加密保存。"
        "工作人员平时只看到末四位，查看完整号码要写明理由并留下记录。",
        required=True,
    ),
    Consent.PUBLIC_LIST: ConsentText(
        version="2027-1",
        label="我同意在公示名单里列出我的姓名（隐去一部分）。",
        text="不同意也可以报名，公示时只列报名编号，不列姓名。",
        required=False,
    ),
}

DECLARATION_TEXTS: dict[Declaration, str] = {
    Declaration.HEALTH: "我身体健康，能参加监督活动。",
    Declaration.CONDUCT: "我遵纪守法，有较好的政治文化素质。",
    Declaration.LAW_KNOWLEDGE: "我熟悉消费者权益保护法律法规。",
    Declaration.LOCAL_KNOWLEDGE: "我熟悉报名地的情况。",
    Declaration.ABILITY: "我有较好的组织协调能力。",
    Declaration.OBEDIENCE: "我自觉服从协会的组织和管理。",
    Declaration.UNPAID: "我以消费者身份自愿参加，不领报酬，业余时间做。",
}
