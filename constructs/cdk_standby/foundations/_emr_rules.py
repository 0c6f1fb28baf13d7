"""What the options of EMR clusters and applications must be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import emr as facts

from .._checks import Options, Rule, one_of
from .._durations import minutes
from .._tokens import is_token
from ..relational._rules import of_the_region

_TOPICS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"
_KEYS = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-encryption-enable.html"
_TYPE = r"[a-z][a-z0-9-]*\.[a-z0-9-]+"


def _rule(option: str, broken: Callable[[Options], bool], allowed: str, fact: Fact[Any], *reads: str) -> Rule:
    return Rule(option=option, broken=broken, allowed=allowed, why=fact.says, source=fact.source, reads=reads)


def _release(text: str) -> tuple[int, int, int] | None:
    found = re.fullmatch(r"emr-(\d+)\.(\d+)\.(\d+)(?:-[\w-]+)?", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _too_old(options: Options) -> bool:
    """Fixes went into several lines at once: a release counts within its line, or is newer than all."""
    release = _release(options["release"])
    if release is None:
        return True
    floors: Sequence[tuple[int, int, int]] = facts.RELEASES.value
    newest = floors[-2]
    return release < newest and not any(release[:2] == floor[:2] and release >= floor for floor in floors)


def _bad_types(option: str) -> Callable[[Options], bool]:
    def bad(options: Options) -> bool:
        types: Sequence[str] = options[option]
        known = [one for one in types if not is_token(one)]
        wrong: bool = any(re.fullmatch(_TYPE, one) is None for one in known)
        return wrong or len(types) not in facts.FLEET_TYPES.value or len(set(known)) < len(known)

    return bad


def _bad_core(options: Options) -> bool:
    few = 1 <= options["core_nodes"] < facts.CORE.value
    return bool(options["core_nodes"] < 1 or few != (options["few_core_nodes_because"] is not None))


def _bad_configurations(options: Options) -> bool:
    copies = options["configurations"].get("hdfs-site", {}).get("dfs.replication", "2")
    return not is_token(copies) and str(copies) in {"0", "1"}


def _certificates(options: Options) -> bool:
    given, because = options["certificates"], options["plaintext_because"]
    if given is None or because is not None:
        return (given is None) != (because is not None)
    return re.fullmatch(facts.CERTIFICATES.value, given) is None


def _cannot_repeat(options: Options) -> bool:
    release = _release(options["release"])
    if release is None or release < facts.SERVERLESS_RELEASES.value:
        return False  # another rule speaks of it
    return (release < facts.SERVERLESS_RETRIES.value) != (options["old_release_because"] is not None)


def _bad_idle(options: Options) -> bool:
    idle = options["idle"]
    if idle is None:
        return False
    asked = minutes(idle)
    return asked is None or asked not in facts.SERVERLESS_IDLE.value or not float(asked).is_integer()


def _zones(fact: Fact[int]) -> Rule:
    return Rule(
        option="vpc",
        broken=lambda o: o["number_of_zones"] < fact.value,
        allowed="subnets in two Availability Zones or more",
        why=fact.says,
        source=fact.source,
    )


_NEIGHBOURS = (
    of_the_region("vpc", "it runs in the Region of its network", facts.SUBNETS.source),
    of_the_region("key", "disks are encrypted with a key of their Region", _KEYS),
    of_the_region("alarms", "alarms tell topics of their own Region only", _TOPICS),
)
CLUSTER = (
    _zones(facts.SUBNETS),
    *_NEIGHBOURS,
    _rule(
        "name",
        lambda o: o["name"] is not None and re.fullmatch(facts.NAMES.value, o["name"]) is None,
        "up to 256 letters, digits, spaces and _ . : / = + @ -",
        facts.NAMES,
    ),
    _rule("release", _too_old, "a release such as 'emr-7.10.0', with three primary nodes in fleets", facts.RELEASES),
    _rule("primary_types", _bad_types("primary_types"), "1 to 30 types such as 'm7g.xlarge'", facts.FLEET_TYPES),
    _rule("core_types", _bad_types("core_types"), "1 to 30 types such as 'm7g.xlarge'", facts.FLEET_TYPES),
    _rule(
        "core_nodes",
        _bad_core,
        "4 or more, or 1 to 3 with 'few_core_nodes_because'",
        facts.CORE,
        "few_core_nodes_because",
    ),
    _rule("configurations", _bad_configurations, "a dfs.replication of 2 or more", facts.CORE),
    Rule(
        option="spot_task_nodes",
        broken=lambda o: not 0 <= o["spot_task_nodes"] <= 2000,
        allowed="0 to 2000",
        why="task nodes hold no blocks of HDFS, so that Spot may take them away",
        source="https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-instance-fleet.html",
    ),
    _rule(
        "certificates",
        _certificates,
        "a zip file such as 's3://bucket/certificates.zip', or 'plaintext_because' instead",
        facts.CERTIFICATES,
        "plaintext_because",
    ),
)
APPLICATION = (
    _zones(facts.SERVERLESS_SUBNETS),
    *_NEIGHBOURS,
    _rule(
        "name",
        lambda o: o["name"] is not None and re.fullmatch(facts.SERVERLESS_NAMES.value, o["name"]) is None,
        "up to 64 letters, digits and . _ / # -",
        facts.SERVERLESS_NAMES,
    ),
    _rule(
        "release",
        lambda o: (_release(o["release"]) or (0, 0, 0)) < facts.SERVERLESS_RELEASES.value,
        "a release such as 'emr-7.10.0', 6.6.0 or newer",
        facts.SERVERLESS_RELEASES,
    ),
    _rule(
        "release",
        _cannot_repeat,
        "emr-7.1.0 or newer, or an older one with 'old_release_because'",
        facts.SERVERLESS_RETRIES,
        "old_release_because",
    ),
    one_of(
        "engine", facts.SERVERLESS_TYPES.value, why=facts.SERVERLESS_TYPES.says, source=facts.SERVERLESS_TYPES.source
    ),
    one_of(
        "architecture",
        ("ARM64", "X86_64"),
        why="workers are of one of these",
        source=facts.SERVERLESS_TYPES.source,
    ),
    _rule("idle", _bad_idle, "1 minute to 7 days, in whole minutes", facts.SERVERLESS_IDLE),
    Rule(
        option="most_vcpus",
        broken=lambda o: not 1 <= o["most_vcpus"] <= 1_000_000,
        allowed="1 to 1000000",
        why="it is what keeps a job that went wild from the quota of the account",
        source="https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html",
    ),
)
