"""Types that the example does not contain, updates in place, and what a model must not swallow."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from cdk_standby_runbooks.local_aws import LocalAws
from cdk_standby_runbooks.local_aws.resources import HANDLERS
from cdk_standby_runbooks.local_aws.resources._model import Context, Made, Unsupported
from cdk_standby_runbooks.local_aws.resources._rows import unlike
from cdk_standby_runbooks.local_aws.resources._send import fit

REGION, OTHER = "eu-west-1", "eu-central-1"
NUMBERS = count()
Resources = dict[str, Any]


class Stack:
    """A stack of its own name."""

    def __init__(self, aws: LocalAws, region: str = REGION) -> None:
        self.aws, self.region = aws, region
        self.name = f"resources-{next(NUMBERS)}"
        self.client = aws.client("cloudformation", region)

    def deploy(self, resources: Resources) -> list[str]:
        """Create or update; the reasons of failures."""
        body = {"StackName": self.name, "TemplateBody": json.dumps({"Resources": resources})}
        exists = self.status() != "gone"
        (self.client.update_stack if exists else self.client.create_stack)(
            **body, Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        self.settle()
        events = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        return [e["ResourceStatusReason"] for e in events if e["ResourceStatus"] in ("CREATE_FAILED", "UPDATE_FAILED")]

    def status(self) -> str:
        try:
            return str(self.client.describe_stacks(StackName=self.name)["Stacks"][0]["StackStatus"])
        except self.client.exceptions.ClientError:
            return "gone"

    def settle(self) -> str:
        end = time.monotonic() + 60
        while (status := self.status()).endswith("IN_PROGRESS"):
            assert time.monotonic() < end, status
            time.sleep(0.05)
        return status

    def delete(self) -> str:
        self.client.delete_stack(StackName=self.name)
        return self.settle()

    def id(self, logical: str) -> str:
        told = self.client.describe_stack_resource(StackName=self.name, LogicalResourceId=logical)
        return str(told["StackResourceDetail"]["PhysicalResourceId"])


@pytest.fixture
def stack(aws: LocalAws) -> Iterator[Stack]:
    made = Stack(aws)
    yield made
    assert made.delete() == "gone"  # deletion is part of every handler


def resource(type: str, **properties: Any) -> Resources:
    return {"Type": f"AWS::{type}", "Properties": properties}


def test_a_regional_gateway_needs_no_subnet_and_takes_routes(stack: Stack) -> None:
    resources = {
        "Vpc": resource("EC2::VPC", CidrBlock="10.1.0.0/16", EnableDnsHostnames="true"),
        "Nat": resource("EC2::NatGateway", VpcId={"Ref": "Vpc"}, AvailabilityMode="regional"),
        "Routes": resource("EC2::RouteTable", VpcId={"Ref": "Vpc"}),
        "Out": resource(
            "EC2::Route",
            RouteTableId={"Ref": "Routes"},
            DestinationCidrBlock="0.0.0.0/0",
            NatGatewayId={"Fn::GetAtt": ["Nat", "NatGatewayId"]},
        ),
    }

    assert stack.deploy(resources) == []

    ec2, nat = stack.aws.client("ec2", REGION), stack.id("Nat")
    mine = [{"Name": "vpc-id", "Values": [stack.id("Vpc")]}]
    told = ec2.describe_nat_gateways(Filters=mine)["NatGateways"]
    assert [(one["NatGatewayId"], one["AvailabilityMode"], "SubnetId" in one) for one in told] == [
        (nat, "regional", False)
    ]
    routes = ec2.describe_route_tables(RouteTableIds=[stack.id("Routes")])["RouteTables"][0]["Routes"]
    assert nat in [route.get("NatGatewayId") for route in routes]


def test_security_group_rules_follow_the_template(stack: Stack) -> None:
    def group(port: int) -> Resources:
        rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/8"}
        return {
            "Vpc": resource("EC2::VPC", CidrBlock="10.1.0.0/16"),
            "Group": resource(
                "EC2::SecurityGroup", GroupDescription="x", VpcId={"Ref": "Vpc"}, SecurityGroupIngress=[rule]
            ),
            "Out": resource(
                "EC2::SecurityGroupIngress",
                GroupId={"Ref": "Group"},
                IpProtocol="-1",
                SourceSecurityGroupId={"Ref": "Group"},
            ),
        }

    assert (stack.deploy(group(443)), stack.deploy(group(8443))) == ([], [])

    ec2 = stack.aws.client("ec2", REGION)
    found = ec2.describe_security_groups(GroupIds=[stack.id("Group")])["SecurityGroups"][0]
    assert sorted(rule.get("FromPort", 0) for rule in found["IpPermissions"]) == [0, 8443]


def test_a_bucket_keeps_what_guards_its_objects(stack: Stack) -> None:
    def bucket(status: str) -> Resources:
        key = {"SSEAlgorithm": "aws:kms"}
        return {
            "Bucket": resource(
                "S3::Bucket",
                VersioningConfiguration={"Status": status},
                BucketEncryption={"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": key}]},
                LifecycleConfiguration={
                    "Rules": [{"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}]
                },
                PublicAccessBlockConfiguration={"BlockPublicAcls": True, "RestrictPublicBuckets": "true"},
            )
        }

    assert (stack.deploy(bucket("Enabled")), stack.deploy(bucket("Suspended"))) == ([], [])

    s3, name = stack.aws.client("s3", REGION), stack.id("Bucket")
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"
    rule = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    rules = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert rules[0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}


def test_bucket_replication_fails_by_name(aws: LocalAws) -> None:
    stack = Stack(aws)
    rules = [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::other"}}]
    replication = {"Role": f"arn:aws:iam::{aws.account}:role/x", "Rules": rules}

    told = stack.deploy({"Bucket": resource("S3::Bucket", ReplicationConfiguration=replication)})

    assert len(told) == 1
    assert "ReplicationConfiguration" in told[0]
    assert stack.status() == "ROLLBACK_COMPLETE"
    stack.delete()


def test_topics_queues_and_rules_reach_each_other(stack: Stack) -> None:
    arn = {"Fn::GetAtt": ["Queue", "Arn"]}
    pattern = {"source": ["aws.rds"]}
    resources = {
        "Topic": resource("SNS::Topic", DisplayName="alarms"),
        "Queue": resource("SQS::Queue", VisibilityTimeout=60),
        "Feed": resource("SNS::Subscription", TopicArn={"Ref": "Topic"}, Protocol="sqs", Endpoint=arn),
        "Rule": resource("Events::Rule", EventPattern=pattern, Targets=[{"Id": "t", "Arn": arn}]),
    }

    assert stack.deploy(resources) == []

    sqs, queue = stack.aws.client("sqs", REGION), stack.id("Queue")
    stack.aws.client("sns", REGION).publish(TopicArn=stack.id("Topic"), Message="hello")
    assert "hello" in sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"]
    targets = stack.aws.client("events", REGION).list_targets_by_rule(Rule=stack.id("Rule"))["Targets"]
    assert [target["Id"] for target in targets] == ["t"]


def test_a_secret_attached_to_a_cluster_knows_where_it_is(stack: Stack) -> None:
    template = {"SecretStringTemplate": '{"username": "admin1"}', "GenerateStringKey": "password", "PasswordLength": 20}
    password = "{{resolve:secretsmanager:${Secret}:SecretString:password}}"
    resources = {
        "Secret": resource("SecretsManager::Secret", GenerateSecretString=template),
        "Cluster": resource(
            "RDS::DBCluster",
            Engine="aurora-postgresql",
            EngineVersion="17.4",
            MasterUsername="admin1",
            MasterUserPassword={"Fn::Sub": password},
        ),
        "Attached": resource(
            "SecretsManager::SecretTargetAttachment",
            SecretId={"Ref": "Secret"},
            TargetId={"Ref": "Cluster"},
            TargetType="AWS::RDS::DBCluster",
        ),
    }

    assert stack.deploy(resources) == []

    held = stack.aws.client("secretsmanager", REGION).get_secret_value(SecretId=stack.id("Secret"))
    value = json.loads(held["SecretString"])
    assert (value["engine"], value["port"], len(value["password"])) == ("postgres", 5432, 20)
    assert value["host"].startswith(stack.id("Cluster"))


def test_events_of_databases_reach_a_topic(stack: Stack) -> None:
    resources = {
        "Topic": resource("SNS::Topic"),
        "Events": resource("RDS::EventSubscription", SnsTopicArn={"Ref": "Topic"}, SourceType="db-cluster"),
    }

    assert stack.deploy(resources) == []

    told = stack.aws.client("rds", REGION).describe_event_subscriptions(SubscriptionName=stack.id("Events"))
    assert told["EventSubscriptionsList"][0]["SourceType"] == "db-cluster"


def test_events_of_one_more_source_keep_their_subscription(stack: Stack) -> None:
    events = {"SnsTopicArn": {"Ref": "Topic"}, "SourceType": "db-instance"}
    before = resource("RDS::EventSubscription", **events, SourceIds=["one"])
    after = resource("RDS::EventSubscription", **events, SourceIds=["one", "two"])
    stack.deploy({"Topic": resource("SNS::Topic"), "Events": before})
    name = stack.id("Events")

    assert stack.deploy({"Topic": resource("SNS::Topic"), "Events": after}) == []

    told = stack.aws.client("rds", REGION).describe_event_subscriptions(SubscriptionName=name)
    assert told["EventSubscriptionsList"][0]["SourceIdsList"] == ["one", "two"]
    assert stack.id("Events") == name


def test_a_database_that_should_hold_something_does_not_come_up_empty(aws: LocalAws) -> None:
    stack = Stack(aws)

    told = stack.deploy({"Cluster": resource("RDS::DBCluster", Engine="aurora-mysql", SnapshotIdentifier="before")})

    assert len(told) == 1
    assert "DBClusterSnapshot before not found" in told[0]
    stack.delete()


def context(heard: list[str], clients: Callable[..., Any]) -> Context:
    return Context("111111111111", REGION, "stack", "arn:stack", "Logical", "AWS::X::Y", clients, drop=heard.append)


def test_an_update_that_nobody_models_is_refused_by_name(aws: LocalAws) -> None:
    handler = HANDLERS["AWS::EC2::Subnet"]
    here = context([], aws.client)

    with pytest.raises(Unsupported) as told:
        handler.update(
            here, Made("subnet-1"), {"AssignIpv6AddressOnCreation": False}, {"AssignIpv6AddressOnCreation": True}
        )

    assert str(told.value) == "AWS::X::Y: changing AssignIpv6AddressOnCreation in place is not modelled here"


def test_a_property_that_the_api_does_not_know_is_heard_of(aws: LocalAws) -> None:
    heard: list[str] = []

    made = HANDLERS["AWS::EC2::InternetGateway"].create(context(heard, aws.client), {"Shiny": True})

    assert (made.physical_id[:4], heard) == ("igw-", ["Shiny"])


def test_what_does_not_read_back_was_lost(aws: LocalAws) -> None:
    shape = aws.client("rds").meta.service_model.shape_for("DBCluster")
    sent = {"Engine": "x", "BackupRetentionPeriod": 7, "MonitoringInterval": 60, "KmsKeyId": None}

    assert unlike(shape, sent, {"Engine": "x", "BackupRetentionPeriod": 1}) == [
        "BackupRetentionPeriod",
        "MonitoringInterval",
    ]


def test_values_take_the_types_of_the_api(aws: LocalAws) -> None:
    shape = aws.client("autoscaling").meta.service_model.operation_model("CreateAutoScalingGroup").input_shape
    unknown: list[str] = []

    fitted = fit(shape, {"MinSize": "3", "CapacityRebalance": "true", "Tags": [{"Key": "a", "Odd": 1}]}, "", unknown)

    assert fitted == {"MinSize": 3, "CapacityRebalance": True, "Tags": [{"Key": "a"}]}
    assert unknown == ["Tags[].Odd"]


def test_every_type_is_aws_s_own() -> None:
    strange = [name for name in HANDLERS if not name.startswith("AWS::")]

    assert strange == []
    assert len(HANDLERS) > 55
