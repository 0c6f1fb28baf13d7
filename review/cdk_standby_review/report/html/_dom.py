"""HTML that cannot be broken by what it shows: every text is escaped, only what was built here is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import cast

_VOID = frozenset({"meta", "link", "br"})
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""What no template means to show: control characters, halves of surrogates, what turns a text round."""


class Html(str):
    """Markup: a text that is not escaped again."""

    __slots__ = ()


def escaped(text: object) -> Html:
    """A text as markup; what cannot be seen is written out, so that it deceives nobody."""
    return Html(escape(_ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", str(text))))


def joined(*children: object) -> Html:
    """Markup and texts, one after another; None is nothing."""
    found: list[str] = []
    for child in children:
        if child is None or child is False:
            continue
        if isinstance(child, Html):
            found.append(child)
        elif isinstance(child, str) or not isinstance(child, Iterable):
            found.append(escaped(child))
        else:
            found.append(joined(*cast("Iterable[object]", child)))
    return Html("".join(found))


def el(name: str, /, *children: object, **attributes: object) -> Html:
    """An element. `class_` is `class`, `_` in a name is `-`; True is an attribute without value, None leaves it out."""
    said = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    return Html(f"<{name}{said}>" if name in _VOID else f"<{name}{said}>{joined(*children)}</{name}>")


def _attribute(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escaped(f"{value:g}" if isinstance(value, float) else value)}"'


def link(source: str, text: object = "") -> Html | None:
    """A link to a page; a source without an address, or with another scheme, is a text."""
    found = re.search(r"https://[^\s()<>\"']+", source)
    if found is None:
        return escaped(source) if source else None
    return el("a", text or source, href=found[0], rel="noopener noreferrer")


def table(head: Iterable[object], body: Iterable[Iterable[object]], *, caption: str, class_: str = "") -> Html:
    """A table that scrolls inside when it is wider than the page; the first cell of a row names it."""
    titles = el("thead", el("tr", [el("th", title, scope="col") for title in head]))
    return scrolling(
        el("table", el("caption", caption), titles, el("tbody", map(row, body)), class_=class_ or None), caption
    )


def row(cells: Iterable[object]) -> Html:
    """A row, the first cell of which is its head."""
    first, *others = cells
    return el("tr", el("th", first, scope="row"), [el("td", cell) for cell in others])


def scrolling(content: Html, name: str) -> Html:
    """Something wide, reachable by keyboard."""
    return el("div", content, class_="wide", tabindex=0, role="region", aria_label=name)


def folded(title: object, *content: object) -> Html:
    """Something that a reader opens."""
    return el("details", el("summary", title), *content)


def section(id: str, title: str, *content: object) -> Html:
    """A part of the page under its own heading."""
    return el("section", el("h2", title, id=f"{id}-title"), *content, id=id, aria_labelledby=f"{id}-title")


def fixed(fix: str, source: str) -> Html | None:
    """How to put something right, and the page that says why."""
    why = link(source, "why") if "https://" in source else None
    told = joined(el("strong", "Fix: "), fix, ". ") if fix else None
    return el("p", told, why) if told or why else None
