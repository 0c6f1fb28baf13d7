"""The example that people copy, deployed: what its templates declare is what the services hold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from deployed import Deployed, synthesized
from deploying import ZONE, prepare

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_stacks import BackupRestore, MultiAz, MultiSite, PilotLight, WarmStandby

ROOT = Path(__file__).parents[2]
PRIMARY, RECOVERY, ROUTE_53 = "eu-west-1", "eu-central-1", "us-east-1"
SITES = (PRIMARY, RECOVERY)
BEFORE = (MultiAz, BackupRestore, PilotLight, MultiSite)

pytestmark = pytest.mark.deploys


@dataclass(frozen=True)
class Seen:
    """What was there after a strategy was deployed."""

    strategy: str
    rows: int
    leads_to: str
    data: dict[str, str]
    sizes: dict[str, tuple[int, int]]


@dataclass
class Cloud:
    """The deployed example."""

    aws: LocalAws
    seen: list[Seen]
    shop: Deployed

    def __call__(self, service: str, region: str = PRIMARY) -> Any:
        return self.aws.client(service, region)

    def vpc(self, region: str) -> list[dict[str, Any]]:
        mine = [{"Name": "is-default", "Values": ["false"]}]
        found = self("ec2", region).describe_vpcs(Filters=mine)["Vpcs"]
        assert len(found) == 1
        return [{"Name": "vpc-id", "Values": [found[0]["VpcId"]]}]

    def cluster(self, region: str) -> dict[str, Any]:
        told: dict[str, Any] = self("rds", region).describe_db_clusters()["DBClusters"][0]
        return told

    def group(self, region: str) -> dict[str, Any]:
        told: dict[str, Any] = self("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"][0]
        return told


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly of `app.py`, by the word that most people choose."""
    folder = tmp_path_factory.mktemp("cdk.out")
    context = json.loads((ROOT / "cdk.json").read_text())["context"] | {"strategy": "warm-standby"}
    more = {"CDK_OUTDIR": str(folder), "CDK_CONTEXT_JSON": json.dumps(context)}
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def cloud(app: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The shop grows from one Region to two that serve, over the same rows, and ends as the warm standby of the app."""
    folder = tmp_path_factory.mktemp("strategies")
    with LocalAws() as aws:
        prepare(aws, *SITES)
        shop, seen = Deployed(aws), list[Seen]()
        for strategy in (*BEFORE, WarmStandby):
            name = strategy.__name__
            shop.take(app if strategy is WarmStandby else synthesized(folder / name, strategy))
            seen.append(Seen(name, shop.write(), shop.leads_to(), shop.data(PRIMARY), shop.sizes()))
        yield Cloud(aws, seen, shop)


@pytest.mark.capability("SYS-28")
def test_another_strategy_is_deployed_over_the_same_data(cloud: Cloud) -> None:
    assert [(seen.strategy, seen.rows, seen.leads_to) for seen in cloud.seen] == [
        ("MultiAz", 1, PRIMARY),
        ("BackupRestore", 2, PRIMARY),
        ("PilotLight", 3, PRIMARY),
        ("MultiSite", 4, PRIMARY),
        ("WarmStandby", 5, PRIMARY),
    ]
    assert all(seen.data == cloud.seen[0].data for seen in cloud.seen)


def test_all_that_is_outside_the_primary_was_deployed_and_changed_while_it_was_dark(cloud: Cloud) -> None:
    site = {f"{RECOVERY}-{part}" for part in ("network", "vault", "data", "service")}

    assert [set(names) for names in cloud.shop.dark.values()] == [
        {"traffic"},
        {f"{RECOVERY}-vault", "traffic"},
        *[{*site, "traffic"}] * 3,
    ]
    assert {call["region"] for call in cloud.shop.calls} == {RECOVERY, ROUTE_53}
    assert cloud.shop.joined == [f"Shop-{RECOVERY}-data"]
    elsewhere = [one for r in (RECOVERY, ROUTE_53) for one in cloud("cloudformation", r).describe_stacks()["Stacks"]]
    assert {one["StackStatus"] for one in elsewhere} == {"UPDATE_COMPLETE"}


def test_each_strategy_runs_what_its_table_says(cloud: Cloud) -> None:
    assert {seen.strategy: seen.sizes.get(RECOVERY) for seen in cloud.seen} == {
        "MultiAz": None,
        "BackupRestore": None,
        "PilotLight": (0, 24),
        "MultiSite": (5, 24),
        "WarmStandby": (2, 24),
    }


def test_nothing_that_the_templates_declare_is_dropped(cloud: Cloud) -> None:
    assert cloud.aws.report()["cloudformation"]["dropped"] == {}


@pytest.mark.parametrize("region", SITES)
def test_the_network_has_three_zones_and_a_gateway_in_each(cloud: Cloud, region: str) -> None:
    mine, ec2 = cloud.vpc(region), cloud("ec2", region)

    subnets = ec2.describe_subnets(Filters=mine)["Subnets"]
    gateways = [g for g in ec2.describe_nat_gateways(Filters=mine)["NatGateways"] if g["State"] == "available"]
    routes = [r for t in ec2.describe_route_tables(Filters=mine)["RouteTables"] for r in t["Routes"]]

    zones = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in subnets}
    assert (len(subnets), len(set(zones.values()))) == (9, 3)
    assert {zones[gateway["SubnetId"]] for gateway in gateways} == set(zones.values())
    assert {r["NatGatewayId"] for r in routes if "NatGatewayId" in r} == {g["NatGatewayId"] for g in gateways}
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)
    assert [log["FlowLogStatus"] for log in ec2.describe_flow_logs()["FlowLogs"]] == ["ACTIVE"]


@pytest.mark.parametrize("region", SITES)
def test_the_default_security_group_is_closed(cloud: Cloud, region: str) -> None:
    mine = [*cloud.vpc(region), {"Name": "group-name", "Values": ["default"]}]

    group = cloud("ec2", region).describe_security_groups(Filters=mine)["SecurityGroups"][0]

    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])


@pytest.mark.parametrize("region", SITES)
def test_the_cluster_is_encrypted_protected_backed_up_and_watched(cloud: Cloud, region: str) -> None:
    cluster = cloud.cluster(region)

    assert cluster["KmsKeyId"].startswith(f"arn:aws:kms:{region}:")
    assert (cluster["StorageEncrypted"], cluster["DeletionProtection"]) == (True, True)
    assert cluster["BackupRetentionPeriod"] >= 7
    assert cluster["EnabledCloudwatchLogsExports"] == ["postgresql"]
    assert cluster["DatabaseInsightsMode"] == "advanced"
    assert cluster["AvailabilityZones"] == [f"{region}{zone}" for zone in "abc"]


@pytest.mark.parametrize("region", SITES)
def test_its_instances_stand_in_three_zones(cloud: Cloud, region: str) -> None:
    instances = cloud("rds", region).describe_db_instances()["DBInstances"]

    assert {instance["AvailabilityZone"] for instance in instances} == {f"{region}{zone}" for zone in "abc"}
    members = cloud.cluster(region)["DBClusterMembers"]
    assert sorted(member["IsClusterWriter"] for member in members) == [False, False, True]
    assert not any(instance["PubliclyAccessible"] for instance in instances)
    assert all(instance["MonitoringInterval"] > 0 for instance in instances)


def test_both_clusters_are_one_global_database_that_the_primary_writes(cloud: Cloud) -> None:
    database = cloud("rds").describe_global_clusters(GlobalClusterIdentifier="shop-database")["GlobalClusters"][0]

    roles = {m["DBClusterArn"].split(":")[3]: m["IsWriter"] for m in database["GlobalClusterMembers"]}
    assert roles == {PRIMARY: True, RECOVERY: False}


def test_the_secret_is_in_both_regions_under_the_keys_of_each(cloud: Cloud) -> None:
    values: set[str] = set()
    for region in SITES:
        secrets = cloud("secretsmanager", region)
        values.add(secrets.get_secret_value(SecretId="shop/database")["SecretString"])
        key = secrets.describe_secret(SecretId="shop/database")["KmsKeyId"]
        found = cloud("kms", region).describe_key(KeyId=key)["KeyMetadata"]["Arn"]
        assert found == cloud.cluster(region)["KmsKeyId"]

    told = cloud("secretsmanager").describe_secret(SecretId="shop/database")["ReplicationStatus"]
    assert [(replica["Region"], replica["Status"]) for replica in told] == [(RECOVERY, "InSync")]
    assert len(values) == 1
    assert json.loads(values.pop())["username"] == cloud.cluster(PRIMARY)["MasterUsername"]


@pytest.mark.parametrize("region", SITES)
def test_instances_serve_from_three_zones_behind_a_balancer(cloud: Cloud, region: str) -> None:
    group, elb = cloud.group(region), cloud("elbv2", region)

    balancer = elb.describe_load_balancers()["LoadBalancers"][0]
    health = elb.describe_target_health(TargetGroupArn=group["TargetGroupARNs"][0])["TargetHealthDescriptions"]
    told = elb.describe_load_balancer_attributes(LoadBalancerArn=balancer["LoadBalancerArn"])["Attributes"]
    attributes = {pair["Key"]: pair["Value"] for pair in told}

    assert len({instance["AvailabilityZone"] for instance in group["Instances"]}) == min(3, len(group["Instances"]))
    running = len(group["Instances"])
    assert running == group["DesiredCapacity"] == 5  # multi-site was here before: templates take no instance away
    assert [one["TargetHealth"]["State"] for one in health] == ["healthy"] * running
    assert len(balancer["AvailabilityZones"]) == 3
    assert attributes["deletion_protection.enabled"] == "true"
    assert attributes["access_logs.s3.enabled"] == "true"
    assert group["AvailabilityZoneImpairmentPolicy"]["ZonalShiftEnabled"] is True


def test_the_standby_is_a_fraction_of_the_primary(cloud: Cloud) -> None:
    full, fraction = cloud.group(PRIMARY), cloud.group(RECOVERY)

    assert full["MinSize"] > fraction["MinSize"] >= 2
    assert full["MaxSize"] == fraction["MaxSize"] == 24


def test_backups_are_locked_and_copied_to_the_other_region(cloud: Cloud) -> None:
    for region in SITES:
        vault = cloud("backup", region).describe_backup_vault(BackupVaultName=f"shop-{region}")
        assert (vault["Locked"], vault["EncryptionKeyArn"].split(":")[3]) == (True, region)
    backup = cloud("backup", PRIMARY)
    plan = backup.list_backup_plans()["BackupPlansList"][0]["BackupPlanId"]
    rules = backup.get_backup_plan(BackupPlanId=plan)["BackupPlan"]["Rules"]
    copies = {copy["DestinationBackupVaultArn"] for rule in rules for copy in rule.get("CopyActions", [])}
    chosen = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"][0]["SelectionId"]
    selection = backup.get_backup_selection(BackupPlanId=plan, SelectionId=chosen)["BackupSelection"]
    assert copies == {f"arn:aws:backup:{RECOVERY}:111111111111:backup-vault:shop-{RECOVERY}"}
    assert selection["Resources"] == [cloud.cluster(PRIMARY)["DBClusterArn"]]


def test_keys_rotate(cloud: Cloud) -> None:
    for region in SITES:
        key = cloud.cluster(region)["KmsKeyId"]
        assert cloud("kms", region).get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True


def test_the_domain_fails_over_with_the_region_and_with_the_switch(cloud: Cloud) -> None:
    route53 = cloud("route53")

    def answer(name: str) -> list[str]:
        told = route53.test_dns_answer(HostedZoneId=ZONE, RecordName=name, RecordType="A")
        return list(told["RecordData"])

    def leads_to() -> list[str]:
        now = answer("shop.example.com")
        assert now
        return [region for region in SITES if answer(f"{region}.shop.example.com") == now]

    def throw(value: float) -> None:
        dimensions = [{"Name": "Workload", "Value": "shop"}, {"Name": "Region", "Value": PRIMARY}]
        data = [{"MetricName": "TrafficSwitch", "Dimensions": dimensions, "Value": value}]
        cloud("cloudwatch", RECOVERY).put_metric_data(Namespace="cdk-standby", MetricData=data)

    seen = [leads_to()]
    cloud.aws.go_dark(PRIMARY)
    seen.append(leads_to())
    throw(1)
    cloud.aws.come_back()
    seen.append(leads_to())
    throw(0)
    seen.append(leads_to())

    assert seen == [[PRIMARY], [RECOVERY], [RECOVERY], [PRIMARY]]


@pytest.mark.parametrize("region", [*SITES, ROUTE_53])
def test_alarms_tell_a_topic_of_their_region(cloud: Cloud, region: str) -> None:
    alarms = cloud("cloudwatch", region).describe_alarms()["MetricAlarms"]

    silent = [alarm["AlarmName"] for alarm in alarms if not alarm["AlarmActions"]]
    regions = {action.split(":")[3] for alarm in alarms for action in alarm["AlarmActions"]}
    assert (bool(alarms), regions) == (True, {region})
    assert silent in ([], [f"shop-traffic-leaves-{PRIMARY}"])  # a switch, not a complaint


def test_the_plan_is_in_both_regions(cloud: Cloud) -> None:
    plans = [
        cloud("ssm", region).get_parameter(Name="/cdk-standby/shop/plan")["Parameter"]["Value"] for region in SITES
    ]

    assert plans[0] == plans[1]
    assert json.loads(plans[0])["workload"] == "shop"
