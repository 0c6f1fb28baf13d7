"""JSON and YAML files, read safely: no tags that build objects, no aliases that explode, no endless files."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .errors import UnreadableInput
from .plain import is_object, object_of

LARGEST = 64 * 1024 * 1024
"""Bytes. CloudFormation itself takes templates up to 1 MB."""
DEEPEST = 300
"""Levels of YAML. Deeper ones would exhaust the parser before it can say so."""


def read_text(file: Path) -> str:
    """A text file of bearable size."""
    try:
        if file.stat().st_size > LARGEST:
            raise UnreadableInput(f"{file}: larger than {LARGEST // 1024 // 1024} MB, which is no template")
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnreadableInput(f"{file}: not a text file in UTF-8") from None
    except OSError as error:
        raise UnreadableInput(f"{file}: cannot be read: {error.strerror}") from None


def read_json(file: Path) -> Any:
    """A JSON file."""
    try:
        return json.loads(read_text(file))
    except json.JSONDecodeError as error:
        raise UnreadableInput(f"{file}: not valid JSON: {error.msg} in line {error.lineno}") from None
    except RecursionError:
        raise UnreadableInput(f"{file}: nested too deep") from None


def is_template(document: Any) -> bool:
    """Whether a document looks like a CloudFormation template: resources, each with a type or made by a macro."""
    resources = object_of(document).get("Resources")
    return is_object(resources) and all(
        isinstance(object_of(resource).get("Type"), str) or str(name).startswith("Fn::")
        for name, resource in resources.items()
    )


def read_document(file: Path) -> Any:
    """A JSON or YAML file."""
    text = read_text(file)
    return read_json(file) if file.suffix == ".json" or text.lstrip().startswith("{") else _yaml(file, text)


def read_template(file: Path, *, strict: bool = True) -> dict[str, Any]:
    """A CloudFormation template in JSON or YAML; with `strict` anything else raises UnreadableInput."""
    document = read_document(file)
    if strict and not is_template(document):
        raise UnreadableInput(f"{file}: not a CloudFormation template, it has no 'Resources' that each have a 'Type'")
    return object_of(document)


def _yaml(file: Path, text: str) -> Any:
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
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise UnreadableInput(f"{file}: not valid YAML: {problem}") from None
    except RecursionError:
        raise UnreadableInput(f"{file}: nested too deep") from None


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

    class Loader(_fastest(yaml)):  # type: ignore[misc]  # which base is there is known at run time
        pass

    def short_form(loader: Any, tag: str, node: Any) -> dict[str, Any]:
        if isinstance(node, yaml.ScalarNode):
            value: Any = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            value = loader.construct_mapping(node, deep=True)
        return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}

    def as_written(loader: Any, node: Any) -> Any:
        return loader.construct_scalar(node)

    Loader.add_multi_constructor("!", short_form)
    Loader.add_constructor("tag:yaml.org,2002:timestamp", as_written)
    return Loader
