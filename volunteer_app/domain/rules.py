"""Who may become a volunteer: one function a rule, one table, one assessment.

The same `assess` serves the pre-check, the form, the review page and the settings; nothing else
decides. Rules flag, people decide. Source: the association's notice of 28 July 2021.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from .terms import Terms, completed_years, day_of
from .vocabulary import (
    AgeReference,
    Channel,
    Declaration,
    DocumentKind,
    Education,
    SealState,
    Verdict,
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the rules may know of one applicant at one moment. None = not asked or not known.

    `at` is the aware moment of submission; `received_on` the day a paper form came in;
    `declared` the declarations made, None where the page did not ask for any; `uploaded` the kinds
    of document at hand, which `proof` and `guardian` say staff have checked.
    """

    at: dt.datetime
    born: dt.date | None = None
    education: Education | None = None
    speciality: bool = False
    proof: bool = False
    guardian: bool = False
    uploaded: frozenset[DocumentKind] = frozenset()
    declared: frozenset[Declaration] | None = None
    channel: Channel = Channel.INDIVIDUAL
    received_on: dt.date | None = None
    seal: SealState = SealState.MISSING
    nominee_confirmed: bool = False
    place: str = ""

    @property
    def applied_on(self) -> dt.date:
        return self.received_on or day_of(self.at)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule's verdict, in a sentence the applicant understands, with where the rule is from."""

    rule: str
    label: str
    verdict: Verdict
    explanation: str
    source: str


@dataclass(frozen=True)
class Assessment:
    """All findings about one applicant, worst first within the order of the rules."""

    findings: tuple[Finding, ...] = field(default=())

    @property
    def outcome(self) -> Verdict:
        worst = max((finding.verdict.rank for finding in self.findings), default=0)
        return list(Verdict)[worst]

    def with_verdict(self, verdict: Verdict) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.verdict is verdict)


def age(facts: Facts, terms: Terms) -> list[Finding]:
    """年龄在18岁至65岁: completed years, both ends included, on the reference day.

    有专业特长者，可适当放宽限制: outside is an exception for somebody who describes a speciality,
    up to the relaxed limits (included; None = no limit); what proves it may follow.
    """
    if facts.born is None:
        return []
    by_closing = terms.age_reference is AgeReference.CLOSING_DATE
    on = terms.closes_on if by_closing else facts.applied_on
    years = completed_years(facts.born, on)
    day = f"截止日{_spoken(on, terms)}" if by_closing else "报名当日"
    asked = f"要求{terms.age_min}至{terms.age_max}周岁"

    def finding(verdict: Verdict, more: str) -> Finding:
        return Finding(
            rule="age",
            label="年龄",
            verdict=verdict,
            explanation=f"{day}满{years}周岁，{asked}{more}。",
            source="年龄在18岁至65岁；有专业特长者，可适当放宽限制",
        )

    if terms.age_min <= years <= terms.age_max:
        return [finding(Verdict.PASS, "")]
    above_floor = terms.relaxed_min is None or years >= terms.relaxed_min
    under_ceiling = terms.relaxed_max is None or years <= terms.relaxed_max
    if not (above_floor and under_ceiling):
        return [finding(Verdict.FAIL, f"，{_relaxed_limit(terms, above_floor)}")]
    if not facts.speciality:
        return [finding(Verdict.FAIL, "；有专业特长并能证明的，可以申请放宽")]
    return [
        finding(Verdict.EXCEPTION, "；您填写了专业特长，可以申请放宽，由两名工作人员先后审核"),
        *_relaxation_papers(facts, years),
    ]


def _relaxed_limit(terms: Terms, above_floor: bool) -> str:
    if above_floor:
        return f"有专业特长的也不超过{terms.relaxed_max}周岁"
    if terms.relaxed_min == terms.age_min:
        return "下限不放宽"
    return f"有专业特长的也不低于{terms.relaxed_min}周岁"


#: Rule, label, what to bring, where the rule is from.
_PROOF = ("speciality_proof", "专业特长证明", "资格证、职称证或单位证明", "有专业特长者")
_GUARDIAN = (
    "guardian_consent",
    "监护人同意",
    "监护人签名的书面同意",
    "未满18周岁的须监护人同意",
)


def _relaxation_papers(facts: Facts, years: int) -> list[Finding]:
    """What a relaxation needs: proof of the speciality, and under 18 the guardian's consent."""
    papers = [(_PROOF, facts.proof)] + ([(_GUARDIAN, facts.guardian)] if years < 18 else [])
    return [
        Finding(
            rule=rule,
            label=label,
            verdict=Verdict.PASS if seen else Verdict.PENDING,
            explanation=_paper(paper, seen=seen, at_hand=DocumentKind(rule) in facts.uploaded),
            source=source,
        )
        for (rule, label, paper, source), seen in papers
    ]


def _paper(paper: str, *, seen: bool, at_hand: bool) -> str:
    if seen:
        return "工作人员已核对。"
    if at_hand:
        return "已上传，等工作人员核对。"
    return f"请上传{paper}，或交工作人员核对原件。"


def education(facts: Facts, terms: Terms) -> list[Finding]:
    """高中或中专以上学历: at least the recruitment's level; never relaxed."""
    if facts.education is None:
        return []
    reached = facts.education.reaches(terms.education_min)
    return [
        Finding(
            rule="education",
            label="学历",
            verdict=Verdict.PASS if reached else Verdict.FAIL,
            explanation=f"学历为{facts.education.label}，{_education_asked(terms.education_min)}。",
            source="高中或中专以上学历",
        )
    ]


def _education_asked(minimum: Education) -> str:
    if minimum in (Education.SENIOR_HIGH, Education.VOCATIONAL):
        return "要求高中或中专及以上"
    return f"要求{minimum.label}及以上"


#: The declarations of the notice, each with what it declares and the notice's words.
_DECLARED = {
    Declaration.HEALTH: ("身体健康，能参加监督活动", "身体健康"),
    Declaration.CONDUCT: ("遵纪守法，有较好的政治文化素质", "具备较高政治文化素质、遵纪守法"),
    Declaration.LAW_KNOWLEDGE: ("熟悉消费者权益保护法律法规", "熟悉消费者权益保护法律法规"),
    Declaration.LOCAL_KNOWLEDGE: ("熟悉报名地的情况", "熟悉当地情况"),
    Declaration.ABILITY: ("有较好的组织协调能力", "具有较好的组织协调能力"),
    Declaration.OBEDIENCE: ("服从协会的组织和管理", "自觉服从省消协的组织管理"),
    Declaration.UNPAID: ("以消费者身份自愿、无偿、兼职参加", "以消费者身份自愿、无偿……兼职"),
}


def declarations(facts: Facts, _terms: Terms) -> list[Finding]:
    """Seven declarations, each a rule of its own; one that is not made is not met.

    熟悉当地情况 is declared for the named prefecture and county of the application.
    """
    if facts.declared is None:
        return []
    return [
        _declaration(declaration, declaration in facts.declared, facts.place)
        for declaration in Declaration
    ]


def _declaration(declaration: Declaration, made: bool, place: str) -> Finding:
    words, source = _DECLARED[declaration]
    if declaration is Declaration.LOCAL_KNOWLEDGE and place:
        words = f"熟悉{place}的情况"
    return Finding(
        rule=declaration.value,
        label=declaration.label,
        verdict=Verdict.PASS if made else Verdict.FAIL,
        explanation=f"已声明：{words}。" if made else f"没有声明：{words}。",
        source=source,
    )


def deadline(facts: Facts, terms: Terms) -> list[Finding]:
    """截止日期为8月30日: received before midnight after the closing day, Asia/Shanghai.

    A paper or e-mailed form counts by the day it was received.
    """
    closing = f"截止日{_spoken(terms.closes_on, terms)}"
    if facts.channel is Channel.PAPER and facts.received_on is not None:
        on, verb = facts.received_on, "收到"
    else:
        on, verb = day_of(facts.at), "提交"
    day = f"{_spoken(on, terms)}{verb}"
    if on < terms.opens_on:
        verdict, text = (
            Verdict.FAIL,
            f"{day}，{_spoken(terms.opens_on, terms)}才开始报名。",
        )
    elif on > terms.closes_on:
        verdict, text = Verdict.FAIL, f"{day}，已过{closing}。"
    else:
        verdict, text = Verdict.PASS, f"{day}，没有超过{closing}。"
    return [
        Finding(
            rule="deadline",
            label="报名时间",
            verdict=verdict,
            explanation=text,
            source="截止日期为8月30日",
        )
    ]


def _spoken(day: dt.date, terms: Terms) -> str:
    """8月30日, with the year where the recruitment's days are not all of one year."""
    years = {day.year, terms.opens_on.year, terms.closes_on.year}
    return (
        f"{day.year}年{day.month}月{day.day}日" if len(years) > 1 else f"{day.month}月{day.day}日"
    )


def seal(facts: Facts, _terms: Terms) -> list[Finding]:
    """单位推荐需加盖单位公章: a scan is uploaded and a staff member confirmed the seal."""
    if facts.channel is not Channel.UNIT:
        return []
    explanation = {
        SealState.MISSING: "单位还没有上传盖章的推荐表。",
        SealState.STALE: "盖章以后名单有改动，等单位重新盖章上传。",
        SealState.UPLOADED: "盖章的推荐表已上传，等工作人员核对公章。",
        SealState.CONFIRMED: "盖章的推荐表已核对。",
    }[facts.seal]
    verdict = Verdict.PASS if facts.seal is SealState.CONFIRMED else Verdict.PENDING
    return [
        Finding(
            rule="seal",
            label="单位公章",
            verdict=verdict,
            explanation=explanation,
            source="单位推荐需加盖单位公章",
        )
    ]


def nominee_consent(facts: Facts, _terms: Terms) -> list[Finding]:
    """自愿: whom a unit nominates confirms in person before approval."""
    if facts.channel is not Channel.UNIT:
        return []
    confirmed = facts.nominee_confirmed
    return [
        Finding(
            rule="nominee_consent",
            label="本人确认",
            verdict=Verdict.PASS if confirmed else Verdict.PENDING,
            explanation="本人已确认。" if confirmed else "等被推荐人本人确认。",
            source="以消费者身份自愿",
        )
    ]


Rule = Callable[[Facts, Terms], list[Finding]]
RULES: tuple[Rule, ...] = (age, education, declarations, deadline, seal, nominee_consent)


def assess(facts: Facts, terms: Terms) -> Assessment:
    """Every rule's findings, in the order of RULES."""
    return Assessment(tuple(finding for rule in RULES for finding in rule(facts, terms)))
