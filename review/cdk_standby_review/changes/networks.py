"""What security groups let in that they did not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..findings import Severity
from ..graph import Graph, Resource
from ._model import Change, Kind
from ._pairs import Pairs

PAGE = "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html"
SOURCES = ("CidrIp", "CidrIpv6", "SourceSecurityGroupId", "SourcePrefixListId", "SourceSecurityGroupName")


class Door(NamedTuple):
    """One way in: protocol, ports, and from where."""

    protocol: str
    first: str
    last: str
    source: str

    def __str__(self) -> str:
        ports = "every port" if self.protocol == "-1" else self.first if self.first == self.last else self._range
        kind = "" if self.protocol == "-1" else f"{self.protocol} "
        return f"{kind}{ports} from {'everywhere, ' if self.to_all else ''}{self.source}"

    @property
    def to_all(self) -> bool:
        """Whether every address may come in: 0.0.0.0/0 and ::/0, and what else has no bits to compare."""
        return self.source.endswith("/0")

    @property
    def _range(self) -> str:
        return f"{self.first} to {self.last}"


def network_changes(pairs: Pairs) -> Iterator[Change]:
    """Doors that were not open: to everywhere, in any group; from any new source, in a group that was there."""
    before = _doors(pairs.base)
    for now, group in _rules(pairs.head):
        was = pairs.before(group) if group else None
        known: set[Door] = before.get(was.key, set[Door]()) if was else set()
        if group is None:  # the rule of a group from elsewhere
            old = pairs.before(now)
            known = {_door(old.properties)} if old else set()
        for door in _of(now):
            if door not in known and (door.to_all or was is not None):
                yield Change(
                    kind=Kind.WIDENED,
                    severity=Severity.WARNING,
                    message=f"now lets in {door}",
                    fix="let in the addresses or security groups that need it",
                    source=PAGE,
                    resource=now,
                    everybody=door.to_all,
                )


def _rules(graph: Graph) -> Iterator[tuple[Resource, Resource | None]]:
    """Everything that opens doors, with the group that it opens."""
    for resource in graph.of_type("AWS::EC2::SecurityGroup"):
        yield resource, resource
    for resource in graph.of_type("AWS::EC2::SecurityGroupIngress"):
        yield resource, graph.at(resource.get("GroupId"))


def _doors(graph: Graph) -> dict[tuple[str, str], set[Door]]:
    found: dict[tuple[str, str], set[Door]] = {}
    for resource, group in _rules(graph):
        if group is not None:
            found.setdefault(group.key, set()).update(_of(resource))
    return found


def _of(resource: Resource) -> list[Door]:
    if resource.type == "AWS::EC2::SecurityGroup":
        return [_door(raw) for raw in resource.items("SecurityGroupIngress")]
    return [_door(resource.properties)]


def _door(raw: Any) -> Door:
    source = next((str(raw[name]) for name in SOURCES if raw.get(name) is not None), "elsewhere")
    return Door(str(raw.get("IpProtocol")), str(raw.get("FromPort", "")), str(raw.get("ToPort", "")), source)
