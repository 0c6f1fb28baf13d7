"""Functions, gateways, containers and what builds them, as AWS documents their fate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review.faults import outcomes, unknown_types
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
A = f"{IRELAND}a"
SURVIVES, ITSELF, RUNBOOK, LOST, UNKNOWN = "survives", "recovers by itself", "recovers by runbook", "lost", "unknown"
_DOCS = "https://docs.aws.amazon.com/"
_LAMBDA = _DOCS + "lambda/latest/dg/configuration-vpc.html"
_ECS = _DOCS + "AmazonECS/latest/developerguide/service-rebalancing.html"
_SCALING = _DOCS + "AmazonECS/latest/developerguide/service-auto-scaling.html"
_PLACEMENT = _DOCS + "AmazonECS/latest/developerguide/task-placement-strategies.html"
_EKS = _DOCS + "eks/latest/userguide/disaster-recovery-resiliency.html"
_NODES = _DOCS + "eks/latest/userguide/managed-node-groups.html"
_BATCH = _DOCS + "batch/latest/userguide/disaster-recovery-resiliency.html"
_GATEWAY = _DOCS + "apigateway/latest/developerguide/disaster-recovery-resiliency.html"
_STEPS = _DOCS + "step-functions/latest/dg/disaster-recovery-resiliency.html"
_EVENTS = _DOCS + "eventbridge/latest/userguide/eb-global-endpoints.html"
_PITR = _DOCS + "amazondynamodb/latest/developerguide/Point-in-time-recovery.html"
_SOURCE = _DOCS + "codecommit/latest/userguide/disaster-recovery-resiliency.html"
_BEANSTALK = _DOCS + "elasticbeanstalk/latest/dg/command-options-general.html"
_ARCHIVE = _DOCS + "eventbridge/latest/userguide/eb-archive.html"
_CONNECT = _DOCS + "AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html"
Build = Callable[[Any], dict[str, Any]]


def service(m: Any, zones: str = "abc", tasks: int | None = 3, **properties: Any) -> dict[str, Any]:
    network = {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": m.subnets(zones)}}} if zones else {}
    count = {} if tasks is None else {"DesiredCount": tasks}
    return {"It": m.resource("AWS::ECS::Service", LaunchType="FARGATE", **network, **count, **properties)}


def scaled(m: Any, minimum: int) -> dict[str, Any]:
    of = {"Fn::Join": ["/", ["service/shop", {"Fn::GetAtt": ["It", "Name"]}]]}
    target = m.resource("AWS::ApplicationAutoScaling::ScalableTarget", ResourceId=of, MinCapacity=minimum)
    return {**service(m, tasks=3), "Target": target}


def on_instances(m: Any, zones: str) -> dict[str, Any]:
    start = {"Ref": "Launch"}
    return {
        "Cluster": m.resource("AWS::ECS::Cluster"),
        "Launch": m.resource("AWS::AutoScaling::LaunchConfiguration", UserData={"Fn::Sub": "join ${Cluster}"}),
        **m.group(zones, LaunchConfigurationName=start),
        "It": m.resource("AWS::ECS::Service", Cluster={"Ref": "Cluster"}, DesiredCount=2),
    }


def function(m: Any, zones: str = "", kind: str = "AWS::Lambda::Function") -> dict[str, Any]:
    network = {"VpcConfig": {"SubnetIds": m.subnets(zones)}} if zones else {}
    return {"It": m.resource(kind, **network)}


def nodes(m: Any, zones: str, minimum: int) -> dict[str, Any]:
    return {"It": m.resource("AWS::EKS::Nodegroup", Subnets=m.subnets(zones), ScalingConfig={"MinSize": minimum})}


def batch(m: Any, zones: str) -> dict[str, Any]:
    resources = {"Type": "FARGATE", "Subnets": m.subnets(zones)}
    return {"It": m.resource("AWS::Batch::ComputeEnvironment", Type="MANAGED", ComputeResources=resources)}


def bus(m: Any) -> dict[str, Any]:
    route = {"Primary": {"HealthCheck": "arn"}, "Secondary": {"Route": FRANKFURT}}
    return {"It": m.resource("AWS::Events::Endpoint", RoutingConfig={"FailoverConfig": route})}


def beanstalk(m: Any, zones: str, minimum: int | None = None, *, single: bool = False) -> dict[str, Any]:
    subnets = {"Fn::Join": [",", m.subnets(zones)]}
    settings = {("aws:ec2:vpc", "Subnets"): subnets}
    settings |= {} if minimum is None else {("aws:autoscaling:asg", "MinSize"): str(minimum)}
    settings |= {("aws:elasticbeanstalk:environment", "EnvironmentType"): "SingleInstance"} if single else {}
    options = [{"Namespace": space, "OptionName": name, "Value": v} for (space, name), v in settings.items()]
    template = m.resource("AWS::ElasticBeanstalk::ConfigurationTemplate", OptionSettings=options)
    return {"It": m.resource("AWS::ElasticBeanstalk::Environment", TemplateName={"Ref": "Made"}), "Made": template}


def reached_by(m: Any, zone: str) -> dict[str, Any]:
    return {"It": m.resource("AWS::EC2::InstanceConnectEndpoint", SubnetId=m.subnets(zone)[0])}


def one(kind: str) -> Build:
    return lambda m: {"It": m.resource(f"AWS::{kind}")}


# (what, what stands in Ireland beside its network, fault, fate, where AWS says so)
TRUTH: list[tuple[str, Build, str, str, str]] = [
    ("a function outside of a VPC, a zone lost", function, "zone", SURVIVES, _LAMBDA),
    ("a function in subnets of two zones, one lost", lambda m: function(m, "ab"), "zone", SURVIVES, _LAMBDA),
    ("a function in one zone, that one lost", lambda m: function(m, "a"), "zone", LOST, _LAMBDA),
    ("a function of SAM in one zone, that one lost", lambda m: function(m, "a", "AWS::Serverless::Function"), "zone",
     LOST, _LAMBDA),
    ("a function, its Region lost", function, "region", LOST, _LAMBDA),
    ("an API, a zone lost", one("ApiGateway::RestApi"), "zone", SURVIVES, _GATEWAY),
    ("an HTTP API, its Region lost", one("ApiGatewayV2::Api"), "region", LOST, _GATEWAY),
    ("an API of SAM, a zone lost", one("Serverless::Api"), "zone", SURVIVES, _GATEWAY),
    ("a state machine, a zone lost", one("StepFunctions::StateMachine"), "zone", SURVIVES, _STEPS),
    ("a table of SAM without recovery, its data deleted", one("Serverless::SimpleTable"), "deletion", LOST, _PITR),
    ("a global endpoint for events, its Region lost", bus, "region", ITSELF, _EVENTS),
    ("three tasks over three zones, one zone lost", service, "zone", SURVIVES, _ECS),
    ("three tasks, one lost", service, "instance", SURVIVES, _ECS),
    ("one task over three zones, its zone lost", lambda m: service(m, tasks=1), "zone", ITSELF, _ECS),
    ("one task, lost", lambda m: service(m, tasks=1), "instance", ITSELF, _ECS),
    ("a service that does not say how many, which is one", lambda m: service(m, tasks=None), "instance", ITSELF, _ECS),
    ("three tasks that scale down to one, one lost", lambda m: scaled(m, 1), "instance", ITSELF, _SCALING),
    ("three tasks that scale down to two, one lost", lambda m: scaled(m, 2), "instance", SURVIVES, _SCALING),
    ("three tasks in one zone, that one lost", lambda m: service(m, "a"), "zone", LOST, _ECS),
    ("three tasks packed onto few instances, a zone lost",
     lambda m: service(m, PlacementStrategies=[{"Type": "binpack", "Field": "memory"}]), "zone", ITSELF, _PLACEMENT),
    ("three tasks, their Region lost", service, "region", LOST, _ECS),
    ("two tasks on instances of one zone, that one lost", lambda m: on_instances(m, "a"), "zone", LOST, _ECS),
    ("two tasks on instances of two zones, one lost", lambda m: on_instances(m, "ab"), "zone", SURVIVES, _ECS),
    ("a service whose instances nobody names, a zone lost", lambda m: service(m, ""), "zone", UNKNOWN, _ECS),
    ("the control plane of EKS, a zone lost", one("EKS::Cluster"), "zone", SURVIVES, _EKS),
    ("the control plane of EKS, its Region lost", one("EKS::Cluster"), "region", LOST, _EKS),
    ("two nodes over two zones, one lost", lambda m: nodes(m, "ab", 2), "zone", SURVIVES, _NODES),
    ("one node, its zone lost", lambda m: nodes(m, "ab", 1), "zone", ITSELF, _NODES),
    ("nodes of one zone, that one lost", lambda m: nodes(m, "a", 2), "zone", LOST, _NODES),
    ("batch jobs over two zones, one lost", lambda m: batch(m, "ab"), "zone", SURVIVES, _BATCH),
    ("batch jobs in one zone, that one lost", lambda m: batch(m, "a"), "zone", LOST, _BATCH),
    ("an environment of Beanstalk that does not say how many, its zone lost", lambda m: beanstalk(m, "ab"), "zone",
     ITSELF, _BEANSTALK),
    ("an environment of Beanstalk with two instances, a zone lost", lambda m: beanstalk(m, "ab", 2), "zone", SURVIVES,
     _BEANSTALK),
    ("an environment of Beanstalk in one zone, that one lost", lambda m: beanstalk(m, "a", 2), "zone", LOST,
     _BEANSTALK),
    ("an environment of a single instance, which is lost", lambda m: beanstalk(m, "ab", 2, single=True), "instance",
     ITSELF, _BEANSTALK),
    ("an archive of events, deleted", one("Events::Archive"), "deletion", LOST, _ARCHIVE),
    ("an endpoint to connect by, its zone lost", lambda m: reached_by(m, "a"), "zone", LOST, _CONNECT),
    ("an endpoint to connect by, another zone lost", lambda m: reached_by(m, "b"), "zone", SURVIVES, _CONNECT),
    ("a repository of source, deleted", one("CodeCommit::Repository"), "deletion", LOST, _SOURCE),
]  # fmt: skip
PLACES = {"zone": A, "region": IRELAND, "instance": "", "deletion": ""}


@pytest.mark.parametrize(("what", "build", "fault", "fate", "source"), TRUTH, ids=[t[0] for t in TRUTH])
def test_the_review_judges_as_aws_documents(what, build, fault, fate, source, make, fates):
    found = fates(make.template({**make.network(), **build(make)}, region=IRELAND))

    assert found[fault, PLACES[fault], "It"] == fate


def test_every_truth_has_an_aws_page():
    assert [what for what, *_, source in TRUTH if not source.startswith(_DOCS)] == []


@pytest.mark.parametrize(("there", "fate"), [(1, RUNBOOK), (3, ITSELF)])
def test_a_service_with_a_twin_is_raised_to_what_is_missing_there(there, fate, make, fates):
    found = fates(
        make.template({**make.network(), **service(make)}, region=IRELAND),
        make.template({**make.network(region=FRANKFURT), **service(make, tasks=there)}, region=FRANKFURT),
    )

    assert found["region", IRELAND, "It"] == fate


def test_a_daemon_stands_and_falls_with_its_instances(make, fates):
    found = fates(make.template(service(make, "", SchedulingStrategy="DAEMON")))

    assert found == {}


def test_a_function_that_requests_wait_for_is_vital_and_one_of_a_deployment_is_not(make):
    api = make.resource("AWS::ApiGateway::Method", Integration={"Uri": {"Fn::GetAtt": ["Asked", "Arn"]}})
    parts = {name: make.resource("AWS::Lambda::Function") for name in ("Asked", "Once")}
    found = outcomes(Graph([make.template({**parts, "Method": api})]))

    assert {o.resource.logical_id: o.judgement.vital for o in found} == {"Asked": True, "Once": False}


def test_subnets_that_sam_takes_from_its_globals_are_not_guessed(make):
    template = make.template(function(make, kind="AWS::Serverless::Function"))
    body = {**template.body, "Globals": {"Function": {"VpcConfig": {"SubnetIds": ["subnet-1"]}}}}
    found = outcomes(Graph([type(template)(name="app", file="app", body=body, region=IRELAND)]))

    [zone] = [o for o in found if str(o.case.fault) == "zone"]
    assert (str(zone.fate), zone.judgement.says) == (UNKNOWN, "the templates do not say which zones its subnets are in")


def test_what_belongs_to_them_is_known(make):
    kinds = [
        "ApiGateway::Deployment", "ApiGateway::Method", "ApiGateway::Stage", "ApiGatewayV2::Integration",
        "ApiGatewayV2::Route", "AppSync::Resolver", "Batch::JobQueue", "CloudFront::CloudFrontOriginAccessIdentity",
        "CodeDeploy::DeploymentGroup", "Config::ConfigRule", "ECS::Cluster", "ECS::TaskDefinition", "EKS::Addon",
        "Events::Connection", "IAM::Role", "Lambda::Url", "Pipes::Pipe", "Scheduler::Schedule", "WAFv2::IPSet",
    ]  # fmt: skip
    parts = {f"Part{n}": make.resource(f"AWS::{kind}") for n, kind in enumerate(kinds)}

    assert unknown_types(Graph([make.template(parts)])) == {}


def test_a_simple_table_without_recovery_is_found_like_any_table(make, broken):
    """https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html"""
    kept = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
    tables = {
        "Bare": make.resource("AWS::Serverless::SimpleTable"),
        "Kept": make.resource("AWS::Serverless::SimpleTable", **kept),
    }

    found = broken(make.template(tables))

    assert [one for one in found if one[0] == "table-point-in-time"] == [("table-point-in-time", "Bare")]
