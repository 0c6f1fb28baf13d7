"""A database, its replica in another Region, proxy and names, deployed: a zone is lost, then the Region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53 as route53
from botocore.exceptions import ClientError
from deploying import deploy, in_order

from cdk_standby.keys import DataKey
from cdk_standby.relational._replica_source import SourceInstance
from cdk_standby.relational.database_names import DatabaseNames
from cdk_standby.relational.database_proxy import DatabaseProxy
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.read_replica import ReadReplica
from cdk_standby_runbooks.local_aws import LocalAws

PRIMARY, RECOVERY = "eu-west-2", "eu-west-3"
ACCOUNT = "111111111111"
LEDGER, COPY = "ledger", "ledger-copy"
LOST = "the primary Region is lost"

pytestmark = pytest.mark.deploys


def assembly(out: Path, *, promoted_because: str | None = None) -> Path:
    """The app that a team would write."""
    app = cdk.App(outdir=str(out), analytics_reporting=False)
    first, copy = _stack(app, "Ledger", PRIMARY), _stack(app, "LedgerCopy", RECOVERY)
    copy.add_stack_dependency(first)  # an order, and nothing else
    _primary(first)
    source = SourceInstance(identifier=LEDGER, region=PRIMARY, engine="postgres", version="17.6")
    vpc, key = _place(copy)
    options = {"promoted_because": promoted_because, "instance_identifier": COPY}
    ReadReplica(copy, "Copy", source=source, vpc=vpc, key=key, **options)
    app.synth()
    return out


def _stack(app: cdk.App, name: str, region: str) -> cdk.Stack:
    env = cdk.Environment(account=ACCOUNT, region=region)
    return cdk.Stack(app, name, env=env, synthesizer=cdk.BootstraplessSynthesizer())


def _place(stack: cdk.Stack) -> tuple[ec2.Vpc, Any]:
    isolated = ec2.SubnetConfiguration(name="Data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    zones = [f"{stack.region}{letter}" for letter in "abc"]
    vpc = ec2.Vpc(stack, "Vpc", availability_zones=zones, nat_gateways=0, subnet_configuration=[isolated])
    return vpc, DataKey(stack, "Key").key


def _primary(stack: cdk.Stack) -> None:
    vpc, key = _place(stack)
    database = MultiAzInstance(
        stack, "Ledger", engine="postgres", version="17.6", vpc=vpc, key=key, instance_identifier=LEDGER
    )
    DatabaseProxy(stack, "Pool", database=database, vpc=vpc, proxy_name=LEDGER)
    zone = route53.PrivateHostedZone(stack, "Zone", zone_name="ledger.internal", vpc=vpc)
    DatabaseNames(stack, "Names", zone=zone, database=database, writer="writer")


@dataclass
class Ledger:
    """The deployed app."""

    aws: LocalAws
    folder: Path

    def take(self, app: Path, *stacks: str) -> None:
        """Deploy some stacks of an assembly."""
        for name, region, template in in_order(app):
            if name in stacks:
                deploy(self.aws, name, region, template)

    def instance(self, region: str, name: str) -> Any:
        found = self.aws.client("rds", region).describe_db_instances(DBInstanceIdentifier=name)
        return found["DBInstances"][0]

    def ids(self, region: str, stack: str) -> dict[str, str]:
        told = self.aws.client("cloudformation", region).describe_stack_resources(StackName=stack)["StackResources"]
        return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in told}

    def write(self, region: str, name: str) -> None:
        self._run(region, name, "INSERT INTO entries VALUES (1)")

    def rows(self, region: str, name: str) -> int:
        return int(self._run(region, name, "SELECT COUNT(*) FROM entries")["records"][0][0]["longValue"])

    def _run(self, region: str, name: str, sql: str) -> Any:
        arn = f"arn:aws:rds:{region}:{ACCOUNT}:db:{name}"
        return self.aws.client("rds-data", region).execute_statement(resourceArn=arn, secretArn="a" * 30, sql=sql)


@pytest.fixture(scope="module")
def deployed(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("ledger")
    made = Ledger(aws, folder)
    made.take(assembly(folder / "before"), "Ledger", "LedgerCopy")
    return made


@pytest.fixture
def ledger(deployed: Ledger) -> Iterator[Ledger]:
    """Shared; whoever takes a Region away has it back after the test."""
    yield deployed
    deployed.aws.come_back()


def test_a_lost_zone_moves_the_database_behind_names_and_proxy_that_stay(ledger: Ledger) -> None:
    rds, before = ledger.aws.client("rds", PRIMARY), ledger.instance(PRIMARY, LEDGER)
    proxy = rds.describe_db_proxies(DBProxyName=LEDGER)["DBProxies"][0]
    zones = ledger.aws.client("route53", "us-east-1")
    zone = zones.list_hosted_zones_by_name(DNSName="ledger.internal")["HostedZones"][0]["Id"]

    rds.reboot_db_instance(DBInstanceIdentifier=LEDGER, ForceFailover=True)

    after = ledger.instance(PRIMARY, LEDGER)
    assert (after["AvailabilityZone"], after["SecondaryAvailabilityZone"]) == (
        before["SecondaryAvailabilityZone"],
        before["AvailabilityZone"],
    )
    assert after["Endpoint"] == before["Endpoint"]
    records = zones.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    names = {one["Name"]: one["ResourceRecords"][0]["Value"] for one in records if one["Type"] == "CNAME"}
    assert names == {"writer.ledger.internal.": after["Endpoint"]["Address"]}
    target = rds.describe_db_proxy_targets(DBProxyName=LEDGER)["Targets"][0]
    assert (target["RdsResourceId"], target["TargetHealth"]["State"]) == (LEDGER, "AVAILABLE")
    assert rds.describe_db_proxies(DBProxyName=LEDGER)["DBProxies"][0]["Endpoint"] == proxy["Endpoint"]


def test_a_lost_region_is_survived_by_deploying_the_replica_as_promoted(ledger: Ledger) -> None:
    before = ledger.ids(RECOVERY, "LedgerCopy")
    ledger.write(PRIMARY, LEDGER)
    ledger.write(PRIMARY, LEDGER)
    following = ledger.instance(RECOVERY, COPY)
    ledger.aws.go_dark(PRIMARY)
    with pytest.raises(ClientError, match="cannot execute INSERT in a read-only transaction"):
        ledger.write(RECOVERY, COPY)

    ledger.take(assembly(ledger.folder / "after", promoted_because=LOST), "LedgerCopy")

    promoted = ledger.instance(RECOVERY, COPY)
    source = f"arn:aws:rds:{PRIMARY}:{ACCOUNT}:db:{LEDGER}"
    assert following["ReadReplicaSourceDBInstanceIdentifier"] == source
    assert "ReadReplicaSourceDBInstanceIdentifier" not in promoted
    assert (promoted["DbiResourceId"], promoted["Endpoint"]) == (following["DbiResourceId"], following["Endpoint"])
    assert (promoted["MultiAZ"], promoted["BackupRetentionPeriod"]) == (True, 14)
    ledger.write(RECOVERY, COPY)
    assert ledger.rows(RECOVERY, COPY) == 3
    after = ledger.ids(RECOVERY, "LedgerCopy")
    assert [name for name in before if name in after and before[name] != after[name]] == []
