"""What is sealed opens with its key, for its row, unchanged; nothing else opens anything."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from volunteer_app.vault import (
    Vault,
    WrongKeyError,
    digest,
    new_keys,
    read_vault,
    write_keys,
)

OLD, NEW, INDEX = os.urandom(32), os.urandom(32), os.urandom(32)


@pytest.fixture
def vault() -> Vault:
    return Vault({1: OLD}, INDEX)


@pytest.mark.parametrize("text", ["", "140105199003074128", "欧阳·𠮷", "x" * 100_000])
def test_what_was_sealed_is_opened(vault: Vault, text: str) -> None:
    assert vault.open(vault.seal(text, "row:name"), "row:name") == text


def test_sealing_twice_looks_different(vault: Vault) -> None:
    assert vault.seal("same", "row") != vault.seal("same", "row")


def test_a_sealed_value_does_not_open_for_another_row(vault: Vault) -> None:
    sealed = vault.seal("13912345678", "application:A:phone")

    for other in ("application:B:phone", "application:A:email", ""):
        with pytest.raises(WrongKeyError):
            vault.open(sealed, other)


def test_a_changed_byte_is_noticed_wherever_it_is(vault: Vault) -> None:
    sealed = vault.seal("13912345678", "row")

    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(WrongKeyError):
            vault.open(changed, "row")


@pytest.mark.parametrize("length", range(0, 31, 3))
def test_a_piece_of_a_value_is_refused_in_words(vault: Vault, length: int) -> None:
    with pytest.raises(WrongKeyError, match="密文与现有密钥不符"):
        vault.open(vault.seal("1", "row")[:length], "row")


def test_another_key_opens_nothing(vault: Vault) -> None:
    with pytest.raises(WrongKeyError):
        Vault({1: NEW}, INDEX).open(vault.seal("1", "row"), "row")


def test_new_values_use_the_newest_key_and_old_ones_still_open(vault: Vault) -> None:
    sealed_before = vault.seal("1", "row")
    rotated = Vault({1: OLD, 2: NEW}, INDEX)

    sealed_after = rotated.seal("1", "row")

    assert (sealed_before[:2], sealed_after[:2]) == (b"\x00\x01", b"\x00\x02")
    assert rotated.open(sealed_before, "row") == rotated.open(sealed_after, "row") == "1"


def test_an_index_is_equal_for_equal_values_of_one_kind_and_key(vault: Vault) -> None:
    index = vault.index("phone", "13912345678")

    assert index == vault.index("phone", "13912345678")
    assert len(index) == 32
    assert index != vault.index("phone", "13912345679")
    assert index != vault.index("id_number", "13912345678")
    assert index != Vault({1: OLD}, NEW).index("phone", "13912345678")


def test_fresh_keys_are_never_the_same() -> None:
    first, second = new_keys(), new_keys()

    assert first.keys() == second.keys() == {"secret_key", "index_key", "sealing_keys"}
    assert not any(first[name] == second[name] for name in first)
    assert isinstance(read_vault(first), Vault)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"index_key": "c2hvcnQ="}, "32 bytes"),
        ({"index_key": "not base64!"}, "base64"),
        ({"sealing_keys": {}}, "32 bytes"),
        ({"sealing_keys": {"1": "c2hvcnQ="}}, "32 bytes"),
        ({"sealing_keys": {"one": "c2hvcnQ="}}, "one"),
    ],
)
def test_keys_that_cannot_be_right_are_refused(broken: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=f"(?i){why}"):
        read_vault(new_keys() | broken)


def test_keys_are_written_for_their_owner_only_and_never_over_others(tmp_path: Path) -> None:
    path, keys = tmp_path / "keys.json", new_keys()

    write_keys(path, keys)

    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text("utf-8")) == keys
    with pytest.raises(FileExistsError):
        write_keys(path, new_keys())
    assert json.loads(path.read_text("utf-8")) == keys


def test_a_token_is_stored_as_its_digest() -> None:
    assert digest("secret") == "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
