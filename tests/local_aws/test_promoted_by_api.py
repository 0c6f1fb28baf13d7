"""A replica that was promoted by API: the template that still names its source goes on, the other one fails."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from cdk_standby.keys import DataKey
from cdk_standby.relational.read_replica import ReadReplica, SourceInstance
from cdk_standby_runbooks.local_aws import LocalAws

HOME, AWAY = "eu-west-1", "eu-central-1"
LOST = {"promoted_because": "the Region of the source is lost"}


def template(**options: Any) -> str:
    app = cdk.App(analytics_reporting=False)
    env = cdk.Environment(account="111111111111", region=AWAY)
    stack = cdk.Stack(app, "Away", env=env, synthesizer=cdk.BootstraplessSynthesizer())
    isolated = ec2.SubnetConfiguration(name="Data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    zones = [f"{AWAY}{letter}" for letter in "abc"]
    vpc = ec2.Vpc(stack, "Vpc", availability_zones=zones, nat_gateways=0, subnet_configuration=[isolated])
    source = SourceInstance(identifier="orders", region=HOME, engine="postgres", version="17.6")
    ReadReplica(
        stack,
        "Orders",
        source=source,
        vpc=vpc,
        key=DataKey(stack, "Key").key,
        instance_identifier="orders-away",
        **options,
    )
    return json.dumps(Template.from_stack(stack).to_json())


@pytest.fixture(scope="module")
def away(aws: LocalAws) -> Any:
    """CloudFormation where the replica lives, which somebody has promoted behind its back."""
    aws.client("rds", HOME).create_db_instance(
        DBInstanceIdentifier="orders",
        Engine="postgres",
        EngineVersion="17.6",
        DBInstanceClass="db.r7g.large",
        AllocatedStorage=100,
        MasterUsername="dbadmin",
        MasterUserPassword="not-a-secret",
        BackupRetentionPeriod=7,
        StorageEncrypted=True,
    )
    stacks = aws.client("cloudformation", AWAY)
    stacks.create_stack(StackName="Orders", TemplateBody=template(), Capabilities=["CAPABILITY_IAM"])
    aws.client("rds", AWAY).promote_read_replica(DBInstanceIdentifier="orders-away")
    return stacks


def update(stacks: Any, **options: Any) -> str:
    """The status of the stack afterwards."""
    stacks.update_stack(StackName="Orders", TemplateBody=template(**options), Capabilities=["CAPABILITY_IAM"])
    return str(stacks.describe_stacks(StackName="Orders")["Stacks"][0]["StackStatus"])


@pytest.mark.capability("RDS-28")
def test_a_template_that_would_promote_once_more_fails_and_one_that_names_the_source_still_goes_on(away: Any) -> None:
    settled = update(away, **LOST, promoted_by_api=True)
    again = update(away, **LOST)

    assert (settled, again) == ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
    events = away.describe_stack_events(StackName="Orders")["StackEvents"]
    reasons = {e.get("ResourceStatusReason") for e in events if e["ResourceStatus"] == "UPDATE_FAILED"}
    assert any("DB Instance is not a read replica" in str(reason) for reason in reasons)
