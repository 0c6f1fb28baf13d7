"""Streams and brokers: Kinesis, Firehose, MSK and Amazon MQ."""

from __future__ import annotations

import re
from typing import Any

from ..facts import messaging as facts
from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..intrinsics import Partial, references_in
from ..objectives import Fault
from ..outcomes import Case, Judgement, by_itself, by_runbook, lost, survives, unknown
from ..placement import Placement, of_subnets, placement
from ..plain import within
from ._by_fault import ByFault, goes_on, out_of_reach
from ._judge import Judge, served_elsewhere, with_its_region

_DEFAULTS = {1: (1, 1), 2: (2, 1)}
"""By zones: the replicas of a topic, and how many have to be in sync, as MSK sets them; from three on 3 and 2."""


def _with_region(what: str) -> Judge:
    def judge(graph: Graph, resource: Resource, case: Case) -> Judgement:
        return with_its_region(graph, resource, case, what)

    return judge


def _stream_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    if twin := graph.twin(resource):
        says = f"its twin in {twin.region} takes new records; those in this one wait until the Region returns"
        return by_itself(says, times.AT_ONCE, twin=twin.name)
    return lost("no other Region has such a stream; its records wait until the Region returns", times.ONE_REGION)


def _msk(graph: Graph, resource: Resource, case: Case) -> Judgement:
    placed = _of_brokers(graph, resource)
    if case.fault is Fault.ZONE and (away := out_of_reach(placed, case)):
        return away
    if not _is_told(graph, resource):
        return unknown("its configuration is not in the templates, so the replicas of its topics are not known")
    replicas, in_sync = _topics(graph, resource, placed)
    if min(replicas, len(placed.zones) or replicas) > in_sync:
        return survives(facts.MSK_SPREAD.says, facts.MSK_SPREAD, replicas=replicas, in_sync=in_sync)
    if case.fault is Fault.INSTANCE:
        says = "a partition without its broker takes no writes until that is replaced"
        return by_itself(says, facts.MSK_BROKER, replicas=replicas, in_sync=in_sync)
    return lost(facts.MSK_STOPS.says, facts.MSK_STOPS, replicas=replicas, in_sync=in_sync)


def _of_brokers(graph: Graph, cluster: Resource) -> Placement:
    return of_subnets(graph, cluster.get("BrokerNodeGroupInfo", "ClientSubnets"))


def _is_told(graph: Graph, cluster: Resource) -> bool:
    """Whether it has MSK's own configuration, or one that can be read."""
    arn = cluster.get("ConfigurationInfo", "Arn")
    configuration = graph.at(arn)
    return arn is None or (configuration is not None and configuration.text("ServerProperties") is not None)


def _topics(graph: Graph, cluster: Resource, placed: Placement) -> tuple[int, int]:
    """The replicas of a new topic, and how many of them have to be in sync for a write."""
    replicas, in_sync = _DEFAULTS.get(len(placed.zones), (3, 2))
    configuration = graph.at(cluster.get("ConfigurationInfo", "Arn"))
    said = configuration.text("ServerProperties") if configuration else None
    return _said(said, "default.replication.factor", replicas), _said(said, "min.insync.replicas", in_sync)


def _said(properties: str | None, name: str, default: int) -> int:
    found = re.search(rf"^\s*{re.escape(name)}\s*=\s*(\d+)\s*$", properties or "", re.MULTILINE)
    return int(found[1]) if found else default


def _msk_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    for replicator in graph.of_type("AWS::MSK::Replicator"):
        arns = [within(c, "AmazonMskCluster", "MskClusterArn") for c in replicator.items("KafkaClusters")]
        others = [arn for arn in arns if not _means(graph, arn, resource)]
        targets = [each.get("TargetKafkaClusterArn") for each in replicator.items("ReplicationInfoList")]
        if any(_means(graph, arn, resource) for arn in targets):
            return survives("it is what another cluster is copied to, and that one goes on", times.AT_ONCE)
        if len(others) < len(arns) and (there := _regions(graph, others) - {resource.region}):
            says = f"clients are led to the cluster in {', '.join(sorted(there))}"
            return by_runbook(says, facts.MSK_REPLICATOR, facts.MSK_LAG, replicator=replicator.name)
    return lost("no replicator copies it to another Region", times.ONE_REGION)


def _means(graph: Graph, arn: Any, cluster: Resource) -> bool:
    if any(graph.at(reference) is cluster for reference in references_in(arn)):
        return True
    parts = str(arn).split(":") if isinstance(arn, str | Partial) else []
    name = cluster.text("ClusterName")
    return len(parts) == 6 and parts[3] == cluster.region and parts[5].split("/")[1:2] == [name]


def _regions(graph: Graph, arns: list[Any]) -> set[str]:
    """The Regions of some ARNs, or of what they refer to."""
    found = {target.region for arn in arns for ref in references_in(arn) if (target := graph.at(ref))}
    written = {parts[3] for arn in arns if isinstance(arn, str) and len(parts := arn.split(":")) >= 6}
    return (found | written) - {""}


def _mq(graph: Graph, resource: Resource, case: Case) -> Judgement:
    deployed = resource.text("DeploymentMode")
    if deployed == "ACTIVE_STANDBY_MULTI_AZ":
        return by_itself("the standby broker becomes the active one", facts.MQ_FAILOVER, DeploymentMode=deployed)
    if deployed == "CLUSTER_MULTI_AZ":
        return survives(facts.MQ_CLUSTER.says, facts.MQ_CLUSTER, DeploymentMode=deployed)
    if case.fault is Fault.INSTANCE:
        return by_itself("its one broker is replaced", facts.MQ_REPLACED, DeploymentMode=deployed)
    return out_of_reach(placement(graph, resource), case) or lost(
        facts.MQ_ONE_ZONE.says, facts.MQ_ONE_ZONE, DeploymentMode=deployed
    )


def _mq_region(graph: Graph, resource: Resource, case: Case) -> Judgement:
    if waiting := served_elsewhere(graph, resource, case):
        return waiting
    for replica in graph.of_type(resource.type):
        primary = replica.get("DataReplicationPrimaryBrokerArn")
        mine = any(graph.at(reference) is resource for reference in references_in(primary))
        named = isinstance(primary, str) and f":{resource.region}:" in primary and resource.region
        if replica.region != case.region and (mine or named):
            says = f"its replica in {replica.region} is promoted"
            return by_runbook(says, facts.MQ_PROMOTION, facts.MQ_LAG, replica=replica.name)
    if primary := resource.text("DataReplicationPrimaryBrokerArn"):
        return survives("it follows a primary in another Region, which goes on", times.AT_ONCE, primary=primary)
    if twin := graph.twin(resource):
        says = f"its twin in {twin.region} takes new messages; those that wait here wait until the Region returns"
        return by_itself(says, times.AT_ONCE, twin=twin.name)
    return with_its_region(graph, resource, case, "the broker")


JUDGES: dict[str, Judge] = {
    "AWS::Kinesis::Stream": ByFault(
        instance=goes_on(facts.KINESIS), zone=goes_on(facts.KINESIS), region=_stream_region
    ),
    "AWS::KinesisFirehose::DeliveryStream": ByFault(
        instance=goes_on(facts.FIREHOSE),
        zone=goes_on(facts.FIREHOSE),
        region=_with_region("the delivery stream"),
        vital=False,
    ),
    "AWS::MSK::Cluster": ByFault(instance=_msk, zone=_msk, region=_msk_region),
    "AWS::MSK::ServerlessCluster": ByFault(
        instance=goes_on(facts.MSK_SERVERLESS), zone=goes_on(facts.MSK_SERVERLESS), region=_msk_region
    ),
    "AWS::AmazonMQ::Broker": ByFault(
        instance=_mq,
        zone=_mq,
        region=_mq_region,
        reads={Fault.INSTANCE: ("DeploymentMode",), Fault.ZONE: ("DeploymentMode",)},
    ),
}
