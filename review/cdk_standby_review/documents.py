"""JSON and YAML files, read safely: no tags that build objects, no aliases that explode, no endless files."""

from __future__ import annotations

import json
import re
from math import isinf
from pathlib import Path
from stat import S_ISREG
from typing import Any, NoReturn

from .errors import UnreadableInput
from .plain import is_object, object_of
from .yaml_text import LONGEST, read_yaml

LARGEST = 64 * 1024 * 1024
"""Bytes of what the CDK writes beside templates: with the origin of every construct it grows to megabytes."""
LARGEST_TEMPLATE = 16 * 1024 * 1024
"""Bytes. CloudFormation itself takes templates up to 1 MB."""
_HALVES = re.compile(r"\\u[dD][89a-fA-F]|\\U0000[dD]")


class _NotJson(ValueError):  # noqa: N818  (reads as what it says)
    """What Python's parser takes, and JSON does not."""


def read_text(file: Path, largest: int = LARGEST) -> str:
    """A text file of bearable size."""
    try:
        about = file.stat()
        if not S_ISREG(about.st_mode):
            raise UnreadableInput(f"{file}: not a file")
        if about.st_size > largest:
            raise UnreadableInput(f"{file}: larger than {largest // 1024 // 1024} MB, which is no template")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableInput(f"{file}: not a text file in UTF-8") from None
    except OSError as error:
        raise UnreadableInput(f"{file}: cannot be read: {error.strerror}") from None


def read_json(file: Path) -> Any:
    """A JSON file."""
    return _json(file, read_text(file))


def _json(file: Path, text: str) -> Any:
    try:
        found = json.loads(text, parse_int=_whole, parse_float=_number, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise UnreadableInput(f"{file}: not valid JSON: {error.msg} in line {error.lineno}") from None
    except _NotJson as error:
        raise UnreadableInput(f"{file}: not valid JSON: {error}") from None
    except RecursionError:
        raise UnreadableInput(f"{file}: nested too deep") from None
    return _without_halves(file, text, found)


def _whole(written: str) -> int:
    if len(written) > LONGEST:
        raise _NotJson("a number is too long")
    return int(written)


def _number(written: str) -> float:
    return _no_number(written) if isinf(float(written)) else float(written)


def _no_number(written: str) -> NoReturn:
    raise _NotJson(f"{written} is no number that JSON knows")


def _without_halves(file: Path, text: str, found: Any) -> Any:
    """Refuse half of a surrogate pair, which is no character and could not be written into a report."""
    if _HALVES.search(text):
        try:
            json.dumps(found, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise UnreadableInput(f"{file}: holds half of a character, such as \\ud83d alone") from None
    return found


def is_template(document: Any) -> bool:
    """Whether a document looks like a CloudFormation template: resources, each with a type or made by a macro."""
    resources = object_of(document).get("Resources")
    return is_object(resources) and all(
        isinstance(object_of(resource).get("Type"), str) or str(name).startswith("Fn::")
        for name, resource in resources.items()
    )


def read_document(file: Path) -> Any:
    """A JSON or YAML file."""
    text = read_text(file, LARGEST_TEMPLATE)
    if file.suffix == ".json" or text.lstrip().startswith("{"):
        return _json(file, text)
    return _without_halves(file, text, read_yaml(file, text))


def read_template(file: Path, *, strict: bool = True) -> dict[str, Any]:
    """A CloudFormation template in JSON or YAML; with `strict` anything else raises UnreadableInput."""
    document = read_document(file)
    if strict and not is_template(document):
        raise UnreadableInput(f"{file}: not a CloudFormation template, it has no 'Resources' that each have a 'Type'")
    return object_of(document)
