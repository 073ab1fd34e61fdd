"""续聘 from page to page: by the private link, after a look-up, and when nothing is open."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client, Page
from tests.conftest import Clock
from tests.factories import answers, valid_identity
from tests.renewals import DECLARED, LATER, next_recruitment, private_link, volunteer
from tests.web.applicants import fill_in, look_up
from tests.web.renewers import drafts, own_page
from volunteer_app.db import start_writing
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Status
from volunteer_app.models import Application, RenewalWish

#: Nothing is open: the recruitment of 2027 is over, that of 2029 has not begun.
BETWEEN = dt.datetime(2029, 7, 1, 9, 0, tzinfo=SHANGHAI)
AGREED = {name: True for name, yes in DECLARED.items() if yes}


@pytest.fixture
def later(clock: Clock) -> Clock:
    clock.at = LATER
    return clock


def accept(client: Client, page: Page, **changed: str) -> Page:
    """Take a page as it is filled, but for what is changed."""
    return client.submit(page, changed, button="保存并继续")


@pytest.mark.usefixtures("later")
class TestByThePrivateLink:
    def test_every_step_is_shown_again_and_is_filled(
        self, client: Client, session: Session
    ) -> None:
        given = answers(address="府西街29号", occupation="教师")
        earlier = volunteer(session, **given)
        next_recruitment(session)
        page = client.get(f"/renew/{private_link(session, earlier)}")
        assert "晋消志聘〔2027〕第0001号" in page.text
        assert "2027年9月1日至2029年8月31日" in page.text

        step = client.submit(page, button="开始续聘报名")

        kept = step.values(button="保存并继续")
        assert step.heading == "身份"
        assert (kept["id_number"], kept["phone"]) == (given["id_number"], given["phone"])
        assert (kept["email"], kept["address"]) == (given["email"], "府西街29号")
        assert "去填“身份”" in client.get("/apply/check").text
        step = accept(client, step)
        assert step.heading == "学历与职业"
        step = accept(client, step, occupation="会计")
        step = accept(client, step)
        assert step.heading == "承诺与同意"
        assert "consent" not in step.values(button="保存并继续")
        check = client.submit(
            step, {n: True for n, yes in AGREED.items() if yes}, button="保存并继续"
        )
        assert check.heading == "核对后提交"
        receipt = client.submit(check, button="提交报名")
        assert "这是续聘，接着聘书晋消志聘〔2027〕第0001号的聘期" in receipt.text
        session.rollback()
        [application] = session.scalars(
            sa.select(Application).where(Application.renews_id == earlier.id)
        )
        assert (application.occupation, application.status) == ("会计", Status.SUBMITTED)

    def test_a_link_that_has_expired_opens_nothing(
        self, client: Client, session: Session, clock: Clock
    ) -> None:
        token = private_link(session, volunteer(session))
        assert client.get(f"/renew/{token}").heading == "续聘"
        clock.at += dt.timedelta(days=30)

        page = client.get(f"/renew/{token}", status=410)

        assert page.heading == "这个续聘链接已经失效"
        assert "晋消志聘" not in page.text

    def test_it_leads_through_the_general_link(self, client: Client, session: Session) -> None:
        token = private_link(session, volunteer(session))

        assert client.get(f"/link/{token}", status=303).location == f"/renew/{token}"


@pytest.mark.usefixtures("later")
class TestAfterALookUp:
    def test_what_is_sealed_is_typed_again(self, client: Client, session: Session) -> None:
        given = answers(address="府西街29号", employer="某厂")
        earlier = volunteer(session, **given)
        next_recruitment(session)
        page = own_page(client, earlier, given)
        assert "要重新填 证件号码、手机号码、电子邮箱、微信号、通信地址" in page.text

        step = client.submit(page, button="开始续聘报名")

        kept = step.values(button="保存并继续")
        typed = ["id_number", "phone", "email", "wechat", "address", "birth_date"]
        assert [kept[name] for name in typed] == [""] * 6
        assert kept["name"] == given["name"]
        for secret in (given["id_number"], given["phone"], given["email"], "府西街29号"):
            assert secret not in step.html

    def test_another_number_is_said_to_be_an_ordinary_application(
        self, client: Client, session: Session
    ) -> None:
        given = answers()
        earlier = volunteer(session, **given)
        next_recruitment(session)
        client.submit(own_page(client, earlier, given), button="开始续聘报名")
        check = fill_in(client, answers(id_number=valid_identity()))
        assert "证件号码与上次聘任登记的一致，才算续聘" in check.text

        receipt = client.submit(check, button="提交报名")

        assert "这份按新报名处理，不算续聘" in receipt.text
        assert "这是续聘" not in receipt.text

    def test_the_same_number_is_a_renewal(self, client: Client, session: Session) -> None:
        given = answers()
        earlier = volunteer(session, **given)
        next_recruitment(session)
        client.submit(own_page(client, earlier, given), button="开始续聘报名")

        receipt = client.submit(fill_in(client, given), button="提交报名")

        assert "这是续聘" in receipt.text
        assert "不算续聘" not in receipt.text

    def test_who_has_not_looked_up_is_asked_to(self, client: Client) -> None:
        assert client.get("/renew", status=303).location == "/status/"

    def test_the_progress_page_offers_it_from_ninety_days_before(
        self, client: Client, session: Session, clock: Clock
    ) -> None:
        given = answers()
        earlier = volunteer(session, **given)
        for day, offered in ((dt.date(2029, 6, 1), False), (dt.date(2029, 6, 2), True)):
            clock.at = dt.datetime.combine(day, dt.time(12), tzinfo=SHANGHAI)

            page = look_up(client, earlier.reference, given["id_number"])

            assert ("办续聘" in page.links) is offered, day

    def test_who_is_too_old_by_now_is_told_how_to_go_on(
        self, client: Client, session: Session
    ) -> None:
        given = answers(id_number=valid_identity(born=dt.date(1963, 8, 30)))
        earlier = volunteer(session, **given)
        next_recruitment(session)

        page = own_page(client, earlier, given)

        assert "满66周岁，要求18至65周岁；有专业特长并能证明的，可以申请放宽" in page.text
        client.submit(page, button="开始续聘报名")
        step = fill_in(client, given, "identity")
        assert step.heading == "有1项不符合公告的条件"

    def test_who_has_applied_is_led_to_it(self, client: Client, session: Session) -> None:
        given = answers()
        earlier = volunteer(session, **given)
        next_recruitment(session)
        client.submit(own_page(client, earlier, given), button="开始续聘报名")
        client.submit(fill_in(client, given), button="提交报名")

        page = client.get("/renew")

        assert "您已经报了名" in page.text
        assert "开始续聘报名" not in page.text

    def test_who_was_dismissed_may_apply_again(self, client: Client, session: Session) -> None:
        given = answers()
        earlier = volunteer(session, **given)
        start_writing(session)
        assert earlier.appointment is not None
        earlier.appointment.terminated_on = dt.date(2028, 3, 1)
        session.commit()
        next_recruitment(session)

        page = own_page(client, earlier, given)

        assert "2028年3月1日起提前结束，可以重新报名" in page.text
        assert client.submit(page, button="开始续聘报名").heading == "身份"


@pytest.mark.usefixtures("later")
def test_another_draft_of_this_browser_is_asked_about_and_not_lost(
    app: Flask, client: Client, session: Session
) -> None:
    earlier = volunteer(session)
    next_recruitment(session)
    fill_in(client, answers(name="武晓峰"), "identity")
    page = client.get(f"/renew/{private_link(session, earlier)}")
    assert "这台设备上还有一份没有提交的报名表" in page.text

    page = client.submit(page, button="先办续聘")

    assert len(drafts(session)) == 1
    link = page.tree.with_class("private-link")[0].text
    step = client.submit(page, button="链接记下了，办续聘")
    assert step.values(button="保存并继续")["name"] == earlier.name
    assert len(drafts(session)) == 2
    other = Client(app)
    other.follow(other.get(link.removeprefix("http://127.0.0.1:8000"), status=303))
    assert other.get("/apply/identity").values(button="保存并继续")["name"] == "武晓峰"


@pytest.mark.usefixtures("later")
def test_a_renewal_that_was_begun_goes_on(client: Client, session: Session) -> None:
    earlier = volunteer(session)
    next_recruitment(session)
    address = f"/renew/{private_link(session, earlier)}"
    client.submit(client.get(address), button="开始续聘报名")

    page = client.get(address)

    assert "接着填续聘报名" in page.links
    client.post(address, {"csrf_token": "made-up"}, status=422)
    assert len(drafts(session)) == 1


class TestWhenNothingIsOpen:
    def test_it_says_when_and_offers_a_message(
        self, client: Client, session: Session, clock: Clock
    ) -> None:
        given = answers(email="qiao@example.com")
        earlier = volunteer(session, **given)
        clock.at = BETWEEN
        page = own_page(client, earlier, given)
        assert "下一次什么时候开始还没有定" in page.text
        next_recruitment(session)
        page = client.get("/renew")
        assert "2029年度招募从2029年7月28日起接受报名" in page.text

        told = client.submit(page, button="开始后通知我")

        assert "已登记，招募开始后通知您。" in told.text
        assert "招募开始时发邮件到q" in told.text
        assert "qiao@example.com" not in told.html
        client.post("/renew/wish", list(page.values().items()), status=303)
        assert session.scalars(sa.select(RenewalWish.application_id)).all() == [earlier.id]
        gone = client.submit(told, button="不用通知了")
        assert "开始后通知我" in gone.text
        session.rollback()
        assert session.scalars(sa.select(RenewalWish)).all() == []

    def test_who_left_no_address_is_rung_up(
        self, client: Client, session: Session, clock: Clock
    ) -> None:
        given = answers(email="")
        earlier = volunteer(session, **given)
        clock.at = BETWEEN

        page = own_page(client, earlier, given)

        assert "打电话到" in page.text
        assert given["phone"] not in page.html

    def test_pressing_after_the_closing_instant_says_so(
        self, client: Client, session: Session, later: Clock
    ) -> None:
        earlier = volunteer(session)
        next_recruitment(session)
        page = client.get(f"/renew/{private_link(session, earlier)}")
        later.at = dt.datetime(2029, 8, 31, tzinfo=SHANGHAI)

        page = client.submit(page, button="开始续聘报名", status=409)

        assert page.errors == ["现在没有招募接受报名，请看下面。"]
        assert "开始后通知我" in page.text
        assert drafts(session) == []
