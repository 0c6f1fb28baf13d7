"""The shop on a local AWS of its own: by any strategy, one after the other, with what identifies its data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from deploying import deploy, in_order, prepare
from shop import OPTIONS, shop

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_stacks import AuroraPostgres, Deployment

PRIMARY, RECOVERY = "eu-west-1", "eu-central-1"


def synthesized(folder: Path, strategy: type[Deployment], **changes: Any) -> Path:
    """The folder of the assembly."""
    app = cdk.App(outdir=str(folder), analytics_reporting=False)
    database = AuroraPostgres(version="17.4", one_writer_because="nearly all calls only read")
    strategy(app, "Shop", **{**OPTIONS, "workload": shop(database=database), "objectives": None, **changes})
    return Path(app.synth().directory)


class Deployed:
    """The shop, deployed."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        prepare(aws, PRIMARY, RECOVERY)

    def take(self, assembly: Path, *, without: str = "") -> None:
        """Deploy all stacks, or all but one."""
        for name, region, template in in_order(assembly):
            if name != without:
                deploy(self.aws, name, region, template)

    def write(self) -> int:
        """A row more; how many there are."""
        self._run("INSERT INTO orders VALUES (1)")
        return int(self._run("select count(*) from orders")["records"][0][0]["longValue"])

    def _run(self, sql: str) -> Any:
        arn = f"arn:aws:rds:{PRIMARY}:{self.aws.account}:cluster:shop-database-{PRIMARY}"
        return self.aws.client("rds-data", PRIMARY).execute_statement(resourceArn=arn, secretArn="a" * 30, sql=sql)

    def keeps_up(self) -> None:
        """The recovery Region says that it has every row, so that none is lost with the primary."""
        mine = [{"Name": "DBClusterIdentifier", "Value": f"shop-database-{RECOVERY}"}]
        datum = {"MetricName": "AuroraGlobalDBReplicationLag", "Dimensions": mine, "Value": 0}
        self.aws.client("cloudwatch", RECOVERY).put_metric_data(Namespace="AWS/RDS", MetricData=[datum])

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

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Least and most instances, by Region that has a group."""
        found: dict[str, tuple[int, int]] = {}
        for region in (PRIMARY, RECOVERY):
            for group in self.aws.client("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"]:
                found[region] = (group["MinSize"], group["MaxSize"])
        return found

    def leads_to(self) -> str:
        """The Region whose balancer the users' name leads to."""
        route53 = self.aws.client("route53")
        [zone] = route53.list_hosted_zones()["HostedZones"]

        def answer(name: str) -> list[str]:
            asked = {"HostedZoneId": zone["Id"], "RecordName": name, "RecordType": "A"}
            return list(route53.test_dns_answer(**asked)["RecordData"])

        users = answer("shop.example.com")
        return next((r for r in (PRIMARY, RECOVERY) if users and answer(f"{r}.shop.example.com") == users), "nowhere")
