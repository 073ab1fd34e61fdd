"""The manners every answer has: headers, structure, labels. Each rule says what it found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from tests.pages import Element

_HIDDEN = "hidden"
_BUTTONS = frozenset({"submit", "button", "reset", "image"})


def faults_of_headers(status: int, headers: Mapping[str, str]) -> list[str]:
    """What an answer lacks that every answer must have."""
    policy = headers.get("Content-Security-Policy", "")
    checks = {
        f"the server failed with {status}": status not in range(500, 600) or status == 503,
        "no Content-Security-Policy": bool(policy),
        "the policy allows inline": "unsafe-inline" not in policy,
        "no nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "no Referrer-Policy": "Referrer-Policy" in headers,
        "no Cache-Control": "Cache-Control" in headers or "Expires" in headers,
    }
    return [sentence for sentence, fine in checks.items() if not fine]


def faults_of_page(page: Element) -> list[str]:
    """What is wrong with the structure of a page."""
    return [fault for rule in _RULES for fault in rule(page)]


def _title_and_language(page: Element) -> Iterator[str]:
    titles = page.all("title")
    heads = [title for title in titles if title.inside("svg") is None]
    if len(heads) != 1 or not heads[0].raw.strip(" \n-"):
        yield "the title is missing or empty"
    elif heads[0].raw.strip().startswith("-"):
        yield "the title names only the site"
    for element in page.all("html"):
        if element.get("lang") != "zh-Hans-CN":
            yield f"lang is {element.get('lang')}"
    if len(page.all("html")) != 1 or len(page.all("main")) != 1:
        yield "not exactly one <html> and one <main>"


def _headings(page: Element) -> Iterator[str]:
    ones = page.all("h1")
    if len(ones) != 1:
        yield f"{len(ones)} h1"
    levels = [int(each.tag[1]) for each in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    for level in page.all("h1", "h2", "h3", "h4", "h5", "h6"):
        if not level.text:
            yield f"an empty <{level.tag}>"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _ids(page: Element) -> Iterator[str]:
    ids = Counter(name for element in page if (name := element.get("id")) is not None)
    yield from (f"id {name!r} is there {count} times" for name, count in ids.items() if count > 1)
    for element in page:
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "list", "for"):
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"<{element.tag} {attribute}={name!r}> points nowhere"


def _labels(page: Element) -> Iterator[str]:
    labelled = {label.get("for"): label for label in page.all("label")}
    for control in page.all("input", "select", "textarea"):
        if control.get("type") in (_HIDDEN, *_BUTTONS):
            continue
        label = labelled.get(control.get("id")) if control.get("id") else control.inside("label")
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not named and (label is None or not label.text):
            yield f"<{control.tag} name={control.get('name')!r}> has no label"
    for button in page.all("button"):
        if not (button.text or button.get("aria-label")):
            yield "a button without a word"


def _groups(page: Element) -> Iterator[str]:
    for fieldset in page.all("fieldset"):
        legends = [each for each in fieldset.all("legend") if each.inside("fieldset") is fieldset]
        if len(legends) != 1 or not legends[0].text:
            yield "a fieldset without a legend"
    for control in page.all("input"):
        if control.get("type") == "radio" and control.inside("fieldset") is None:
            yield f"radio {control.get('name')!r} stands outside a fieldset"


def _nothing_inline(page: Element) -> Iterator[str]:
    for element in page:
        inline = [name for name in element.attributes if name == "style" or name.startswith("on")]
        if inline:
            yield f"<{element.tag}> has {inline}"
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"an inline <{element.tag}>"
        for name in ("href", "action", "src", "formaction"):
            address = (element.get(name) or "").strip().lower()
            if address.startswith(("javascript:", "//", "http:", "https:")):
                yield f"<{element.tag} {name}={address!r}> leaves the site"


def _errors(page: Element) -> Iterator[str]:
    summaries = page.with_class("error-summary")
    marked = [element for element in page if element.get("aria-invalid") == "true"]
    if marked and not summaries:
        yield "a wrong field, but no summary of errors"
    for summary in summaries:
        for link in summary.all("a"):
            target = (link.get("href") or "").removeprefix("#")
            if page.by_id(target) is None:
                yield f"the summary links to #{target}, which is not there"
        if not any(title.raw.startswith("错误：") for title in page.all("title")):
            yield "a page with errors whose title does not begin 错误："


def _forms(page: Element) -> Iterator[str]:
    for form in page.all("form"):
        names = {control.get("name") for control in form.all("input")}
        if (form.get("method") or "get").lower() == "post" and "csrf_token" not in names:
            yield f"a form to {form.get('action')!r} without a token"
        if form.inside("form") is not None:
            yield "a form in a form"
    for image in page.all("img"):
        if image.get("alt") is None:
            yield f"an image without alt: {image.get('src')}"
    for link in page.all("a"):
        pictures = "".join(image.get("alt") or "" for image in link.all("img"))
        named = link.text or link.get("aria-label") or pictures
        if link.get("href") is not None and not named:
            yield f"a link without a word: {link.get('href')}"


_RULES: tuple[Callable[[Element], Iterator[str]], ...] = (
    _title_and_language,
    _headings,
    _ids,
    _labels,
    _groups,
    _nothing_inline,
    _errors,
    _forms,
)
