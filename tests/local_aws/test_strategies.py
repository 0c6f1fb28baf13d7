"""The strategies, deployed one after the other over the same data; and a Region rebuilt while the other one is dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from deploying import deploy, in_order, prepare
from shop import OPTIONS, shop

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_stacks import AuroraPostgres, BackupRestore, Deployment, MultiAz, MultiSite, PilotLight, WarmStandby

PRIMARY, RECOVERY = "eu-west-1", "eu-central-1"
GROWING = (MultiAz, BackupRestore, PilotLight, WarmStandby, MultiSite)
Synthesize = Callable[..., Path]

pytestmark = pytest.mark.deploys


@pytest.fixture(scope="module")
def synthesize(tmp_path_factory: pytest.TempPathFactory) -> Synthesize:
    """`synthesize(WarmStandby, active=...)`: the folder of the assembly."""

    def run(strategy: type[Deployment], **changes: Any) -> Path:
        app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), analytics_reporting=False)
        database = AuroraPostgres(version="17.4", one_writer_because="nearly all calls only read")
        strategy(app, "Shop", **{**OPTIONS, "workload": shop(database=database), "objectives": None, **changes})
        return Path(app.synth().directory)

    return run


class Cloud:
    """A local AWS of its own, with what identifies data there."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        prepare(aws, PRIMARY, RECOVERY)

    def take(self, assembly: Path) -> None:
        for name, region, template in in_order(assembly):
            deploy(self.aws, name, region, template)

    def run(self, sql: str) -> Any:
        arn = f"arn:aws:rds:{PRIMARY}:{self.aws.account}:cluster:shop-database-{PRIMARY}"
        return self.aws.client("rds-data", PRIMARY).execute_statement(resourceArn=arn, secretArn="a" * 30, sql=sql)

    def rows(self) -> int:
        return int(self.run("select count(*) from orders")["records"][0][0]["longValue"])

    def data(self, region: str) -> dict[str, str]:
        """What would have another identity if it had been replaced."""
        rds, keys = self.aws.client("rds", region), self.aws.client("kms", region)
        clusters = rds.describe_db_clusters()["DBClusters"]
        instances = rds.describe_db_instances()["DBInstances"]
        aliases = keys.list_aliases()["Aliases"]
        vaults = self.aws.client("backup", region).list_backup_vaults()["BackupVaultList"]
        return {
            **{one["DBClusterIdentifier"]: one["DbClusterResourceId"] for one in clusters},
            **{one["DBInstanceIdentifier"]: one["DbiResourceId"] for one in instances},
            **{one["AliasName"]: one["TargetKeyId"] for one in aliases if one["AliasName"].startswith("alias/shop")},
            **{one["BackupVaultName"]: str(one["CreationDate"]) for one in vaults},
        }

    def group(self, region: str) -> tuple[int, int]:
        [found] = self.aws.client("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"]
        return found["MinSize"], found["MaxSize"]

    def leads_to(self) -> str:
        """The Region whose balancer the users' name leads to."""
        route53 = self.aws.client("route53")
        [zone] = route53.list_hosted_zones()["HostedZones"]

        def answer(name: str) -> list[str]:
            asked = {"HostedZoneId": zone["Id"], "RecordName": name, "RecordType": "A"}
            return list(route53.test_dns_answer(**asked)["RecordData"])

        users = answer("shop.example.com")
        return next((r for r in (PRIMARY, RECOVERY) if users and answer(f"{r}.shop.example.com") == users), "nowhere")


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with LocalAws() as aws:
        yield Cloud(aws)


@pytest.mark.capability("SYS-28")
def test_a_workload_grows_from_one_region_to_two_that_serve_over_the_same_data(
    synthesize: Synthesize, cloud: Cloud
) -> None:
    seen: dict[str, tuple[int, str, dict[str, str]]] = {}

    for strategy in GROWING:
        cloud.take(synthesize(strategy))
        cloud.run("INSERT INTO orders VALUES (1)")
        seen[strategy.__name__] = cloud.rows(), cloud.leads_to(), cloud.data(PRIMARY)

    assert {name: rows for name, (rows, _, _) in seen.items()} == {
        s.__name__: n for n, s in enumerate(GROWING, start=1)
    }
    assert {leads for _, leads, _ in seen.values()} == {PRIMARY}
    assert all(data == seen["MultiAz"][2] for _, _, data in seen.values())
    assert cloud.group(PRIMARY) == cloud.group(RECOVERY) == (5, 24)


@pytest.mark.capability("DR-03")
def test_a_lost_region_is_rebuilt_from_a_copy_while_it_is_dark(synthesize: Synthesize, cloud: Cloud) -> None:
    cloud.take(synthesize(BackupRestore))
    copy = copied_snapshot(cloud.aws)
    cloud.aws.go_dark(PRIMARY)

    lost = {f"Shop-{PRIMARY}-vault"}  # it stays as it is, until the Region is back
    assembly = synthesize(BackupRestore, active=RECOVERY, restored={"database": copy})
    for name, region, template in in_order(assembly):
        if name not in lost:
            deploy(cloud.aws, name, region, template)

    assert cloud.leads_to() == RECOVERY
    assert cloud.group(RECOVERY) == (5, 24)
    assert f"shop-database-{RECOVERY}" in cloud.data(RECOVERY)


def copied_snapshot(aws: LocalAws) -> str:
    """What a copy by AWS Backup leaves in the recovery Region: a snapshot there."""
    taken = aws.client("rds", PRIMARY).create_db_cluster_snapshot(
        DBClusterSnapshotIdentifier="nightly", DBClusterIdentifier=f"shop-database-{PRIMARY}"
    )["DBClusterSnapshot"]
    made = aws.client("rds", RECOVERY).copy_db_cluster_snapshot(
        SourceDBClusterSnapshotIdentifier=taken["DBClusterSnapshotArn"],
        TargetDBClusterSnapshotIdentifier="copyjob-0a1b",
        KmsKeyId=f"alias/shop-{RECOVERY}-data",
    )["DBClusterSnapshot"]
    return str(made["DBClusterSnapshotArn"])
