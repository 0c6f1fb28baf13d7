"""What no look at one resource finds: each on somebody's templates that have it, and on the same well built."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from cdk_standby_review import Objectives, Recovery, Template, review_templates
from cdk_standby_review.rules import recovery

IRELAND, FRANKFURT, VIRGINIA = "eu-west-1", "eu-central-1", "us-east-1"
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
App = dict[str, dict[str, Any]]
"""The resources of an app by Region."""
Change = Callable[[Any, App], object]


def promised(minutes: float) -> Objectives:
    return Objectives(region=Recovery(rto=timedelta(minutes=minutes), rpo=timedelta(minutes=1)))


def app(make: Any) -> App:
    """A warm standby as anybody writes it: nothing in it says that it is one."""
    return {t.region: copy.deepcopy(t.body["Resources"]) for t in make.warm_standby()}


def templates(make: Any, of: App) -> list[Template]:
    return [
        replace(make.template(resources, region=region), account="111111111111") for region, resources in of.items()
    ]


def put(region: str, logical_id: str, **properties: Any) -> Change:
    return lambda _, of: of[region][logical_id]["Properties"].update(properties)


def add(region: str, **resources: Callable[[Any], dict[str, Any]]) -> Change:
    return lambda make, of: of[region].update({name: build(make) for name, build in resources.items()})


def both(*changes: Change) -> Change:
    return lambda make, of: [change(make, of) for change in changes]


def nothing(_: Any, __: App) -> None:
    """Well built as it is."""


def without(region: str, logical_id: str) -> Change:
    return lambda _, of: of[region].pop(logical_id)


def role(*actions: str) -> Callable[[Any], dict[str, Any]]:
    statement = {"Effect": "Allow", "Action": [*actions], "Resource": "*"}
    policy = {"PolicyName": "calls", "PolicyDocument": {"Statement": [statement]}}
    return lambda make: make.resource("AWS::IAM::Role", Policies=[policy])


def failover(region: str, *actions: str) -> Change:
    """An alarm that tells a topic, which starts a function that may make some calls."""
    return add(
        region,
        Down=lambda make: make.resource("AWS::CloudWatch::Alarm", AlarmActions=[{"Ref": "Tell"}]),
        Tell=lambda make: make.resource("AWS::SNS::Topic"),
        Listens=lambda make: make.resource(
            "AWS::SNS::Subscription", TopicArn={"Ref": "Tell"}, Endpoint={"Fn::GetAtt": ["Acts", "Arn"]}
        ),
        Acts=lambda make: make.resource("AWS::Lambda::Function", Role={"Fn::GetAtt": ["May", "Arn"]}),
        May=role(*actions),
    )


def automation(region: str, service: str, api: str) -> Change:
    """An event of an alarm that starts an automation."""
    steps = [{"name": "turn", "action": "aws:executeAwsApi", "inputs": {"Service": service, "Api": api}}]
    return add(
        region,
        Heard=lambda make: make.resource(
            "AWS::Events::Rule", EventPattern={"source": ["aws.cloudwatch"]}, Targets=[{"Arn": {"Ref": "Acts"}}]
        ),
        Acts=lambda make: make.resource("AWS::SSM::Document", Content={"mainSteps": steps}),
    )


def cached(**properties: Any) -> Callable[[Any], dict[str, Any]]:
    known = {"AutomaticFailoverEnabled": True, "MultiAZEnabled": True, "ReplicasPerNodeGroup": 2}
    return lambda make: make.resource("AWS::ElastiCache::ReplicationGroup", **{**known, **properties})


def targets(**attributes: str) -> Callable[[Any], dict[str, Any]]:
    written = [{"Key": key.replace("_", "."), "Value": value} for key, value in attributes.items()]
    return lambda make: make.resource("AWS::ElasticLoadBalancingV2::TargetGroup", TargetGroupAttributes=written)


def vault(**properties: Any) -> Callable[[Any], dict[str, Any]]:
    locked = {"BackupVaultName": "shop", "LockConfiguration": {"MinRetentionDays": 7}, **properties}
    return lambda make: make.resource("AWS::Backup::BackupVault", **locked)


def uneven(_: Any, of: App) -> None:
    of[IRELAND]["Balancer"]["Properties"]["Subnets"] = of[IRELAND]["Balancer"]["Properties"]["Subnets"][:2]


def single_nat(make: Any, of: App) -> None:
    for name in [each for each in of[IRELAND] if each.startswith("Nat")]:
        of[IRELAND].pop(name)
    of[IRELAND] |= make.network(region=IRELAND, nat="single")


def global_datastore(_: Any, of: App) -> None:
    of[IRELAND]["Cache"] = cached(ReplicationGroupId="sessions")(Made)
    member = {"ReplicationGroupId": "sessions", "ReplicationGroupRegion": IRELAND, "Role": "PRIMARY"}
    store = {"GlobalReplicationGroupIdSuffix": "shop", "Members": [member]}
    of[IRELAND]["Store"] = {"Type": "AWS::ElastiCache::GlobalReplicationGroup", "Properties": store}
    of[FRANKFURT]["Cache"] = cached(GlobalReplicationGroupId="ldgnf-shop")(Made)


class Made:
    """What a builder asks of `make`."""

    @staticmethod
    def resource(type: str, **properties: Any) -> dict[str, Any]:
        return {"Type": type, "Properties": properties}


SLOW = {"HealthCheckConfig": {"Type": "HTTPS", "RequestInterval": 30, "FailureThreshold": 10}}
MADE_ANEW = [{"Key": "cdk-standby:made-anew", "Value": "filled from the database"}]
REACHES_IN = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Name": "x", "Region": IRELAND}}
STRONG = "Custom::CrossRegionExportReader"
TURN, FLIP = "route53:ChangeResourceRecordSets", "route53-recovery-cluster:UpdateRoutingControlState"

# (what the issue is, rule, what breaks it, culprit, the same put right, RTO promised in minutes)
CASES: list[tuple[str, str, Change, str, Change, float]] = [
    ("recovery copy missing", "backup-copy-missing", without(IRELAND, "Selection"), "Db", nothing, 30),
    ("its key absent there", "backup-copy-closed",
     add(FRANKFURT, Vault=vault(EncryptionKeyArn=KEY.format(IRELAND))), "Db",
     add(FRANKFURT, Vault=vault(EncryptionKeyArn=KEY.format(FRANKFURT))), 30),
    ("replica smaller than its source", "replica-weaker-class",
     put(IRELAND, "Instance0", DBInstanceClass="db.r7g.4xlarge"), "Db", nothing, 30),
    ("replica less protected than its source", "replica-weaker-protection",
     put(FRANKFURT, "Db", DeletionProtection=False), "Db", nothing, 30),
    ("strong references between Regions", "cross-region-strong-reference",
     add(FRANKFURT, Reads=lambda make: make.resource(STRONG)), "Reads", nothing, 30),
    ("a function that changes records", "failover-by-control-plane", failover(FRANKFURT, TURN), "Acts",
     failover(FRANKFURT, FLIP), 30),
    ("an automation that changes records", "failover-by-control-plane",
     automation(FRANKFURT, "route53", "ChangeResourceRecordSets"), "Acts",
     automation(FRANKFURT, "rds", "FailoverGlobalCluster"), 30),
    ("a function that is allowed a service whole", "failover-by-control-plane",
     failover(FRANKFURT, "route53:*"), "Acts", failover(FRANKFURT, "*"), 30),
    ("serial steps beyond the RTO: an instance, then the promotion", "objective-at-risk",
     both(without(FRANKFURT, "Instance0"), without(FRANKFURT, "Instance1")), "Db", nothing, 15),
    ("zones populated unevenly", "zones-uneven", uneven, "Balancer", nothing, 30),
    ("capacity that cannot carry N-1 zones", "capacity-zone-loss", put(IRELAND, "Service", MinSize="1"), "Service",
     nothing, 30),
    ("single NAT", "nat-gateway-per-zone", single_nat, "NatA", nothing, 30),
    ("secrets that do not survive", "secret-not-replicated", put(IRELAND, "Secret", ReplicaRegions=[]), "Secret",
     nothing, 30),
    ("a switch that would ring in the dead Region", "switch-in-lost-region",
     put(VIRGINIA, "Switched", HealthCheckConfig=REACHES_IN), "Switched", nothing, 30),
    ("an alarm whose function is dead with its Region", "failover-runs-in-lost-region",
     failover(IRELAND, "rds:FailoverGlobalCluster"), "Acts", failover(FRANKFURT, "rds:FailoverGlobalCluster"), 30),
    ("an alarm that tells a topic of another Region", "alarm-topic-region",
     put(FRANKFURT, "Switch", AlarmActions=[f"arn:aws:sns:{IRELAND}:111111111111:pager"]), "Switch",
     put(FRANKFURT, "Switch", AlarmActions=[f"arn:aws:sns:{FRANKFURT}:111111111111:pager"]), 30),
    ("detection against the RTO", "failover-detected-late", put(VIRGINIA, "Endpoint", **SLOW), "First", nothing, 4),
    ("time to live against the RTO", "failover-record-ttl", put(VIRGINIA, "First", TTL="300"), "First", nothing, 30),
    ("caches that a failover empties", "failover-empties-cache", add(IRELAND, Cache=cached()), "Cache",
     add(IRELAND, Cache=cached(Tags=MADE_ANEW)), 30),
    ("a cache that a failover takes along", "failover-empties-cache", add(IRELAND, Cache=cached()), "Cache",
     global_datastore, 30),
    ("sessions that a failover empties", "sticky-sessions",
     add(IRELAND, Targets=targets(stickiness_enabled="true", stickiness_type="lb_cookie")), "Targets",
     add(IRELAND, Targets=targets(stickiness_enabled="false")), 30),
]  # fmt: skip

NAMES = [row[0] for row in CASES]


@cache
def found(make: Any, change: Change, minutes: float) -> list[tuple[str, str]]:
    of = app(make)
    change(make, of)
    found = review_templates(templates(make, of), promised(minutes)).findings
    return [(f.rule, f.resource.logical_id if f.resource else "") for f in found]


@pytest.mark.parametrize(
    ("rule", "bad", "culprit", "minutes"), [(row[1], row[2], row[3], row[5]) for row in CASES], ids=NAMES
)
def test_somebodys_templates_that_have_it_are_told(make, rule, bad, culprit, minutes):
    assert (rule, culprit) in found(make, bad, minutes)


@pytest.mark.parametrize(("rule", "good", "minutes"), [(row[1], row[4], row[5]) for row in CASES], ids=NAMES)
def test_the_same_well_built_are_not(make, rule, good, minutes):
    assert rule not in [name for name, _ in found(make, good, minutes)]


def test_somebodys_well_built_standby_has_no_findings(make):
    assert found(make, nothing, 30) == []


def test_every_rule_about_recovery_has_a_case():
    assert {rule.id for rule in recovery.RULES} <= {row[1] for row in CASES}


def test_what_an_alarm_starts_is_told_with_the_call_and_where_it_is_answered(make):
    of = app(make)
    failover(FRANKFURT, TURN)(make, of)

    [told] = [f for f in review_templates(templates(make, of)).findings if f.rule == "failover-by-control-plane"]

    assert told.message == (
        "stack-eu-central-1/Down starts it, and it calls route53:changeresourcerecordsets, which us-east-1 alone "
        "answers: what changes a global service is one Region's alone, and may not answer when it is needed"
    )


def test_a_function_that_no_alarm_starts_may_change_records(make):
    of = app(make)
    failover(FRANKFURT, TURN)(make, of)
    of[FRANKFURT].pop("Listens")

    assert review_templates(templates(make, of)).findings == ()


def test_a_function_with_a_twin_in_the_other_region_is_not_dead_with_its_own(make):
    change = both(failover(IRELAND, "rds:FailoverGlobalCluster"), failover(FRANKFURT, "rds:FailoverGlobalCluster"))

    assert found(make, change, 30) == []
