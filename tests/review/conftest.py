"""Small hand-made templates, and the questions that tests ask about them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cdk_standby_review import Objectives, Outcome, Review, Template, review_templates
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph

Resources = dict[str, dict[str, Any]]


def resource(type: str, policy: str | None = None, **properties: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"Type": type, "Properties": properties}
    return found if policy is None else {**found, "DeletionPolicy": policy}


def template(resources: Resources, *, region: str | None = "eu-west-1", name: str = "", **standby: Any) -> Template:
    body: dict[str, Any] = {"Resources": copy.deepcopy(resources)}
    if standby:
        body["Metadata"] = {"cdk-standby": standby}
    name = name or f"stack-{region}"
    return Template(name=name, file=f"{name}.template.json", body=body, stack=name, region=region)


def network(zones: str = "abc", *, region: str = "eu-west-1", nat: str = "zonal") -> Resources:
    """Subnets A, B, C, each with its route table; NAT gateways per zone, in the first zone only, or regional."""
    found: Resources = {}
    for zone in zones:
        up = zone.upper()
        table = {"Ref": f"Table{up}"}
        found[f"Subnet{up}"] = resource("AWS::EC2::Subnet", AvailabilityZone=f"{region}{zone}")
        found[f"Table{up}"] = resource("AWS::EC2::RouteTable")
        found[f"InTable{up}"] = resource(
            "AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": f"Subnet{up}"}, RouteTableId=table
        )
        used = {"zonal": f"Nat{up}", "single": f"Nat{zones[0].upper()}", "regional": "Nat"}[nat]
        found[f"Out{up}"] = resource("AWS::EC2::Route", RouteTableId=table, NatGatewayId={"Ref": used})
        if nat == "zonal" or (nat == "single" and zone == zones[0]):
            found[used] = resource("AWS::EC2::NatGateway", SubnetId={"Ref": f"Subnet{up}"})
    if nat == "regional":
        found["Nat"] = resource("AWS::EC2::NatGateway", AvailabilityMode="regional")
    return found


def subnets(zones: str) -> list[dict[str, str]]:
    return [{"Ref": f"Subnet{zone.upper()}"} for zone in zones]


def aurora(instances: int = 2, zones: str = "abc", *, named: Iterable[str] = (), **properties: Any) -> Resources:
    """An Aurora cluster `Db` with instances; `named` zones pin the instances."""
    known = {
        "Engine": "aurora-postgresql",
        "EngineVersion": "17.4",
        "DeletionProtection": True,
        "BackupRetentionPeriod": 35,
    }
    group = {"Ref": "Group"}
    found: Resources = {
        "Group": resource("AWS::RDS::DBSubnetGroup", SubnetIds=subnets(zones)),
        "Db": resource("AWS::RDS::DBCluster", DBSubnetGroupName=group, **{**known, **properties}),
    }
    pinned = [*named]
    for index in range(instances):
        where = {"AvailabilityZone": pinned[index]} if pinned else {}
        found[f"Instance{index}"] = resource(
            "AWS::RDS::DBInstance", DBClusterIdentifier={"Ref": "Db"}, DBInstanceClass="db.r7g.large", **where
        )
    return found


def lag_alarm(of: Any, metric: str = "AuroraGlobalDBRPOLag", by: str = "DBClusterIdentifier") -> dict[str, Any]:
    return resource("AWS::CloudWatch::Alarm", MetricName=metric, Dimensions=[{"Name": by, "Value": of}])


def rds(zones: str = "abc", **properties: Any) -> Resources:
    known = {"Engine": "postgres", "MultiAZ": True, "DeletionProtection": True, "BackupRetentionPeriod": 35}
    return {
        "Group": resource("AWS::RDS::DBSubnetGroup", SubnetIds=subnets(zones)),
        "Db": resource("AWS::RDS::DBInstance", DBSubnetGroupName={"Ref": "Group"}, **{**known, **properties}),
    }


def group(zones: str = "abc", minimum: int | str = 3, maximum: int | str = 24, **properties: Any) -> Resources:
    known = {"MinSize": str(minimum), "MaxSize": str(maximum), "VPCZoneIdentifier": subnets(zones)}
    return {"Group": resource("AWS::AutoScaling::AutoScalingGroup", **{**known, **properties})}


def balancer(zones: str = "abc") -> Resources:
    return {"Balancer": resource("AWS::ElasticLoadBalancingV2::LoadBalancer", Subnets=subnets(zones))}


def backup(arn: Any, *, copy_to: str | None = "eu-central-1", schedule: str = "cron(0 * * * ? *)") -> Resources:
    rule: dict[str, Any] = {"ScheduleExpression": schedule, "Lifecycle": {"DeleteAfterDays": 35}}
    if copy_to:
        rule["CopyActions"] = [
            {"DestinationBackupVaultArn": f"arn:aws:backup:{copy_to}:111111111111:backup-vault:shop"}
        ]
    return {
        "Plan": resource("AWS::Backup::BackupPlan", BackupPlan={"BackupPlanRule": [rule]}),
        "Selection": resource(
            "AWS::Backup::BackupSelection", BackupPlanId={"Ref": "Plan"}, BackupSelection={"Resources": [arn]}
        ),
    }


def shop(zones: str = "abc", instances: int = 2, *, stores: bool = True, **database: Any) -> Resources:
    """Name -> balancer -> group -> Aurora, whose security group lets the group in."""
    groups = [{"Fn::GetAtt": ["Back", "GroupId"]}]
    opened = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": groups[0]}
    served = {"TargetGroupARNs": [{"Ref": "Targets"}], "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Launch"}}}
    guarded = {"VpcSecurityGroupIds": [{"Fn::GetAtt": ["Data", "GroupId"]}], **database}
    return {
        **network(),
        **balancer(zones),
        **aurora(instances, zones, **guarded),
        "Name": alias("Balancer"),
        "Targets": resource("AWS::ElasticLoadBalancingV2::TargetGroup"),
        "Listener": resource(
            "AWS::ElasticLoadBalancingV2::Listener",
            LoadBalancerArn={"Ref": "Balancer"},
            DefaultActions=[{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}],
        ),
        "Launch": resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"SecurityGroupIds": groups}),
        "Service": group(zones, 2 * len(zones), **served)["Group"],
        "Back": resource("AWS::EC2::SecurityGroup"),
        "Data": resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=[opened] if stores else []),
    }


def alias(to: str, name: str = "shop.example.com", type: str = "A") -> dict[str, Any]:
    target = {"DNSName": {"Fn::GetAtt": [to, "DNSName"]}}
    return resource("AWS::Route53::RecordSet", Name=name, Type=type, AliasTarget=target)


SITES = {"eu-west-1": "active", "eu-central-1": "standby"}
PROMISED = {"zone": {"rto": 300, "rpo": 0}, "region": {"rto": 1800, "rpo": 60}}


def warm_standby(objectives: Mapping[str, Any] = PROMISED) -> list[Template]:
    """A well-built warm standby: two sites that agree on names, and traffic outside of both."""
    found: list[Template] = []
    said = {"workload": "shop", "strategy": "warm-standby", "objectives": objectives}
    for region, role in SITES.items():
        other = next(r for r in SITES if r != region)
        born = {"MasterUsername": "postgres"} if role == "active" else {}
        database = aurora(
            GlobalClusterIdentifier="shop-database", DBClusterIdentifier=f"shop-database-{region}", **born
        )
        secret = resource("AWS::SecretsManager::Secret", ReplicaRegions=[{"Region": other}])
        service = group(minimum=5 if role == "active" else 2)
        service["Service"] = service.pop("Group")
        cluster = {"Fn::Sub": "arn:aws:rds:${AWS::Region}:111111111111:cluster:${Db}"}
        resources = {
            **network(region=region),
            **database,
            **({"Secret": secret, "Attached": _attachment()} if role == "active" else {}),
            **service,
            **balancer(),
            **backup(cluster, copy_to=other),
            "Switch": resource("AWS::CloudWatch::Alarm", AlarmName=f"shop-traffic-leaves-{other}"),
            "Lag": lag_alarm({"Ref": "Db"}),
        }
        found.append(template(resources, region=region, name=f"Shop-{region}", site=region, role=role, **said))
    outside = template(_traffic(), region="us-east-1", name="Shop-traffic", site="us-east-1", role="outside", **said)
    return [*found, outside]


def _attachment() -> dict[str, Any]:
    return resource("AWS::SecretsManager::SecretTargetAttachment", SecretId={"Ref": "Secret"}, TargetId={"Ref": "Db"})


def _traffic() -> Resources:
    endpoint = {"Type": "HTTPS", "RequestInterval": 10, "FailureThreshold": 3}
    switch = {"Name": "shop-traffic-leaves-eu-west-1", "Region": "eu-central-1"}
    both = {"Type": "CALCULATED", "HealthThreshold": 2, "ChildHealthChecks": [{"Ref": "Endpoint"}, {"Ref": "Switched"}]}
    first, second = (
        {
            "Name": "shop.example.com",
            "Type": "A",
            "AliasTarget": {"DNSName": f"{region}.shop.example.com", "EvaluateTargetHealth": True},
        }
        for region in SITES
    )
    return {
        "Endpoint": resource("AWS::Route53::HealthCheck", HealthCheckConfig=endpoint),
        "Switched": resource(
            "AWS::Route53::HealthCheck", HealthCheckConfig={"Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": switch}
        ),
        "Both": resource("AWS::Route53::HealthCheck", HealthCheckConfig=both),
        "First": resource("AWS::Route53::RecordSet", Failover="PRIMARY", HealthCheckId={"Ref": "Both"}, **first),
        "Second": resource("AWS::Route53::RecordSet", Failover="SECONDARY", **second),
    }


class Made:
    """The builders, so that tests need no import from here."""

    resource = staticmethod(resource)
    template = staticmethod(template)
    network = staticmethod(network)
    aurora = staticmethod(aurora)
    rds = staticmethod(rds)
    lag_alarm = staticmethod(lag_alarm)
    group = staticmethod(group)
    balancer = staticmethod(balancer)
    backup = staticmethod(backup)
    subnets = staticmethod(subnets)
    warm_standby = staticmethod(warm_standby)
    shop = staticmethod(shop)
    alias = staticmethod(alias)


@pytest.fixture(scope="session")
def make() -> type[Made]:
    return Made


@pytest.fixture(scope="session")
def fates() -> Callable[..., dict[tuple[str, str, str], str]]:
    """The fate of every resource: by fault, place and logical id."""

    def ask(*templates: Template) -> dict[tuple[str, str, str], str]:
        return {
            (str(o.case.fault), o.case.where, o.resource.logical_id): str(o.fate) for o in outcomes(Graph(templates))
        }

    return ask


@pytest.fixture(scope="session")
def broken() -> Callable[..., list[tuple[str, str]]]:
    """(rule, logical id) of every finding of a rule, verdicts left out."""

    def ask(*templates: Template, objectives: Objectives | None = None) -> list[tuple[str, str]]:
        found = review_templates(templates, objectives).findings
        return [(f.rule, f.resource.logical_id) for f in found if f.resource and not f.rule.startswith("objective-")]

    return ask


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Mapping[str, Any]], Path]:
    """Files in a fresh folder: text as it is, everything else as JSON."""

    def write(files: Mapping[str, Any]) -> Path:
        for name, content in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture(scope="session")
def good() -> Review:
    """The review of the well-built warm standby."""
    return review_templates(warm_standby())


def worst_of(found: Iterable[Outcome]) -> dict[tuple[str, str, str], Outcome]:
    return {(str(o.case.fault), o.case.where, o.resource.logical_id): o for o in found}


@pytest.fixture
def complaint(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """`complaint()`: what a command of ours wrote to standard error.

    The CDK's own process writes there too, and of a test that is over by then: its lines begin otherwise.
    """

    def read() -> str:
        written = capsys.readouterr().err
        assert "Traceback" not in written
        return "".join(line for line in written.splitlines(keepends=True) if line.startswith("cdk-standby "))

    return read
