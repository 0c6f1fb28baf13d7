"""What the options of a cluster must be for the global database that it is a member of."""

from __future__ import annotations

from cdk_standby_review.facts import aurora as facts

from .._checks import Options, Rule
from ._aurora_names import identifier, written
from ._rules import SECRET_REPLICAS

_FORWARDING = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-write-forwarding.html"
)


def _is_global(options: Options) -> bool:
    return options["global_cluster"] is not None


def _too_many_readers(options: Options) -> bool:
    count = options["readers"]
    return _is_global(options) and count in facts.READERS.value and count not in facts.GLOBAL_READERS.value


def _bad_cap(options: Options) -> bool:
    cap = options["rpo_cap"]
    if cap is None or cap.is_unresolved():
        return False
    seconds = cap.to_seconds(integral=False)
    fits = seconds in facts.RPO_CAP.value and float(seconds).is_integer()
    return not (fits and _is_global(options) and options["engine"] == "aurora-postgresql")


def _inherited(option: str) -> Rule:
    return Rule(
        option=option,
        reads=("secondary",),
        broken=lambda o: bool(o["secondary"] and o[option]),
        allowed="nothing for a secondary",
        why=facts.SECONDARY_CREDENTIALS.says,
        source=facts.SECONDARY_CREDENTIALS.source,
    )


GLOBAL_RULES = (
    identifier("global_cluster", "members in all Regions join by this name"),
    Rule(
        option="readers",
        reads=("global_cluster",),
        broken=_too_many_readers,
        allowed=f"{facts.GLOBAL_READERS.value} in a global database",
        why=facts.GLOBAL_READERS.says,
        source=facts.GLOBAL_READERS.source,
    ),
    Rule(
        option="instance",
        reads=("global_cluster", "serverless"),
        broken=lambda o: (
            _is_global(o)
            and o["serverless"] is None
            and written(facts.CLASSES, o["instance"])
            and not written(facts.GLOBAL_CLASSES, o["instance"])
        ),
        allowed="a memory-optimized class such as 'r7g.large'",
        why=facts.GLOBAL_CLASSES.says,
        source=facts.GLOBAL_CLASSES.source,
    ),
    Rule(
        option="secondary",
        reads=("global_cluster",),
        broken=lambda o: o["secondary"] and not _is_global(o),
        allowed="True together with 'global_cluster'",
        why="a secondary is a member of a global database",
        source=facts.SECONDARY_CREDENTIALS.source,
    ),
    Rule(
        option="headless_because",
        reads=("secondary",),
        broken=lambda o: o["headless_because"] is not None and not o["secondary"],
        allowed="a reason for a secondary only",
        why="a cluster without instances serves nobody; only a secondary goes on receiving data",
        source=facts.GLOBAL_CLASSES.source,
    ),
    Rule(
        option="woken_by",
        reads=("secondary",),
        broken=lambda o: o["woken_by"] is not None and not o["secondary"],
        allowed="a parameter for a secondary only",
        why="only a secondary can be without instances, and wait for them",
        source=facts.HEADLESS.source,
    ),
    Rule(
        option="woken_by",
        broken=lambda o: not o["woken_here"],
        allowed="a parameter of the stack that the cluster is in",
        why="a condition reads parameters of its own template only",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html",
    ),
    _inherited("database_name"),
    _inherited("secret_replicas"),
    SECRET_REPLICAS,
    Rule(
        option="global_write_forwarding",
        reads=("secondary", "follows"),
        broken=lambda o: o["global_write_forwarding"] and not (o["secondary"] or o["follows"]),
        allowed="True for a secondary, or with 'follows'",
        why="only who follows has a writer elsewhere to forward to",
        source=_FORWARDING,
    ),
    Rule(
        option="rpo_cap",
        reads=("global_cluster", "engine"),
        broken=_bad_cap,
        allowed="20 seconds or more, in whole seconds, for PostgreSQL in a global database",
        why=facts.RPO_CAP.says,
        source=facts.RPO_CAP.source,
    ),
)
