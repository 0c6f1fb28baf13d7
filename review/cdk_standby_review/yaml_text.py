"""YAML as CloudFormation takes it: its short forms, keys that are texts, and no more of YAML than that.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from math import isfinite
from pathlib import Path
from typing import Any

from .errors import UnreadableInput

LARGEST = 1024 * 1024
"""Characters. CloudFormation takes no larger template, and YAML is read slowly."""
DEEPEST = 300
"""Levels. Deeper ones would exhaust the parser before it can say so."""
LONGEST = 250
"""Digits of a whole number. One of more, written in hexadecimal, could not be reckoned with."""
_OWN = "tag:yaml.org,2002:"


def read_yaml(file: Path, text: str) -> Any:
    """The document in a YAML text.

    Raises:
        UnreadableInput: it is not YAML, or more than CloudFormation takes; one line says why.
    """
    if len(text) > LARGEST:
        size = LARGEST // 1024 // 1024
        raise UnreadableInput(f"{file}: YAML of more than {size} MB, which CloudFormation does not take")
    try:
        yaml: Any = importlib.import_module("yaml")
    except ModuleNotFoundError:
        raise UnreadableInput(
            f"{file}: YAML needs the package 'pyyaml'; install it, or give the template as JSON"
        ) from None
    try:
        _look_over(file, yaml.parse(text, Loader=_fastest(yaml)), yaml)
        return yaml.load(text, Loader=_loader(yaml))
    except yaml.YAMLError as error:
        raise UnreadableInput(f"{file}: not valid YAML: {_problem(error)}") from None
    except RecursionError:
        raise UnreadableInput(f"{file}: nested too deep") from None
    except UnreadableInput:
        raise
    except (ValueError, LookupError, TypeError, AttributeError):  # as PyYAML says that `!!int` is none
        raise UnreadableInput(f"{file}: not valid YAML: a value does not fit its tag") from None


def _problem(error: Any) -> str:
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    mark = getattr(error, "problem_mark", None)
    return f"{problem} in line {mark.line + 1}" if mark else str(problem)


def _look_over(file: Path, events: Iterable[Any], yaml: Any) -> None:
    """Refuse what explodes or digs too deep, before anything is built of it."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableInput(f"{file}: YAML aliases are not taken; CloudFormation templates do without")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise UnreadableInput(f"{file}: nested too deep")


def _fastest(yaml: Any) -> Any:
    return yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader


def _loader(yaml: Any) -> Any:
    """PyYAML's safe loader, taught CloudFormation's short forms (`!Ref`)."""
    base = _fastest(yaml)

    def construct_mapping(self: Any, node: Any, deep: bool = False) -> Any:
        _keys_as_texts(node)
        return base.construct_mapping(self, node, deep=deep)

    Loader: Any = type("Loader", (base,), {"construct_mapping": construct_mapping})  # noqa: N806  a class
    Loader.add_multi_constructor("!", _short_form)
    for name, made in {"timestamp": _as_written, "binary": _as_written, "int": _whole, "float": _fraction}.items():
        Loader.add_constructor(f"{_OWN}{name}", made)
    for name in ("omap", "pairs", "set"):  # CloudFormation refuses them, and they are no JSON
        Loader.add_constructor(f"{_OWN}{name}", base.construct_undefined)
    return Loader


def _short_form(loader: Any, tag: str, node: Any) -> dict[str, Any]:
    if node.id == "scalar":
        value: Any = loader.construct_scalar(node)
    elif node.id == "sequence":
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


def _as_written(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


def _whole(loader: Any, node: Any) -> Any:
    if len(node.value) > LONGEST:
        raise _stopped("a number is too long", node)
    return loader.construct_yaml_int(node)


def _fraction(loader: Any, node: Any) -> Any:
    found = loader.construct_yaml_float(node)
    return found if isfinite(found) else node.value


def _keys_as_texts(node: Any) -> None:
    """Keys are what is written, as in JSON: an account's number, `on` and `null` are texts.

    Of a key that stands twice the last one counts, in JSON too: CloudFormation deploys such templates so.
    """
    for key, _ in node.value if node.id == "mapping" else ():
        if key.id != "scalar" or key.tag == f"{_OWN}merge":
            continue
        key.tag = f"{_OWN}str"


def _stopped(problem: str, node: Any) -> Exception:
    yaml: Any = importlib.import_module("yaml")
    error: Exception = yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    return error
