"""A real Chromium in front of the real program on a port of its own."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PASSWORD = "春眠不觉晓，处处闻啼鸟"
#: Messages of Chromium about an answer whose status is meant: a form that came back.
_MEANT = "the server responded with a status of 4"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium here; apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the program answers, in threads as gunicorn's workers do."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Walker:
    """One person with one browser window; every page they meet is inspected, thoroughly (by axe) on
    one engine only: the pages are the same on both."""

    def __init__(self, context: BrowserContext, address: str, *, thorough: bool) -> None:
        self.looks = ("light", "dark", "elder") if thorough else ()
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.address = address
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def fill(self, **values: str) -> None:
        for field, value in values.items():
            self.page.locator(f"#{field}").fill(value)

    def choose(self, **values: str) -> None:
        for field, value in values.items():
            self.page.locator(f"#{field}").select_option(value)

    def tick(self, *fields: str) -> None:
        for field in fields:
            self.page.locator(f"#{field}").check()

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def inspect(self) -> None:
        """No sideways scrolling, nothing said on the console, and axe content in every look."""
        wide, visible = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= visible, f"{self.page.url} is {wide} px wide on {visible}"
        for look in self.looks:
            self._inspect(look)
        self.page.emulate_media(color_scheme="light")
        assert [said for said in self.said if _MEANT not in said] == []

    def _inspect(self, look: str) -> None:
        self.page.emulate_media(color_scheme="dark" if look == "dark" else "light")
        root = "document.documentElement"
        if look == "elder":
            self.page.evaluate(f"{root}.dataset.ui = 'elder'")
        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": _RULES}})
        if look == "elder":
            self.page.evaluate(f"delete {root}.dataset.ui")
        violations: list[dict[str, Any]] = found.response["violations"]
        assert not violations, f"{self.page.url} in {look}: " + "; ".join(
            f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in violations
        )


@pytest.fixture
def walker(chromium: Browser, address: str, engine_name: str) -> Iterator[Callable[..., Walker]]:
    """`walker(width=390)`: a new person, without JavaScript or signed in as told."""
    contexts: list[BrowserContext] = []

    def walker(*, width: int = 390, javascript: bool = True, invitation: str = "") -> Walker:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            locale="zh-CN",
            timezone_id="America/New_York",
            java_script_enabled=javascript,
            bypass_csp=False,
        )
        contexts.append(context)
        walker = Walker(context, address, thorough=engine_name == "sqlite")
        if invitation:
            walker.go(f"/staff/invitation/{invitation}")
            walker.fill(password=PASSWORD, again=PASSWORD)
            walker.press("设好密码，登录")
        return walker

    yield walker
    for context in contexts:
        context.close()
