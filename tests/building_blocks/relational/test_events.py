"""Events: of every source in use, by ids that mean what they are taken for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from aws_cdk import Aws
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from constructs import Construct
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.relational import _events as told
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.database_events import DatabaseEvents
from cdk_standby_review.facts import rds_events as facts

MESSAGES = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html"
SUBSCRIPTION = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateEventSubscription.html"
TYPES = (
    "'db-instance', 'db-cluster', 'db-parameter-group', 'db-security-group', 'db-snapshot', 'db-cluster-snapshot',"
    " 'db-proxy', 'zero-etl', 'custom-engine-version', 'blue-green-deployment'"
)
LONGEST = "a" * 63
AURORA_INSTANCES = 16


@pytest.fixture(scope="module")
def built(make_stack, template, resources):
    """Every helper once, an Aurora cluster, and databases made elsewhere; without hashes in ids."""
    stack = make_stack()
    key = DataKey(stack, "Key").key
    topic = AlarmTopic(stack, "Alarms", key=key)
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa0", "rtb-0aaaaaaaaaaaaaaa1"],
    )
    usual = {"engine": "aurora-postgresql", "version": "17.4", "vpc": vpc, "key": key, "alarms": topic}
    AuroraCluster(stack, "Aurora", **usual)
    largest = [LONGEST] * (1 + AURORA_INSTANCES)
    told.failover_rule(Construct(stack, "Largest"), topic, {"db-cluster": largest})
    told.instance_events(Construct(stack, "Instance"), ["orders"], topic)
    told.replica_events(Construct(stack, "Replica"), ["orders-replica"], topic)
    told.proxy_events(Construct(stack, "Proxy"), ["orders-proxy"], topic)
    told.parameter_events(Construct(stack, "Group"), ["orders-17"], topic)
    told.snapshot_events(Construct(stack, "Snapshot"), "db-snapshot", ["orders-before"], topic)
    told.deployment_events(Construct(stack, "Deployment"), ["bgd-0123456789abcdef"], topic)
    DatabaseEvents(stack, "Foreign", topic=topic.topic, source_type="db-cluster", sources=["Shop"])
    DatabaseEvents(stack, "Everything", topic=topic)
    DatabaseEvents(stack, "Backups", topic=topic, source_type="db-cluster-snapshot", categories=["backup"])
    made = template(stack)

    def of(kind):
        return {re.sub(r"[0-9A-F]{8}$", "", name): one for name, one in resources(made, kind).items()}

    return SimpleNamespace(template=made, told=of("AWS::RDS::EventSubscription"), rules=of("AWS::Events::Rule"))


@pytest.mark.capability("RDS-06")
def test_there_is_a_subscription_for_each_type_of_source_in_use(built):
    kinds = {name: one.get("SourceType") for name, one in built.told.items()}

    assert kinds == {
        "AuroraEvents": "db-cluster",
        "AuroraInstanceEvents": "db-instance",
        "InstanceEvents": "db-instance",
        "ReplicaEvents": "db-instance",
        "ProxyEvents": "db-proxy",
        "GroupParameterEvents": "db-parameter-group",
        "SnapshotEvents": "db-snapshot",
        "DeploymentEvents": "blue-green-deployment",
        "ForeignEvents": "db-cluster",
        "EverythingEvents": None,
        "BackupsEvents": "db-cluster-snapshot",
    }


@pytest.mark.capability("RDS-05")
@pytest.mark.parametrize("name", ["AuroraEvents", "InstanceEvents", "ReplicaEvents", "ForeignEvents"])
def test_a_failover_is_among_the_categories(built, name):
    assert "failover" in built.told[name]["EventCategories"]


@pytest.mark.capability("RDS-06")
def test_every_category_is_one_that_its_source_has(built):
    for one in built.told.values():
        known = facts.SOURCES.value.get(one.get("SourceType"), ())
        assert set(one.get("EventCategories", ())) <= set(known), one


def test_a_replica_tells_of_its_replication_and_a_proxy_of_its_failures(built):
    assert "read replica" in built.told["ReplicaEvents"]["EventCategories"]
    assert built.told["ProxyEvents"]["EventCategories"] == ["deletion", "failure"]


def test_what_is_asked_for_is_subscribed_and_nothing_else(built):
    assert built.told["BackupsEvents"]["EventCategories"] == ["backup"]
    assert "SourceIds" not in built.told["BackupsEvents"]
    assert set(built.told["EverythingEvents"]) == {"SnsTopicArn"}


@pytest.mark.capability("RDS-05")
@pytest.mark.parametrize(("name", "source"), [("InstanceFailover", "orders"), ("ReplicaFailover", "orders-replica")])
def test_a_rule_matches_the_failovers_of_the_very_instance(built, name, source):
    pattern = built.rules[name]["EventPattern"]

    assert pattern["source"] == ["aws.rds"]
    assert pattern["detail-type"] == ["RDS DB Instance Event"]
    assert pattern["detail"]["SourceIdentifier"] == [source]
    assert set(pattern["detail"]["EventID"]) == {
        "RDS-EVENT-0013",
        "RDS-EVENT-0015",
        "RDS-EVENT-0034",
        "RDS-EVENT-0049",
        "RDS-EVENT-0050",
        "RDS-EVENT-0051",
        "RDS-EVENT-0065",
        *("RDS-EVENT-0028", "RDS-EVENT-0029", "RDS-EVENT-0086"),
    }


@pytest.mark.capability("RDS-05")
def test_no_rule_takes_a_conversion_to_multi_az_for_a_failover(built):
    assert "0025" not in json.dumps(built.rules)


@pytest.mark.capability("RDS-05", "AUR-21")
@pytest.mark.parametrize("name", ["AuroraFailover", "ForeignFailover"])
def test_a_cluster_tells_of_failovers_within_and_between_regions(built, name):
    pattern = built.rules[name]["EventPattern"]

    assert pattern["detail-type"] == ["RDS DB Cluster Event", "RDS DB Instance Event"]
    assert set(pattern["detail"]["EventID"]) == {
        *(f"RDS-EVENT-00{number}" for number in (69, 70, 71, 72, 73)),
        *(f"RDS-EVENT-0{number}" for number in (181, 182, 183, 184, 185, 186, 187, 238, 239, 240, 241, 397, 423)),
        "RDS-EVENT-0391",
    }


def test_the_rule_of_a_cluster_names_it_and_its_own_instances(built):
    sources = built.rules["AuroraFailover"]["EventPattern"]["detail"]["SourceIdentifier"]

    assert [next(iter(source)) for source in sources] == ["Ref"] * 4
    assert sources[0]["Ref"].startswith("AuroraCluster")
    assert all(source["Ref"].startswith("AuroraInstance") for source in sources[1:])


def test_the_largest_cluster_keeps_its_pattern_within_the_limit(built):
    pattern = built.rules["LargestFailover"]["EventPattern"]

    assert len(pattern["detail"]["SourceIdentifier"]) == 17
    assert len(json.dumps(pattern, separators=(",", ":"))) <= facts.PATTERN.value


def test_names_are_compared_as_rds_writes_them(built):
    assert built.rules["ForeignFailover"]["EventPattern"]["detail"]["SourceIdentifier"] == ["shop"]


@pytest.mark.capability("RDS-05")
def test_the_message_says_what_happened_to_what_and_when(built):
    for rule in built.rules.values():
        [target] = rule["Targets"]
        assert next(iter(target["Arn"].values())).startswith("AlarmsTopic")
        said = target["InputTransformer"]
        assert (
            said["InputTemplate"] == '"<detail-SourceIdentifier>: <detail-Message> (<detail-EventID>, <detail-Date>)"'
        )


def test_eventbridge_and_rds_may_publish_to_the_topic_and_use_its_key(built, resources):
    [policy] = resources(built.template, "AWS::SNS::TopicPolicy").values()
    [key] = resources(built.template, "AWS::KMS::Key").values()

    for document in (policy["PolicyDocument"], key["KeyPolicy"]):
        allowed = json.dumps([s["Principal"] for s in document["Statement"] if s["Effect"] == "Allow"])
        assert {"events.amazonaws.com", "events.rds.amazonaws.com"} <= set(
            re.findall(r"[a-z.]+\.amazonaws\.com", allowed)
        )


@pytest.mark.capability("RDS-06")
def test_a_type_that_rds_does_not_know_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseEvents(stack, "Events", topic=AlarmTopic(stack, "Alarms"), source_type="db-event", sources=["orders"])

    assert str(raised.value) == (
        f"Test/Events: 'source_type' is 'db-event'; allowed: {TYPES}, because RDS knows these types of source, and"
        f" these categories of each ({MESSAGES})"
    )


@pytest.mark.capability("RDS-05")
def test_names_without_a_type_are_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseEvents(stack, "Events", topic=AlarmTopic(stack, "Alarms"), sources=["orders"])

    assert str(raised.value) == (
        f"Test/Events: 'source_type' is not given; allowed: one of {TYPES}, since 'sources' are given, because a name"
        f" says nothing to RDS without the type of what it names ({SUBSCRIPTION})"
    )


@pytest.mark.capability("RDS-05", "RDS-06")
def test_a_category_of_another_source_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        DatabaseEvents(
            stack,
            "Events",
            topic=AlarmTopic(stack, "Alarms"),
            source_type="db-proxy",
            categories=["failure", "failover"],
        )

    assert str(raised.value) == (
        "Test/Events: 'categories' is ['failure', 'failover']; allowed: 'configuration change', 'creation',"
        " 'deletion', 'failure', because RDS knows these types of source, and these categories of each"
        f" ({MESSAGES})"
    )


@pytest.mark.capability("RDS-05")
def test_a_fifo_topic_is_refused(make_stack):
    stack = make_stack()
    topic = sns.Topic(stack, "Orders", fifo=True)
    with pytest.raises(InvalidOptions) as raised:
        DatabaseEvents(stack, "Events", topic=topic)

    assert str(raised.value) == (
        "Test/Events: 'topic' is 'Test/Orders (FIFO)'; allowed: a standard topic, because RDS does not publish to FIFO"
        f" topics ({SUBSCRIPTION})"
    )


@pytest.mark.capability("RDS-05")
def test_the_page_tells_of_every_id_what_it_means_and_what_to_do():
    page = Path(__file__).parents[3].joinpath("docs/relational/operations.md").read_text("utf-8")
    rows = re.findall(r"^\| (RDS-EVENT-\d+) \| (.+) \| (.+) \|$", page, re.MULTILINE)

    groups = (facts.INSTANCE_FAILOVER, facts.CLUSTER_FAILOVER, facts.GLOBAL_FAILOVER, facts.UNFENCED, facts.WEAKENED)
    told_of = {event: means for group in groups for event, means in group.value.items()}
    assert {event: means for event, means, _ in rows} == told_of
    assert set(told_of) == {event for ids in told.FAILOVERS.values() for event in ids}


@settings(max_examples=25)
@given(
    options=st.fixed_dictionaries(
        {},
        optional={
            "source_type": st.sampled_from([None, "db-instance", "db-cluster", "db-proxy", "zero-etl", "db", ""]),
            "sources": st.lists(st.sampled_from(["orders", "shop", Aws.STACK_NAME]), max_size=2),
            "categories": st.none() | st.lists(st.sampled_from(["failure", "failover", "backup", ""]), max_size=2),
        },
    )
)
def test_whatever_is_asked_for_is_a_subscription_or_an_error_of_ours(make_stack, options):
    stack = make_stack()
    try:
        made = DatabaseEvents(stack, "Events", topic=sns.Topic(stack, "Topic"), **options)
    except InvalidOptions:
        return

    assert made.subscription.source_type == options.get("source_type")
