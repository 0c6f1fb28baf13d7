"""Instances that wait: in the template of a headless secondary, made when a parameter of its stack says so."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_rds as rds
from constructs import Construct

NONE, ONE, ALL = "none", "one", "all"
VALUES = (NONE, ONE, ALL)


def instances_parameter(scope: Construct, id: str) -> cdk.CfnParameter:
    """Says which instances of a headless secondary there are; a deployment keeps what it says.

    As an output it is read whatever else the template has, and a change of it alone is one to CloudFormation.
    """
    made = cdk.CfnParameter(
        scope,
        id,
        type="String",
        default=NONE,
        allowed_values=list(VALUES),
        description="instances of the database here while another Region writes; a failover sets it",
    )
    cdk.CfnOutput(scope, f"{id}Asked", value=made.value_as_string)
    return made


def wait_for(scope: Construct, woken_by: cdk.CfnParameter, instances: Sequence[rds.CfnDBInstance]) -> None:
    """Let instances come and go with the parameter: the first with ``one``, each of them with ``all``.

    They hold no data, and go when they are no longer wanted: retained, they would run and be paid for on their own.
    """
    asked = woken_by.value_as_string
    some = cdk.CfnCondition(
        scope, "SomeInstances", expression=cdk.Fn.condition_not(cdk.Fn.condition_equals(asked, NONE))
    )
    every = cdk.CfnCondition(scope, "EveryInstance", expression=cdk.Fn.condition_equals(asked, ALL))
    for one, when in zip(instances, (some, *[every] * len(instances)), strict=False):
        one.cfn_options.condition = when
        one.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
