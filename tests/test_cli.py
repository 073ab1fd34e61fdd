"""The command line: what it makes, what it says, where it stops."""

from __future__ import annotations

import json
import re
import shutil
import socket
from pathlib import Path

import pytest

from tests.commands import InProcess, Shell, fetch, query
from volunteer_app.vault import new_keys

LINK = re.compile(r"http://127\.0\.0\.1:\d+/staff/invitation/\S+")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Commands in this process: quick, and the same code but for the start of Python."""
    return InProcess(tmp_path)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance that `volunteer init` made."""
    shell = Shell(tmp_path_factory.mktemp("prepared"))
    shell.say("init")
    return shell.instance


@pytest.fixture
def ready(shell: Shell, prepared: Path) -> Shell:
    """A shell where `volunteer init` has run."""
    shutil.copytree(prepared, shell.instance)
    return shell


def database(shell: Shell) -> Path:
    return shell.instance / "volunteer.sqlite3"


class TestInit:
    def test_it_makes_keys_and_database_for_their_owner_only(self, shell: Shell) -> None:
        said = shell.say("init", PORT="8123")

        modes = {path.name: path.stat().st_mode & 0o777 for path in shell.instance.iterdir()}
        assert modes == {"keys.json": 0o600, "volunteer.sqlite3": 0o600}
        assert shell.instance.stat().st_mode & 0o777 == 0o700
        assert "网址：http://127.0.0.1:8123\n" in said
        assert LINK.search(said)

    def test_a_second_time_changes_nothing_but_the_link(self, ready: Shell) -> None:
        keys = (ready.instance / "keys.json").read_bytes()
        counted = "select (select count(*) from recruitment), (select count(*) from staff)"
        before = query(database(ready), counted)

        first, second = ready.say("init"), ready.say("init")

        assert "密钥：已有，没有改动。" in second
        assert "数据库：结构已是最新。" in second
        assert LINK.findall(first) != LINK.findall(second)
        assert (ready.instance / "keys.json").read_bytes() == keys
        assert query(database(ready), counted) == before == [(1, 1)]

    def test_an_administrator_with_a_password_needs_no_link(self, ready: Shell) -> None:
        query(database(ready), "update staff set password = 'hash'")

        said = ready.say("init")

        assert "管理员：已经设置过密码，请直接登录。" in said
        assert not LINK.search(said)

    def test_lost_keys_are_not_replaced_beside_an_old_database(self, ready: Shell) -> None:
        (ready.instance / "keys.json").unlink()

        complaint = ready.complaint("init")

        assert complaint.startswith("数据库里已有资料，却是用另一套密钥写的。请从备份恢复密钥文件")
        assert not (ready.instance / "keys.json").exists()

    def test_keys_from_the_environment_leave_no_file(self, shell: Shell) -> None:
        said = shell.say("init", VOLUNTEER_KEYS=json.dumps(new_keys()))

        assert "密钥：来自VOLUNTEER_KEYS变量。" in said
        assert not (shell.instance / "keys.json").exists()

    def test_it_prepares_either_engine(self, shell: Shell, empty_database_url: str) -> None:
        variables = {"VOLUNTEER_DATABASE_URL": empty_database_url}

        assert "数据库：结构已升级到最新。" in shell.say("init", **variables)
        assert "没有要修的地方。" in shell.say("doctor", **variables)


class TestStarting:
    def test_without_keys_it_says_what_to_run(self, tmp_path: Path) -> None:
        shell = Shell(tmp_path)

        complaint = shell.complaint("serve")

        assert complaint == (
            f"找不到密钥文件{shell.instance / 'keys.json'}，请先运行volunteer init。"
        )

    def test_keys_that_others_can_read_are_refused(self, ready: Shell) -> None:
        (ready.instance / "keys.json").chmod(0o644)

        assert "别人也能读，请运行chmod 600" in ready.complaint("serve")

    def test_wrong_keys_are_refused(self, ready: Shell) -> None:
        (ready.instance / "keys.json").write_text(json.dumps(new_keys()))

        complaint = ready.complaint("serve")

        assert complaint == "密钥和数据库不是一套，请从备份恢复写这个数据库时用的密钥文件。"

    def test_without_a_database_it_makes_none(self, ready: Shell) -> None:
        database(ready).unlink()

        assert ready.complaint("serve").endswith("请先运行volunteer init。")
        assert not database(ready).exists()

    def test_an_old_structure_is_refused_until_it_is_upgraded(self, ready: Shell) -> None:
        database(ready).unlink()
        database(ready).touch()

        complaint = ready.complaint("serve")
        upgraded = ready.say("db", "upgrade")

        assert complaint == "数据库的结构不是最新的，请先运行volunteer db upgrade。"
        assert upgraded.startswith("数据库的结构已从空升级到")
        assert ready.say("db", "upgrade") == "数据库的结构已是最新。\n"

    def test_only_https_is_served_to_the_outside(self, ready: Shell) -> None:
        complaint = ready.complaint("serve", "--host", "0.0.0.0")  # noqa: S104 - must be refused

        assert complaint == "要在0.0.0.0上对外服务，请先把VOLUNTEER_URL设为https开头的网址。"

    def test_a_port_in_use_is_named(self, ready: Shell) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            assert f"127.0.0.1的{port}端口用不了" in ready.complaint("serve", "--port", str(port))

    @pytest.mark.parametrize("server", ["gunicorn", "waitress"])
    def test_either_server_answers_and_leaves_when_asked(self, ready: Shell, server: str) -> None:
        with ready.serving("--server", server) as address:
            status, body = fetch(f"{address}/readyz")

        assert (status, json.loads(body)) == (200, {"status": "ok"})

    def test_an_unreachable_database_is_one_sentence(self, ready: Shell) -> None:
        url = "postgresql://nobody:secret@127.0.0.1:1/none"

        complaint = ready.complaint("serve", VOLUNTEER_DATABASE_URL=url)

        assert complaint.endswith("请运行volunteer doctor。")
        assert "secret" not in complaint


class TestDoctor:
    def test_all_is_well_after_init(self, ready: Shell) -> None:
        said = ready.say("doctor")

        assert "要修" not in said.replace("没有要修的地方。", "")
        assert "提示  邮件：没有配置发信，0条通知存在待发队列里" in said

    def test_what_must_be_mended_is_named_with_its_remedy(self, ready: Shell) -> None:
        (ready.instance / "keys.json").write_text(json.dumps(new_keys()))

        done = ready.run("doctor")

        assert done.returncode == 1
        assert "要修  密钥与数据库：不是一套，请从备份恢复密钥文件。" in done.stdout.decode()
        assert done.stdout.decode().endswith("有1处要修。\n")

    def test_it_goes_on_without_keys_and_makes_nothing(self, shell: Shell) -> None:
        done = shell.run("doctor")

        assert done.returncode == 1
        assert "请先运行volunteer init。" in done.stdout.decode()
        assert not shell.instance.exists()

    def test_it_asks_for_the_proxy_behind_https(self, ready: Shell) -> None:
        said = ready.say("doctor", VOLUNTEER_URL="https://volunteer.example.org")

        assert "提示  网址：https://volunteer.example.org是https，而VOLUNTEER_PROXIES是0" in said


class TestStaff:
    def test_an_invitation_makes_an_account_and_a_link(self, ready: Shell) -> None:
        said = ready.say(
            "staff", "invite", "--username", "Li", "--name", "李审", "--role", "reviewer",
            "--region", "太原",
        )  # fmt: skip

        rows = query(
            database(ready), "select name, role, region, password from staff where username='li'"
        )
        assert rows == [("李审", "reviewer", "140100", None)]
        assert LINK.search(said)

    def test_who_has_no_password_gets_a_new_link(self, ready: Shell) -> None:
        first = ready.say("staff", "invite", "--username", "li", "--name", "李审")

        second = ready.say("staff", "invite", "--username", "li")

        assert LINK.findall(first) != LINK.findall(second)

    def test_who_has_a_password_keeps_it_unless_asked(self, ready: Shell) -> None:
        ready.say("staff", "invite", "--username", "li", "--name", "李审")
        query(database(ready), "update staff set password = 'hash' where username = 'li'")

        complaint = ready.complaint("staff", "invite", "--username", "li")
        said = ready.say("staff", "invite", "--username", "li", "--reset")

        assert complaint == "这个账号已经有密码；忘了密码的，请加--reset换新链接。"
        assert LINK.search(said)
        assert query(database(ready), "select password from staff where username='li'") == [(None,)]

    def test_a_new_account_needs_a_name(self, ready: Shell) -> None:
        complaint = ready.complaint("staff", "invite", "--username", "li")

        assert complaint == "还没有这个账号，请用--name填写姓名。"


class TestRecount:
    def test_it_mends_what_is_wrong(self, ready: Shell) -> None:
        wrong = "insert into application_count values (1, '140100', 'submitted', 7)"
        query(database(ready), wrong)

        assert ready.say("db", "recount") == "已重新清点，改正1处。\n"
        assert ready.say("db", "recount") == "已重新清点，原来的数字都对。\n"


class TestWords:
    @pytest.mark.parametrize(
        "command",
        [[], ["init"], ["serve"], ["db"], ["db", "upgrade"], ["db", "recount"], ["staff"],
         ["staff", "invite"], ["export-roster"], ["demo"], ["doctor"]],
    )  # fmt: skip
    def test_help_is_chinese(self, shell: Shell, command: list[str]) -> None:
        said = shell.say(*command, "--help")

        assert said.startswith("用法：volunteer")
        english = re.compile(r"Usage|Options|Commands|Show this|required|default|ARGS|TEXT")
        assert english.findall(said) == []

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["publish"], "没有“publish”这个命令，请看volunteer --help。"),
            (["serve", "--prot", "1"], "没有--prot这个选项，请用--help查看。"),
            (["serve", "--port"], "--port后面要有一个值，请用--help查看。"),
            (["serve", "--port", "x"], "--port的值不对：应是1至65535的整数。"),
            (["serve", "now"], "命令的写法不对，请用--help查看。"),
            (["staff", "invite"], "缺少--username，请用--help查看。"),
            (
                ["staff", "invite", "--username", "a", "--role", "boss"],
                "--role的值不对：只能是viewer（查看员）、reviewer（审核员）、approver（复核员）、"
                "admin（管理员）。",
            ),
            (
                ["export-roster", "--output", "-", "--on", "2027-2-30"],
                "--on的值不对：2027年2月30日不存在，请核对。",
            ),
        ],
    )
    def test_a_mistake_is_one_sentence(self, shell: Shell, words: list[str], sentence: str) -> None:
        assert shell.complaint(*words) == sentence

    def test_without_a_command_it_shows_them_all(self, shell: Shell) -> None:
        assert shell.run().stdout.decode().startswith("用法：volunteer [选项] 命令 [参数]…\n")
