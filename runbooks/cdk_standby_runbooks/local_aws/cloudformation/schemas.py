"""What AWS's own resource schemas say: which properties exist, which are read-only, required, or force a replacement.

The schemas come with cfn-lint; its data is read directly, since importing cfn-lint takes a second.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .shapes import is_list, is_map

Schema = dict[str, Any]

# The schemas say "in some cases"; the pages say which. Another origin is another database, and none is an empty one; a
# replica without its source is promoted.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
ORIGINS = {"AWS::RDS::DBInstance": ("DBSnapshotIdentifier", "DBClusterSnapshotIdentifier")}
IN_PLACE_WHEN_GONE = {"AWS::RDS::DBInstance": ("SourceDBInstanceIdentifier", "SourceDBClusterIdentifier")}


def problems(logical_id: str, type: str, properties: dict[str, Any], region: str) -> list[str]:
    """Everything that AWS's schema forbids in a template's resource, intrinsics left alone; one sentence each."""
    found = schema(type, region)
    if not found:
        return []
    where = f"{logical_id} ({type})"
    read_only = [path for path in _paths(found, "readOnlyProperties") if _present(properties, _parts(path))]
    return [
        *(f"{where}: property '{name}' is {what}" for name, what in _walk(properties, found, found, "")),
        *(f"{where}: property '{'.'.join(_parts(path))}' is read-only" for path in read_only),
    ]


def replaces(type: str, before: dict[str, Any], after: dict[str, Any], region: str) -> list[str]:
    """The create-only properties that differ: the update needs a new resource."""
    origins = [name for name in ORIGINS.get(type, ()) if before.get(name) != after.get(name)]
    return [*_differing("createOnlyProperties", type, before, after, region), *origins]


def may_replace(type: str, before: dict[str, Any], after: dict[str, Any], region: str) -> list[str]:
    """Properties that differ and that AWS replaces for in some cases only."""
    found = _differing("conditionalCreateOnlyProperties", type, before, after, region)
    return [name for name in found if not (name in IN_PLACE_WHEN_GONE.get(type, ()) and name not in after)]


@lru_cache(maxsize=512)
def schema(type: str, region: str) -> Schema | None:
    """AWS's schema of a type, or nothing for a type that AWS does not list."""
    name = _types(region).get(type) or _types("us-east-1").get(type)
    if name is None:
        return None
    loaded: Schema = json.loads((_folder() / "resources" / f"{name}.json").read_bytes())
    return loaded


def _differing(kind: str, type: str, before: dict[str, Any], after: dict[str, Any], region: str) -> list[str]:
    paths = _paths(schema(type, region) or {}, kind)
    return [".".join(_parts(path)) for path in paths if _at(before, _parts(path)) != _at(after, _parts(path))]


@lru_cache(maxsize=64)
def _types(region: str) -> dict[str, str]:
    listed = _folder() / "providers" / f"{region}.json"
    types: dict[str, str] = json.loads(listed.read_bytes()) if listed.exists() else {}
    return types


@lru_cache(maxsize=1)
def _folder() -> Path:
    spec = find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("cfn-lint carries the schemas of AWS's resource types", name="cfnlint")
    folder = Path(spec.submodule_search_locations[0]) / "data" / "schemas"
    if not (folder / "providers" / "us-east-1.json").exists():
        # Without schemas every property would pass: better nothing than that.
        raise RuntimeError(f"cfn-lint keeps its schemas elsewhere than {folder}; install the tested version")
    return folder


def _paths(found: Schema, kind: str) -> list[str]:
    paths: list[str] = found.get(kind) or []
    return paths


def _parts(path: str) -> list[str]:
    return path.removeprefix("/properties/").split("/")


def _present(value: Any, parts: list[str]) -> bool:
    if not parts:
        return True
    if parts[0] == "*":
        return is_list(value) and any(_present(item, parts[1:]) for item in value)
    return is_map(value) and parts[0] in value and _present(value[parts[0]], parts[1:])


def _at(value: Any, parts: list[str]) -> Any:
    if not parts:
        return value
    if parts[0] == "*":
        return [_at(item, parts[1:]) for item in value] if is_list(value) else None
    return _at(value.get(parts[0]), parts[1:]) if is_map(value) else None


def _walk(value: Any, part: Schema, whole: Schema, path: str) -> Iterator[tuple[str, str]]:
    if is_map(value) and len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref")):
        for branch in value.get("Fn::If", [])[1:]:
            yield from _walk(branch, part, whole, path)
        return
    part = _resolve(part, whole)
    if is_list(value):
        for index, item in enumerate(value):
            yield from _walk(item, part.get("items", {}), whole, f"{path}{index}.")
    elif is_map(value) and "properties" in part:
        yield from _walk_members(value, part, whole, path)


def _walk_members(value: Schema, part: Schema, whole: Schema, path: str) -> Iterator[tuple[str, str]]:
    known: Schema = part["properties"]
    closed = part.get("additionalProperties") is False and "patternProperties" not in part
    for name, inner in value.items():
        if name in known:
            yield from _walk(inner, known[name], whole, f"{path}{name}.")
        elif closed:
            yield f"{path}{name}", "not in AWS's schema"
    for name in part.get("required", []):
        if name not in value:
            yield f"{path}{name}", "required and missing"


def _resolve(part: Schema, whole: Schema) -> Schema:
    while "$ref" in part:
        target: Any = whole
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target.get(step, {})
        part = target
    return part
