"""What is left of an application whose data were erased: its number and the course of events."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.conftest import ActorFor, StaffClient
from tests.factories import NOW, make_application
from volunteer_app.db import start_writing
from volunteer_app.domain.vocabulary import Role, Status
from volunteer_app.services import erasing


@pytest.fixture
def erased(session: Session, actor_for: ActorFor) -> str:
    """The reference of somebody whose rejected application was erased."""
    application = make_application(session, status=Status.REJECTED, occupation="护林员")
    admin = actor_for(Role.ADMIN)
    start_writing(session)
    erasing.erase(session, application, reason="本人要求", actor=admin, now=NOW)
    session.commit()
    return application.reference


def test_its_page_shows_the_course_of_events_and_nothing_made_up(
    erased: str, staff_client: StaffClient
) -> None:
    page = staff_client(Role.ADMIN).get(f"/staff/applications/{erased}")

    assert "资料已删除" in page.text
    assert "审核记录" in page.text
    for invented in ("出生日期", "资格核对", "不符合", "护林员", "打印报名表", "看完整号码"):
        assert invented not in page.text


def test_nothing_of_it_can_be_printed_or_revealed(erased: str, staff_client: StaffClient) -> None:
    admin, address = staff_client(Role.ADMIN), f"/staff/applications/{erased}"

    admin.get(f"{address}/form", status=404)
    admin.post(f"{address}/reveal", {"field": "id_number", "reason": "核对"}, status=404)
