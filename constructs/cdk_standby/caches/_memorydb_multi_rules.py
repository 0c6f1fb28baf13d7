"""What the options of a multi-Region MemoryDB cluster must be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aws_cdk import Stack
from constructs import Construct

from cdk_standby_review.facts import memorydb as facts

from .._checks import Options, Problem, Rule, one_of, shown, within
from .._tokens import is_token
from ._memorydb_rules import rule


def _bad_node_type(options: Options) -> bool:
    prefix, _, size = options["node_type"].rpartition(".")
    return prefix != "db.r7g" or size not in facts.MULTI_REGION_NODES.value


def _bad_version(options: Options) -> bool:
    known = [tuple(map(int, version.split("."))) for version in facts.VERSIONS.value["valkey"]]
    least = tuple(map(int, facts.MULTI_REGION_VERSION.value.split(".")))
    return options["version"] not in [f"{a}.{b}" for a, b in known if (a, b) >= least]


def _bad_name(options: Options) -> bool:
    name = options["cluster_name"]
    if name is None or is_token(options["suffix"]):
        return False
    return re.fullmatch(facts.MULTI_REGION_NAME.value, name) is None or not name.endswith(f"-{options['suffix']}")


RULES: tuple[Rule, ...] = (
    rule(
        "suffix",
        lambda o: re.fullmatch(facts.NAMES.value, o["suffix"]) is None,
        "a name such as 'orders'",
        facts.NAMES,
    ),
    rule(
        "cluster_name",
        _bad_name,
        "the name as MemoryDB made it, five characters before the suffix, such as 'virxk-orders'",
        facts.MULTI_REGION_NAME,
    ),
    rule("node_type", _bad_node_type, "a type such as 'db.r7g.xlarge'", facts.MULTI_REGION_NODES),
    rule("version", _bad_version, "'7.3', of Valkey", facts.MULTI_REGION_VERSION),
    within("shards", facts.SHARDS),
    one_of("update_strategy", facts.UPDATES.value, why=facts.UPDATES.says, source=facts.UPDATES.source),
)


def unfit_regions(where: Construct, regions: Sequence[str]) -> Iterator[Problem]:
    """Regions that can be no members, or too many of them, or all but this one."""
    here = Stack.of(where).region
    several = len(regions) > 1 and len(regions) in facts.MEMBERS.value and len(set(regions)) == len(regions)
    if is_token(regions):
        return
    if not several or not (is_token(here) or here in regions):
        home = "this Region" if is_token(here) else here
        yield _problem(where, regions, f"{home} and one to four others, each of them once", facts.MEMBERS.says)
    if unknown := [region for region in regions if region not in facts.MULTI_REGIONS.value]:
        yield _problem(where, unknown, ", ".join(facts.MULTI_REGIONS.value), facts.MULTI_REGIONS.says)


def _problem(where: Construct, got: Sequence[str], allowed: str, why: str) -> Problem:
    return Problem(
        where=where.node.path,
        option="regions",
        got=shown(list(got)),
        allowed=allowed,
        why=why,
        source=facts.MEMBERS.source,
    )
