"""An individual applies: four topics, a draft that survives, one application however often sent."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import ORIGIN, Client
from tests.conftest import Clock
from tests.factories import answers, make_application, valid_identity
from tests.web.applicants import apply_online, fill_in
from volunteer_app.domain.terms import SHANGHAI
from volunteer_app.domain.vocabulary import Verdict
from volunteer_app.models import Application, Draft, NameToken, Recruitment
from volunteer_app.services import recruiting


def stored(session: Session) -> list[Application]:
    session.rollback()
    return list(session.scalars(sa.select(Application)))


def test_four_pages_a_check_and_a_receipt(client: Client, session: Session) -> None:
    reference, given = apply_online(client, name="欧阳·𠮷")

    [application] = stored(session)
    assert application.reference == reference
    assert application.name == "欧阳·𠮷"
    assert application.outcome is Verdict.PASS
    assert application.id_number_last4 == given["id_number"][-4:]
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0


def test_the_receipt_comes_again_however_often_it_is_sent(client: Client, session: Session) -> None:
    check = fill_in(client, answers())
    form = check.values(button="提交报名")
    first = client.submit(check, button="提交报名")

    again = client.follow(client.post("/apply/check", list(form.items()), status=303))

    reference = first.tree.with_class("reference")[0].text
    assert again.tree.with_class("reference")[0].text == reference
    assert client.follow(client.get("/apply/", status=303)).heading == "报名已提交"
    assert len(stored(session)) == 1


def test_ten_presses_at_once_make_one_application(
    app: Flask, client: Client, session: Session
) -> None:
    check = fill_in(client, answers())
    form = list(check.values(button="提交报名").items())
    cookies = "; ".join(f"{c.key}={c.value}" for c in (client.http._cookies or {}).values())

    def press(_number: int) -> str:
        http = app.test_client(use_cookies=False)
        answer = http.post(
            "/apply/check", data=dict(form), headers={"Cookie": cookies, "Origin": ORIGIN}
        )
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.location

    with ThreadPoolExecutor(10) as pool:
        places = set(pool.map(press, range(10)))

    assert places <= {"/apply/receipt", "/apply/"}
    assert len(stored(session)) == 1


def test_answers_are_there_again_when_one_comes_back(client: Client) -> None:
    given = answers(address="府西街29号")
    fill_in(client, given, "identity", "career")

    page = client.get("/apply/identity")

    kept = page.values(button="保存并继续")
    assert kept["address"] == "府西街29号"
    assert kept["id_number"] == given["id_number"]
    assert "您有一份没有提交的报名表" in client.get("/apply/").text


def test_saving_for_later_keeps_what_is_not_finished(client: Client) -> None:
    page = client.submit(
        client.get("/apply/identity"), {"name": "乔", "phone": "139"}, button="先保存，以后再填"
    )

    assert page.heading == "已保存，以后可以接着填"
    kept = client.get("/apply/identity").values(button="保存并继续")
    assert (kept["name"], kept["phone"]) == ("乔", "139")


def test_the_private_link_goes_on_in_another_browser(app: Flask, client: Client) -> None:
    fill_in(client, answers(name="武晓峰"), "identity")
    client.submit(client.get("/apply/later"), button="生成私人链接")
    link = client.get("/apply/later").tree.with_class("private-link")[0].text
    other = Client(app)
    assert other.get("/apply/identity").values(button="保存并继续")["name"] == ""

    page = other.follow(other.get(urlsplit(link).path, status=303))

    assert page.heading == "您有一份没有提交的报名表"
    assert other.get("/apply/identity").values(button="保存并继续")["name"] == "武晓峰"


def test_a_link_that_leads_nowhere_says_so(client: Client) -> None:
    assert client.get("/apply/resume/nothing", status=410).heading == "这个链接已经失效"


def test_a_draft_is_discarded_when_its_owner_says_so(client: Client, session: Session) -> None:
    fill_in(client, answers(), "identity")
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 1

    client.submit(client.get("/apply/"), button="丢弃这份，重新开始")

    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 0
    assert client.get("/apply/identity").values(button="保存并继续")["name"] == ""


class TestWhoIsOutside:
    """Rules flag, people decide: said before anything else is asked, and never the last word."""

    outside = valid_identity(born=dt.date(1961, 8, 30))

    def test_it_is_said_after_the_first_page(self, client: Client) -> None:
        page = fill_in(client, answers(id_number=self.outside), "identity")

        assert page.heading == "有1项不符合公告的条件"
        assert "截止日8月30日满66周岁，要求18至65周岁" in page.text

    def test_a_speciality_makes_it_an_exception(self, client: Client, session: Session) -> None:
        given = answers(id_number=self.outside, speciality="食品检验二十年。")
        page = fill_in(client, given, "identity")

        page = client.submit(page, {"speciality": "食品检验二十年。"}, button="speciality")

        assert page.heading == "学历与职业"
        check = fill_in(client, given, "career", "service", "pledges")
        assert "需复核" in check.text
        receipt = client.submit(check, button="提交报名")
        assert "请上传资格证、职称证或单位证明，或交工作人员核对原件。" in receipt.text
        [application] = stored(session)
        assert application.outcome is Verdict.EXCEPTION
        assert not application.human_review

    def test_asking_for_a_speciality_without_one_is_an_error(self, client: Client) -> None:
        page = fill_in(client, answers(id_number=self.outside), "identity")

        page = client.submit(page, {"speciality": " "}, button="speciality", status=422)

        assert page.error_fields == {
            "speciality": "请填写您的专业特长，没有特长的请点“请工作人员核定”"
        }

    def test_a_person_may_be_asked(self, client: Client, session: Session) -> None:
        given = answers(id_number=self.outside, education="junior_high")
        page = fill_in(client, given, "identity")

        client.submit(page, button="human")
        check = fill_in(client, given, "career", "service", "pledges")
        client.submit(check, button="提交报名")

        [application] = stored(session)
        assert application.human_review
        assert application.outcome is Verdict.FAIL

    def test_the_form_does_not_go_on_by_itself(self, client: Client, session: Session) -> None:
        check = fill_in(client, answers(id_number=self.outside))
        assert check.heading == "有1项不符合公告的条件"
        check = client.get("/apply/check")
        assert "提交报名" not in [button.text for button in check.tree.all("button")]

        refused = client.post("/apply/check", list(check.values().items()), status=422)

        assert "截止日8月30日满66周岁" in refused.errors[0]
        assert stored(session) == []

    def test_a_declaration_that_is_not_made_is_said(self, client: Client) -> None:
        page = fill_in(client, answers(unpaid=False))

        assert page.heading == "有1项不符合公告的条件"
        assert "没有声明：以消费者身份自愿、无偿、兼职参加。" in page.text


def test_skipped_pages_are_named_on_the_check(client: Client, session: Session) -> None:
    fill_in(client, answers(), "identity", "service")

    check = client.get("/apply/check")

    assert "去填“学历与职业”" in check.text
    client.post("/apply/check", list(check.values().items()), status=200)
    assert stored(session) == []


def test_one_answer_is_changed_from_the_check_and_one_is_back_there(client: Client) -> None:
    fill_in(client, answers(occupation="教师"))
    asked = client.get("/apply/career?check=1")

    page = client.submit(asked, {"occupation": "会计"}, button="保存并继续")

    assert page.heading == "核对后提交"
    assert "会计" in page.text


def test_a_second_application_of_one_person_is_refused_without_telling(
    client: Client, session: Session
) -> None:
    number = valid_identity()
    make_application(session, id_number=number)
    check = fill_in(client, answers(id_number=number))

    page = client.submit(check, button="提交报名", status=422)

    [sentence] = page.errors
    assert sentence.startswith("这个证件号码已经在本次招募中报过名，不能再报一份。")
    assert len(stored(session)) == 1


def test_the_closing_instant_closes_the_form_and_keeps_the_draft(
    client: Client, clock: Clock, session: Session
) -> None:
    clock.at = dt.datetime(2027, 8, 30, 23, 59, 59, tzinfo=SHANGHAI)
    check = fill_in(client, answers())
    clock.at = dt.datetime(2027, 8, 31, tzinfo=SHANGHAI)

    page = client.submit(check, button="提交报名", status=403)

    assert page.heading == "报名已截止"
    assert client.get("/apply/identity", status=403).heading == "报名已截止"
    assert stored(session) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 1


def test_before_the_opening_nobody_begins(client: Client, clock: Clock) -> None:
    clock.at = dt.datetime(2027, 7, 27, 23, 59, tzinfo=SHANGHAI)

    assert client.get("/apply/", status=403).heading == "报名还没有开始"


def test_what_is_saved_unfinished_never_breaks_the_pages_after_it(client: Client) -> None:
    fill_in(client, answers(), "career")
    asked = client.get("/apply/identity")
    sent = dict(asked.values(button="保存并继续").items())
    sent |= {"region": "zzz", "county": "yyy", "id_number": "1401", "name": "乔秀兰", "later": "1"}
    client.post("/apply/identity", sent, status=303)

    page = client.get("/apply/check")

    assert "乔秀兰" in page.text
    assert "教师" in page.text
    fill_in(client, answers(education="junior_high"), "career")
    assert client.get("/apply/eligibility?section=zzz").heading == "有1项不符合公告的条件"


def test_declarations_and_consents_are_asked_anew_in_the_next_recruitment(
    client: Client, clock: Clock, session: Session
) -> None:
    fill_in(client, answers(address="府西街29号"))
    earlier = {"opens_on": dt.date(2026, 7, 1), "closes_on": dt.date(2026, 8, 30), "slug": "2026"}
    session.execute(sa.update(Recruitment).values(earlier))
    session.add(recruiting.first_recruitment(dt.date(2027, 7, 28)))
    session.commit()

    kept = client.get("/apply/pledges").values(button="保存并继续")

    assert "consent" not in kept
    assert client.get("/apply/identity").values(button="保存并继续")["address"] == "府西街29号"
    assert "去填“身份”" in client.get("/apply/check").text


def test_a_name_younger_than_the_tables_is_found(client: Client, session: Session) -> None:
    apply_online(client, name="\U0003fff0")

    session.rollback()
    assert session.scalar(sa.select(NameToken.token)) == "\U0003fff0"
