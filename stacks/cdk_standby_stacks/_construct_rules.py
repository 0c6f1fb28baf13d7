"""What the constructs of a tier would refuse, asked before anything is built: their own rules, on the tier's options.

A tier that no Region could have is told together with a strategy that does not fit it, in one error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from inspect import Parameter, signature
from typing import Any

from cdk_standby._checks import Problem, Rule, shown
from cdk_standby.caches._cache_rules import RULES as CACHE
from cdk_standby.caches.valkey_cache import ValkeyCache
from cdk_standby.messaging._queue_rules import RULES as QUEUE
from cdk_standby.messaging.queue import Queue as HeldQueue
from cdk_standby.relational._aurora_rules import RULES as AURORA
from cdk_standby.relational._cluster_rules import RULES as CLUSTER
from cdk_standby.relational._dsql_rules import RULES as DSQL
from cdk_standby.relational._engines import ENGINES
from cdk_standby.relational._instance_rules import RULES as INSTANCE
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.dsql import DsqlCluster
from cdk_standby.relational.multi_az_cluster import MultiAzCluster
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.tables._table_capacity import Throughput
from cdk_standby.tables._table_keys import Keys
from cdk_standby.tables._table_rules import RULES as TABLE
from cdk_standby.tables.table import Table as GlobalTable

from .tiers import (
    AuroraMysql,
    AuroraPostgres,
    Dsql,
    Kind,
    MultiAzDbCluster,
    Placing,
    Queue,
    Rds,
    Table,
    Tier,
    Valkey,
)
from .tiers.relational import Aurora

_PLACE: Mapping[str, Any] = {"zones": 3, "regions": {}, "kind": "database", "vpc": None, "key": None, "alarms": None}
"""What a site gives its tiers; the rules of a deployment speak of it."""


def unbuildable(tier: Tier, where: str, placing: Placing) -> Iterator[Problem]:
    """What is wrong with a tier whatever the strategy is, and with the Regions that it would be built in."""
    ask = _ASKED.get(type(tier))
    if ask is not None:
        yield from ask(tier, where, placing)


def _refused(made_by: Callable[..., None], rules: Iterable[Rule], where: str, **given: Any) -> Iterator[Problem]:
    """The broken ones of a construct's rules for what a tier gives it, with its own defaults for what is left out."""
    arguments = signature(made_by).parameters.values()
    defaults = {one.name: one.default for one in arguments if one.default is not Parameter.empty}
    options = {**defaults, **_PLACE, **given}
    asked = (rule for rule in rules if rule.option in given)  # the others speak of what no tier can choose
    yield from (rule.problem(where, options) for rule in asked if rule.is_broken(options))


def _aurora(tier: Aurora, where: str, placing: Placing) -> Iterator[Problem]:
    """A member of a global database, whatever the strategy is."""
    yield from _refused(
        AuroraCluster.__init__,
        AURORA,
        where,
        region=placing.regions[0],
        engine=tier.engine,
        version=tier.version,
        instance=tier.instance,
        readers=tier.readers,
        global_cluster=tier.name,
        database_name=tier.database_name,
    )


def _rds(tier: Rds, where: str, placing: Placing) -> Iterator[Problem]:
    usual = ENGINES.get(tier.engine)
    yield from _refused(
        MultiAzInstance.__init__,
        INSTANCE,
        where,
        region=placing.regions[0],
        engine=tier.engine,
        version=tier.version,
        instance=tier.instance or (usual.instance if usual else ""),
        storage=tier.storage,
        license=tier.license,
        database_name=tier.database_name,
    )


def _cluster(tier: MultiAzDbCluster, where: str, placing: Placing) -> Iterator[Problem]:
    yield from _refused(
        MultiAzCluster.__init__,
        CLUSTER,
        where,
        region=placing.regions[0],
        engine=tier.engine,
        version=tier.version,
        instance=tier.instance,
        storage=tier.storage,
        database_name=tier.database_name,
    )


def _table(tier: Table, where: str, placing: Placing) -> Iterator[Problem]:
    """The table with all its replicas; what is wrong with the Regions is said of what they were asked for with."""
    keys = Keys(
        partition_key=tier.partition_key,
        sort_key=tier.sort_key,
        global_indexes=tier.global_indexes,
        local_indexes=tier.local_indexes,
    )
    yield from keys.problems(where)
    replicas = _others(placing, tier.kind)
    for problem in _refused(
        GlobalTable.__init__,
        TABLE,
        where,
        region=placing.regions[0],
        replicas=replicas,
        consistency=tier.consistency if replicas else "eventual",
        witness=tier.witness if replicas else None,
        local_indexes=[index.name for index in tier.local_indexes],
        ttl=tier.ttl,
    ):
        yield _of_the_regions(problem, tier, placing) if problem.option == "replicas" else problem
    if tier.capacity is not None:
        throughput = Throughput(
            capacity=tier.capacity, warm=None, global_indexes=tier.global_indexes, replicas=(), quota=40_000
        )
        yield from throughput.problems(where)


def _of_the_regions(problem: Problem, tier: Table, placing: Placing) -> Problem:
    regions = [*placing.regions, *([tier.witness] if tier.witness else [])]
    allowed = f"with '{placing.regions[0]}' {problem.allowed}; or consistency 'eventual'"
    return replace(problem, option="consistency", got=f"{shown(tier.consistency)} in {shown(regions)}", allowed=allowed)


def _dsql(tier: Dsql, where: str, placing: Placing) -> Iterator[Problem]:
    """As its first member sees it; the ARN of its peer is of the right Region, which is all that the rules ask."""
    peers = dict.fromkeys(_others(placing, tier.kind)[:1], "") if tier.witness is not None else {}
    yield from _refused(
        DsqlCluster.__init__,
        DSQL,
        where,
        region=placing.regions[0],
        name=tier.name,
        peers=peers,
        witness=tier.witness,
        region_set_because=tier.region_set_because,
    )


def _cache(tier: Valkey, where: str, placing: Placing) -> Iterator[Problem]:
    yield from _refused(
        ValkeyCache.__init__,
        CACHE,
        where,
        region=placing.regions[0],
        engine="valkey",
        version=tier.version,
        node_type=tier.node_type,
        replicas=tier.replicas,
        shards=tier.shards,
        cluster_mode="enabled" if tier.shards > 1 else "disabled",
    )


def _queue(tier: Queue, where: str, placing: Placing) -> Iterator[Problem]:
    yield from _refused(
        HeldQueue.__init__,
        QUEUE,
        where,
        region=placing.regions[0],
        retention=tier.retention,
        bridges=tier.bridges,
        visibility_timeout=tier.visibility_timeout,
    )


def _others(placing: Placing, kind: Kind) -> list[str]:
    """The Regions beside the primary that hold the tier: of those that were named, each once."""
    others = [region for region in dict.fromkeys(placing.regions) if region != placing.regions[0]]
    return others if placing.replicated(kind) else []


_ASKED: Mapping[type, Callable[[Any, str, Placing], Iterator[Problem]]] = {
    AuroraPostgres: _aurora,
    AuroraMysql: _aurora,
    Rds: _rds,
    MultiAzDbCluster: _cluster,
    Table: _table,
    Dsql: _dsql,
    Valkey: _cache,
    Queue: _queue,
}
