"""What the papers of a recommendation say, out of what the unit wrote. Numbers stand in part."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ..domain import regions
from ..domain.fields import FIELDS
from ..domain.masking import mask_number, mask_phone
from ..domain.vocabulary import IdType, NomineeStatus
from ..models import Association, Nominee, Recommendation
from ..services import showing
from ..services.answering import readable_answers
from ..vault import Vault
from .confirmation_letters import Letter
from .recommendation_form import NomineeLine, Sheet

#: Shown on the letter: the person checks them; what they declare stands below.
_ON_THE_LETTER = tuple(
    field.name
    for field in FIELDS
    if field.section.slug != "pledges" and field.name not in ("wechat", "experience")
)


def sheet_of(
    recommendation: Recommendation, association: Association, vault: Vault, *, url: str, on: dt.date
) -> Sheet:
    """推荐表 as things are now; `url` is what the QR leads to, `on` the day ages are read for."""
    return Sheet(
        recruitment=recommendation.recruitment.title,
        association=association.name,
        association_address=association.address,
        association_mailbox=association.mailbox,
        reference=recommendation.reference,
        unit_name=recommendation.unit_name,
        uscc=recommendation.uscc,
        reason=recommendation.no_uscc_reason,
        region=regions.region(recommendation.region).name,
        contact_name=recommendation.contact_name,
        contact_phone=recommendation.open("phone", vault),
        contact_email=recommendation.open("email", vault),
        code=recommendation.content_code,
        url=url,
        nominees=[
            _line(number, nominee, vault, on)
            for number, nominee in enumerate(_named(recommendation), start=1)
        ],
    )


def _named(recommendation: Recommendation) -> list[Nominee]:
    """Who has not withdrawn; the code of the list stays, so that a refusal breaks no seal."""
    gone = NomineeStatus.WITHDRAWN
    return [nominee for nominee in recommendation.nominees if nominee.status is not gone]


def _line(number: int, nominee: Nominee, vault: Vault, on: dt.date) -> NomineeLine:
    given = readable_answers(nominee.open_answers(vault), on=on)
    return NomineeLine(
        number=number,
        name=nominee.name,
        gender=_words(given, "gender"),
        birth=_words(given, "birth_date"),
        id_masked=mask_number(nominee.id_number_last4, given.get("id_type", IdType.RESIDENT_ID)),
        education=_words(given, "education"),
        employer=_words(given, "employer"),
        job_title=_words(given, "job_title") or _words(given, "occupation"),
        phone_masked=mask_phone(given["phone"][-4:]) if given.get("phone") else "",
    )


def _words(given: dict[str, Any], name: str) -> str:
    return showing.in_words(name, given.get(name))


def letter_of(
    nominee: Nominee, association: Association, answers: dict[str, Any], *, link: str, on: dt.date
) -> Letter:
    """确认书 of one nominee; `link` is private to the person, `answers` what is known of them."""
    recommendation = nominee.recommendation
    given = showing.masked_answers(readable_answers(answers, on=on))
    labels = {field.name: field.label for field in FIELDS}
    return Letter(
        recruitment=recommendation.recruitment.title,
        association=association.name,
        association_address=association.address,
        association_mailbox=association.mailbox,
        unit_name=recommendation.unit_name,
        reference=recommendation.reference,
        number=nominee.number,
        name=nominee.name,
        rows=[(labels[name], text) for name in _ON_THE_LETTER if (text := _words(given, name))],
        link=link,
    )
