"""What RDS tells a topic, and what EventBridge tells it of failovers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_standby_review.facts import rds_events as facts

from .._checks import Options, Rule, check, one_of, shown
from .._tokens import is_token
from ..alarm_topic import AlarmTopic

Topic = AlarmTopic | sns.ITopic
"""Who is told. A construct that has an `AlarmTopic` gives that."""

WATCHED: Mapping[str, tuple[str, ...]] = {
    "db-cluster": ("failover", "failure", "global-failover", "maintenance", "notification"),
    "db-instance": ("availability", "failover", "failure", "low storage", "maintenance", "recovery"),
    "db-parameter-group": ("configuration change",),
    "db-proxy": ("deletion", "failure"),
    "db-snapshot": ("deletion", "failure", "notification"),
    "db-cluster-snapshot": ("failure", "notification"),
    "blue-green-deployment": ("creation", "deletion", "failure", "notification"),
}
"""What is worth a message, by source type: failovers of a cluster are told by the cluster; crashes, restarts and full
disks by its instances."""
_REPLICA = (*WATCHED["db-instance"], "read replica")
_MEMBER = tuple(category for category in WATCHED["db-instance"] if category != "failover")
FAILOVERS: Mapping[str, tuple[str, ...]] = {
    "db-instance": (*facts.INSTANCE_FAILOVER.value, *facts.WEAKENED.value),
    "db-cluster": (*facts.CLUSTER_FAILOVER.value, *facts.GLOBAL_FAILOVER.value, *facts.UNFENCED.value),
}
"""The ids that the rule matches: an instance of its own, and a cluster with the instances in it."""


def cluster_events(scope: Construct, cluster: str, instances: Sequence[str], topic: Topic) -> None:
    """Tell a topic what happens to the cluster, failovers above all, and to its instances."""
    subscribe(scope, "Events", topic, "db-cluster", sources=[cluster])
    if instances:  # none would mean all instances of the account
        subscribe(scope, "InstanceEvents", topic, "db-instance", sources=instances, categories=_MEMBER)
    failover_rule(scope, topic, {"db-cluster": [cluster, *instances]})


def instance_events(scope: Construct, instances: Sequence[str], topic: Topic) -> None:
    """Tell a topic what happens to instances that stand for themselves, failovers to their standby above all."""
    subscribe(scope, "Events", topic, "db-instance", sources=instances)
    failover_rule(scope, topic, {"db-instance": instances})


def replica_events(scope: Construct, replicas: Sequence[str], topic: Topic) -> None:
    """As `instance_events`, with what happens to the replication."""
    subscribe(scope, "Events", topic, "db-instance", sources=replicas, categories=_REPLICA)
    failover_rule(scope, topic, {"db-instance": replicas})


def proxy_events(scope: Construct, proxies: Sequence[str], topic: Topic) -> None:
    """Tell a topic when a proxy, by name, lacks addresses, throttles or is gone."""
    subscribe(scope, "Events", topic, "db-proxy", sources=proxies)


def parameter_events(scope: Construct, groups: Sequence[str], topic: Topic) -> None:
    """Tell a topic when a parameter of an instance's group changes."""
    subscribe(scope, "ParameterEvents", topic, "db-parameter-group", sources=groups)


def snapshot_events(scope: Construct, kind: str, snapshots: Sequence[str], topic: Topic) -> None:
    """Tell a topic what becomes of snapshots; `kind` is ``db-snapshot`` or ``db-cluster-snapshot``."""
    subscribe(scope, "Events", topic, kind, sources=snapshots)


def deployment_events(scope: Construct, deployments: Sequence[str], topic: Topic) -> None:
    """Tell a topic how a blue/green deployment, by its identifier, goes."""
    subscribe(scope, "Events", topic, "blue-green-deployment", sources=deployments)


def failover_rule(scope: Construct, topic: Topic, sources: Mapping[str, Sequence[str]]) -> events.Rule:
    """Tell a topic of failovers, and of safeguards that go, through EventBridge: near real time, at best effort.

    Args:
        scope: the database; the rule becomes its child ``Failover``.
        topic: who is told.
        sources: identifiers by source type, ``db-instance`` or ``db-cluster``; a cluster's with its instances' own.
    """
    ids = [event for kind in sources for event in FAILOVERS[kind]]
    kinds = ("db-cluster", "db-instance") if "db-cluster" in sources else ("db-instance",)
    names = [_as_told(name) for some in sources.values() for name in some]
    rule = events.Rule(
        scope,
        "Failover",
        description=f"Failovers of {scope.node.path}",
        event_pattern=events.EventPattern(
            source=["aws.rds"],
            detail_type=[facts.DETAIL_TYPES.value[kind] for kind in kinds],
            detail={"EventID": ids, "SourceIdentifier": names},
        ),
    )
    _tell(topic, rule)
    return rule


def subscribe(
    scope: Construct,
    id: str,
    topic: Topic,
    kind: str | None,
    *,
    sources: Sequence[str] = (),
    categories: Sequence[str] | None = None,
) -> rds.CfnEventSubscription:
    """Subscribe a topic to events of RDS.

    Args:
        scope: whose child the subscription becomes.
        id: its construct id.
        topic: who is told.
        kind: the type of the sources; None: every type.
        sources: their names; none: all of the account and Region.
        categories: which events; None: those that are worth a message.

    Raises:
        InvalidOptions: no such type or category, names without a type, or a FIFO topic.
    """
    wanted = WATCHED.get(kind or "", ()) if categories is None else categories
    plain = topic.topic if isinstance(topic, AlarmTopic) else topic
    check(scope, RULES, {"source_type": kind, "sources": sources, "categories": wanted, "topic": _shown_topic(plain)})
    return rds.CfnEventSubscription(
        scope,
        id,
        sns_topic_arn=plain.topic_arn,
        source_type=kind,
        source_ids=list(sources) or None,
        event_categories=list(wanted) or None,
    )


def _tell(topic: Topic, rule: events.Rule) -> None:
    detail = "$.detail."
    who, what, event, when = (
        events.EventField.from_path(detail + field) for field in ("SourceIdentifier", "Message", "EventID", "Date")
    )
    message = events.RuleTargetInput.from_text(f"{who}: {what} ({event}, {when})")
    if isinstance(topic, AlarmTopic):
        topic.notify_of(rule, message)
    else:
        rule.add_target(cast("events.IRuleTarget", targets.SnsTopic(topic, message=message)))


def _as_told(name: str) -> str:
    """RDS keeps names in lower case, and EventBridge compares letter by letter."""
    return name if is_token(name) else name.lower()


def _shown_topic(topic: sns.ITopic) -> str:
    """A topic in messages, with what RDS minds about it."""
    return f"{topic.node.path}{' (FIFO)' if topic.fifo else ''}"


def _unknown(options: Options) -> list[str]:
    known = facts.SOURCES.value.get(options["source_type"])
    return [category for category in options["categories"] if known is not None and category not in known]


RULES = (
    one_of("source_type", tuple(facts.SOURCES.value), why=facts.SOURCES.says, source=facts.SOURCES.source),
    Rule(
        option="source_type",
        reads=("sources",),
        broken=lambda o: o["source_type"] is None and bool(o["sources"]),
        allowed="one of " + ", ".join(map(shown, facts.SOURCES.value)) + ", since 'sources' are given",
        why=facts.SOURCE_IDS.says,
        source=facts.SOURCE_IDS.source,
    ),
    Rule(
        option="categories",
        reads=("source_type",),
        broken=lambda o: bool(_unknown(o)),
        allowed=lambda o: ", ".join(map(shown, facts.SOURCES.value[o["source_type"]])),
        why=facts.SOURCES.says,
        source=facts.SOURCES.source,
    ),
    Rule(
        option="topic",
        broken=lambda o: o["topic"].endswith(" (FIFO)"),
        allowed="a standard topic",
        why=facts.NO_FIFO.says,
        source=facts.NO_FIFO.source,
    ),
)
