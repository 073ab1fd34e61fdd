"""A browser without a screen: keeps cookies, fills in forms, checks the manners of every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.manners import faults_of_headers, faults_of_page
from tests.pages import Element, Sent, buttons, choices, controls, filled, read_html
from volunteer_app.models import Staff

ORIGIN = "http://localhost"
Answer = str | bool | Sequence[str] | None


@dataclass(eq=False)
class Page:
    """One answer of the server; `tree` is empty for what is not HTML. `path` has the query."""

    path: str
    status: int
    headers: dict[str, str]
    body: bytes
    tree: Element = field(default_factory=lambda: Element("document"))

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def text(self) -> str:
        """What a reader sees of the body, white space folded."""
        return " ".join(body.text for body in self.tree.all("body"))

    @property
    def title(self) -> str:
        return self.tree.all("title")[0].raw.strip()

    @property
    def heading(self) -> str:
        return self.tree.all("h1")[0].text

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        return [
            item.text for box in self.tree.with_class("error-summary") for item in box.all("li")
        ]

    @property
    def error_fields(self) -> dict[str, str]:
        """The sentences of the summary by the id they link to."""
        links = [a for box in self.tree.with_class("error-summary") for a in box.all("a")]
        return {(link.get("href") or "").removeprefix("#"): link.text for link in links}

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers["Location"]

    @property
    def forms(self) -> list[Element]:
        return self.tree.all("form")

    def link(self, text: str) -> str:
        """The address of the only link with that text."""
        found = {a.attributes["href"] for a in self.tree.all("a") if a.text == text}
        assert len(found) == 1, f"{len(found)} links {text!r}; there are: {self.links}"
        return found.pop()

    @property
    def links(self) -> list[str]:
        return [link.text for link in self.tree.all("a")]

    def form(self, *, button: str | None = None, action: str | None = None) -> Element:
        """The form with that button, or whose action ends so; else the only one that posts."""
        found = self.forms
        if button is not None:
            found = [form for form in found if any(_is_called(b, button) for b in buttons(form))]
        if action is not None:
            found = [form for form in found if (form.get("action") or "").endswith(action)]
        if button is None and action is None:
            found = [f for f in found if _is_post(f) and not f.with_class("sign-out")] or found
            inside = [form for form in found if form.inside("main") is not None]
            found = inside or found
        assert len(found) == 1, f"{len(found)} forms ({button=}, {action=}) on {self.path}"
        return found[0]

    def values(self, **which: Any) -> MultiDict[str, str]:
        """What the form holds now."""
        return MultiDict(filled(self.form(**which)))


class Client:
    """Wraps Flask's test client. Every answer has the status that is expected (200 unless told)
    and good manners, or the test fails there."""

    def __init__(self, app: Flask, *, staff: Staff | None = None) -> None:
        self.app = app
        self.staff = staff
        self.http: FlaskClient = app.test_client()

    def get(self, path: str, *, status: int = 200, **options: Any) -> Page:
        return self._open(path, status=status, method="GET", **options)

    def post(
        self,
        path: str,
        values: Mapping[str, Any] | Sent | bytes | None = None,
        *,
        status: int | None = 200,
        **options: Any,
    ) -> Page:
        """Send something as it is, token or not."""
        if isinstance(values, list):
            values = MultiDict(values)
        options.setdefault("headers", {"Origin": ORIGIN})
        return self._open(path, status=status, method="POST", data=values, **options)

    def submit(
        self,
        page: Page,
        given: Mapping[str, Answer] | None = None,
        *,
        button: str | None = None,
        action: str | None = None,
        status: int = 200,
        follow: bool = True,
    ) -> Page:
        """Fill in the page's form and press a button, as a browser does: its hidden fields and
        what is in it already are sent too. True ticks a box, False or None empties. With `follow`
        the page after the redirect comes back."""
        form = page.form(button=button, action=action)
        sent = _put(form, filled(form), given or {})
        pressed = _pressed(form, button)
        if pressed is not None and (name := pressed.get("name")):
            sent.append((name, pressed.get("value") or ""))
        target = (pressed.get("formaction") if pressed else None) or form.get("action")
        address = urljoin(page.path, target or page.path)
        if not _is_post(form):
            address = address.partition("?")[0]
            return self.get(address, status=status, query_string=MultiDict(sent))
        if not follow or status != 200:
            return self.post(address, sent, status=status)
        answer = self.post(address, sent, status=None)
        assert answer.status in (302, 303), f"{address} answered {answer.status}: {answer.errors}"
        return self.follow(answer)

    def follow(self, page: Page) -> Page:
        """Go where a redirect leads, until a page comes."""
        for _ in range(5):
            page = self._open(page.location, status=None, method="GET")
            if page.status not in (301, 302, 303, 307, 308):
                assert page.status == 200, f"{page.path} answered {page.status}"
                return page
        raise AssertionError(f"{page.path} redirects for ever")

    def session_transaction(self) -> Any:
        return self.http.session_transaction()

    def _open(self, path: str, *, status: int | None, **options: Any) -> Page:
        path = path.removeprefix(ORIGIN)
        response = self.http.open(path, base_url=ORIGIN, **options)
        page = read_page(response)
        faults = faults_of_headers(page.status, page.headers)
        if page.tree.children:
            faults += faults_of_page(page.tree)
        assert not faults, f"{page.path}: " + "; ".join(faults)
        said = page.errors or page.text[:300]
        assert status in (None, page.status), f"{page.path} answered {page.status}: {said}"
        return page


def read_page(response: TestResponse) -> Page:
    parts = urlsplit(response.request.url)
    body = response.get_data()
    response.close()
    html = response.mimetype == "text/html" and not 300 <= response.status_code < 400
    return Page(
        path=parts.path + (f"?{parts.query}" if parts.query else ""),
        status=response.status_code,
        headers=dict(response.headers),
        body=body,
        tree=read_html(body.decode()) if html else Element("document"),
    )


def _put(form: Element, sent: Sent, given: Mapping[str, Answer]) -> Sent:
    """The answers in the place of what the form holds; refuses what nobody could choose there."""
    names = {control.get("name") for control in controls(form)}
    for name, answer in given.items():
        assert name in names, f"the form has no {name!r}, but {sorted(map(str, names))}"
        offered = choices(form, name)
        values = _as_values(answer, offered)
        wrong = set() if offered is None else {*values} - offered
        assert not wrong, f"{name} offers {sorted(offered or ())}, not {wrong}"
        sent = [pair for pair in sent if pair[0] != name] + [(name, value) for value in values]
    return sent


def _as_values(answer: Answer, offered: set[str] | None) -> list[str]:
    if answer is True:
        assert offered is not None, "only boxes are ticked"
        return sorted(offered)
    if answer in (False, None):
        return [] if offered is not None else [""]
    return [answer] if isinstance(answer, str) else list(answer)  # type: ignore[arg-type]


def _pressed(form: Element, button: str | None) -> Element | None:
    found = [each for each in buttons(form) if button is None or _is_called(each, button)]
    return found[0] if found else None


def _is_called(button: Element, text: str) -> bool:
    return text in (button.text, button.get("value"), button.get("aria-label"))


def _is_post(form: Element) -> bool:
    return (form.get("method") or "get").lower() == "post"
