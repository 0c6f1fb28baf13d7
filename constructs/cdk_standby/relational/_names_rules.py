"""What names of a database must be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from aws_cdk import Stack
from aws_cdk import aws_route53 as route53
from constructs import Construct, IConstruct

from cdk_standby_review.facts import rds_names as facts

from .._checks import Options, Problem, Rule, shown
from .._tokens import is_token
from ._proxy_rules import lasting_seconds

_KNOWN: WeakKeyDictionary[IConstruct, dict[tuple[str, str], str]] = WeakKeyDictionary()
"""By app: whose each name of each zone is."""


def taken(names: Construct, zone: str, whole: Sequence[str | None]) -> Iterator[Problem]:
    """What to say about names that the zone has already, as far as one app knows; from now on it has these too."""
    known = _KNOWN.setdefault(names.node.root, {})
    path = names.node.path
    for option, name in zip(("writer", "reader"), whole, strict=True):
        owner = path if name is None else known.setdefault((zone, name.lower()), path)
        if owner != path:
            yield Problem(
                where=path,
                option=option,
                got=shown(name),
                allowed=f"a name that {owner} has not taken",
                why="one name leads to one place",
                source=facts.NAME.source,
            )


def unreadable(names: Construct, reader: str | None, *, readable: bool) -> Iterator[Problem]:
    """What to say about a name, even one that only the deployment knows, for readers that there are not."""
    if reader is not None and not readable:
        yield Problem(
            where=names.node.path,
            option="reader",
            got=shown(reader),
            allowed="left out, or with 'replicas', or for a database with an endpoint for its readers",
            why=facts.READERS.says,
            source=facts.READERS.source,
        )


def is_public(zone: route53.IHostedZone) -> bool:
    """Whether everybody can ask the zone, as far as this app knows it: one that is made here without a VPC."""
    made = zone.node.default_child
    return isinstance(made, route53.CfnHostedZone) and not Stack.of(made).resolve(made.vpcs)


def _bad_name(option: str) -> Rule:
    def broken(options: Options) -> bool:
        name = options[option]
        return name is not None and not re.fullmatch(facts.NAME.value, name)

    return Rule(
        option=option,
        broken=broken,
        allowed="a name such as 'database', inside of the zone or in full",
        why=facts.NAME.says,
        source=facts.NAME.source,
    )


def _at_apex(option: str) -> Rule:
    def broken(options: Options) -> bool:
        name = options[option]
        return name is not None and not is_token(options["zone_name"]) and name.rstrip(".") == options["zone_name"]

    return Rule(
        option=option,
        broken=broken,
        allowed=lambda o: f"a name below '{o['zone_name']}'",
        why=facts.APEX.says,
        source=facts.APEX.source,
    )


RULES = (
    *map(_bad_name, ("writer", "reader")),
    *map(_at_apex, ("writer", "reader")),
    Rule(
        option="reader",
        reads=("writer",),
        broken=lambda o: o["reader"] is not None and o["whole"][0].lower() == o["whole"][1].lower(),
        allowed="another name than 'writer' has",
        why="one name leads to one place",
        source=facts.APEX.source,
    ),
    Rule(
        option="replicas",
        broken=lambda o: bool(o["replicas"]) and (o["has_readers"] or o["reader"] is None),
        allowed="none, or replicas of an instance together with 'reader'",
        why=facts.READERS.says,
        source=facts.READERS.source,
    ),
    Rule(
        option="replicas",
        broken=lambda o: len({*o["replicas"]}) < len(o["replicas"]),
        allowed="constructs with different ids",
        why=facts.WEIGHTED.says,
        source=facts.WEIGHTED.source,
    ),
    Rule(
        option="replicas",
        broken=lambda o: not all(o["following"]),
        allowed="replicas that follow a source; one that was promoted is a 'database'",
        why="what is read under one name has to be the same data",
        source=facts.READERS.source,
    ),
    Rule(
        option="zone",
        broken=lambda o: o["is_public"],
        allowed="a private zone of the VPC",
        why=facts.PRIVATE.says,
        source=facts.PRIVATE.source,
    ),
    lasting_seconds("ttl", facts.TTL, "1 to 60 seconds, in whole seconds"),
)
