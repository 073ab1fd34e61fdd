"""The house keeps its order: floors, sizes, and doors that say who may enter."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "volunteer_app"

#: What the libraries serve themselves; they guard their pages by their own means.
OF_LIBRARIES = {
    "static",
    "bootstrap.static",
    "security.static",
    "security.login",
    "security.logout",
    "security.verify",
}

MODULE_LINES, FUNCTION_LINES, VIEW_LINES = 300, 40, 25


def modules(*folders: str) -> list[Path]:
    """Our Python, but for migrations: they are written once, by a tool."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[tuple[str, int, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Each function with the lines of its body; signature and docstring may be as long as they
    are useful."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            yield f"{path.relative_to(ROOT)}:{node.name}", lines, node


def test_imports_go_down_only() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_rule_loads_neither_flask_nor_the_database() -> None:
    code = (
        "import sys, volunteer_app.domain.rules\n"
        "print(sorted({'flask', 'sqlalchemy', 'wtforms'} & sys.modules.keys()))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_every_view_says_who_may_open_it(bare_app: Flask) -> None:
    silent = {
        name for name, view in bare_app.view_functions.items() if not hasattr(view, "open_to")
    }

    assert silent == OF_LIBRARIES


def test_no_address_carries_the_number_of_a_row(bare_app: Flask) -> None:
    """A place in a list (`number`, `page`) counts within it and says nothing of the table."""
    counting = [
        str(rule)
        for rule in bare_app.url_map.iter_rules()
        if "<int:" in str(rule).replace("<int:number>", "").replace("<int:page>", "")
    ]

    assert counting == []


def test_modules_stay_readable() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules("volunteer_app", "tests", "benchmarks")
        if (lines := len(path.read_text("utf-8").splitlines())) > MODULE_LINES
    }

    assert long == {}


def test_functions_stay_readable() -> None:
    long = {
        name: lines
        for path in modules("volunteer_app", "tests", "benchmarks")
        for name, lines, _node in functions(path)
        if lines > FUNCTION_LINES
    }

    assert long == {}


def test_views_stay_paragraphs() -> None:
    long = {
        name: lines
        for path in modules("volunteer_app/web")
        for name, lines, node in functions(path)
        if lines > VIEW_LINES
        and any("open_to" in ast.unparse(decorator) for decorator in node.decorator_list)
    }

    assert long == {}


def test_every_module_opens_with_one_line_a_newcomer_can_use() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules("volunteer_app", "tests", "benchmarks")
        if path.read_text("utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]

    assert silent == []


@pytest.mark.parametrize("floor", ["models", "services"])
def test_only_the_top_floor_commits(floor: str) -> None:
    committing = [
        str(path.relative_to(ROOT))
        for path in modules(f"volunteer_app/{floor}")
        if ".commit(" in path.read_text("utf-8")
    ]

    assert committing == []


@pytest.mark.parametrize("floor", ["domain", "models", "services"])
def test_no_clock_is_read_below_the_top_floor(floor: str) -> None:
    clocks = ("datetime.now(", "date.today(", "utcnow(", "time.time(")
    reading = [
        str(path.relative_to(ROOT))
        for path in modules(f"volunteer_app/{floor}")
        if any(clock in path.read_text("utf-8") for clock in clocks)
    ]

    assert reading == []


#: Written in pieces, so that this file is clean itself.
FORBIDDEN = (
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/" + "tmp/w/",
    "pypi." + "org",
    "python" + "hosted",
    "index" + "-url",
)
SKIPPED = {"instance", "dist", "build", "__pycache__", "node_modules"}


def files_of_the_project() -> list[Path]:
    """What would be committed: everything but folders of tools and of the machine."""
    found = []
    for path in ROOT.rglob("*"):
        folders = path.relative_to(ROOT).parts[:-1]
        hidden = [name for name in folders if name.startswith(".") and name != ".ci"]
        if path.is_file() and not hidden and not SKIPPED.intersection(folders):
            found.append(path)
    return found


def test_no_file_knows_this_machine_or_a_package_index() -> None:
    files = files_of_the_project()
    assert ROOT / "pyproject.toml" in files

    knowing = [
        (str(path.relative_to(ROOT)), word)
        for path in files
        if path.suffix not in {".png", ".woff2", ".pyc", ".whl", ".log", ".sqlite3"}
        for word in FORBIDDEN
        if word in path.read_text("utf-8", errors="replace")
    ]

    assert knowing == []


def test_no_template_lets_markup_through_or_carries_style() -> None:
    templates = list((ROOT / "templates").rglob("*.html"))
    assert templates

    wrong = [
        (template.name, word)
        for template in templates
        for word in ("|safe", "| safe", "style=", "<style", "onclick", "autoescape false")
        if word in template.read_text("utf-8")
    ]

    assert wrong == []


def test_services_take_a_session_first() -> None:
    from volunteer_app.services import applying, correcting, reviewing

    first = {
        name: next(iter(inspect.signature(function).parameters))
        for module in (applying, correcting, reviewing)
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and {"actor", "now"} <= inspect.signature(function).parameters.keys()
        and not name.startswith("_")
    }

    assert set(first.values()) == {"session"}
