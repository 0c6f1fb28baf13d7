"""The shop on a local AWS of its own: by any strategy, one after the other, with what identifies its data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from deploying import deploy, in_order
from shop import OPTIONS, shop

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_stacks import AuroraPostgres, Deployment

PRIMARY, RECOVERY = "eu-west-1", "eu-central-1"


def synthesized(
    folder: Path, strategy: type[Deployment], *, name: str = "shop", database: Any = None, **changes: Any
) -> Path:
    """The folder of the assembly; under another name it stands beside the shop in the same account."""
    app = cdk.App(outdir=str(folder), analytics_reporting=False)
    known = database or AuroraPostgres(version="17.4", one_writer_because="nearly all calls only read")
    workload = shop(name=name, domain=domain_of(name), database=known)
    strategy(app, name.capitalize(), **{**OPTIONS, "workload": workload, "objectives": None, **changes})
    return Path(app.synth().directory)


ANOTHER_DAY: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "AWS::EC2::VPC": ("Tags", lambda tags: [*tags, {"Key": "team", "Value": "orders"}]),
    "AWS::KMS::Key": ("Description", lambda said: f"{said}, of the shop"),
    "AWS::RDS::DBCluster": ("BackupRetentionPeriod", lambda days: days + 7),
    "AWS::AutoScaling::AutoScalingGroup": ("MaxSize", lambda most: str(int(most) + 6)),
    "AWS::Route53::RecordSet": ("AliasTarget", lambda to: {**to, "EvaluateTargetHealth": False}),
}
"""What an ordinary day changes, by type: a property, and what becomes of it."""


def changed(template: str) -> str:
    """The template on another day."""
    body = json.loads(template)
    for resource in body["Resources"].values():
        if resource["Type"] in ANOTHER_DAY:
            name, change = ANOTHER_DAY[resource["Type"]]
            resource["Properties"][name] = change(resource["Properties"][name])
            return json.dumps(body)
    raise AssertionError("it has nothing that changes on another day")


def domain_of(name: str) -> str:
    """Of the one hosted zone that there is."""
    return "shop.example.com" if name == "shop" else f"{name}.shop.example.com"


class Deployed:
    """The shop, or another workload like it, deployed."""

    def __init__(self, aws: LocalAws, name: str = "shop") -> None:
        self.aws, self.name = aws, name
        self.joined: list[str] = []
        self.dark: dict[str, list[str]] = {}
        """What was deployed while the primary was dark, by assembly."""
        self.calls: list[dict[str, Any]] = []
        """Those of that time."""

    def take(self, assembly: Path) -> None:
        """Deploy what stands in the primary, and all else while that is dark: as on another day, then as it is.

        A cluster joins the global database that is there, once: the only thing that asks for the primary.
        """
        stacks = in_order(assembly)
        for one in stacks:
            joins = one[0].endswith("-data") and one[0] not in self.joined
            if one[1] == PRIMARY or joins:
                deploy(self.aws, *one)
            if one[1] != PRIMARY:
                self.joined += [one[0]] * joins
                self._in_the_dark([(one[0], one[1], changed(one[2]))])
        elsewhere = [one for one in stacks if one[1] != PRIMARY]
        self._in_the_dark(elsewhere)
        self.dark[assembly.name] = [name.partition("-")[2] for name, _, _ in elsewhere]

    def _in_the_dark(self, stacks: list[tuple[str, str, str]]) -> None:
        self.aws.go_dark(PRIMARY)
        before = len(self.aws.ledger())
        for one in stacks:
            deploy(self.aws, *one)
        self.calls += self.aws.ledger()[before:]
        self.aws.come_back()

    def write(self) -> int:
        """A row more; how many there are."""
        self._run("INSERT INTO orders VALUES (1)")
        return int(self._run("select count(*) from orders")["records"][0][0]["longValue"])

    def _run(self, sql: str) -> Any:
        arn = f"arn:aws:rds:{PRIMARY}:{self.aws.account}:cluster:{self.name}-database-{PRIMARY}"
        return self.aws.client("rds-data", PRIMARY).execute_statement(resourceArn=arn, secretArn="a" * 30, sql=sql)

    def keeps_up(self) -> None:
        """The recovery Region says that it has every row, so that none is lost with the primary."""
        mine = [{"Name": "DBClusterIdentifier", "Value": f"{self.name}-database-{RECOVERY}"}]
        datum = {"MetricName": "AuroraGlobalDBReplicationLag", "Dimensions": mine, "Value": 0}
        self.aws.client("cloudwatch", RECOVERY).put_metric_data(Namespace="AWS/RDS", MetricData=[datum])

    def data(self, region: str) -> dict[str, str]:
        """What would have another identity if it had been replaced."""
        rds, keys = self.aws.client("rds", region), self.aws.client("kms", region)
        clusters = rds.describe_db_clusters()["DBClusters"]
        instances = rds.describe_db_instances()["DBInstances"]
        aliases = keys.list_aliases()["Aliases"]
        vaults = self.aws.client("backup", region).list_backup_vaults()["BackupVaultList"]
        found = {
            **{one["DBClusterIdentifier"]: one["DbClusterResourceId"] for one in clusters},
            **{one["DBInstanceIdentifier"]: one["DbiResourceId"] for one in instances},
            **{one["AliasName"].removeprefix("alias/"): one.get("TargetKeyId", "") for one in aliases},
            **{one["BackupVaultName"]: str(one["CreationDate"]) for one in vaults},
        }
        return {one: known for one, known in found.items() if one.lower().startswith(f"{self.name}-")}

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Least and most instances, by Region that has a group."""
        found: dict[str, tuple[int, int]] = {}
        for region in (PRIMARY, RECOVERY):
            for group in self.aws.client("autoscaling", region).describe_auto_scaling_groups()["AutoScalingGroups"]:
                if group["AutoScalingGroupName"].startswith(f"{self.name}-"):
                    found[region] = (group["MinSize"], group["MaxSize"])
        return found

    def leads_to(self) -> str:
        """The Region whose balancer the users' name leads to."""
        route53 = self.aws.client("route53")
        [zone] = route53.list_hosted_zones()["HostedZones"]

        def answer(name: str) -> list[str]:
            asked = {"HostedZoneId": zone["Id"], "RecordName": name, "RecordType": "A"}
            return list(route53.test_dns_answer(**asked)["RecordData"])

        domain = domain_of(self.name)
        users = answer(domain)
        return next((r for r in (PRIMARY, RECOVERY) if users and answer(f"{r}.{domain}") == users), "nowhere")
