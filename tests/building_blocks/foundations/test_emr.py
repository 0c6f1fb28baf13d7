"""EMR: what is in the template, how a lost cluster is launched elsewhere, what is refused, what validators say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from cdk_standby.foundations.relaunch_function.relaunch import FAMILY, LOST, NoZoneLeft, relaunch

SUBNETS = {f"subnet-0bbbbbbbbbbbbbbb{zone}": f"eu-west-1{zone}" for zone in "abc"}


@pytest.mark.capability("NET-09")
def test_a_cluster_has_three_primaries_on_demand_and_may_be_put_in_any_zone(found):
    (cluster,) = found("AWS::EMR::Cluster", "Nightly").values()

    instances = cluster["Instances"]

    assert instances["MasterInstanceFleet"]["TargetOnDemandCapacity"] == 3
    assert instances["MasterInstanceFleet"]["TargetSpotCapacity"] == 0
    assert instances["CoreInstanceFleet"]["TargetOnDemandCapacity"] == 4
    assert instances["Ec2SubnetIds"] == list(SUBNETS)
    assert (instances["TerminationProtected"], instances["UnhealthyNodeReplacement"]) == (True, True)
    assert cluster["PlacementGroupConfigs"] == [{"InstanceRole": "MASTER", "PlacementStrategy": "SPREAD"}]
    assert "TaskInstanceFleets" not in instances


def test_a_lab_says_why_it_is_less(world, found):
    (cluster,) = found("AWS::EMR::Cluster", "Lab").values()

    assert cluster["Instances"]["TerminationProtected"] is False
    assert [fleet["TargetSpotCapacity"] for fleet in cluster["Instances"]["TaskInstanceFleets"]] == [5]
    assert world.template["Metadata"]["cdk-standby:weakened"]["Test/Lab"] == {
        "few_core_nodes": "a lab",
        "plaintext": "a lab",
        "manual_relaunch": "a lab",
        "unprotected": "a lab",
    }


def test_disks_objects_and_the_way_between_nodes_are_encrypted(found):
    (security,) = found("AWS::EMR::SecurityConfiguration", "Nightly").values()

    said = security["SecurityConfiguration"]["EncryptionConfiguration"]

    assert said["AtRestEncryptionConfiguration"]["S3EncryptionConfiguration"]["EncryptionMode"] == "SSE-KMS"
    assert said["AtRestEncryptionConfiguration"]["LocalDiskEncryptionConfiguration"]["EnableEbsEncryption"] is True
    assert said["InTransitEncryptionConfiguration"]["TLSCertificateConfiguration"] == {
        "CertificateProviderType": "PEM",
        "S3Object": "s3://shop-data/certificates.zip",
    }
    assert security["SecurityConfiguration"]["InstanceMetadataServiceConfiguration"] == {
        "MinimumInstanceMetadataServiceVersion": 2,
        "HttpPutResponseHopLimit": 1,
    }


@pytest.mark.capability("NET-09")
def test_lost_primaries_and_a_silent_cluster_ring(found):
    alarms = found("AWS::CloudWatch::Alarm", "Nightly").values()

    watched = {a["MetricName"]: (a["ComparisonOperator"], a["Threshold"], a["TreatMissingData"]) for a in alarms}

    assert watched == {
        "MultiMasterInstanceGroupNodesRunningPercentage": ("LessThanThreshold", 100, "notBreaching"),
        "CoreNodesRunning": ("LessThanThreshold", 4, "breaching"),
        "HDFSUtilization": ("GreaterThanThreshold", 80, "notBreaching"),
        "MRUnhealthyNodes": ("GreaterThanThreshold", 0, "notBreaching"),
        "Errors": ("GreaterThanThreshold", 0, "notBreaching"),
    }


@pytest.mark.capability("NET-09")
def test_a_cluster_that_ends_with_errors_is_told_of_and_launched_elsewhere(found):
    (rule,) = found("AWS::Events::Rule", "Nightly").values()
    (manual,) = found("AWS::Events::Rule", "Lab").values()
    (function,) = found("AWS::Lambda::Function", "Nightly").values()

    assert rule["EventPattern"] == {
        "source": ["aws.emr"],
        "detail-type": ["EMR Cluster State Change"],
        "detail": {"state": ["TERMINATED_WITH_ERRORS"], "name": ["Test/Nightly"]},
    }
    assert len(rule["Targets"]) == 2
    assert "Targets" not in manual
    assert function["ReservedConcurrentExecutions"] == 1


@pytest.fixture
def plan(world: SimpleNamespace, found: Callable[..., dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    """What the function of a cluster reads, with every reference as its text."""

    def read(start: str) -> dict[str, Any]:
        (parameter,) = found("AWS::SSM::Parameter", start).values()
        parts = parameter["Value"]["Fn::Join"][1]
        return dict(json.loads("".join(p if isinstance(p, str) else "arn:made-up:of-a-part" for p in parts)))

    return read


@pytest.mark.parametrize("start", ["Nightly", "Lab"])
def test_the_template_and_the_relaunch_make_the_same_cluster(start, plan, found):
    (cluster,) = found("AWS::EMR::Cluster", start).values()

    request = plan(start)["request"]

    fleets = {fleet.pop("InstanceFleetType"): fleet for fleet in request["Instances"]["InstanceFleets"]}
    made = cluster["Instances"]
    tasks = made.get("TaskInstanceFleets", [None])[0]
    same = {"MASTER": made["MasterInstanceFleet"], "CORE": made["CoreInstanceFleet"], "TASK": tasks}
    assert set(cluster) | {"Configurations"} == set(request)
    assert fleets == {kind: fleet for kind, fleet in same.items() if fleet}
    for name in ("Name", "ReleaseLabel", "Applications", "PlacementGroupConfigs", "VisibleToAllUsers"):
        assert request[name] == cluster[name]
    ours = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
    assert {tag["Key"]: tag["Value"] for tag in cluster["Tags"]}.items() >= ours.items()


def test_emr_takes_the_request_that_is_stored(plan):
    emr = boto3.client("emr", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")

    with Stubber(emr) as stubbed:  # what botocore checks before it would send anything
        stubbed.add_response("run_job_flow", {"JobFlowId": "j-2"})

        assert emr.run_job_flow(**plan("Nightly")["request"])["JobFlowId"] == "j-2"


class Emr:
    """EMR in memory, as far as the function calls it."""

    def __init__(self, *clusters: dict[str, Any]) -> None:
        self.clusters = {cluster["Id"]: cluster for cluster in clusters}
        self.launched: list[dict[str, Any]] = []

    def describe_cluster(self, **of: str) -> dict[str, Any]:
        return {"Cluster": self.clusters[of["ClusterId"]]}

    def get_paginator(self, name: str) -> Emr:
        assert name == "list_clusters"
        return self

    def paginate(self, **of: list[str]) -> Iterator[dict[str, Any]]:
        yield {"Clusters": [c for c in self.clusters.values() if c["Status"]["State"] in of["ClusterStates"]]}

    def set_termination_protection(self, **of: Any) -> None:
        for one in of["JobFlowIds"]:
            self.clusters[one]["TerminationProtected"] = of["TerminationProtected"]

    def terminate_job_flows(self, **of: list[str]) -> None:
        for one in of["JobFlowIds"]:
            assert not self.clusters[one]["TerminationProtected"]
            self.clusters[one]["Status"]["State"] = "TERMINATING"

    def run_job_flow(self, **request: Any) -> dict[str, Any]:
        self.launched.append(request)
        made = cluster(f"j-{len(self.clusters) + 1}", "STARTING", "", Tags=request["Tags"], Name=request["Name"])
        self.clusters[made["Id"]] = made
        return {"JobFlowId": made["Id"]}


def cluster(id: str, state: str, zone: str, *, code: str = "INSTANCE_FAILURE", **more: Any) -> dict[str, Any]:
    tags = [{"Key": FAMILY, "Value": "Test/Nightly"}]
    status = {
        "State": state,
        "StateChangeReason": {"Code": code},
        "Timeline": {"ReadyDateTime": datetime(2026, 11, 21, tzinfo=UTC)},
    }
    where = {"Ec2AvailabilityZone": zone} if zone else {}
    usual = {"Name": "Test/Nightly", "Tags": tags, "TerminationProtected": True, "Ec2InstanceAttributes": where}
    return {"Id": id, "Status": status, **usual, **more}


PLAN: Mapping[str, Any] = {
    "request": {
        "Name": "Test/Nightly",
        "Instances": {"Ec2SubnetIds": list(SUBNETS), "TerminationProtected": True},
        "Tags": [{"Key": FAMILY, "Value": "Test/Nightly"}],
    },
    "zones": SUBNETS,
}
ENDED = {"detail": {"clusterId": "j-1", "state": "TERMINATED_WITH_ERRORS"}}


@pytest.mark.capability("NET-09")
def test_a_lost_cluster_is_launched_in_the_zones_that_are_left():
    emr = Emr(cluster("j-1", "TERMINATED_WITH_ERRORS", "eu-west-1a"))

    answer = relaunch(emr, PLAN, ENDED)

    assert answer == {"relaunched": "j-2", "because": "j-1 is lost"}
    assert emr.launched[0]["Instances"] == {
        "Ec2SubnetIds": ["subnet-0bbbbbbbbbbbbbbbb", "subnet-0bbbbbbbbbbbbbbbc"],
        "TerminationProtected": True,
    }
    assert emr.launched[0]["Tags"][-1] == {"Key": LOST, "Value": "eu-west-1a"}


def test_asked_again_it_launches_no_second_one():
    emr = Emr(cluster("j-1", "TERMINATED_WITH_ERRORS", "eu-west-1a"))

    answers = [relaunch(emr, PLAN, ENDED) for _ in range(3)]

    assert [answer["relaunched"] for answer in answers] == ["j-2"] * 3
    assert len(emr.launched) == 1


def test_it_is_tried_once_in_every_zone_and_then_no_more():
    emr = Emr(cluster("j-1", "TERMINATED_WITH_ERRORS", "eu-west-1a"))
    told = []

    for number, zone in enumerate("bc", 1):
        relaunch(emr, PLAN, {"detail": {"clusterId": f"j-{number}"}})
        told.append(emr.launched[-1]["Instances"]["Ec2SubnetIds"])
        lost = emr.clusters[f"j-{number + 1}"]
        lost["Status"] = {"State": "TERMINATED_WITH_ERRORS", "StateChangeReason": {"Code": "INTERNAL_ERROR"}}
        lost["Ec2InstanceAttributes"] = {"Ec2AvailabilityZone": f"eu-west-1{zone}"}
    with pytest.raises(NoZoneLeft) as caught:
        relaunch(emr, PLAN, {"detail": {"clusterId": "j-3"}})

    assert told == [["subnet-0bbbbbbbbbbbbbbbb", "subnet-0bbbbbbbbbbbbbbbc"], ["subnet-0bbbbbbbbbbbbbbbc"]]
    assert str(caught.value) == (
        "j-3 of Test/Nightly was lost in eu-west-1a, eu-west-1b, eu-west-1c, and no other zone has a subnet"
    )


def test_a_person_who_says_that_a_zone_is_lost_gets_one_elsewhere_and_what_is_left_is_ended():
    emr = Emr(cluster("j-1", "RUNNING", "eu-west-1a"))

    answer = relaunch(emr, PLAN, {"lost_cluster": "j-1", "lost_zones": ["eu-west-1b"]})

    assert answer["relaunched"] == "j-2"
    assert emr.clusters["j-1"]["Status"]["State"] == "TERMINATING"
    assert emr.launched[0]["Instances"]["Ec2SubnetIds"] == ["subnet-0bbbbbbbbbbbbbbbc"]


@pytest.mark.parametrize(
    "lost",
    [
        cluster("j-1", "TERMINATED_WITH_ERRORS", "eu-west-1a", code="BOOTSTRAP_FAILURE"),
        cluster("j-1", "TERMINATED", "eu-west-1a", code="USER_REQUEST"),
        cluster("j-1", "TERMINATED_WITH_ERRORS", "eu-west-1a", Tags=[{"Key": FAMILY, "Value": "another"}]),
        cluster("j-1", "TERMINATED_WITH_ERRORS", "eu-west-1a")
        | {"Status": {"State": "TERMINATED_WITH_ERRORS", "StateChangeReason": {"Code": "INSTANCE_FAILURE"}}},
    ],
    ids=["a bad bootstrap action", "ended on purpose", "another family", "never worked"],
)
def test_what_no_zone_can_help_is_left_alone(lost):
    emr = Emr(lost)

    answer = relaunch(emr, PLAN, ENDED)

    assert answer["relaunched"] is None
    assert emr.launched == []


@pytest.mark.capability("NET-09")
def test_an_application_runs_in_all_zones_and_stops_when_idle(found):
    (application,) = found("AWS::EMRServerless::Application").values()

    assert application["NetworkConfiguration"]["SubnetIds"] == list(SUBNETS)
    assert application["MaximumCapacity"] == {"Cpu": "400 vCPU", "Memory": "3200 GB"}
    assert application["AutoStopConfiguration"] == {"Enabled": True, "IdleTimeoutMinutes": 15}
    assert application["AutoStartConfiguration"] == {"Enabled": True}


@pytest.mark.capability("NET-18")
def test_nothing_opens_a_port_to_everybody(found):
    groups = found("AWS::EC2::SecurityGroup").values()
    rules = found("AWS::EC2::SecurityGroupIngress").values()

    assert [group for group in groups if group.get("SecurityGroupIngress")] == []
    assert {(rule["FromPort"], "SourceSecurityGroupId" in rule) for rule in rules} == {(10000, True)}
