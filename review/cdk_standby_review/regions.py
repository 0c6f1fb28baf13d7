"""In which Region templates stand that do not say it: what somebody says, and what their own zones prove."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from .errors import UnreadableInput
from .facts.regions import REGIONS, closest
from .plain import is_object, list_of, object_of

if TYPE_CHECKING:
    from .templates import Template  # which infers what it has read

ASSEMBLY, OPTION, ZONES = "assembly", "option", "zones"
ONE_ZONE: Final = ("AvailabilityZone", "AvailabilityZoneName", "PreferredAvailabilityZone")
SEVERAL_ZONES: Final = ("AvailabilityZones", "PreferredAvailabilityZones", "PreferredCacheClusterAZs")
_WHY = {ASSEMBLY: "it says so itself", ZONES: "its zones are there"}
Templates = tuple["Template", ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One value of `--region`."""

    written: str
    glob: str
    """The files that are meant; empty for all that do not say theirs."""
    region: str

    def means(self, template: Template) -> bool:
        """Whether a template's file is meant, as the report names it or as its path was given."""
        return any(fnmatchcase(name, self.glob) for name in (template.file, template.origin) if name)


def read_regions(regions: Iterable[str]) -> tuple[Said, ...]:
    """What `--region` says: `REGION`, or `GLOB=REGION`.

    Raises:
        UnreadableInput: AWS has no such Region, or all templates are said to stand in two.
    """
    found = tuple(map(_said, regions))
    if len(alone := sorted({each.region for each in found if not each.glob})) > 1:
        raise UnreadableInput(
            f"--region {', '.join(alone)}: only one can be that of all templates; others take GLOB=REGION"
        )
    return found


def _said(written: str) -> Said:
    glob, equals, region = written.rpartition("=")
    if region not in REGIONS.value:
        meant = f"; did you mean {' or '.join(closest(region))}?" if closest(region) else ""
        raise UnreadableInput(f"--region {written}: AWS has no Region {region!r}{meant}")
    if equals and not glob:
        raise UnreadableInput(f"--region {written}: there is no file before '='")
    return Said(written, glob, region)


def settled(
    head: Templates, base: Templates | None, regions: Iterable[str], *, whole: bool = True
) -> tuple[Templates, Templates | None]:
    """Head and base, each template in the Region that somebody says or that it proves.

    Args:
        head: What is reviewed, as it was read.
        base: What was there before, as it was read; None when there is nothing to compare with.
        regions: What somebody says, each `REGION` or `GLOB=REGION`; of several globs the last that fits counts.
        whole: Whether these are all templates that there are; else a glob may fit none of them.

    Raises:
        UnreadableInput: what is said makes no sense, or contradicts the templates.
    """
    said = read_regions(regions)
    if whole:
        check_globs(said, head, base or ())
    head = placed(head, said)
    return head, None if base is None else as_the_other(placed(base, said), head)


def placed(templates: Iterable[Template], said: Sequence[Said] = ()) -> Templates:
    """The templates, each in its Region where that is known. Nested stacks stand where the stack does that nests them.

    Args:
        templates: All of them, linked.
        said: What somebody says; it may not contradict the templates.

    Raises:
        UnreadableInput: it does.
    """
    every = tuple(templates)
    by_name = {t.name: t for t in every}
    families: dict[str, list[Template]] = {}
    for template in every:
        families.setdefault(_top(template, by_name), []).append(template)
    known = {top: _of_family(members, said) for top, members in families.items()}
    return tuple(_put(t, *known[_top(t, by_name)]) for t in every)


def check_globs(said: Iterable[Said], *sides: Iterable[Template]) -> None:
    """Refuse what is said of files that are not there.

    Raises:
        UnreadableInput: a glob fits none of the templates.
    """
    every = [template for side in sides for template in side]
    for each in said:
        if each.glob and not any(map(each.means, every)):
            raise UnreadableInput(f"--region {each.written}: no template has a file that fits {each.glob!r}")


def as_the_other(base: Templates, head: Templates) -> Templates:
    """The base, with the Regions that only the head knows or does not know any more: a stack stays where it is."""
    there = {t.file: t for t in head}
    alone = head[0] if len(base) == len(head) == 1 else None
    return tuple(_as(template, there.get(template.file, alone)) for template in base)


def _as(was: Template, now: Template | None) -> Template:
    inferred = {was.region_from, now.region_from if now else None} <= {None, ZONES, OPTION}
    if now is None or not inferred or (was.region is None) == (now.region is None):
        return was
    return replace(was, region=now.region, region_from=now.region_from)


def _put(template: Template, region: str | None, region_from: str | None) -> Template:
    if template.region is not None or region is None:
        return template
    return replace(template, region=region, region_from=region_from)


def _top(template: Template, by_name: dict[str, Template]) -> str:
    while template.parent in by_name:
        template = by_name[template.parent]
    return template.name


def _of_family(members: Sequence[Template], said: Sequence[Said]) -> tuple[str | None, str | None]:
    own = next(((t.region, t.region_from) for t in members if t.region), None) or _by_zones(members)
    meant = [(each, t) for each in said if each.glob for t in members if each.means(t)]
    for each, template in meant:
        if own[0] not in {None, each.region}:
            why = _WHY.get(str(own[1]), "it says so itself")
            raise UnreadableInput(f"--region {each.written}: {template.file} stands in {own[0]}, {why}")
    if own[0] is not None:
        return own
    chosen = [each for each, _ in meant] or [each for each in said if not each.glob]
    return (chosen[-1].region, OPTION) if chosen else (None, None)


def _by_zones(members: Iterable[Template]) -> tuple[str | None, str | None]:
    """A zone that is written out is one of the Region in which alone the template can be deployed."""
    found = {region for template in members for zone in _written(template) if (region := region_of(zone))}
    return (found.pop(), ZONES) if len(found) == 1 else (None, None)


def region_of(zone: str) -> str | None:
    """The Region of a zone's name, such as `eu-west-1a`; None for anything else."""
    return zone[:-1] if re.fullmatch(r".*[a-f]", zone) and zone[:-1] in REGIONS.value else None


def _written(template: Template) -> Iterator[str]:
    """The zones that are written out where no condition can take them away."""
    for raw in object_of(template.body.get("Resources")).values():
        resource = object_of(raw)
        if "Condition" in resource or not str(resource.get("Type")).startswith("AWS::"):
            continue
        properties: Any = resource.get("Properties")
        if is_object(properties):
            named = [properties.get(name) for name in ONE_ZONE]
            named += [zone for name in SEVERAL_ZONES for zone in list_of(properties.get(name))]
            yield from (zone for zone in named if isinstance(zone, str))
