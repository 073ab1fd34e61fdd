"""The demo instance and what leaves it: the roster on the command line."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.commands import InProcess, Shell, fetch, free_port, query, wait_for
from volunteer_app.domain.vocabulary import Role, Status

PASSWORD = re.compile(r"登录名(\w+)  密码(\S+)")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell whose demo instance has 60 people."""
    shell = InProcess(tmp_path_factory.mktemp("demo"))
    shell.say("demo", "--no-serve", "--people", "60")
    return shell


@pytest.fixture
def roster(demo: Shell) -> Shell:
    """The same people as a shell whose own instance they are."""
    return InProcess(demo.instance / "demo")


def ask(shell: Shell, statement: str) -> list[tuple[object, ...]]:
    return query(shell.instance / "demo" / "volunteer.sqlite3", statement)


def export(shell: Shell, *words: str) -> list[dict[str, str]]:
    done = shell.run("export-roster", "--output", "-", *words, VOLUNTEER_INSTANCE=".")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"\xef\xbb\xbf")
    assert done.stdout.count(b"\n") == done.stdout.count(b"\r\n")
    return list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"))))


def test_it_has_people_in_every_state_and_a_marker(demo: Shell) -> None:
    counted = ask(demo, "select status, count(*) from application group by status")
    kept = ask(demo, "select status, sum(count) from application_count group by status")

    assert {status for status, _ in counted} == {status.value for status in Status}
    assert sum(int(str(count)) for _, count in counted) == 60 + 10  # and ten whom units named
    assert [row for row in kept if row[1]] == counted
    assert (demo.instance / "demo" / "demo").is_file()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="gunicorn forks, waitress not")
def test_its_documents_come_though_it_was_filled_in_the_same_process(tmp_path: Path) -> None:
    shell, port = Shell(tmp_path), free_port()
    with subprocess.Popen(
        [*shell.program, "demo", "--people", "20", "--port", str(port)],
        cwd=tmp_path,
        env=shell.environ({}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", server)
            with urlopen(f"http://127.0.0.1:{port}/form-blank.pdf", timeout=30) as answer:
                assert answer.read().startswith(b"%PDF")
        finally:
            server.kill()


def test_running_it_again_only_changes_the_passwords(demo: Shell) -> None:
    first = demo.say("demo", "--no-serve")
    second = demo.say("demo", "--no-serve")

    assert {name for name, _ in PASSWORD.findall(first)} == {role.value for role in Role}
    assert set(PASSWORD.findall(first)).isdisjoint(PASSWORD.findall(second))
    assert ask(demo, "select count(*) from application") == [(70,)]


def test_it_leaves_the_real_instance_alone(tmp_path: Path) -> None:
    shell = InProcess(tmp_path)
    real = f"sqlite:///{tmp_path / 'real.sqlite3'}"

    done = shell.run("demo", "--no-serve", "--people", "20", VOLUNTEER_DATABASE_URL=real)

    assert done.returncode == 0
    assert done.stderr.decode() == "演示不用VOLUNTEER_DATABASE_URL，已忽略。\n"
    assert not (tmp_path / "real.sqlite3").exists()
    assert [path.name for path in shell.instance.iterdir()] == ["demo"]


def test_a_folder_that_is_no_demo_is_not_touched(tmp_path: Path) -> None:
    shell = InProcess(tmp_path)
    kept = shell.instance / "demo" / "volunteer.sqlite3"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"somebody's data")

    complaint = shell.complaint("demo", "--no-serve", "--fresh")

    assert complaint.endswith("里的不是演示数据，没有动它；请移走后再运行。")
    assert kept.read_bytes() == b"somebody's data"
    assert list(kept.parent.iterdir()) == [kept]


def test_a_demo_beside_it_does_not_make_the_real_instance_a_demo(demo: Shell) -> None:
    demo.say("init")

    with demo.serving() as address:
        status, _body = fetch(f"{address}/readyz")

    assert status == 200


def test_the_roster_hides_numbers(roster: Shell) -> None:
    rows = export(roster)

    assert rows
    assert {row["手机号码"][:7] for row in rows} == {"*******"}
    assert {row["聘任状态"] for row in rows} == {"期满", "在聘", "未开始", "提前解聘"}


def test_numbers_in_full_need_a_reason_and_leave_a_line(demo: Shell, roster: Shell) -> None:
    complaint = roster.complaint("export-roster", "--output", "-", "--reveal")
    rows = export(roster, "--reveal", "--reason", "寄送聘书", "--status", "active")

    assert complaint == "要导出完整号码，请用--reason写明理由。"
    assert all(row["手机号码"].startswith("199") for row in rows)
    (actor, action, detail), *_ = ask(
        demo, "select actor, action, detail from audit_event order by id desc limit 1"
    )
    assert (str(actor).partition(":")[0], action) == ("cli", "export")
    kept = json.loads(str(detail))
    assert (kept["revealed"], kept["reason"], kept["count"]) == (True, "寄送聘书", len(rows))


def test_filters_narrow_the_roster(roster: Shell) -> None:
    slug = str(max(int(row["招募"][:4]) for row in export(roster)))

    rows = export(roster, "--recruitment", slug, "--region", "太原")

    assert {(row["招募"][:4], row["报名地所在市"]) for row in rows} <= {(slug, "太原市")}
    assert (
        roster.complaint(
            "export-roster", "--output", "-", "--recruitment", "1999", VOLUNTEER_INSTANCE="."
        )
        == "没有“1999”这次招募，请到招募设置里看它的代号。"
    )


def test_a_file_takes_its_format_from_its_name(roster: Shell, tmp_path: Path) -> None:
    book = tmp_path / "roster.xlsx"

    said = roster.say("export-roster", "--output", str(book), VOLUNTEER_INSTANCE=".")

    assert re.fullmatch(rf"已导出\d+人到{re.escape(str(book))}。\n", said)
    assert book.read_bytes().startswith(b"PK")
    assert book.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [book]


def test_an_unknown_format_is_refused(roster: Shell, tmp_path: Path) -> None:
    complaint = roster.complaint("export-roster", "--output", str(tmp_path / "roster.pdf"))

    assert complaint == "格式只能是csv或xlsx，请用--format写明。"
