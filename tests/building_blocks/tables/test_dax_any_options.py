"""Whatever somebody asks of a DAX cluster: a template that keeps the promises, or `InvalidOptions` that say why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.tables.dax import DaxCluster

reasons = st.sampled_from([None, "a lab", ""])
times = st.sampled_from([None, cdk.Duration.millis(0), cdk.Duration.seconds(1), cdk.Duration.days(400)])
anything = st.fixed_dictionaries(
    {},
    optional={
        "zones": st.sampled_from(["a", "ab", "abc", "abcd"]),
        "tables": st.sampled_from([(), ("One",), ("One", "Two"), ("One", "One")]),
        "read_only": st.booleans(),
        "nodes": st.integers(-1, 13) | st.just(cdk.Token.as_number({"Ref": "Nodes"})),
        "few_nodes_because": reasons,
        "node_type": st.sampled_from(["dax.r7i.large", "dax.t3.small", "cache.r7g.large", "", cdk.Aws.STACK_NAME]),
        "name": st.sampled_from([None, "orders", "Orders", "o" * 21, "a--b", "", "grep-it", cdk.Aws.STACK_NAME]),
        "item_ttl": times,
        "query_ttl": times,
        "plaintext_because": reasons,
        "maintenance_window": st.sampled_from(["sun:23:30-mon:00:30", "sun:03:00-sun:03:10", "", "daily"]),
        "alarm_thresholds": st.sampled_from([None, {"Cpu": 1.0}, {"Lag": 1.0}]),
        "alarms_off_because": st.sampled_from([None, {"Errors": "noise"}, {"Errors": ""}]),
    },
)


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The resources of a cluster with these options, or None when they were refused."""

    def build(options: dict[str, Any]) -> dict[str, Any] | None:
        stack = make_stack()
        zones = options.get("zones", "abc")
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id="vpc-0123456789abcdef0",
            availability_zones=[f"eu-west-1{zone}" for zone in zones],
            isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in zones] or None,
        )
        names = options.get("tables", ("One",))
        key = dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)
        tables = {name: dynamodb.TableV2(stack, name, partition_key=key) for name in dict.fromkeys(names)}
        others = {name: value for name, value in options.items() if name not in ("zones", "tables")}
        try:
            DaxCluster(stack, "Cache", vpc=vpc, tables=[tables[name] for name in names], **others)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack)["Resources"])

    return build


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=anything)
def test_any_options_are_built_or_refused(attempt, options):
    resources = attempt(options)

    if resources is not None:
        promises_are_kept(resources, options)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(nodes=st.integers(3, 11), zones=st.sampled_from(["ab", "abc", "abcd"]), because=st.sampled_from([None, "a lab"]))
def test_reasonable_options_are_built(attempt, nodes, zones, because):
    options = {"nodes": nodes, "zones": zones, "plaintext_because": because}

    resources = attempt(options)

    assert resources is not None
    promises_are_kept(resources, options)


def promises_are_kept(resources: dict[str, Any], options: dict[str, Any]) -> None:
    [cluster] = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::DAX::Cluster"]

    assert cluster["SSESpecification"] == {"SSEEnabled": True}
    assert cluster["ClusterEndpointEncryptionType"] == ("NONE" if options.get("plaintext_because") else "TLS")
    if isinstance(cluster["ReplicationFactor"], int):
        assert len(cluster["AvailabilityZones"]) == cluster["ReplicationFactor"]
        assert cluster["ReplicationFactor"] >= 3 or options.get("few_nodes_because")
        assert len(set(cluster["AvailabilityZones"])) >= 2 or cluster["ReplicationFactor"] == 1
