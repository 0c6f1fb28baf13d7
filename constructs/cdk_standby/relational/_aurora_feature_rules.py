"""What engine, version and company decide about single features of a cluster."""

from __future__ import annotations

import re

from cdk_standby_review.facts import aurora as facts

from .._checks import Options, Rule

_OWN_VERSION = {"aurora-postgresql": r"^(\d+)\.(\d+)", "aurora-mysql": r"mysql_aurora\.(\d+)\.(\d+)"}
"""What of a version is Aurora's own numbering, by which features come."""


def _forwards_locally(options: Options) -> bool:
    engine, version = options["engine"], options["version"]
    if engine not in _OWN_VERSION or not re.fullmatch(facts.VERSIONS.value[engine], version):
        return True  # other rules speak of it
    found = re.search(_OWN_VERSION[engine], version)
    ours = (int(found[1]), int(found[2])) if found else (0, 0)
    since: tuple[tuple[int, int], ...] = facts.LOCAL_WRITE_FORWARDING.value[engine]
    of_ours = [first for first in since if first[0] == ours[0]]
    return ours >= of_ours[0] if of_ours else ours > max(since)


def _bad_backtrack(options: Options) -> bool:
    window = options["backtrack"]
    if window is None or window.is_unresolved():
        return False
    seconds = window.to_seconds(integral=False)
    fits = seconds in facts.BACKTRACK.value and float(seconds).is_integer()
    return not (fits and options["engine"] == "aurora-mysql" and options["global_cluster"] is None)


def _without_managed_password(option: str) -> Rule:
    return Rule(
        option=option,
        reads=("managed_password",),
        broken=lambda o: bool(o["managed_password"] and o[option]),
        allowed="nothing with 'managed_password'",
        why="RDS names the secret that it manages, and keeps it in one Region",
        source=facts.MANAGED_PASSWORDS.source,
    )


FEATURE_RULES = (
    Rule(
        option="backtrack",
        reads=("engine", "global_cluster"),
        broken=_bad_backtrack,
        allowed="1 second to 72 hours, in whole seconds, for MySQL outside of a global database",
        why=facts.BACKTRACK.says,
        source=facts.BACKTRACK.source,
    ),
    Rule(
        option="local_write_forwarding",
        reads=("engine", "version"),
        broken=lambda o: o["local_write_forwarding"] and not _forwards_locally(o),
        allowed="False for this version",
        why=facts.LOCAL_WRITE_FORWARDING.says,
        source=facts.LOCAL_WRITE_FORWARDING.source,
    ),
    Rule(
        option="managed_password",
        broken=lambda o: o["managed_password"] and o["global_cluster"] is not None,
        allowed="False for a member of a global database, which has a secret with replicas instead",
        why=facts.MANAGED_PASSWORDS.says,
        source=facts.MANAGED_PASSWORDS.source,
    ),
    *map(_without_managed_password, ("secret_name", "secret_replicas")),
)
