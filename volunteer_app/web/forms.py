"""The form of an application: four topics, one class each; put together they are the whole form."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from ..domain import regions
from ..domain.consents import CONSENT_TEXTS, DECLARATION_TEXTS
from ..domain.fields import BY_NAME, Section
from ..domain.identity import EIGHTEEN_CHARACTERS, read_email, read_number, read_phone
from ..domain.refusal import Invalid
from ..domain.text import clean_name
from ..domain.vocabulary import (
    ETHNICITIES,
    Availability,
    Consent,
    Declaration,
    Education,
    Gender,
    IdType,
    PoliticalStatus,
    ServiceArea,
)
from .clock import today
from .inputs import (
    DayInput,
    Read,
    Required,
    VolunteerForm,
    line,
    paragraph,
    select,
    several,
)

_REGIONS = [(region.code, region.name) for region in regions.REGIONS]
_COUNTIES = [
    SelectChoice(
        county.code, county.name, optgroup=region.name, render_kw={"data-region": region.code}
    )
    for region in regions.REGIONS
    for county in region.counties
]


def _offered(field: Any) -> Any:
    """The answer; of a list only what it offers, also where a page is saved unfinished."""
    if not isinstance(field, SelectField | RadioField | SelectMultipleField):
        return field.data
    offered = {choice.value for choice in field.choices}
    if isinstance(field.data, list):
        return [value for value in field.data if value in offered]
    return field.data if field.data in offered else None


class SectionForm(VolunteerForm):
    """One topic. `answers` is what a draft keeps of it: JSON values by field name."""

    def answers(self) -> dict[str, Any]:
        return {
            name: _offered(field) for name, field in self._fields.items() if name != "csrf_token"
        }


class IdentityForm(SectionForm):
    name = line("name", Read(clean_name), most=80)
    id_type = select("id_type", IdType.choices(), default=IdType.RESIDENT_ID.value)
    id_number = line("id_number", most=40)
    birth_date = DayInput(
        "出生日期",
        validators=[Optional()],
        description="用护照或其他证件报名的填写，例如1960-3-12。",
    )
    gender = select("gender", Gender.choices(), label="性别", optional=True)
    ethnicity = select("ethnicity", [(name, name) for name in ETHNICITIES])
    phone = line("phone", Read(read_phone), most=30)
    email = line("email", Read(read_email), most=120, optional=True)
    wechat = line("wechat", most=40, optional=True)
    region = select("region", _REGIONS)
    county = select("county", _COUNTIES)
    address = line("address", most=200, optional=True)

    def validate_id_number(self, field: Any) -> None:
        """Read the number as the chosen type; what it says replaces what was typed beside it."""
        if not self.id_type.data or self.id_type.data not in {t.value for t in IdType}:
            return
        id_type = IdType(self.id_type.data)
        try:
            identity = read_number(id_type, field.data, on=today())
        except Invalid as invalid:
            field.errors = [*field.errors, invalid.message]
            return
        field.data = identity.number
        if identity.birth_date and identity.gender:
            self.birth_date.data = identity.birth_date.isoformat()
            self.gender.data = identity.gender.value

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        return all((valid, self._birth_is_known(), self._county_is_in_region()))

    def _birth_is_known(self) -> bool:
        """A passport says neither birth date nor gender to us: both are asked."""
        if self.id_number is None or self.id_type is None:
            return True  # not asked in a correction
        if self.id_type.data in {id_type.value for id_type in EIGHTEEN_CHARACTERS}:
            self.birth_date.errors, self.gender.errors = [], []
            return True
        if not self.id_type.data or self.birth_date.errors:
            return True
        missing: dict[Any, str] = {
            self.birth_date: "用这种证件报名，请填写出生日期",
            self.gender: "请选择性别",
        }
        for field, sentence in missing.items():
            if not field.data:
                field.errors = [sentence]
        born = self.birth_date.day
        if born is not None and not 1900 <= born.year <= today().year - 10:
            self.birth_date.errors = ["出生日期不合理，请核对年份"]
        return not (self.birth_date.errors or self.gender.errors)

    def _county_is_in_region(self) -> bool:
        if self.region is None or self.county is None:
            return True
        if not self.region.data or not self.county.data or self.county.errors:
            return True
        region = regions.region_of(self.county.data)
        if region.code == self.region.data:
            return True
        county = regions.county(self.county.data)
        chosen = dict(_REGIONS).get(self.region.data, "")
        self.county.errors = [f"{county.name}属于{region.name}，您选的是{chosen}，请改其中一项"]
        return False


class CareerForm(SectionForm):
    education = RadioField(
        BY_NAME["education"].label,
        choices=[SelectChoice(*choice) for choice in Education.choices()],
        validators=[Required(verb="请选择")],
        description=BY_NAME["education"].hint,
    )
    political_status = select("political_status", PoliticalStatus.choices())
    occupation = line("occupation", most=60)
    employer = line("employer", most=120, optional=True)
    job_title = line("job_title", most=60, optional=True)


class ServiceForm(SectionForm):
    service_areas = several("service_areas", ServiceArea)
    availability = several("availability", Availability)
    speciality = paragraph("speciality", most=1000, optional=True)
    experience = paragraph("experience", most=1000, optional=True)


def _consent(kind: Consent) -> BooleanField:
    text = CONSENT_TEXTS[kind]
    required = (
        [Required(verb="请勾选：", otherwise="否则协会不能受理报名")] if text.required else []
    )
    return BooleanField(text.label, validators=required, description=text.text)


def _declaration(kind: Declaration) -> BooleanField:
    return BooleanField(DECLARATION_TEXTS[kind], description=BY_NAME[kind.value].hint)


class PledgesForm(SectionForm):
    """A declaration that is not made is no error of the form: the rules say what follows."""

    health = _declaration(Declaration.HEALTH)
    conduct = _declaration(Declaration.CONDUCT)
    law_knowledge = _declaration(Declaration.LAW_KNOWLEDGE)
    local_knowledge = _declaration(Declaration.LOCAL_KNOWLEDGE)
    ability = _declaration(Declaration.ABILITY)
    obedience = _declaration(Declaration.OBEDIENCE)
    unpaid = _declaration(Declaration.UNPAID)
    consent = _consent(Consent.PERSONAL_DATA)
    consent_sensitive = _consent(Consent.SENSITIVE)
    consent_public = _consent(Consent.PUBLIC_LIST)


class NomineeForm(IdentityForm, CareerForm, ServiceForm):
    """What a unit says of a nominee: all but what only the person can declare and consent to."""


class ApplicationForm(IdentityForm, CareerForm, ServiceForm, PledgesForm):
    """The whole form at once, for corrections and for the counter."""


SECTION_FORMS: dict[Section, type[SectionForm]] = {
    Section.IDENTITY: IdentityForm,
    Section.CAREER: CareerForm,
    Section.SERVICE: ServiceForm,
    Section.PLEDGES: PledgesForm,
}
