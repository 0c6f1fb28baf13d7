"""What a blue/green deployment can be made of, and of what it cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from constructs import Construct

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import rds_operations as facts

from .._checks import Options, Problem, Rule, shown
from .._tokens import is_token
from ._aurora_engine import family as aurora_family
from ._engines import Engine
from ._operated import Operated


def family(target: Operated, version: str) -> str:
    """The parameter group family of a version of the database's engine."""
    return aurora_family(target.engine, version) if target.is_aurora else Engine.of(target.engine).family(version)


def unfit(
    where: Construct, target: Operated, version: str | None, parameters: dict[str, Any], followers: list[str]
) -> Iterator[Problem]:
    """Why the database cannot be the blue one; `followers` are the Regions of its replicas."""
    if target.engine not in facts.BLUE_GREEN_ENGINES.value:
        engines = ", ".join(map(shown, facts.BLUE_GREEN_ENGINES.value))
        yield _problem(where, target, f"a database of {engines}", facts.BLUE_GREEN_ENGINES)
        return
    found = {
        "managed password": target.managed_password,
        "multi-az cluster": target.multi_az_cluster,
        "replica": target.replica,
        "cross-region": any(region != target.region for region in followers),
        "backups": not target.backed_up,
        "global": target.in_global,
    }
    for kind, is_so in found.items():
        if is_so:
            why = facts.BLUE_GREEN_LIMITS.value[kind]
            yield _problem(where, target, _INSTEAD[kind], facts.BLUE_GREEN_LIMITS, why)
    if not target.multi_az_cluster and _lacks_log(target, version, parameters):
        name, values = facts.BLUE_GREEN_LOGICAL.value[target.engine]
        allowed = f"a database with the parameter '{name}' at {' or '.join(map(shown, values))}"
        yield _problem(where, target, allowed, facts.BLUE_GREEN_LOGICAL)


_INSTEAD = {
    "managed password": "a database with a secret of its own",
    "multi-az cluster": "a Multi-AZ instance or an Aurora cluster",
    "replica": "the primary",
    "cross-region": "a database whose replicas are in its own Region",
    "backups": "a database with automated backups",
    "global": "a database that stands alone; for a global one, the runbook 'BlueGreenCreate'",
}


def _lacks_log(target: Operated, version: str | None, parameters: dict[str, Any]) -> bool:
    if target.engine not in facts.BLUE_GREEN_LOGICAL.value:
        return False
    if target.engine == "postgres" and not _is_major(target.version, version):
        return False
    name, values = facts.BLUE_GREEN_LOGICAL.value[target.engine]
    return parameters.get(name) not in values and not is_token(parameters.get(name))


def _is_major(now: str, wanted: str | None) -> bool:
    known = wanted is not None and not (is_token(wanted) or is_token(now))
    return known and _numbers(wanted or "")[0] != _numbers(now)[0]


def _problem(where: Construct, target: Operated, allowed: str, fact: Fact[Any], why: str | None = None) -> Problem:
    return Problem(
        where=where.node.path,
        option="database",
        got=shown(target.path),
        allowed=allowed,
        why=why or fact.says,
        source=fact.source,
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version))) or (0,)


def _not_newer(options: Options) -> bool:
    wanted = options["version"]
    return wanted is not None and _numbers(wanted) <= _numbers(options["now"])


def _bad_version(options: Options) -> bool:
    return options["version"] is not None and re.fullmatch(r"\d+\.\d+[0-9A-Za-z_.]*", options["version"]) is None


def _of_instances(option: str) -> Rule:
    return Rule(
        option=option,
        broken=lambda o: o["target"].is_aurora and o[option] is not None,
        allowed="left out for Aurora",
        why="the instances of green are those of blue; change them there before the switchover",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateBlueGreenDeployment.html",
    )


RULES = (
    Rule(
        option="name",
        broken=lambda o: re.fullmatch(facts.BLUE_GREEN_NAME.value, o["name"]) is None,
        allowed="up to 60 letters, digits and single hyphens, starting with a letter",
        why=facts.BLUE_GREEN_NAME.says,
        source=facts.BLUE_GREEN_NAME.source,
    ),
    Rule(
        option="version",
        broken=_bad_version,
        allowed="a full version such as '18.1'",
        why="a prefix means another one every few months",
        source=facts.BLUE_GREEN_VERSION.source,
    ),
    Rule(
        option="version",
        reads=("now",),
        broken=lambda o: not _bad_version(o) and _not_newer(o),
        allowed=lambda o: f"one that is newer than '{o['now']}', or left out",
        why=facts.BLUE_GREEN_VERSION.says,
        source=facts.BLUE_GREEN_VERSION.source,
    ),
    *map(_of_instances, ("instance", "storage", "storage_type", "iops")),
)
