"""Every relational construct deploys to the local AWS, and what its owner changes later is changed in place there."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53 as route53
from relational_cases import CASES, SOURCE, options_of

from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.audit_trail import AuditTrail
from cdk_standby.keys import DataKey
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.database_drill import DatabaseDrill
from cdk_standby.relational.database_names import DatabaseNames
from cdk_standby.relational.database_proxy import DatabaseProxy
from cdk_standby.relational.database_runbooks import DatabaseRunbooks
from cdk_standby.relational.database_snapshot import DatabaseSnapshot
from cdk_standby.relational.region_switch import DatabaseRegionSwitch
from cdk_standby.relational.stop_schedule import StopSchedule
from cdk_standby_runbooks.local_aws import LocalAws

REGION, ELSEWHERE = "eu-west-1", "eu-central-1"
NAMES = ("cluster_identifier", "instance_identifier", "shard_group_identifier")
DATA = (
    "AWS::DSQL::Cluster",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBProxy",
    "AWS::RDS::DBShardGroup",
    "AWS::RDS::GlobalCluster",
)


@pytest.fixture(scope="module")
def elsewhere(aws: LocalAws) -> Iterator[None]:
    """What the cases find in another Region: a key for secrets, and a database to follow."""
    kms, rds = aws.client("kms", ELSEWHERE), aws.client("rds", ELSEWHERE)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName=f"alias/shop-{ELSEWHERE}-data", TargetKeyId=key)
    rds.create_db_instance(
        DBInstanceIdentifier=SOURCE.identifier,
        Engine=SOURCE.engine,
        EngineVersion=SOURCE.version,
        DBInstanceClass="db.r7g.large",
        MasterUsername="clusteradmin",
        MasterUserPassword="correct-horse",
        AllocatedStorage=SOURCE.storage,
        BackupRetentionPeriod=14,
        StorageEncrypted=True,
        KmsKeyId=key,
    )
    yield
    rds.delete_db_instance(DBInstanceIdentifier=SOURCE.identifier, SkipFinalSnapshot=True)


def template(name: str, subnets: Sequence[Any], changes: Mapping[str, Any], *, beside: bool = False) -> dict[str, Any]:
    """As `relational_cases.put` builds it, in a network and with a key that exist."""
    app, stack = app_and_stack()
    case, vpc = CASES[name], network(stack, subnets)
    given = {option: value for option, value in {**case.base, **changes}.items() if value is not None}
    given |= {option: f"{value}-{name.lower()}" for option, value in given.items() if option in NAMES}
    known = options_of(case.of)
    given |= {"vpc": vpc} if "vpc" in known else {}
    given |= {"key": DataKey(stack, "Key").key} if "key" in known else {}
    given |= {"alarms": AlarmTopic(stack, "Alarms")} if "alarms" in known else {}
    database: Any = case.of(stack, "Database", **given)
    if beside and case.beside:
        zone = route53.PrivateHostedZone(stack, "Zone", zone_name="shop.internal", vpc=vpc)
        DatabaseNames(stack, "Names", zone=zone, database=database, writer="writer")
        if name != "MultiAzCluster":
            DatabaseProxy(stack, "Proxy", database=database, vpc=vpc, proxy_name=f"shop-{name.lower()}")
    made: dict[str, Any] = app.synth().get_stack_by_name("Stack").template
    return made


def app_and_stack() -> tuple[cdk.App, cdk.Stack]:
    app = cdk.App(analytics_reporting=False)
    unversioned = cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    env = cdk.Environment(account="111111111111", region=REGION)
    return app, cdk.Stack(app, "Stack", env=env, synthesizer=unversioned)


def network(stack: cdk.Stack, subnets: Sequence[Any]) -> ec2.IVpc:
    """The default one: what else a network needs is tested elsewhere."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id=subnets[0]["VpcId"],
        availability_zones=[subnet["AvailabilityZone"] for subnet in subnets],
        isolated_subnet_ids=[subnet["SubnetId"] for subnet in subnets],
        isolated_subnet_route_table_ids=["rtb-0123456789abcdef0" for _ in subnets],
    )


@pytest.fixture(scope="module")
def subnets(aws: LocalAws) -> list[Any]:
    wanted = [{"Name": "default-for-az", "Values": ["true"]}]
    found = aws.client("ec2", REGION).describe_subnets(Filters=wanted)["Subnets"]
    return sorted(found, key=lambda subnet: str(subnet["AvailabilityZone"]))


def deploy(aws: LocalAws, stack: str, body: dict[str, Any], *, update: bool = False) -> str:
    """How it ended, with the reasons of failures."""
    cloudformation, s3 = aws.client("cloudformation", REGION), aws.client("s3", REGION)
    act = cloudformation.update_stack if update else cloudformation.create_stack
    bucket = f"template-{stack.lower()}-{update}".lower()
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="template", Body=json.dumps(body))
    url = f"{aws.endpoint}/{bucket}/template"
    act(StackName=stack, TemplateURL=url, Capabilities=["CAPABILITY_NAMED_IAM"])
    while (status := _status(cloudformation, stack)).endswith("IN_PROGRESS"):
        time.sleep(0.05)
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"].endswith("_FAILED")]
    return " ".join([status, *reasons])


def _status(cloudformation: Any, stack: str) -> str:
    return str(cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])


def data(cloudformation: Any, stack: str) -> dict[str, str]:
    told = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in told if one["ResourceType"] in DATA}


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("name", CASES)
def test_it_deploys_and_grows_in_place(aws: LocalAws, subnets: list[Any], name: str) -> None:
    cloudformation = aws.client("cloudformation", REGION)
    dropped = aws.report()["cloudformation"]["dropped"]

    made = deploy(aws, name, template(name, subnets, {}))
    before = data(cloudformation, name)
    grown = deploy(aws, name, template(name, subnets, CASES[name].grown, beside=True), update=True)

    after = data(cloudformation, name)
    assert (made, grown) == ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    assert {logical: after.get(logical) for logical in before} == before
    assert aws.report()["cloudformation"]["dropped"] == dropped


def test_what_operates_databases_deploys_and_goes(aws: LocalAws, subnets: list[Any]) -> None:
    cloudformation, stack = aws.client("cloudformation", REGION), "Operations"

    made = deploy(aws, stack, operations(subnets))
    assert made == "CREATE_COMPLETE"

    told = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    kinds = {one["ResourceType"].removeprefix("AWS::"): one["PhysicalResourceId"] for one in told}
    cluster = kinds["RDS::DBCluster"]
    fis, snapshots = aws.client("fis", REGION), aws.client("rds", REGION)
    experiment = fis.get_experiment_template(id=kinds["FIS::ExperimentTemplate"])["experimentTemplate"]
    taken = snapshots.describe_db_cluster_snapshots(DBClusterIdentifier=cluster, SnapshotType="manual")
    target = aws.client("application-autoscaling", REGION).describe_scalable_targets(ServiceNamespace="rds")
    assert experiment["actions"]["Failover"]["actionId"] == "aws:rds:failover-db-cluster"
    assert [one["DBClusterSnapshotIdentifier"] for one in taken["DBClusterSnapshots"]] == ["operations-before"]
    assert (f"cluster:{cluster}", 2, 5) in [
        (one["ResourceId"], one["MinCapacity"], one["MaxCapacity"]) for one in target["ScalableTargets"]
    ]
    cloudformation.delete_stack(StackName=stack)
    assert not [one["StackName"] for one in cloudformation.describe_stacks()["Stacks"] if one["StackName"] == stack]


def operations(subnets: Sequence[Any]) -> dict[str, Any]:
    """A lab's cluster with everything that may stand beside it; all of it goes with its stack."""
    app, stack = app_and_stack()
    key, alarms, lab = DataKey(stack, "Key").key, AlarmTopic(stack, "Alarms"), "a test"
    cluster = AuroraCluster(
        stack,
        "Cluster",
        engine="aurora-postgresql",
        version="17.4",
        vpc=network(stack, subnets),
        key=key,
        alarms=alarms,
        deletable_because=lab,
    )
    cluster.add_endpoint("Reports", members=[2], name="operations-reports")
    cluster.scale_readers(2, 5, cpu=60)
    DatabaseDrill(stack, "Drill", database=cluster)
    DatabaseRunbooks(stack, "Runbooks", database=cluster)
    DatabaseSnapshot(stack, "Before", database=cluster, name="operations-before")
    StopSchedule(stack, "Nights", database=cluster, stopped_because=lab)
    AuditTrail(stack, "Trail", key=key, alarms=alarms)
    both = {REGION: "one", ELSEWHERE: "two"}
    arns = {region: f"arn:aws:rds:{region}:111111111111:db:{name}" for region, name in both.items()}
    DatabaseRegionSwitch(stack, "Switch", name="operations", primary=REGION, recovery=ELSEWHERE, instances=arns)
    made: dict[str, Any] = app.synth().get_stack_by_name("Stack").template
    return made
