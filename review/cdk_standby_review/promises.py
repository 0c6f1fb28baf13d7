"""The file of `--objectives`: what is promised per fault, and how fast people are."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import Any

from .documents import read_document
from .errors import UnreadableInput
from .estimate import Assumptions
from .facts import Range
from .objectives import Objectives
from .plain import is_list, is_object

PEOPLE = ("detect", "decide", "validate")


def read_promises(path: str | Path) -> tuple[Objectives, Assumptions]:
    """Objectives and assumptions from a JSON or YAML file, in seconds.

    ``{"region": {"rto": 900, "rpo": 60}, "assumptions": {"decide": [60, 300]}}``

    Raises:
        UnreadableInput: the file is missing, or says something else; one line says what.
    """
    file = Path(path)
    if not file.is_file():
        raise UnreadableInput(f"{file}: there is no such file")
    document = read_document(file)
    if not is_object(document):
        raise UnreadableInput(f'{file}: objectives look like {{"region": {{"rto": 900, "rpo": 60}}}}, in seconds')
    written = dict(document)
    people = written.pop("assumptions", {})
    try:
        return Objectives.from_seconds(written), Assumptions().changed(**_times(people))
    except (ValueError, TypeError, AttributeError) as error:
        raise UnreadableInput(f"{file}: {error}") from None


def _times(written: Any) -> dict[str, Range]:
    if not is_object(written):
        raise ValueError("'assumptions' is an object of ranges, such as {\"decide\": [60, 300]}")
    if unknown := sorted(set(written) - set(PEOPLE)):
        raise ValueError(f"unknown assumption {', '.join(unknown)}; known: {', '.join(PEOPLE)}")
    return {name: _range(name, value) for name, value in written.items()}


def _range(name: str, value: Any) -> Range:
    ends = value if is_list(value) else [value, value]
    if len(ends) != 2 or not all(type(end) in {int, float} and 0 <= end < inf for end in ends):
        raise ValueError(f"assumption '{name}' is {value!r}; allowed: seconds, or [low, high] in seconds")
    return Range(float(ends[0]), float(ends[1]))
