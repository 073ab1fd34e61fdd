"""The program refuses to start incomplete or unsafe, with one sentence that says what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from volunteer_app.settings import Settings, SettingsError, load_settings
from volunteer_app.vault import new_keys, write_keys

KEYS = new_keys()


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    write_keys(tmp_path / "keys.json", KEYS)
    return tmp_path


def load(instance: Path, **variables: str) -> Settings:
    return load_settings({"VOLUNTEER_INSTANCE": str(instance)} | variables)


def test_an_instance_with_keys_is_enough(instance: Path) -> None:
    settings = load(instance)

    assert settings.instance == instance
    assert settings.database_url == f"sqlite:///{instance}/volunteer.sqlite3"
    assert settings.secret_key == KEYS["secret_key"]
    assert (settings.url, settings.https, settings.proxies, settings.demo) == (
        "http://127.0.0.1:8000",
        False,
        0,
        False,
    )


def test_variables_say_otherwise(instance: Path) -> None:
    settings = load(
        instance,
        VOLUNTEER_DATABASE_URL="postgresql://staff@localhost/volunteer",
        VOLUNTEER_URL="https://volunteer.example.org/",
        VOLUNTEER_PROXIES="2",
    )

    assert settings.database_url == "postgresql+psycopg://staff@localhost/volunteer"
    assert (settings.url, settings.https) == ("https://volunteer.example.org", True)
    assert settings.proxies == 2


def test_keys_may_come_by_the_environment(tmp_path: Path) -> None:
    settings = load(tmp_path, VOLUNTEER_KEYS=json.dumps(KEYS))

    assert settings.secret_key == KEYS["secret_key"]


def test_missing_keys_say_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"找不到密钥文件.*keys\.json，请先运行volunteer init。"
    ):
        load(tmp_path)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_keys_that_others_can_read_are_refused(instance: Path, mode: int) -> None:
    (instance / "keys.json").chmod(mode)

    with pytest.raises(SettingsError, match=r"别人也能读，请运行chmod 600"):
        load(instance)


BROKEN: list[Any] = [
    {},
    [],
    "text",
    None,
    {name: KEYS[name] for name in ("index_key", "sealing_keys")},
    KEYS | {"index_key": "c2hvcnQ="},
    KEYS | {"index_key": 5},
    KEYS | {"sealing_keys": {}},
    KEYS | {"sealing_keys": []},
    KEYS | {"sealing_keys": {"x": KEYS["index_key"]}},
    KEYS | {"secret_key": ""},
]


@pytest.mark.parametrize("keys", BROKEN, ids=range(len(BROKEN)))
def test_broken_keys_say_where_to_find_whole_ones(tmp_path: Path, keys: Any) -> None:
    with pytest.raises(SettingsError, match="请从备份恢复密钥文件。"):
        load(tmp_path, VOLUNTEER_KEYS=json.dumps(keys))


def test_keys_that_are_no_json_say_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="密钥不是有效的JSON，请从备份恢复密钥文件。"):
        load(tmp_path, VOLUNTEER_KEYS="{")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("volunteer.example.org", "VOLUNTEER_URL应是完整的网址"),
        ("ftp://volunteer.example.org", "VOLUNTEER_URL应是完整的网址"),
        ("https://", "VOLUNTEER_URL应是完整的网址"),
        ("http://volunteer.example.org", "对外服务必须用https"),
        ("http://192.0.2.7:8000", "对外服务必须用https"),
    ],
)
def test_an_unsafe_address_is_refused(instance: Path, url: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load(instance, VOLUNTEER_URL=url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
def test_this_machine_may_be_asked_without_https(instance: Path, url: str) -> None:
    assert load(instance, VOLUNTEER_URL=url).url == url


@pytest.mark.parametrize("count", ["one", "-1", "1.5", "", "１"])
def test_a_count_of_proxies_is_a_number(instance: Path, count: str) -> None:
    with pytest.raises(SettingsError, match="VOLUNTEER_PROXIES应是一个整数"):
        load(instance, VOLUNTEER_PROXIES=count)


def test_every_refusal_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path)

    assert str(refused.value).count("。") == 1


def test_settings_do_not_change(instance: Path) -> None:
    settings = load(instance)

    with pytest.raises(AttributeError):
        settings.url = "http://localhost"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["secret_key", "index_key"])
def test_settings_in_a_log_show_no_key(instance: Path, name: str) -> None:
    settings = load(instance, VOLUNTEER_DATABASE_URL="postgresql://staff:geheim@localhost/x")

    assert str(instance) in repr(settings)
    assert KEYS[name] not in repr(settings)
    assert "geheim" not in repr(settings)


def test_without_a_mail_server_no_mail_is_sent(instance: Path) -> None:
    assert load(instance).mail is None
    assert load(instance, VOLUNTEER_MAIL_URL="").mail is None


@pytest.mark.parametrize(
    ("url", "host", "port", "security"),
    [
        ("smtp://u:p@smtp.example.org?from=a@example.org", "smtp.example.org", 587, "starttls"),
        ("smtps://u:p@smtp.example.org?from=a@example.org", "smtp.example.org", 465, "tls"),
        ("smtp://127.0.0.1:2525?from=a@example.org", "127.0.0.1", 2525, "plain"),
        ("smtp://[::1]:2525?from=a@example.org", "::1", 2525, "plain"),
    ],
)
def test_mail_leaves_this_machine_only_over_tls(
    instance: Path, url: str, host: str, port: int, security: str
) -> None:
    mail = load(instance, VOLUNTEER_MAIL_URL=url).mail

    assert mail is not None
    assert (mail.host, mail.port, mail.security.value) == (host, port, security)
    assert mail.sender == "a@example.org"


def test_a_mail_password_may_have_any_sign_and_shows_nowhere(instance: Path) -> None:
    url = "smtps://user%40example.org:p%40ss%2Fw%3Ard@smtp.example.org?from=a@example.org"

    settings = load(instance, VOLUNTEER_MAIL_URL=url)

    assert settings.mail is not None
    assert (settings.mail.user, settings.mail.password) == ("user@example.org", "p@ss/w:rd")
    assert "p@ss" not in repr(settings)
    assert "user@" not in repr(settings)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://smtp.example.org?from=a@example.org", "VOLUNTEER_MAIL_URL不对"),
        ("smtp://?from=a@example.org", "VOLUNTEER_MAIL_URL不对"),
        ("smtp://secret:word@smtp.example.org:port?from=a@example.org", "VOLUNTEER_MAIL_URL不对"),
        ("smtp://secret:word@smtp.example.org", "少了发信的邮箱from"),
        ("smtp://secret:word@smtp.example.org?from=a@example.org&tls=no", "只写一项from"),
        ("smtp://secret:wo#rd@smtp.example.org?from=a@example.org", "VOLUNTEER_MAIL_URL"),
        ("smtp://secret:word@smtp.example.org?from=nobody", "from不是有效的邮箱"),
        ("smtp://secret:word@smtp.example.org?from=a@example.org%0D%0ABcc:b@example.org", "from"),
        ("smtp://secret@smtp.example.org?from=a@example.org", "要么都写"),
        ("smtp://secret:wo%0Ard@smtp.example.org?from=a@example.org", "控制字符"),
    ],
)
def test_an_unsafe_or_incomplete_mail_server_is_refused_without_its_password(
    instance: Path, url: str, sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence) as refused:
        load(instance, VOLUNTEER_MAIL_URL=url)

    assert "secret" not in str(refused.value)
    assert "wo" not in str(refused.value).replace("password", "")
