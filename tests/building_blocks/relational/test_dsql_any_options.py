"""Whatever somebody asks of a DSQL cluster: a template that keeps the promises, or `InvalidOptions` that say why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational.dsql import DsqlCluster

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
REGIONS = ("eu-west-1", "eu-west-2", "eu-central-1", "us-east-1", "sa-east-1", "eu-wset-1", "")
reasons = st.sampled_from([None, "a lab", ""])
arns = st.sampled_from(REGIONS).map(lambda region: f"arn:aws:dsql:{region}:111111111111:cluster/{'a' * 26}")
anything = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from([None, "orders", "Örders & more", "", "o" * 300, cdk.Aws.STACK_NAME]),
        "witness": st.none() | st.sampled_from([*REGIONS, cdk.Aws.REGION]),
        "peers": st.none()
        | st.dictionaries(st.sampled_from([*REGIONS, cdk.Aws.REGION]), arns | st.sampled_from(["", cdk.Aws.STACK_ID])),
        "region_set_because": reasons,
        "public_because": reasons,
        "deletable_because": reasons,
        "alarm_thresholds": st.sampled_from([None, {"Conflicts": 1.0}, {"Lag": 1.0}]),
        "alarms_off_because": st.sampled_from([None, {"Storage": "small"}, {"Storage": ""}]),
    },
)


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The resources of a cluster with these options, or None when they were refused."""

    def build(options: dict[str, Any]) -> dict[str, Any] | None:
        stack = make_stack()
        try:
            DsqlCluster(stack, "Orders", key=kms.Key.from_key_arn(stack, "Key", KEY), **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack)["Resources"])

    return build


def promises_are_kept(resources: dict[str, Any], options: dict[str, Any]) -> None:
    [cluster] = [r for r in resources.values() if r["Type"] == "AWS::DSQL::Cluster"]
    properties, deletable = cluster["Properties"], options.get("deletable_because")

    assert properties["KmsEncryptionKey"] == KEY
    assert properties["DeletionProtectionEnabled"] is not bool(deletable)
    assert cluster["DeletionPolicy"] == ("Delete" if deletable else "Retain")
    assert ("PolicyDocument" in properties) is not bool(options.get("public_because"))
    assert ("MultiRegionProperties" in properties) is (options.get("witness") is not None)
    assert len(properties.get("MultiRegionProperties", {}).get("Clusters", [])) == len(options.get("peers") or {}) <= 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=anything)
def test_any_options_are_built_or_refused(attempt, options):
    resources = attempt(options)

    if resources is not None:
        promises_are_kept(resources, options)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    peered=st.booleans(),
    witness=st.sampled_from(["eu-west-2", "eu-west-3", "eu-north-1"]),
    because=st.sampled_from([None, "a lab"]),
)
def test_reasonable_options_are_built(attempt, peered, witness, because):
    peers = {"eu-central-1": f"arn:aws:dsql:eu-central-1:111111111111:cluster/{'a' * 26}"} if peered else None
    options = {"name": "orders", "witness": witness, "peers": peers, "deletable_because": because}

    resources = attempt(options)

    assert resources is not None
    promises_are_kept(resources, options)
