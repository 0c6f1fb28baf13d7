"""The same runbooks through boto3 against the local AWS: the calls have the shapes that AWS knows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cdk_standby_runbooks.boto import BotoClients
from cdk_standby_runbooks.cli import main
from cdk_standby_runbooks.local_aws import LocalAws

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """A workload made by API calls: what a deployment leaves, without the minutes it takes."""
    with LocalAws(account="111111111111") as running:
        a_database(running)
        for region, size in ((IRELAND, 5), (FRANKFURT, 2)):
            a_group(running, region, size)
        a_switch(running)
        yield running


def a_database(aws: LocalAws) -> None:
    engine = {"Engine": "aurora-postgresql", "EngineVersion": "17.4"}
    aws.client("rds", IRELAND).create_global_cluster(GlobalClusterIdentifier="shop-database", **engine)
    for region in (IRELAND, FRANKFURT):
        login = {"MasterUsername": "shop", "MasterUserPassword": "a-password-of-length"} if region == IRELAND else {}
        rds, cluster = aws.client("rds", region), f"shop-database-{region}"
        rds.create_db_cluster(DBClusterIdentifier=cluster, GlobalClusterIdentifier="shop-database", **engine, **login)
        rds.create_db_instance(
            DBInstanceIdentifier=f"{cluster}-1", DBClusterIdentifier=cluster, DBInstanceClass="db.r7g.large",
            Engine="aurora-postgresql",
        )  # fmt: skip


def a_group(aws: LocalAws, region: str, size: int) -> None:
    template = aws.client("ec2", region).create_launch_template(
        LaunchTemplateName="shop", LaunchTemplateData={"ImageId": "ami-12c6146b", "InstanceType": "t3.micro"}
    )["LaunchTemplate"]["LaunchTemplateId"]
    aws.client("autoscaling", region).create_auto_scaling_group(
        AutoScalingGroupName=f"shop-service-{region}", MinSize=size, MaxSize=24, DesiredCapacity=size,
        LaunchTemplate={"LaunchTemplateId": template}, AvailabilityZones=[f"{region}a", f"{region}b", f"{region}c"],
    )  # fmt: skip


def a_switch(aws: LocalAws) -> None:
    alarm = "shop-traffic-leaves-eu-west-1"
    aws.client("cloudwatch", FRANKFURT).put_metric_alarm(
        AlarmName=alarm, Namespace="cdk-standby", MetricName="TrafficSwitch", Statistic="Maximum", Period=60,
        EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold", TreatMissingData="ignore",
        Dimensions=[{"Name": "Workload", "Value": "shop"}, {"Name": "Region", "Value": IRELAND}],
    )  # fmt: skip
    route53 = aws.client("route53")
    route53.create_hosted_zone(Name="shop.example.com", CallerReference="local-aws-id:Z1")
    check = {"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": FRANKFURT, "Name": alarm}}
    check["InsufficientDataHealthStatus"] = "LastKnownStatus"
    made = route53.create_health_check(CallerReference="switch", HealthCheckConfig=check)["HealthCheck"]["Id"]
    sites = [(IRELAND, "PRIMARY", "192.0.2.1", {"HealthCheckId": made}), (FRANKFURT, "SECONDARY", "192.0.2.2", {})]
    records: list[dict[str, Any]] = []
    for region, role, address, checked in sites:
        answer = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": address}]}
        records.append({"Name": f"{region}.shop.example.com", **answer})
        failover = {"SetIdentifier": region, "Failover": role, **checked}
        records.append({"Name": "shop.example.com", **answer, **failover})
    changes = [{"Action": "CREATE", "ResourceRecordSet": record} for record in records]
    route53.change_resource_record_sets(HostedZoneId="Z1", ChangeBatch={"Changes": changes})


def writer(aws: LocalAws) -> str:
    found = aws.client("rds", FRANKFURT).describe_global_clusters(GlobalClusterIdentifier="shop-database")
    members = found["GlobalClusters"][0]["GlobalClusterMembers"]
    return ", ".join(m["DBClusterArn"].split(":")[3] for m in members if m["IsWriter"])


def test_a_drill_by_the_command_line_goes_there_and_back(aws: LocalAws, plan: Any, tmp_path: Path, capsys: Any) -> None:
    stored = tmp_path / "shop.plan.json"
    stored.write_text(plan.to_json())
    report = tmp_path / "times.json"

    code = main(["drill", "--plan", str(stored), "--endpoint-url", aws.endpoint, "--report", str(report)])

    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    assert "proof of failback: as before: writer and traffic in eu-west-1" in said.out
    assert "What it does not prove:" in said.out
    assert report.exists()
    assert writer(aws) == IRELAND
    assert aws.dark() == []


def test_a_failover_in_the_dark_calls_the_living_region_only(
    aws: LocalAws, plan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.plan.json").write_text(plan.to_json())
    move = ["--plan", "shop.plan.json", "--endpoint-url", aws.endpoint, "--yes"]
    main(["status", *move[:-1]])
    aws.go_dark(IRELAND)
    before = len(aws.ledger())

    there = main(["failover", *move])
    called = {(call["region"], call["status"] < 400) for call in aws.ledger()[before:] if not call["internal"]}
    aws.come_back(IRELAND)
    again = main(["failover", *move])
    back = main(["failback", *move])

    assert (there, again, back) == (0, 20, 0)
    assert called == {(FRANKFURT, True), ("us-east-1", True)}
    assert writer(aws) == IRELAND
    assert "shop.example.com answers with eu-central-1.shop.example.com" in capsys.readouterr().out


def test_a_region_that_is_dark_costs_seconds_not_minutes(aws: LocalAws) -> None:
    aws.go_dark(IRELAND)
    began = time.monotonic()

    with pytest.raises(Exception, match="is dark"):
        BotoClients(aws.endpoint).rds(IRELAND).describe_global_clusters()

    aws.come_back(IRELAND)
    assert time.monotonic() - began < 5
