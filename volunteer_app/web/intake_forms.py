"""The forms of the intake counter: how a form came and whose it is; then the form itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self

from flask import request
from wtforms import BooleanField, FileField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from ..domain import regions
from ..domain.consents import CONSENT_TEXTS
from ..domain.identity import read_number
from ..domain.refusal import Invalid
from ..domain.uploads import BY_STAFF
from ..domain.vocabulary import Consent, IdType, ReceivedVia
from ..models import Recruitment, Staff
from ..services import attaching
from ..services.attaching import Upload
from .clock import today
from .filters import full_day
from .forms import ApplicationForm, SectionForm
from .inputs import EXPIRED, DayInput, ListInput, Required, line, select, write_options
from .narrowing import one_of


class ArrivalForm(SectionForm):
    """怎么收到的. Which recruitment it is for is only asked where there are two."""

    received_via = RadioField(
        "怎么收到的",
        choices=[SelectChoice(*choice) for choice in ReceivedVia.choices()],
        default=ReceivedVia.COUNTER.value,
        validators=[Required(verb="请选择")],
    )
    received_on = DayInput(
        "收到日期",
        default=lambda: today().isoformat(),
        validators=[Required()],
        description="当面递交的是今天；邮寄和电子邮件以协会收到的那天为准，是否超过截止日按这一天算。",
    )
    recruitment = RadioField("报的是哪次招募", validators=[Required(verb="请选择")])
    offered: dict[str, Recruitment]

    @classmethod
    def of(cls, recruitments: Sequence[Recruitment], **values: Any) -> Self:
        form = cls(**values)
        form.offered = {each.slug: each for each in recruitments}
        form.recruitment.choices = [
            SelectChoice(each.slug, f"{each.title}，{full_day(each.closes_on)}截止")
            for each in recruitments
        ]
        if len(recruitments) == 1:
            del form.recruitment
        return form

    @property
    def chosen(self) -> Recruitment:
        """The recruitment it is for: the latest where nothing was chosen yet."""
        slug = self.recruitment.data if self.recruitment else None
        return self.offered.get(slug or "") or next(iter(self.offered.values()))

    @property
    def via(self) -> ReceivedVia:
        return ReceivedVia(self.received_via.data)

    def validate_received_on(self, field: Any) -> None:
        opens_on = self.chosen.opens_on
        if field.day is not None and field.day > today():
            raise ValidationError("收到日期还没有到，请核对")
        if field.day is not None and field.day < opens_on:
            raise ValidationError(
                f"{self.chosen.title}从{full_day(opens_on)}开始报名，收到日期不能比这天早，请核对"
            )


class FirstForm(ArrivalForm):
    """Enough to know whether this person has a place already."""

    id_type = select("id_type", IdType.choices(), default=IdType.RESIDENT_ID.value)
    id_number = line("id_number", most=40)

    def validate_id_number(self, field: Any) -> None:
        id_type = one_of(IdType, self.id_type.data)
        if id_type is None:
            return
        try:
            field.data = read_number(id_type, field.data, on=today()).number
        except Invalid as invalid:
            raise ValidationError(invalid.message) from invalid


def _signed(kind: Consent) -> BooleanField:
    text = CONSENT_TEXTS[kind]
    otherwise = "纸上没有的，请本人补签以后再登记"
    required = [Required(verb="请核对：", otherwise=otherwise)] if text.required else []
    return BooleanField(text.label, validators=required)


class EntryForm(ArrivalForm, ApplicationForm):
    """The whole form, typed off the paper; the consents are those that were signed there."""

    consent = _signed(Consent.PERSONAL_DATA)
    consent_sensitive = _signed(Consent.SENSITIVE)
    consent_public = _signed(Consent.PUBLIC_LIST)
    file_paper_form = FileField("纸质表的扫描件或照片")
    file_photo = FileField("本人照片", description="JPEG、PNG或HEIC，最多5MB。")
    file_speciality_proof = FileField("专业特长证明")
    file_guardian_consent = FileField("监护人书面同意")
    file_other = FileField("其他")

    def answers(self) -> dict[str, Any]:
        given = super().answers()
        return {name: value for name, value in given.items() if not name.startswith("file_")}

    def token_is_good(self) -> bool:
        """For a press that keeps what is there, whatever it is; an old page gets a sentence."""
        if not self.csrf_token.validate(self):
            self.csrf_token.errors = [EXPIRED]
        return not self.csrf_token.errors

    def day_received(self) -> dt.date:
        """As typed, also where nothing was checked yet; today where it cannot be read."""
        if self.received_on.day is None:
            with suppress(StopValidation):
                self.received_on.pre_validate(self)
        return self.received_on.day or today()

    def read_files(self) -> list[Upload]:
        """The files that were chosen, each read (slow: before a transaction); one that cannot be
        used gets its sentence, and the others stay."""
        uploads = []
        for kind in BY_STAFF:
            file = request.files.get(f"file_{kind.value}")
            if file is None or not file.filename:
                continue
            try:
                uploads.append(attaching.read_upload(file.stream.read(), file.filename, kind))
            except Invalid as invalid:
                self[f"file_{kind.value}"].errors = [invalid.message]
        return uploads

    @classmethod
    def at_desk(cls, recruitments: Sequence[Recruitment], staff: Staff, **values: Any) -> Self:
        """For that member of staff, who may be bound to one prefecture."""
        form = cls.of(recruitments, **values)
        form.region.description = "纸质表上填的报名地。"
        form.county.description = form.phone.description = form.email.description = ""
        if staff.region is not None:
            form._bind(staff.region)
        return form

    def _bind(self, code: str) -> None:
        """Only that prefecture and its counties are offered; the hint says why."""
        region = regions.region(code)
        self.region.description = (
            f"您负责{region.name}，只能登记报名地在{region.name}的人。"
            "其他市的，请转给省里的工作人员登记。"
        )
        _offer_only(self.region, {code})
        _offer_only(self.county, {county.code for county in region.counties})
        self.region.data = self.region.data or code


def _offer_only(field: ListInput, codes: set[str]) -> None:
    field.choices = [choice for choice in field.choices if choice.value in {"", *codes}]
    field.written = write_options(field.choices)
