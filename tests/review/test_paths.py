"""From users to data: names, doors, a service and its stores, and what every fault does to the whole way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cdk_standby_review import review_templates
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph
from cdk_standby_review.paths import MOST, Way, paths, ways_of
from cdk_standby_review.report import as_json, as_markdown, as_text

SURVIVES, ITSELF, RUNBOOK, LOST, UNKNOWN = (
    "survives", "recovers by itself", "recovers by runbook", "lost", "unknown"
)  # fmt: skip
Build = Callable[[Any], dict[str, Any]]


def behind_a_balancer(make: Any) -> dict[str, Any]:
    """Name -> balancer -> group -> Aurora."""
    return dict(make.shop())


def behind_an_api(make: Any, **table: Any) -> dict[str, Any]:
    """API -> function -> table."""
    uri = {"Fn::Sub": "arn:aws:apigateway:eu-west-1:lambda:path/functions/${Code.Arn}/invocations"}
    return {
        "Api": make.resource("AWS::ApiGatewayV2::Api"),
        "Calls": make.resource("AWS::ApiGatewayV2::Integration", ApiId={"Ref": "Api"}, IntegrationUri=uri),
        "Code": make.resource("AWS::Lambda::Function", Environment={"Variables": {"TABLE": {"Ref": "Orders"}}}),
        "Orders": make.resource("AWS::DynamoDB::Table", **table),
    }


def without(resources: dict[str, Any], *logical_ids: str) -> dict[str, Any]:
    return {name: found for name, found in resources.items() if name not in logical_ids}


def shown(ways: tuple[Way, ...]) -> list[tuple[str, list[str]]]:
    return [(way.path.entry, [part.logical_id for part in way.path.parts]) for way in ways]


def ways(make: Any, resources: dict[str, Any]) -> tuple[Way, ...]:
    graph = Graph([make.template(resources)])
    return ways_of(graph, outcomes(graph))


def fates(way: Way) -> dict[tuple[str, str], str]:
    return {(str(each.case.fault), each.case.where): str(each.fate) for each in way.fates}


WHOLE = ["Name", "Balancer", "Service", "Db"]
# (what, resources, the parts of the way, fault, place, what happens)
CASES: list[tuple[str, Build, list[str], str, str, str]] = [
    ("a name, a balancer, a group and a database, a zone lost", behind_a_balancer, WHOLE,
     "zone", "eu-west-1a", ITSELF),
    ("the same, deleted data", behind_a_balancer, WHOLE, "deletion", "", RUNBOOK),
    ("the same, its Region lost", behind_a_balancer, WHOLE, "region", "eu-west-1", LOST),
    ("the same, its account taken over", behind_a_balancer, WHOLE, "account", "", LOST),
    ("a service over a database in one zone",
     lambda m: m.shop() | {"Db": m.rds("a", MultiAZ=False, BackupRetentionPeriod=0,
                                                   VPCSecurityGroups=[{"Fn::GetAtt": ["Data", "GroupId"]}])["Db"]},
     WHOLE, "zone", "eu-west-1a", LOST),
    ("no name", lambda m: without(m.shop(), "Name"), ["Balancer", "Service", "Db"], "instance", "", ITSELF),
    ("stores that are not seen", lambda m: m.shop(stores=False), ["Name", "Balancer", "Service"], "zone",
     "eu-west-1a", UNKNOWN),
    ("stores that are not seen, and a Region that is lost", lambda m: m.shop(stores=False),
     ["Name", "Balancer", "Service"], "region", "eu-west-1", LOST),
    ("a service that is not seen", lambda m: without(m.shop(), "Listener"), ["Name", "Balancer"],
     "instance", "", UNKNOWN),
    ("an API, a function and a table, a zone lost", behind_an_api, ["Api", "Code", "Orders"], "zone", "eu-west-1",
     SURVIVES),
    ("an API, a function and a table, its Region lost", behind_an_api, ["Api", "Code", "Orders"], "region", "eu-west-1",
     LOST),
    ("an API, a function and a global table: the function is gone",
     lambda m: behind_an_api(m) | {"Orders": m.resource("AWS::DynamoDB::GlobalTable", Replicas=[
         {"Region": "eu-west-1"}, {"Region": "eu-central-1"}])},
     ["Api", "Code", "Orders"], "region", "eu-west-1", LOST),
]  # fmt: skip


@pytest.mark.parametrize(
    ("build", "parts", "fault", "where", "fate"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_a_way_fares_as_the_worst_of_its_parts_and_is_unknown_where_it_ends(make, build, parts, fault, where, fate):
    [way] = ways(make, build(make))

    assert [part.logical_id for part in way.path.parts] == parts
    assert fates(way)[fault, where] == fate


def at_an_address(make: Any, value: Any, **more: Any) -> dict[str, Any]:
    """Name -> the Elastic IP of a server."""
    name = make.resource("AWS::Route53::RecordSet", Name="shop.example.com", Type="A", ResourceRecords=[value])
    return {"Name": name, "Server": make.resource("AWS::EC2::Instance"), **more}


def appsync(make: Any) -> dict[str, Any]:
    """GraphQL -> function and table; another function calls the API."""
    api = {"Fn::GetAtt": ["Api", "ApiId"]}
    code = {"LambdaFunctionArn": {"Fn::GetAtt": ["Code", "Arn"]}}
    client = {"Variables": {"API": {"Fn::GetAtt": ["Api", "GraphQLUrl"]}}}
    return {
        "Api": make.resource("AWS::AppSync::GraphQLApi"),
        "Calls": make.resource("AWS::AppSync::DataSource", ApiId=api, LambdaConfig=code),
        "Reads": make.resource("AWS::AppSync::DataSource", ApiId=api, DynamoDBConfig={"TableName": {"Ref": "Orders"}}),
        "Code": make.resource("AWS::Lambda::Function"),
        "Client": make.resource("AWS::Lambda::Function", Environment=client),
        "Orders": make.resource("AWS::DynamoDB::Table"),
    }


def at_a_url(make: Any, target: Any) -> dict[str, Any]:
    return {
        "Url": make.resource("AWS::Lambda::Url", TargetFunctionArn=target),
        "Alias": make.resource("AWS::Lambda::Alias", FunctionName={"Ref": "Code"}),
        "Code": make.resource("AWS::Lambda::Function", Environment={"Variables": {"TABLE": {"Ref": "Orders"}}}),
        "Orders": make.resource("AWS::DynamoDB::Table"),
    }


IP, SERVER = {"Ref": "Address"}, {"Ref": "Server"}
DOORS: list[tuple[Build, list[list[str]]]] = [
    (lambda m: at_an_address(m, IP, Address=m.resource("AWS::EC2::EIP", InstanceId=SERVER)), [["Name", "Server"]]),
    (lambda m: at_an_address(
        m, {"Fn::GetAtt": ["Address", "PublicIp"]}, Address=m.resource("AWS::EC2::EIP"),
        Tied=m.resource("AWS::EC2::EIPAssociation", AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]},
                        InstanceId=SERVER)), [["Name", "Server"]]),
    (appsync, [["Api", "Code"], ["Api", "Orders"]]),
    (lambda m: at_a_url(m, {"Fn::GetAtt": ["Code", "Arn"]}), [["Url", "Code", "Orders"]]),
    (lambda m: at_a_url(m, {"Ref": "Alias"}), [["Url", "Code", "Orders"]]),
]  # fmt: skip


@pytest.mark.parametrize(("build", "parts"), DOORS)
def test_every_door_leads_to_what_stands_behind_it(make, build, parts):
    assert [names for _, names in shown(ways(make, build(make)))] == parts


GAPS = [
    (behind_a_balancer, ()),
    (lambda m: m.shop(stores=False),
     ("which stores stack-eu-west-1/Service uses is not in the templates",)),
    (lambda m: without(m.shop(), "Listener"),
     ("what stands behind stack-eu-west-1/Balancer is not in the templates",)),
    (lambda m: m.shop(stores=False) | {"Told": m.resource("AWS::SNS::Topic"), "Service": m.group(
        TargetGroupARNs=[{"Ref": "Targets"}], NotificationConfigurations=[{"TopicARN": {"Ref": "Told"}}])["Group"]},
     ("which stores stack-eu-west-1/Service uses is not in the templates",)),
    (lambda m: {"Name": m.resource("AWS::Route53::RecordSet", Name="a", Type="CNAME", ResourceRecords=["b"])},
     ("what stack-eu-west-1/Name leads to is not in the templates",)),
    (lambda m: m.shop(Port=6543),
     ("stack-eu-west-1/Service is meant to use stack-eu-west-1/Db, and cannot reach it: stack-eu-west-1/Data does not "
      "let it in",)),
]  # fmt: skip


@pytest.mark.parametrize(("build", "gaps"), GAPS)
def test_where_the_templates_do_not_tell_it_is_said(make, build, gaps):
    [way] = ways(make, build(make))

    assert way.path.gaps == gaps


def test_the_time_of_a_way_is_composed_as_that_of_a_workload(make):
    found = review_templates([make.template(make.shop())])
    [way] = found.ways

    estimated = {e.case: (e.rto, e.rpo) for e in found.estimates}
    ours = {each.case: (each.rto, each.rpo) for each in way.fates}

    assert ours == {case: figures for case, figures in estimated.items() if case in ours}
    assert len(ours) == 7


def test_names_of_both_address_families_are_one_way(make):
    resources = make.shop() | {"Name6": make.alias("Balancer", type="AAAA")}

    assert shown(ways(make, resources)) == [
        ("shop.example.com", ["Name6", "Name", "Balancer", "Service", "Db"])
    ]  # fmt: skip


def test_a_name_of_an_api_leads_to_it(make):
    target = {"DNSName": {"Fn::GetAtt": ["Domain", "RegionalDomainName"]}}
    named = {
        "Domain": make.resource("AWS::ApiGatewayV2::DomainName", DomainName="api.example.com"),
        "Maps": make.resource("AWS::ApiGatewayV2::ApiMapping", ApiId={"Ref": "Api"}, DomainName={"Ref": "Domain"}),
        "Name": make.resource("AWS::Route53::RecordSet", Name="api.example.com.", Type="A", AliasTarget=target),
    }

    assert shown(ways(make, behind_an_api(make) | named)) == [("api.example.com", ["Name", "Api", "Code", "Orders"])]


def test_text_and_mail_are_no_way(make):
    text = make.resource("AWS::Route53::RecordSet", Name="shop.example.com", Type="TXT", ResourceRecords=['"hello"'])

    assert ways(make, {"Text": text}) == ()


def test_a_circle_of_names_and_a_thicket_of_them_come_to_an_end(make):
    def led(name: str, to: str) -> dict[str, Any]:
        return make.resource("AWS::Route53::RecordSet", Name=name, Type="CNAME", ResourceRecords=[to])

    start = {"Start": led("start", "n0")}
    thicket = {f"N{level}x{each}": led(f"n{level}", f"n{(level + 1) % 20}") for level in range(20) for each in range(4)}

    found = paths(Graph([make.template(start | thicket)]))

    assert 0 < len(found) <= MOST


def test_stores_of_a_service_stand_side_by_side(make):
    api = behind_an_api(make) | {"Carts": make.resource("AWS::DynamoDB::Table")}
    api["Code"]["Properties"]["Environment"]["Variables"]["CARTS"] = {"Ref": "Carts"}

    [path] = paths(Graph([make.template(api)]))

    assert str(path).endswith("/Api -> stack-eu-west-1/Code -> stack-eu-west-1/Carts, stack-eu-west-1/Orders")


def test_every_report_shows_it(make):
    found = review_templates([make.template(make.shop())])
    way = "shop.example.com -> stack-eu-west-1/Balancer -> stack-eu-west-1/Service -> stack-eu-west-1/Db"

    [told] = json.loads(as_json(found))["paths"]

    assert (told["entry"], told["region"], told["gaps"]) == ("shop.example.com", "eu-west-1", [])
    assert [part["logical_id"] for part in told["parts"]] == WHOLE
    assert {each["outcome"] for each in told["outcomes"]} == {ITSELF, RUNBOOK, LOST}
    assert f"**{way}**\n\n| Fault | What happens | RTO | RPO |" in as_markdown(found)
    assert f"way {way}: at worst lost (loss of eu-west-1)" in " ".join(as_text(found).split())
