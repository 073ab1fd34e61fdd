"""The wheel works elsewhere: built, installed into a fresh environment, prepared, served."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.commands import ROOT, Shell, fetch


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell far from the checkout. Its environment borrows the dependencies of this one, by a
    path file, which brings no editable install along."""
    folder = tmp_path_factory.mktemp("elsewhere")
    environment = folder / "venv"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True
    )
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    return Shell(folder, program=[str(environment / "bin" / "volunteer")], path="")


def test_everything_that_is_not_python_is_in_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    expected = {
        f"volunteer_app/{path.relative_to(folder)}"
        for folder in (ROOT / "volunteer_app", ROOT)
        for part in ("templates", "static", "migrations", "domain", "documents")
        for path in (folder / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {
        "volunteer_app/templates/base.html",
        "volunteer_app/static/theme.css",
        "volunteer_app/domain/regions_shanxi.csv",
        "volunteer_app/migrations/script.py.mako",
        "volunteer_app/documents/application_form.typ",
    } <= expected
    assert expected - names == set()


def test_installed_elsewhere_it_prepares_itself_and_serves(installed: Shell) -> None:
    said = installed.say("init")

    with installed.serving() as address:
        home = fetch(f"{address}/")
        ready = fetch(f"{address}/readyz")
        style = fetch(f"{address}/static/theme.css")

    assert "数据库：结构已升级到最新。" in said
    assert (home[0], ready[0], style[0]) == (200, 200, 200)
    assert "招募" in home[1]


def test_it_runs_its_own_code_there(installed: Shell) -> None:
    python = Path(installed.program[0]).with_name("python")

    done = subprocess.run(
        [python, "-c", "import volunteer_app; print(volunteer_app.__file__)"],
        cwd=installed.folder,
        env=installed.environ({}),
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(done.stdout.strip()).is_relative_to(installed.folder)
