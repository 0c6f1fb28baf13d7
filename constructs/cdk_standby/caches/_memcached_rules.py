"""What the options of a Memcached cache must be."""

from __future__ import annotations

from cdk_standby_review.facts import elasticache as facts
from cdk_standby_review.facts import elasticache_kinds as kinds

from .._checks import Options, Rule, one_of, within
from .._tokens import is_token
from ._cache_common import MAINTENANCE, TELLS, family_of, is_node_type, neighbours, rule, written


def _bad_zones(options: Options) -> bool:
    asked = options["zones"]
    if asked is None:
        return False
    known = not is_token(tuple(options["known_zones"]))
    elsewhere = known and any(zone not in options["known_zones"] for zone in asked if not is_token(zone))
    return len(asked) != options["nodes"] or elsewhere or (len(set(asked)) < 2 <= options["nodes"])


def _bad_name(options: Options) -> bool:
    name = options["name"]
    return name is not None and (len(name) > 50 or not written(kinds.MEMCACHED_NAMES, name))


RULES = (
    one_of(
        "version",
        kinds.MEMCACHED_VERSIONS.value,
        why=kinds.MEMCACHED_VERSIONS.says,
        source=kinds.MEMCACHED_VERSIONS.source,
    ),
    rule(
        "node_type",
        lambda o: not is_node_type(o["node_type"]) or family_of(o["node_type"]) == facts.TIERED.value,
        "a type such as 'cache.r7g.large', without a disk",
        facts.NODE_TYPES,
    ),
    rule(
        "nodes",
        lambda o: not 1 <= o["nodes"] <= kinds.MEMCACHED_QUOTA.value,
        f"1 to 40, or up to {kinds.MEMCACHED_QUOTA.value} with 'more_nodes_because'",
        kinds.MEMCACHED_NODES,
    ),
    rule(
        "nodes",
        lambda o: (
            kinds.MEMCACHED_NODES.value.high < o["nodes"] <= kinds.MEMCACHED_QUOTA.value
            and o["more_nodes_because"] is None
        ),
        f"1 to 40, or up to {kinds.MEMCACHED_QUOTA.value} with 'more_nodes_because'",
        kinds.MEMCACHED_NODES,
        "more_nodes_because",
    ),
    rule(
        "nodes",
        lambda o: (o["nodes"] == 1) != (o["single_node_because"] is not None),
        "2 or more, or 1 together with 'single_node_because'",
        kinds.NO_REPLICATION,
        "single_node_because",
    ),
    Rule(
        option="zones",
        reads=("nodes",),
        broken=_bad_zones,
        allowed="a zone of the subnets for each node, two or more of them",
        why=kinds.MEMCACHED_ZONES.says,
        source=kinds.MEMCACHED_ZONES.source,
    ),
    rule("name", _bad_name, "1 to 50 letters, digits and single hyphens", kinds.MEMCACHED_NAMES),
    within("port", facts.PORTS),
    *neighbours("nodes"),
    *TELLS,
    MAINTENANCE,
)
