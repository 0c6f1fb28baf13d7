"""A report that fits into a comment of a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

LARGEST: Final = 65_000
"""Characters. GitHub takes 65,536, and answers a longer one with "body is too long (maximum is 65536 characters)"."""
_ENDING: Final = 400
"""Characters for what a cut adds."""
_FOLDED = re.compile(r"<details><summary>(.*?)</summary>")


def harmless(line: str) -> str:
    """A line that holds words of a template: they stay on it, are no HTML, and call nobody.

    Whoever opens a pull request writes the template, and a comment of CI shall not say what they like: no headings, no
    pictures, no end of what is folded, no `@team`. What is between backticks stays there.
    """
    return " ".join(line.split()).replace("<", "&lt;").replace("@", "@\N{ZERO WIDTH SPACE}")


def as_comment(parts: Iterable[str]) -> str:
    """Parts below one another; of too many, the largest folded ones are left out, and named."""
    kept, left = [part for part in parts if part], list[str]()
    while len(_text(kept, left)) > LARGEST and (largest := max(filter(_FOLDED.match, kept), key=len, default=None)):
        kept.remove(largest)
        left.append(_title(largest))
    return cut(_text(kept, left))


def _title(part: str) -> str:
    found = _FOLDED.match(part)
    return found[1] if found else ""


def _text(parts: list[str], left: list[str]) -> str:
    note = (
        [f"Left out, so that it fits into a comment: {'; '.join(left)}. `--format json` has all of it."] if left else []
    )
    return "\n\n".join([*parts, *note]) + "\n"


def cut(text: str, largest: int = LARGEST) -> str:
    """What is too long ends with a whole line, and closes what it opened."""
    if len(text) <= largest:
        return text
    whole = text[: largest - _ENDING].rsplit("\n", 1)[0]
    closing = "\n\n</details>" * (whole.count("<details>") - whole.count("</details>"))
    return f"{whole}{closing}\n\nCut here, so that it fits into a comment. `--format json` has all of it.\n"
