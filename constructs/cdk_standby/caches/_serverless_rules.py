"""What the options of a serverless cache must be."""

from __future__ import annotations

import re

from cdk_standby_review.facts import Fact, Range
from cdk_standby_review.facts import elasticache as facts
from cdk_standby_review.facts import elasticache_kinds as kinds

from .._checks import Options, Rule, one_of, shown, within
from .._tokens import is_token
from ._cache_common import KEY, neighbours, retention, rule, users, written


def _least_and_most(what: str, limit: Fact[Range]) -> tuple[Rule, ...]:
    return (
        within(f"min_{what}", limit),
        within(f"max_{what}", limit),
        Rule(
            option=f"min_{what}",
            reads=(f"max_{what}",),
            broken=lambda o: None not in (o[f"min_{what}"], o[f"max_{what}"]) and o[f"min_{what}"] > o[f"max_{what}"],
            allowed=f"'max_{what}' or less",
            why="the least cannot be more than the most",
            source=limit.source,
        ),
    )


def _bad_version(options: Options) -> bool:
    known = kinds.SERVERLESS_ENGINES.value.get(options["engine"])
    return known is not None and options["version"] not in known


def _versions(options: Options) -> str:
    return ", ".join(map(shown, kinds.SERVERLESS_ENGINES.value[options["engine"]]))


def _bad_restore(options: Options) -> bool:
    arns = [arn for arn in options["restore"] if not is_token(arn)]
    return any(not written(kinds.SERVERLESS_RESTORES, arn) for arn in arns)


def _bad_name(options: Options) -> bool:
    name = options["name"]
    return name is not None and (len(name) > 40 or re.fullmatch(kinds.SERVERLESS_NAMES.value, name) is None)


RULES = (
    one_of(
        "engine",
        tuple(kinds.SERVERLESS_ENGINES.value),
        why=kinds.SERVERLESS_ENGINES.says,
        source=kinds.SERVERLESS_ENGINES.source,
    ),
    Rule(
        option="version",
        reads=("engine",),
        broken=_bad_version,
        allowed=_versions,
        why=kinds.SERVERLESS_ENGINES.says,
        source=kinds.SERVERLESS_ENGINES.source,
    ),
    rule("name", _bad_name, "1 to 40 small letters, digits and single hyphens", kinds.SERVERLESS_NAMES),
    *_least_and_most("storage", kinds.SERVERLESS_STORAGE),
    *_least_and_most("rate", kinds.SERVERLESS_RATE),
    *neighbours("endpoints"),
    KEY,
    rule("restore", _bad_restore, "ARNs of snapshots, or of files in S3", kinds.SERVERLESS_RESTORES),
    *retention("no_snapshots_because"),
    rule(
        "snapshot_time",
        lambda o: not written(kinds.SERVERLESS_SNAPSHOT, o["snapshot_time"]),
        "'hh:mm' in UTC",
        kinds.SERVERLESS_SNAPSHOT,
    ),
    *users(),
    Rule(
        option="users",
        reads=("engine",),
        broken=lambda o: (o["engine"] == "memcached") == bool(o["users"]),
        allowed="one or more, and none with Memcached",
        why="users are how a serverless cache is closed, and Memcached knows none",
        source=facts.ACCESS.source,
    ),
)
