"""What clusters and streams of data cost a month."""

from __future__ import annotations

import pytest

from cdk_standby_review.costs import cost_of
from cdk_standby_review.graph import Graph

FLEET = {"TargetOnDemandCapacity": 2, "InstanceTypeConfigs": [{"InstanceType": "m7g.xlarge", "WeightedCapacity": 1}]}
GROUP = {"InstanceType": "m7g.xlarge", "InstanceCount": 1}


@pytest.fixture(scope="module")
def told(make):
    def ask(type, **properties):
        site = cost_of(Graph([make.template({"It": make.resource(type, **properties)}, region="us-east-1")])).sites[0]
        return [(line.what, line.monthly.low, line.monthly.high) for line in site.lines], [g.why for g in site.unknown]

    return ask


@pytest.mark.parametrize(
    ("type", "properties", "lines"),
    [
        ("AWS::Kinesis::Stream", {"ShardCount": 2}, [("2 x shard of a stream", 21.9, 21.9)]),
        (
            "AWS::Kinesis::Stream",
            {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}},
            [("stream on demand", 29.2, 29.2)],
        ),
        (
            "AWS::MSK::Cluster",
            {
                "NumberOfBrokerNodes": 3,
                "BrokerNodeGroupInfo": {
                    "InstanceType": "kafka.m7g.large",
                    "StorageInfo": {"EBSStorageInfo": {"VolumeSize": 100}},
                },
            },
            [("3 x kafka.m7g.large broker", 446.76, 446.76), ("300 x GB of storage of brokers", 30, 30)],
        ),
        (
            "AWS::Redshift::Cluster",
            {"NodeType": "ra3.xlplus", "ClusterType": "multi-node", "NumberOfNodes": 2},
            [("2 x ra3.xlplus", 1585.56, 1585.56)],
        ),
    ],
)  # fmt: skip
def test_streams_and_clusters_cost_their_list_price(type, properties, lines, told):
    assert told(type, **properties) == (lines, [])


@pytest.mark.parametrize(
    ("properties", "line"),
    [
        ({"Instances": {"MasterInstanceGroup": GROUP}}, ("m7g.xlarge", 119.14, 119.14)),
        (
            {"Instances": {"CoreInstanceFleet": FLEET}, "AutoTerminationPolicy": {"IdleTimeout": 900}},
            ("0 to 2 x m7g.xlarge", 0, 238.27),
        ),
    ],
)
def test_emr_pays_for_instances_while_a_cluster_is_there_and_its_own_part_is_not_known(properties, line, told):
    assert told("AWS::EMR::Cluster", **properties) == ([line], ["no price of emr/m7g.xlarge in us-east-1"])


@pytest.mark.parametrize(
    ("type", "properties", "why"),
    [
        ("AWS::Kinesis::Stream", {}, "the template does not say ShardCount"),
        ("AWS::MSK::Cluster", {}, "the template does not say NumberOfBrokerNodes"),
        ("AWS::Redshift::Cluster", {"NodeType": "ra3.large"}, "the template does not say NumberOfNodes"),
        (
            "AWS::EMR::Cluster",
            {"Instances": {"CoreInstanceFleet": {**FLEET, "TargetSpotCapacity": 4}}},
            "a part of it are Spot instances, which have no list price",
        ),
    ],
)
def test_what_they_do_not_say_is_named(type, properties, why, told):
    assert told(type, **properties)[1] == [why]
