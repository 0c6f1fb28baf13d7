"""Parity over a whole deployment: what takes over is as good as what it stands for, or the review says where not."""

from __future__ import annotations

import json

import pytest

from cdk_standby_review import Severity, review_templates
from cdk_standby_review.facts.quotas import processors
from cdk_standby_review.report import as_json, as_markdown
from cdk_standby_review.rules import parity

WEST, CENTRAL, OUTSIDE = 0, 1, 2
TOPIC = "arn:aws:sns:{}:111111111111:alarms"
REGIONS = ("eu-west-1", "eu-central-1")


def same(make):
    """A well-built warm standby whose sites are alike in everything that parity is about."""
    templates = make.warm_standby()
    for site, region in zip(templates, REGIONS, strict=False):
        resources = site.body["Resources"]
        resources |= {
            "Parameters": make.resource(
                "AWS::RDS::DBClusterParameterGroup", Family="aurora-postgresql17", Parameters={"rds.force_ssl": "1"}
            ),
            "OfInstances": make.resource("AWS::RDS::DBParameterGroup", Parameters={"log_connections": 1}),
            "Certificate": make.resource("AWS::CertificateManager::Certificate", DomainName="*.example.com"),
            "Template": make.resource(
                "AWS::EC2::LaunchTemplate",
                LaunchTemplateData={"ImageId": f"ami-{region}", "InstanceType": "m7g.xlarge"},
            ),
            "Scaled": make.resource("AWS::ApplicationAutoScaling::ScalableTarget", MaxCapacity=9),
        }
        resources["Db"]["Properties"] |= {
            "DBClusterParameterGroupName": {"Ref": "Parameters"},
            "DBInstanceParameterGroupName": {"Ref": "OfInstances"},
            "EnableCloudwatchLogsExports": ["postgresql"],
        }
        for instance in ("Instance0", "Instance1"):
            resources[instance]["Properties"]["DBParameterGroupName"] = {"Ref": "OfInstances"}
        resources["Service"]["Properties"]["LaunchTemplate"] = {"LaunchTemplateId": {"Ref": "Template"}}
        resources["Lag"]["Properties"]["AlarmActions"] = [TOPIC.format(region)]
    return templates


# rule -> (where, logical id, properties) to change in it, and whom it concerns with what is said
CASES = {
    "replica-parameters": (
        CENTRAL, "Parameters", {"Parameters": {"rds.force_ssl": "0", "work_mem": "9"}}, "Db",
        "rds.force_ssl is 0 and not 1, work_mem is 9 and not left out, as of Shop-eu-west-1/Db: "
        "after a failover the database behaves otherwise",
    ),
    "replica-log-exports": (
        CENTRAL, "Db", {"EnableCloudwatchLogsExports": []}, "Db",
        "it does not export postgresql, as Shop-eu-west-1/Db does: after a failover nobody sees what it logs",
    ),
    "standby-certificate": (
        CENTRAL, "Certificate", {"DomainName": "other.example.com"}, "Second",
        "no certificate in eu-central-1 is for shop.example.com, as in eu-west-1: browsers refuse whoever is led there",
    ),
    "alarm-topic-region": (
        CENTRAL, "Lag", {"AlarmActions": [TOPIC.format("eu-west-1")]}, "Lag",
        "it tells a topic in eu-west-1: an alarm reaches topics of its own Region only",
    ),
    "standby-alarm-silent": (
        CENTRAL, "Lag", {"AlarmActions": []}, "Lag",
        "it tells nobody, Shop-eu-west-1/Lag does: after a failover nobody is told",
    ),
    "standby-drift": (
        CENTRAL, "Template", {"LaunchTemplateData": {"ImageId": "ami-9", "InstanceType": "m7g.large"}}, "Template",
        "InstanceType is m7g.large, Shop-eu-west-1/Template has m7g.xlarge: after a failover it behaves otherwise",
    ),
    "standby-image": (
        CENTRAL, "Template", {"LaunchTemplateData": {"ImageId": "ami-eu-west-1", "InstanceType": "m7g.xlarge"}},
        "Template",
        "ImageId is ami-eu-west-1 in eu-west-1 too: an image exists in one Region only",
    ),
    "standby-fewer-zones": (
        CENTRAL, "Group", {"SubnetIds": [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}]}, "Db",
        "it stands in 2 zones, Shop-eu-west-1/Db in 3: after a failover the loss of a zone takes more",
    ),
    "standby-scaling-maximum": (
        CENTRAL, "Scaled", {"MaxCapacity": 4}, "Scaled",
        "MaxCapacity is 4, Shop-eu-west-1/Scaled has 9: it cannot grow to full size in a failover",
    ),
}  # fmt: skip


def told(templates):
    rules = {rule.id for rule in parity.RULES}
    return [(f.rule, f.resource.logical_id, f.message) for f in review_templates(templates).findings if f.rule in rules]


@pytest.mark.parametrize("rule", CASES)
def test_a_difference_that_a_failover_would_bring_to_light_is_found(rule, make):
    where, logical_id, properties, culprit, message = CASES[rule]
    templates = same(make)
    templates[where].body["Resources"][logical_id]["Properties"] |= properties

    assert told(templates) == [(rule, culprit, message)]


def test_every_rule_of_parity_has_a_case():
    assert {rule.id for rule in parity.RULES} == {*CASES, "backup-copy-closed"}  # that one is tested with restores


def test_sites_that_are_alike_have_no_findings(make):
    assert told(same(make)) == []


def test_one_region_stands_for_nobody(make):
    assert told(same(make)[:1]) == []


def test_what_is_left_out_on_one_side_only_differs(make):
    templates = same(make)
    for site, retention in zip(templates, ({"MessageRetentionPeriod": 9}, {}), strict=False):
        site.body["Resources"]["Jobs"] = make.resource("AWS::SQS::Queue", **retention)

    assert told(templates) == [
        (
            "standby-drift",
            "Jobs",
            "MessageRetentionPeriod is left out, Shop-eu-west-1/Jobs has 9: after a failover it behaves otherwise",
        )
    ]


def test_the_only_ones_of_a_type_need_not_be_of_one_description(make):
    templates = same(make)
    for site, name, port in zip(templates, ("Jobs", "Letters"), (9, 8), strict=False):
        site.body["Resources"][name] = make.resource("AWS::SQS::Queue", VisibilityTimeout=port)

    assert told(templates) == []


def test_a_parameter_that_only_a_deployment_knows_is_not_compared(make):
    templates = same(make)
    group = templates[CENTRAL].body["Resources"]["Parameters"]["Properties"]
    group["Parameters"]["rds.force_ssl"] = {"Ref": "AWS::StackId"}
    templates[WEST].body["Resources"]["Parameters"]["Properties"]["Parameters"] = {}

    assert told(templates) == []


def test_the_parameters_of_instances_are_compared_too(make):
    templates = same(make)
    templates[CENTRAL].body["Resources"]["OfInstances"]["Properties"]["Parameters"] = {"log_connections": 0}

    assert [(rule, culprit) for rule, culprit, _ in told(templates)] == [("replica-parameters", "Instance0")]


def test_a_certificate_from_elsewhere_may_be_for_anything(make):
    templates = same(make)
    resources = templates[CENTRAL].body["Resources"]
    del resources["Certificate"]
    arn = "arn:aws:acm:eu-central-1:111111111111:certificate/1"
    resources["Https"] = make.resource(
        "AWS::ElasticLoadBalancingV2::Listener", Certificates=[{"CertificateArn": arn}], Protocol="HTTPS"
    )

    assert told(templates) == []


@pytest.mark.parametrize("names", [["shop.example.com"], ["other.example.com", "shop.example.com"]])
def test_a_certificate_names_the_users_name_or_has_it_beside_others(names, make):
    templates = same(make)
    properties = templates[CENTRAL].body["Resources"]["Certificate"]["Properties"]
    properties |= {"DomainName": names[0], "SubjectAlternativeNames": names[1:]}

    assert told(templates) == []


def test_latency_records_need_certificates_as_failover_records_do(make):
    templates = same(make)
    for logical_id, region in zip(("First", "Second"), REGIONS, strict=True):
        record = templates[OUTSIDE].body["Resources"][logical_id]["Properties"]
        del record["Failover"]
        record |= {"Region": region, "SetIdentifier": region}
    del templates[CENTRAL].body["Resources"]["Certificate"]

    assert [(rule, culprit) for rule, culprit, _ in told(templates)] == [("standby-certificate", "Second")]


def test_the_report_says_what_the_region_that_takes_over_has_to_be_allowed(make):
    found = review_templates(same(make))

    needed = {(q["region"], q["quota"]): q["needed"] for q in json.loads(as_json(found))["quotas"]}
    assert needed == {
        ("eu-central-1", "vCPUs of running On-Demand instances"): 96,  # 24 instances of 4, as in the Region that serves
        ("eu-central-1", "NAT gateways per Availability Zone"): 1,
        ("eu-central-1", "load balancers per Region"): 1,
        ("eu-central-1", "DB instances"): 2,
    }
    assert "| shop | eu-central-1 | vCPUs of running On-Demand instances | 96 |" in as_markdown(found)


def test_a_quota_is_information_and_no_finding(make):
    found = review_templates(same(make))

    assert found.needs
    assert found.worst(*Severity) == []


@pytest.mark.parametrize(
    ("type", "count"),
    [
        ("m7g.large", 2),
        ("m7g.xlarge", 4),
        ("r7g.16xlarge", 64),
        ("t4g.medium", 2),
        ("m7g.medium", 1),
        ("m7g.metal", None),
    ],
)
def test_a_size_says_how_many_processors_it_has(type, count):
    assert processors(type) == count


@pytest.mark.capability("DR-20")
def test_the_level_of_redundancy_is_asked_of_every_part(make):
    """One zone for one part is an error, whatever the others have."""
    single = make.network() | make.rds("a", MultiAZ=False) | {
        "Fleet": make.group("a")["Group"], "Way": make.balancer("a")["Balancer"]
    }  # fmt: skip
    spread = make.network() | make.rds() | {"Fleet": make.group()["Group"], "Way": make.balancer()["Balancer"]}

    weak, strong = (review_templates([make.template(resources)]) for resources in (single, spread))

    assert {f.rule for f in weak.worst(Severity.ERROR)} == {
        "autoscaling-single-zone",
        "load-balancer-single-zone",
        "rds-needs-standby",
        "subnet-group-single-zone",
    }
    assert strong.worst(Severity.ERROR) == []
