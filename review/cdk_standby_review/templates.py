"""Reads CloudFormation templates from a cloud assembly, a folder or a file. Nothing in them is executed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from .documents import is_template, read_json, read_template, read_text
from .errors import UnreadableInput
from .nesting import linked
from .plain import is_list, is_object, list_of, object_of, within
from .regions import ASSEMBLY, placed

SUFFIXES = (".json", ".yaml", ".yml", ".template")
_RESOURCES = re.compile(r"""^[\s{]*["']?Resources["']?\s*:""", re.MULTILINE)
DEEPEST = 12
"""Nested stacks in one another."""
MOST = 5_000
"""Stacks of an assembly, nested ones included: a few small files can nest one another into millions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One CloudFormation template, and where it will be deployed."""

    name: str
    """Unique in the review: the stack's display name, or the file's name."""
    file: str
    """As a person finds it, relative to what was reviewed."""
    origin: str = ""
    """The file that it was read from, as its path was given; empty when it was not read from one."""
    body: Mapping[str, Any]
    stack: str = ""
    region: str | None = None
    region_from: str | None = None
    """How the Region is known: "assembly" when the assembly or the template says it, "option", or "zones": inferred."""
    account: str | None = None
    parent: str | None = None
    """For a nested stack: the template that holds it."""
    parent_id: str = ""
    paths: Mapping[str, str] = field(default_factory=dict[str, str])
    """Construct path by logical id, when the CDK wrote it down."""
    acknowledged: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """Reasons by rule id, by the construct path from which on they hold."""

    @property
    def standby(self) -> Mapping[str, Any]:
        """What our own stacks say about themselves: workload, strategy, site, role, objectives."""
        return object_of(within(self.body, "Metadata", "cdk-standby"))

    @property
    def transforms(self) -> tuple[str, ...]:
        """The macros that CloudFormation would run over it; the review takes it as it is written."""
        asked = self.body.get("Transform")
        named = [object_of(each).get("Name", each) for each in (asked if is_list(asked) else [asked])]
        return tuple(each for each in named if isinstance(each, str))


def read(path: str | Path) -> tuple[Template, ...]:
    """Every template under a path, in a fixed order.

    Args:
        path: A cloud assembly (a folder with `manifest.json`), a folder of templates, or one template in JSON or YAML.

    Raises:
        UnreadableInput: there is nothing there, it is half-written, or it is not CloudFormation.
    """
    root = Path(path)
    try:
        inside = root.is_dir()
        found = _read(root)
    except OSError as error:
        raise UnreadableInput(f"{root}: cannot be read: {error.strerror}") from None
    return placed(replace(t, origin=(root / t.file if inside else root).as_posix()) for t in found)


def read_files(paths: Iterable[str | Path]) -> tuple[Template, ...]:
    """The templates among some files, in a fixed order; other files are left alone.

    Args:
        paths: The files. Those with the same name in several folders stay apart.

    Raises:
        UnreadableInput: a file that means to be a template cannot be read, or is none.
    """
    found: list[Template] = []
    for file in sorted(map(Path, paths)):
        body = _looked_at(file)
        if is_template(body):
            found.append(replace(_alone(file.as_posix(), file.stem, body), origin=file.as_posix()))
    return placed(linked(found))


def _read(root: Path) -> tuple[Template, ...]:
    if not root.exists():
        raise UnreadableInput(f"{root}: there is no such file or folder")
    if root.is_file():
        return (_alone(root.name, root.stem, read_template(root)),)
    if not root.is_dir():
        raise UnreadableInput(f"{root}: neither a file nor a folder")
    if (root / "manifest.json").exists():
        found = [*islice(_assembly(root, root), MOST + 1)]
        if len(found) > MOST:
            raise UnreadableInput(f"{root}: more than {MOST} stacks")
        return tuple(sorted(found, key=lambda t: t.name))
    if (root / "cdk.out").is_file():
        raise UnreadableInput(f"{root}: a half-written cloud assembly, manifest.json is missing; run 'cdk synth' again")
    return _folder(root)


def _alone(name: str, stack: str, body: Mapping[str, Any]) -> Template:
    """A template outside an assembly: its Region is known when it is one of our own, which say their site."""
    site = within(body, "Metadata", "cdk-standby", "site")
    name = name.encode(errors="backslashreplace").decode()  # names of files may be any bytes
    region, said = (str(site), ASSEMBLY) if site else (None, None)
    return Template(name=name, file=name, body=body, stack=stack, region=region, region_from=said)


def _folder(root: Path) -> tuple[Template, ...]:
    found: list[Template] = []
    for file in sorted(f for f in root.rglob("*") if f.suffix in SUFFIXES and f.is_file()):
        body = _looked_at(file)
        if is_template(body):
            name = file.relative_to(root).as_posix()
            found.append(_alone(name, file.stem, body))
    if not found:
        hint = f"; did you mean {root / 'cdk.out'}?" if (root / "cdk.out").is_dir() else ""
        raise UnreadableInput(f"{root}: no CloudFormation template in this folder{hint}")
    return linked(found)


def _looked_at(file: Path) -> Any:
    """A file of a folder: one that cannot be read matters only when it means to be a template."""
    try:
        return read_json(file) if file.suffix == ".json" else read_template(file, strict=False)
    except UnreadableInput:
        if _RESOURCES.search(read_text(file)):
            raise
        return None


def _assembly(folder: Path, root: Path) -> Iterator[Template]:
    artifacts = within(read_json(folder / "manifest.json"), "artifacts")
    if not is_object(artifacts):
        raise UnreadableInput(f"{folder / 'manifest.json'}: not the manifest of a cloud assembly")
    sources = _sources(folder)
    for name, raw in sorted(artifacts.items()):
        artifact = object_of(raw)
        if artifact.get("type") == "cdk:cloud-assembly":
            inner = _inside(folder, within(artifact, "properties", "directoryName"))
            if inner.resolve() == folder.resolve():
                raise UnreadableInput(f"{folder / 'manifest.json'}: the assembly holds itself")
            yield from _assembly(inner, root)
        elif artifact.get("type") == "aws:cloudformation:stack":
            stack = _stack(folder, root, name, artifact)
            yield stack
            yield from _nested((stack,), folder, root, sources)


def _stack(folder: Path, root: Path, name: str, artifact: Mapping[str, Any]) -> Template:
    properties = object_of(artifact.get("properties"))
    file = _inside(folder, properties.get("templateFile"))
    environment = re.fullmatch(r"aws://([^/]+)/([^/]+)", str(artifact.get("environment")))
    account, region = environment.groups() if environment else (None, None)
    metadata = list(_metadata(folder, artifact))
    return Template(
        name=str(artifact.get("displayName") or name),
        file=file.relative_to(root).as_posix(),
        body=read_template(file),
        stack=str(properties.get("stackName") or name),
        region=None if region == "unknown-region" else region,
        region_from=None if region in {None, "unknown-region"} else ASSEMBLY,
        account=None if account == "unknown-account" else account,
        paths=_paths(metadata),
        acknowledged=_acknowledged(metadata),
    )


def _inside(folder: Path, name: Any, root: Path | None = None) -> Path:
    """A file that a manifest names; what is outside the folder, or outside the root where one is given, is not read."""
    if not isinstance(name, str) or "\0" in name:
        raise UnreadableInput(f"{folder / 'manifest.json'}: not the manifest of a cloud assembly")
    file = folder / name
    if not file.resolve().is_relative_to((root or folder).resolve()):
        raise UnreadableInput(f"{folder / 'manifest.json'}: '{name}' points outside the assembly")
    if not file.exists():
        raise UnreadableInput(f"{folder}: a half-written cloud assembly, {name} is missing; run 'cdk synth' again")
    return file


def _metadata(folder: Path, artifact: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """What the CDK noted about constructs: path, type of note, note."""
    notes = object_of(artifact.get("metadata"))
    if extra := artifact.get("additionalMetadataFile"):
        notes = notes | object_of(read_json(_inside(folder, str(extra))))
    for path, entries in notes.items():
        for entry in list_of(entries):
            yield path.strip("/"), str(within(entry, "type")), within(entry, "data")


def _paths(metadata: Iterable[tuple[str, str, Any]]) -> dict[str, str]:
    return {str(note): path for path, kind, note in metadata if kind == "aws:cdk:logicalId"}


def _acknowledged(metadata: Iterable[tuple[str, str, Any]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path, kind, note in metadata:
        if kind == "aws:cdk:acknowledged-rules":
            found.setdefault(path, {}).update({str(rule): str(why) for rule, why in object_of(note).items()})
    return found


def _sources(folder: Path) -> dict[str, str]:
    """Asset hash -> file, from the asset manifests: how a nested stack's template is found."""
    found: dict[str, str] = {}
    for manifest in sorted(folder.glob("*.assets.json")):
        files = object_of(within(read_json(manifest), "files"))
        found |= {asset: str(within(entry, "source", "path") or "") for asset, entry in files.items()}
    return found


def _nested(above: tuple[Template, ...], folder: Path, root: Path, sources: Mapping[str, str]) -> Iterator[Template]:
    """The nested stacks of the last of some templates, each of which nests the next."""
    parent = above[-1]
    for logical_id, resource in sorted(object_of(parent.body.get("Resources")).items()):
        if object_of(resource).get("Type") != "AWS::CloudFormation::Stack":
            continue
        asset = next((h for h in re.findall(r"[0-9a-f]{64}", str(resource)) if h in sources), None)
        if asset is None:
            continue
        file = _inside(folder, sources[asset], root).resolve().relative_to(root.resolve()).as_posix()
        if file in {each.file for each in above} or len(above) > DEEPEST:
            raise UnreadableInput(f"{root / file}: a nested stack that holds itself, or too many in one another")
        child = Template(
            name=f"{parent.name}/{logical_id}",
            file=file,
            body=read_template(root / file),
            stack=f"{parent.stack}-{logical_id}",
            region=parent.region,
            region_from=parent.region_from,
            account=parent.account,
            parent=parent.name,
            parent_id=logical_id,
            paths=parent.paths,
            acknowledged=parent.acknowledged,
        )
        yield child
        yield from _nested((*above, child), folder, root, sources)
