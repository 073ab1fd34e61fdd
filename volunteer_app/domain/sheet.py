"""The rule sheet as it is shown: findings in order, what says the same in one line."""

from __future__ import annotations

from collections.abc import Iterable

from .rules import Finding
from .vocabulary import Declaration, Verdict


def condensed(findings: Iterable[Finding]) -> list[Finding]:
    """For showing: the declarations in one line while every one of them is made."""
    rules = {declaration.value for declaration in Declaration}
    findings = list(findings)
    made = [f for f in findings if f.rule in rules and f.verdict is Verdict.PASS]
    if len(made) < len(rules):
        return findings
    line = Finding(
        rule="declarations",
        label="本人声明",
        verdict=Verdict.PASS,
        explanation=f"健康、守法、熟悉法律法规等{len(made)}项都已声明。",
        source="身体健康、遵纪守法、自愿无偿等条件",
    )
    place = findings.index(made[0])
    others = [finding for finding in findings if finding not in made]
    return [*others[:place], line, *others[place:]]
