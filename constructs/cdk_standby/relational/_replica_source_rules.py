"""What a read replica can follow, under which version and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import rds as rds_facts
from cdk_standby_review.facts import rds_clusters as clusters
from cdk_standby_review.facts import rds_engines as engines
from cdk_standby_review.facts import rds_replicas as facts

from .._checks import Options, Rule, shown
from .._tokens import is_token
from .._windows import WEEK, weekly
from ._aurora_names import written
from ._cluster_rules import numbers, reaches, written_for
from ._engines import ENGINES, Engine
from ._replica_source import Source

Test = Callable[[Source, Options], bool]
_EXPORT = f"{facts.PROMOTION.says}; an export of another stack would hold that up"


def replicates(options: Options) -> bool:
    """Whether the replica follows its source still."""
    return options["promoted_because"] is None


def is_elsewhere(options: Options) -> bool:
    """Whether the source is of another Region."""
    return bool(options["source"].region != options["region"])


def has_replicas(options: Options) -> bool:
    """Whether the engine and edition of the source has replicas at all."""
    return options["source"].engine in facts.MOST.value


def has_backups(source: Source) -> bool:
    """Whether RDS makes backups of the source's replicas."""
    return source.family not in facts.WITHOUT_BACKUPS.value and _is_young(source)


def deepest(source: Source) -> int:
    """How many replicas may follow one another."""
    return facts.DEEPEST.value.get(source.engine, 1) if _is_young(source) else 1


def _is_young(source: Source) -> bool:
    since = facts.CHAINS_SINCE.value.get(source.family)
    return since is None or numbers(source.version) >= since


def _rule(fact: Fact[Any], broken: Test, allowed: str | Callable[[Source, Options], str], why: str = "") -> Rule:
    """Of a source that is followed still."""
    said = allowed

    def says(options: Options) -> str:
        return said if isinstance(said, str) else said(options["source"], options)

    return Rule(
        option="source",
        reads=("promoted_because",),
        broken=lambda o: replicates(o) and broken(o["source"], o),
        allowed=says,
        why=why or fact.says,
        source=fact.source,
    )


def _without_replicas(engine: str) -> Rule:
    fact = facts.EDITIONS
    return Rule(
        option="source",
        broken=lambda o: o["source"].engine == engine,
        allowed="a source of another edition",
        why=fact.value[engine],
        source=fact.source,
    )


def _nameless(source: Source, options: Options) -> bool:
    unknown = source.identifier is None or (is_token(source.identifier) and source.stack is not None)
    return is_elsewhere(options) and unknown and not _unknown_region(source, options)


def _exported(source: Source, options: Options) -> bool:
    """Whether only a reference into another stack of the Region would name the source."""
    nameless = source.identifier is None or is_token(source.identifier)
    return nameless and not is_elsewhere(options) and source.stack not in (None, options["here"])


def _misnamed(source: Source, _options: Options) -> bool:
    name = source.identifier
    return name is not None and not is_token(name) and not written(rds_facts.IDENTIFIER, name)


def _unknown_region(source: Source, options: Options) -> bool:
    return is_elsewhere(options) and is_token([source.region, options["region"]])


def _of_another_account(source: Source, options: Options) -> bool:
    ours = options["account"]
    return source.account not in (None, ours) and not is_token([source.account, ours])


def _too_many_regions(source: Source, options: Options) -> bool:
    most = facts.REGIONS_IN_A_CHAIN.value.get(source.family)
    return most is not None and len({*source.regions, options["region"]}) > most


def _old_cluster(source: Source, _options: Options) -> bool:
    return (
        source.cluster and source.engine == "postgres" and not reaches(source.version, clusters.REPLICA_SOURCES.value)
    )


def _bad_version(options: Options) -> bool:
    source: Source = options["source"]
    if not has_replicas(options) or not written_for(source.engine, source.version):
        return False
    if not written_for(source.engine, options["version"]):
        return True
    if not replicates(options):
        return False
    older = numbers(options["version"]) < numbers(source.version)
    return older or (_major(source, options["version"]) != _major(source) and not _may_be_ahead(options))


def _may_be_ahead(options: Options) -> bool:
    return bool(options["major_upgrades"] and options["source"].engine in facts.SAME_MAJOR.value)


def _allowed_version(options: Options) -> str:
    source: Source = options["source"]
    newer = ", or with 'major_upgrades' of a later one" if source.engine in facts.SAME_MAJOR.value else ""
    return f"'{source.version}' as the source has it, or a newer one of {source.engine} {_major(source)}{newer}"


def _major(source: Source, version: str | None = None) -> str:
    return Engine.of(source.engine).major_of(version or source.version)


def _collides(options: Options) -> bool:
    ours, theirs = weekly(options["maintenance_window"]), weekly(options["source"].maintenance_window or "")
    if ours is None or theirs is None or not replicates(options):
        return False
    return any(ours.start < theirs.stop + shift and theirs.start + shift < ours.stop for shift in (-WEEK, 0, WEEK))


def _has_no_standby(options: Options) -> bool:
    engine = ENGINES.get(options["source"].engine)
    return engine is not None and not engine.replica_multi_az and replicates(options)


def _unknown_zone(options: Options) -> bool:
    zone, zones = options["zone"], options["place"].zones
    return zone is not None and not is_token(zones) and zone not in zones


_ZONES = Fact(
    value=False,
    unit="",
    says=facts.ONE_STANDBY_ZONE.says,
    source=facts.ONE_STANDBY_ZONE.source,
    date=facts.ONE_STANDBY_ZONE.date,
)
ZONE_RULES = (
    Rule(
        option="single_az_because",
        broken=lambda o: _has_no_standby(o) and o["single_az_because"] is None,
        allowed="a reason, for a replica of this engine",
        why=facts.MULTI_AZ.says,
        source=facts.MULTI_AZ.source,
    ),
    Rule(
        option="zone",
        reads=("single_az_because",),
        broken=lambda o: o["zone"] is not None and o["single_az_because"] is None,
        allowed="left out, or with 'single_az_because'",
        why=_ZONES.says,
        source=_ZONES.source,
    ),
    Rule(
        option="zone",
        reads=("single_az_because",),
        broken=lambda o: o["single_az_because"] is not None and (o["zone"] is None or _unknown_zone(o)),
        allowed=lambda o: f"with 'single_az_because' one of {', '.join(map(shown, o['place'].zones))}",
        why="where it is not said, two replicas may share a zone, and are lost together",
        source=_ZONES.source,
    ),
)
SOURCE_RULES = (
    *map(_without_replicas, facts.EDITIONS.value),
    Rule(
        option="source",
        broken=lambda o: not has_replicas(o) and o["source"].engine not in facts.EDITIONS.value,
        allowed="a source of " + ", ".join(map(shown, facts.MOST.value)),
        why=facts.MOST.says,
        source=facts.MOST.source,
    ),
    Rule(
        option="source",
        broken=lambda o: has_replicas(o) and not written_for(o["source"].engine, o["source"].version),
        allowed=lambda o: f"a source whose version is written in full, as '{engines.EXAMPLES[o['source'].engine]}'",
        why=engines.VERSIONS.says,
        source=engines.VERSIONS.source,
    ),
    _rule(facts.SOURCE_BACKUPS, lambda s, _: s.backup_days == 0, "a source that keeps backups"),
    _rule(
        rds_facts.MANAGED_PASSWORDS,
        lambda s, _: s.managed_password and s.family != "sqlserver",
        "a source without 'managed_password'; a secret of its own has copies in other Regions",
    ),
    _rule(
        facts.DEEPEST,
        lambda s, o: has_replicas(o) and s.depth >= deepest(s),
        lambda s, _: f"a source that follows {deepest(s) - 1 or 'no'} other databases at most",
        f"{facts.DEEPEST.says}; {facts.CHAINS_SINCE.says}",
    ),
    _rule(
        facts.REGIONS_IN_A_CHAIN,
        _too_many_regions,
        lambda s, _: "a replica in " + " or ".join(dict.fromkeys(s.regions)),
    ),
    _rule(
        facts.CLUSTER_SOURCES,
        lambda s, o: s.cluster and is_elsewhere(o),
        lambda _, o: f"a cluster of {o['region']}, or an instance of another Region",
    ),
    _rule(clusters.REPLICA_SOURCES, _old_cluster, "a cluster of a newer version"),
    _rule(facts.NAMED_SOURCE, _unknown_region, "a stack whose Region is stated"),
    _rule(facts.NAMED_SOURCE, _nameless, "a source with an 'instance_identifier' in words"),
    _rule(facts.PROMOTION, _exported, "a source of this stack, or with an identifier in words", _EXPORT),
    _rule(rds_facts.IDENTIFIER, _misnamed, "a source by its identifier, not its ARN or address"),
    _rule(facts.ONE_ACCOUNT, _of_another_account, lambda _, o: f"a source of account {o['account']}"),
    Rule(
        option="instance_identifier",
        broken=lambda o: (
            o["instance_identifier"] is not None
            and not is_elsewhere(o)
            and o["instance_identifier"].lower() == (o["source"].identifier or "").lower()
        ),
        allowed="another name than the source's",
        why="a name stands for one instance of a Region",
        source=rds_facts.IDENTIFIER.source,
    ),
    Rule(
        option="version",
        broken=_bad_version,
        allowed=_allowed_version,
        why=f"{engines.VERSIONS.says}; {facts.SAME_MAJOR.says}",
        source=facts.SAME_MAJOR.source,
    ),
    Rule(
        option="maintenance_window",
        broken=_collides,
        allowed=lambda o: f"apart from '{o['source'].maintenance_window}', when the source is maintained",
        why=facts.APART.says,
        source=facts.APART.source,
    ),
    *ZONE_RULES,
)
