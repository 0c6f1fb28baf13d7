"""A workload of two Regions in memory, and time that passes at will."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cdk_standby_runbooks.clients import ApiError
from cdk_standby_runbooks.consent import Consent
from cdk_standby_runbooks.journal import Journal
from cdk_standby_runbooks.plan import Capacity, GlobalDatabase, Plan, ScalingGroup, Switch, Traffic, make_plan
from cdk_standby_runbooks.run import Pace, Run

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
ACCOUNT = "111111111111"


def a_plan(**changes: Any) -> Plan:
    options: dict[str, Any] = {
        "workload": "shop",
        "account": ACCOUNT,
        "strategy": "warm-standby",
        "primary": IRELAND,
        "recovery": FRANKFURT,
        "objectives": {"region": {"rto": 900, "rpo": 60}},
        "databases": [
            GlobalDatabase(
                name="database",
                global_cluster="shop-database",
                clusters={region: f"shop-database-{region}" for region in (IRELAND, FRANKFURT)},
            )
        ],
        "groups": [
            ScalingGroup(
                name="service",
                groups={region: f"shop-service-{region}" for region in (IRELAND, FRANKFURT)},
                full=Capacity(minimum=5, maximum=24),
                standby=Capacity(minimum=2, maximum=24),
            )
        ],
        "traffic": Traffic(
            domain="shop.example.com",
            hosted_zone_id="Z1",
            sites={region: f"{region}.shop.example.com" for region in (IRELAND, FRANKFURT)},
            switch=Switch(leaves=IRELAND, held_in=FRANKFURT, alarm="shop-traffic-leaves-eu-west-1"),
        ),
    }
    return make_plan(**{**options, **changes})


@dataclass
class FakeClock:
    """Sleeping passes time, and then whatever was planned for that time happens."""

    seconds: float = 0.0
    woken: list[Callable[[], None]] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 9, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def elapsed(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        for wake in self.woken:
            wake()


def cluster_arn(region: str) -> str:
    return f"arn:aws:rds:{region}:{ACCOUNT}:cluster:shop-database-{region}"


@dataclass
class FakeStack:
    """The data stack of the recovery Region, which makes instances when it is asked to: two looks later."""

    status: str = "CREATE_COMPLETE"
    asked: str = "none"
    was: str = "none"
    looks: int = 0
    fails: str = ""
    events: list[dict[str, str]] = field(default_factory=list)

    def update(self, asked: str, token: str) -> None:
        self.was, self.asked, self.status, self.looks = self.asked, asked, "UPDATE_IN_PROGRESS", 0
        self.tell("UPDATE_IN_PROGRESS", token)

    def tell(self, status: str, token: str, kind: str = "AWS::CloudFormation::Stack", reason: str = "") -> None:
        event = {"ResourceType": kind, "ResourceStatus": status, "ClientRequestToken": token}
        self.events.insert(0, {**event, "ResourceStatusReason": reason})

    def look(self, instances: list[str]) -> None:
        self.looks += 1
        if self.status != "UPDATE_IN_PROGRESS" or self.looks <= 2:
            return
        token = self.events[0]["ClientRequestToken"]
        if self.fails:
            self.tell("CREATE_FAILED", token, "AWS::RDS::DBInstance", self.fails)
            self.asked, self.status = self.was, "UPDATE_ROLLBACK_COMPLETE"
        else:
            instances[:] = ["available"] * {"none": 0, "one": 1, "all": 3}[self.asked]
            self.status = "UPDATE_COMPLETE"
        self.tell(self.status, token)


class FakeAws:
    """The workload's two Regions; `dark` ones answer 503, role changes and instances take two looks to arrive."""

    def __init__(self) -> None:
        self.account = ACCOUNT
        self.dark: set[str] = set()
        self.calls: list[tuple[str, str]] = []
        self.before: Callable[[str, str], None] = lambda call, region: None
        self.after: Callable[[str, str], None] = lambda call, region: None
        self.writers = [IRELAND]
        self.members = [IRELAND, FRANKFURT]
        self.failover: dict[str, str] = {}
        self.looks = 0
        self.status = {IRELAND: "available", FRANKFURT: "available"}
        self.lag_ms: float | None = 800.0
        self.groups = {IRELAND: [5, 24, 5, 5], FRANKFURT: [2, 24, 2, 2]}
        self.thrown = 0.0
        self.alarm = "OK"
        self.starting = True
        self.parameters: dict[str, str] = {}
        self.instances = {IRELAND: ["available"] * 3, FRANKFURT: ["available"] * 3}
        self.stack = FakeStack()

    def __getattr__(self, service: str) -> Any:
        if service.startswith("_"):
            raise AttributeError(service)
        return lambda region="us-east-1": _Client(self, service, region)

    def changes(self) -> list[str]:
        reading = ("describe", "list", "get", "test")
        return [call for call, _ in self.calls if not call.split(":")[1].startswith(reading)]


class _Client:
    def __init__(self, aws: FakeAws, service: str, region: str) -> None:
        self.aws, self.service, self.region = aws, service, region

    def __getattr__(self, method: str) -> Callable[..., Mapping[str, Any]]:
        def call(**request: Any) -> Mapping[str, Any]:
            name = f"{self.service}:{method}"
            self.aws.before(name, self.region)
            self.aws.calls.append((name, self.region))
            if self.region in self.aws.dark:
                raise ApiError(code="503", message="HTTP 503", call=name, region=self.region, reachable=False)
            answer: Mapping[str, Any] = ANSWERS[method](self.aws, self.region, request)
            self.aws.after(name, self.region)
            return answer

        return call


def _global_clusters(aws: FakeAws, region: str, request: Any) -> Any:
    if request["GlobalClusterIdentifier"] != "shop-database":
        raise ApiError(code="GlobalClusterNotFoundFault", message="none", call="rds:d", region=region)
    if aws.failover:
        aws.looks += 1
        if aws.looks > 2:
            aws.writers, aws.failover, aws.looks = [aws.failover["ToDbClusterArn"].split(":")[3]], {}, 0
    members = [
        {"DBClusterArn": cluster_arn(r), "IsWriter": r in aws.writers, "SynchronizationStatus": "connected"}
        for r in aws.members
    ]
    cluster = {"Status": "available", "Endpoint": "shop.global.example", "GlobalClusterMembers": members}
    return {"GlobalClusters": [{**cluster, **({"FailoverState": aws.failover} if aws.failover else {})}]}


def _move(status: str) -> Any:
    def move(aws: FakeAws, region: str, request: Any) -> Any:
        if aws.failover:
            raise ApiError(code="InvalidGlobalClusterStateFault", message="busy", call="rds:move", region=region)
        target = request["TargetDbClusterIdentifier"]
        assert "available" in aws.instances[target.split(":")[3]], "asked to promote a headless cluster"
        assert target.split(":")[3] not in aws.writers, "asked to promote the writer"
        assert status == "switching-over" or request["AllowDataLoss"] is True
        aws.failover = {"Status": status, "ToDbClusterArn": target}
        return {}

    return move


def _instances(aws: FakeAws, region: str, request: Any) -> Any:
    assert request["Filters"] == [{"Name": "db-cluster-id", "Values": [f"shop-database-{region}"]}]
    return {"DBInstances": [{"DBInstanceStatus": status} for status in aws.instances[region]]}


def _stacks(aws: FakeAws, region: str, request: Any) -> Any:
    assert (region, request["StackName"]) == (FRANKFURT, "Shop-eu-central-1-data")
    aws.stack.look(aws.instances[region])
    kept = {"ParameterKey": "BootstrapVersion", "ParameterValue": "/cdk-bootstrap/hnb659fds/version"}
    asked = {"ParameterKey": "DatabaseInstances", "ParameterValue": aws.stack.asked}
    return {"Stacks": [{"StackStatus": aws.stack.status, "Parameters": [kept, asked]}]}


def _update_stack(aws: FakeAws, region: str, request: Any) -> Any:
    [kept, asked] = request["Parameters"]
    assert kept == {"ParameterKey": "BootstrapVersion", "UsePreviousValue": True}
    busy, same = aws.stack.status == "UPDATE_IN_PROGRESS", asked["ParameterValue"] == aws.stack.asked
    if busy or same:
        said = "stack is in UPDATE_IN_PROGRESS state" if busy else "No updates are to be performed."
        raise ApiError(code="ValidationError", message=said, call="cloudformation:UpdateStack", region=region)
    aws.stack.update(asked["ParameterValue"], request["ClientRequestToken"])
    return {}


def _group(aws: FakeAws, region: str, request: Any) -> Any:
    minimum, maximum, desired, running = aws.groups[region]
    if aws.starting and running != desired:
        aws.groups[region][3] += 1 if running < desired else -1
    return {
        "AutoScalingGroups": [
            {
                "MinSize": minimum,
                "MaxSize": maximum,
                "DesiredCapacity": desired,
                "Instances": [{"LifecycleState": "InService", "HealthStatus": "Healthy"}] * running,
                "TargetGroupARNs": [f"tg-{region}"],
            }
        ]
        if request["AutoScalingGroupNames"] == [f"shop-service-{region}"]
        else []
    }


def _update_group(aws: FakeAws, region: str, request: Any) -> Any:
    aws.groups[region][:3] = request["MinSize"], request["MaxSize"], request["DesiredCapacity"]
    return {}


def _health(aws: FakeAws, region: str, request: Any) -> Any:
    return {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}] * aws.groups[region][3]}


def _put(aws: FakeAws, region: str, request: Any) -> Any:
    assert region == FRANKFURT, "the switch lives in the recovery Region"
    aws.thrown = request["MetricData"][0]["Value"]
    return {}


def _alarms(aws: FakeAws, region: str, request: Any) -> Any:
    state, aws.alarm = aws.alarm, "ALARM" if aws.thrown >= 1 else "OK"
    known = region == FRANKFURT and request["AlarmNames"] == ["shop-traffic-leaves-eu-west-1"]
    return {"MetricAlarms": [{"StateValue": state}] if known else []}


def _metrics(aws: FakeAws, region: str, request: Any) -> Any:
    known = aws.lag_ms is not None and request["MetricName"] == "AuroraGlobalDBReplicationLag"
    return {"Metrics": [{"Dimensions": request["Dimensions"]}] if known else []}


def _data(aws: FakeAws, region: str, request: Any) -> Any:
    return {"MetricDataResults": [{"Timestamps": [request["EndTime"]], "Values": [aws.lag_ms]}]}


def _dns(aws: FakeAws, region: str, request: Any) -> Any:
    name = request["RecordName"]
    site = name.split(".")[0] if name.startswith("eu-") else (FRANKFURT if aws.alarm == "ALARM" else IRELAND)
    return {"RecordData": [f"192.0.2.{len(site)}"]}


def _parameter(aws: FakeAws, region: str, request: Any) -> Any:
    if request["Name"] not in aws.parameters:
        raise ApiError(code="ParameterNotFound", message="none", call="ssm:GetParameter", region=region)
    return {"Parameter": {"Value": aws.parameters[request["Name"]]}}


ANSWERS: dict[str, Any] = {
    "describe_global_clusters": _global_clusters,
    "describe_db_clusters": lambda aws, region, _: {
        "DBClusters": [{"Status": aws.status[region], "Engine": "aurora-postgresql"}]
    },
    "describe_db_instances": _instances,
    "describe_stacks": _stacks,
    "describe_stack_events": lambda aws, _, __: {"StackEvents": aws.stack.events},
    "update_stack": _update_stack,
    "failover_global_cluster": _move("failing-over"),
    "switchover_global_cluster": _move("switching-over"),
    "describe_auto_scaling_groups": _group,
    "update_auto_scaling_group": _update_group,
    "describe_target_health": _health,
    "put_metric_data": _put,
    "describe_alarms": _alarms,
    "list_metrics": _metrics,
    "get_metric_data": _data,
    "test_dns_answer": _dns,
    "get_caller_identity": lambda aws, _, __: {"Account": aws.account},
    "get_parameter": _parameter,
}


@dataclass
class World:
    """AWS, time and a journal folder; every run gets what the one before left behind."""

    folder: Path
    plan: Plan = field(default_factory=a_plan)
    aws: FakeAws = field(default_factory=FakeAws)
    clock: FakeClock = field(default_factory=FakeClock)

    def run(self, runbook: str = "failover", consent: str | None = None, **changes: Any) -> Run:
        path = self.folder / "journal.jsonl"
        return Run(
            plan=self.plan,
            runbook=runbook,
            clients=self.aws,
            clock=self.clock,
            journal=Journal.read(path, self.plan.workload),
            consent=Consent.parse(consent) if consent else None,
            pace=Pace(),
            **changes,
        )


@pytest.fixture(scope="session")
def new_world() -> Callable[[Path], World]:
    """For property tests, which need a new one per example."""
    return World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def plan() -> Plan:
    return a_plan()
