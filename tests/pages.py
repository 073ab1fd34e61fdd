"""HTML as a tree: what is on a page, what its forms would send."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_MAY_STAY_OPEN = frozenset(
    ("li", "p", "option", "optgroup", "tr", "td", "th", "dt", "dd", "tbody", "thead")
)
_NOT_SENT = frozenset({"submit", "button", "reset", "image", "file"})
_SILENT = frozenset({"script", "style", "template", "title"})

Sent = list[tuple[str, str]]


@dataclass(eq=False)
class Element:
    """A tag with what is in it. `text` is as read, white space folded."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    parent: Element | None = None

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    def __iter__(self) -> Iterator[Element]:
        """Every element below, in the order of the page."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self if element.tag in tags]

    def with_class(self, name: str) -> list[Element]:
        return [each for each in self if name in (each.get("class") or "").split()]

    def by_id(self, name: str) -> Element | None:
        return next((element for element in self if element.get("id") == name), None)

    def inside(self, tag: str) -> Element | None:
        """The nearest element around this one with that tag."""
        element = self.parent
        while element is not None and element.tag != tag:
            element = element.parent
        return element

    @property
    def raw(self) -> str:
        """All text, as written."""
        return "".join(each if isinstance(each, str) else each.raw for each in self.children)

    @property
    def text(self) -> str:
        return " ".join("".join(self._spoken()).split())

    def _spoken(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in _SILENT:
                yield from child._spoken()
                if child.tag not in ("a", "b", "span", "strong", "em", "small", "time"):
                    yield " "


class _Reader(HTMLParser):
    """Refuses tags that are not closed where they should be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document")
        self._at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, parent=self._at)
        self._at.children.append(element)
        if tag not in _VOID:
            self._at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._at.tag != tag and self._at.tag in _MAY_STAY_OPEN and self._at.parent:
            self._at = self._at.parent
        line, _ = self.getpos()
        assert self._at.tag == tag, f"line {line}: </{tag}> closes <{self._at.tag}>"
        assert self._at.parent is not None
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        self._at.children.append(data)


def read_html(text: str) -> Element:
    """The tree of a page. Raises AssertionError where tags are not nested as they should be."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.root


def controls(form: Element) -> list[Element]:
    """Named inputs, selects and text areas of a form that a browser would consider."""
    found = form.all("input", "select", "textarea")
    return [each for each in found if each.get("name") and each.get("disabled") is None]


def filled(form: Element) -> Sent:
    """What a browser would send of a form that nobody touched, without its buttons."""
    sent: Sent = []
    for control in controls(form):
        name = control.attributes["name"]
        sent += [(name, value) for value in _values(control)]
    return sent


def _values(control: Element) -> list[str]:
    if control.tag == "textarea":
        return [control.raw.removeprefix("\n")]
    if control.tag == "select":
        return _chosen(control)
    kind = control.get("type") or "text"
    if kind in _NOT_SENT:
        return []
    if kind in ("checkbox", "radio"):
        return [control.get("value") or "on"] if control.get("checked") is not None else []
    return [control.get("value") or ""]


def _chosen(control: Element) -> list[str]:
    options = control.all("option")
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and control.get("multiple") is None:
        chosen = options[:1]
    return [option_value(option) for option in chosen]


def option_value(option: Element) -> str:
    value = option.get("value")
    return option.text if value is None else value


def choices(form: Element, name: str) -> set[str] | None:
    """The values that a select, radio or checkbox group of that name offers; None for free text."""
    offered: set[str] = set()
    closed = False
    for control in controls(form):
        if control.get("name") != name:
            continue
        if control.tag == "select":
            closed = True
            offered |= {option_value(option) for option in control.all("option")}
        elif control.get("type") in ("checkbox", "radio"):
            closed = True
            offered.add(control.get("value") or "on")
    return offered if closed else None


def buttons(form: Element) -> list[Element]:
    """What sends the form."""
    return [
        each
        for each in form.all("button", "input")
        if (each.get("type") or ("submit" if each.tag == "button" else "text")) == "submit"
    ]
