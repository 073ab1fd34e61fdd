"""A field stands in three places: the catalogue, a column, an input. What lacks where is named."""

from __future__ import annotations

import enum

import pytest
import sqlalchemy as sa
from flask import Flask

from volunteer_app.db import Base
from volunteer_app.domain.fields import FIELDS, Section
from volunteer_app.domain.vocabulary import Consent
from volunteer_app.models import Application
from volunteer_app.services.answering import SEALED
from volunteer_app.web.forms import SECTION_FORMS, ApplicationForm

NAMES = [field.name for field in FIELDS]
CONSENTS = {kind.value for kind in Consent}


def test_the_catalogue_names_each_field_once() -> None:
    assert len(NAMES) == len(set(NAMES))


def test_every_field_has_its_column() -> None:
    columns = {column.name for column in sa.inspect(Application).columns}
    stored = {f"{name}_sealed" if name in SEALED else name for name in NAMES} - CONSENTS

    assert stored - columns == set()
    assert set(NAMES) >= CONSENTS


#: Columns of an application that are not answers of the person.
KEPT_BESIDE = {
    "id", "reference", "recruitment_id", "submission_token", "channel", "status", "outcome",
    "findings", "human_review", "submitted_at", "received_on", "received_via",
    "changed_at", "due_on",
    "fields_to_correct", "proposed_by_id", "confirmed_by_id", "renews_id", "version",
    "id_number_index", "id_number_last4", "phone_index", "phone_last4",
}  # fmt: skip


def test_every_column_of_an_answer_is_in_the_catalogue() -> None:
    columns = {column.name for column in sa.inspect(Application).columns} - KEPT_BESIDE

    assert {name.removesuffix("_sealed") for name in columns} - set(NAMES) == set()


def test_every_field_has_its_input(bare_app: Flask) -> None:
    with bare_app.test_request_context():
        inputs = set(ApplicationForm()._fields) - {"csrf_token"}

    assert inputs == set(NAMES)


@pytest.mark.parametrize("section", list(Section), ids=lambda section: section.slug)
def test_every_input_stands_on_the_page_of_its_section(bare_app: Flask, section: Section) -> None:
    with bare_app.test_request_context():
        inputs = set(SECTION_FORMS[section]()._fields) - {"csrf_token"}

    assert inputs == {field.name for field in FIELDS if field.section is section}


ENUM_COLUMNS = [
    column
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, sa.Enum)
]


@pytest.mark.parametrize("column", ENUM_COLUMNS, ids=str)
def test_a_closed_list_is_stored_by_value(column: sa.Column[enum.Enum]) -> None:
    assert isinstance(column.type, sa.Enum)
    kind = column.type.enum_class

    assert kind is not None
    assert column.type.enums == [member.value for member in kind]
    assert max(map(len, column.type.enums)) <= (column.type.length or 0)
    assert not column.type.native_enum


def test_closed_lists_are_columns_at_all() -> None:
    assert {str(column) for column in ENUM_COLUMNS} >= {
        "application.status",
        "application.outcome",
        "decision.target",
        "staff.role",
    }
