"""Large templates that AWS would take: what is fast on ten resources need not be on five thousand.

`python tests/support/large_templates.py FOLDER` writes `FOLDER/one/one.template.json` (500 resources, as many as
CloudFormation takes) and `FOLDER/many` (a cloud assembly of 50 stacks of 100 resources, in two Regions).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

REGIONS = ("eu-west-1", "eu-central-1")
ACCOUNT = "111111111111"
Resources = dict[str, dict[str, Any]]


def _resource(type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type, "Properties": properties}


def _got(logical_id: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, attribute]}


def network() -> Resources:
    """Twenty-four resources: a VPC over three zones, a group of instances behind a balancer, a database."""
    vpc, names = {"Ref": "Vpc"}, ("A", "B", "C")
    found: Resources = {"Vpc": _resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16")}
    for index, name in enumerate(names):
        found[f"Subnet{name}"] = _resource(
            "AWS::EC2::Subnet", VpcId=vpc, CidrBlock=f"10.0.{index}.0/24",
            AvailabilityZone={"Fn::Select": [index, {"Fn::GetAZs": ""}]},
        )  # fmt: skip
        found[f"Table{name}"] = _resource("AWS::EC2::RouteTable", VpcId=vpc)
        found[f"InTable{name}"] = _resource(
            "AWS::EC2::SubnetRouteTableAssociation",
            SubnetId={"Ref": f"Subnet{name}"}, RouteTableId={"Ref": f"Table{name}"},
        )  # fmt: skip
    subnets = [{"Ref": f"Subnet{name}"} for name in names]
    door = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "SourceSecurityGroupId": _got("Front", "GroupId")}
    data = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "SourceSecurityGroupId": _got("Back", "GroupId")}
    found |= {
        "Data": _resource(
            "AWS::EC2::SecurityGroup", GroupDescription="the database", VpcId=vpc, SecurityGroupIngress=[data]
        ),
        "Front": _resource("AWS::EC2::SecurityGroup", GroupDescription="the balancer", VpcId=vpc),
        "Back": _resource(
            "AWS::EC2::SecurityGroup", GroupDescription="the service", VpcId=vpc, SecurityGroupIngress=[door]
        ),
        "Balancer": _resource(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            Subnets=subnets, Scheme="internal", SecurityGroups=[_got("Front", "GroupId")],
        ),
        "Targets": _resource("AWS::ElasticLoadBalancingV2::TargetGroup", Port=8080, Protocol="HTTP", VpcId=vpc),
        "Listener": _resource(
            "AWS::ElasticLoadBalancingV2::Listener", LoadBalancerArn={"Ref": "Balancer"}, Port=80, Protocol="HTTP",
            DefaultActions=[{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}],
        ),
        "Launch": _resource(
            "AWS::EC2::LaunchTemplate",
            LaunchTemplateData={"InstanceType": "m7g.large", "SecurityGroupIds": [_got("Back", "GroupId")]},
        ),
        "Service": _resource(
            "AWS::AutoScaling::AutoScalingGroup", MinSize="3", MaxSize="12", VPCZoneIdentifier=subnets,
            TargetGroupARNs=[{"Ref": "Targets"}],
            LaunchTemplate={
                "LaunchTemplateId": {"Ref": "Launch"}, "Version": _got("Launch", "LatestVersionNumber"),
            },
        ),
        "Key": _resource("AWS::KMS::Key", KeyPolicy=_allowed("*", "kms:*", {"AWS": {"Ref": "AWS::AccountId"}})),
        "Groups": _resource("AWS::RDS::DBSubnetGroup", DBSubnetGroupDescription="all zones", SubnetIds=subnets),
        "Credentials": _resource("AWS::SecretsManager::Secret", GenerateSecretString={"ExcludePunctuation": True}),
        "Database": _resource(
            "AWS::RDS::DBCluster", Engine="aurora-postgresql", MasterUsername="shop",
            DBSubnetGroupName={"Ref": "Groups"},
            MasterUserPassword={"Fn::Sub": "{{resolve:secretsmanager:${Credentials}:SecretString:password}}"},
            VpcSecurityGroupIds=[_got("Data", "GroupId")], BackupRetentionPeriod=7,
            DeletionProtection=True, StorageEncrypted=True, KmsKeyId=_got("Key"),
        ),
        "Writer": _resource(
            "AWS::RDS::DBInstance", DBClusterIdentifier={"Ref": "Database"}, Engine="aurora-postgresql",
            DBInstanceClass="db.r7g.large",
        ),
    }  # fmt: skip
    return {name: (_kept(one) if one["Type"].startswith("AWS::RDS::DB") else one) for name, one in found.items()}


def _kept(resource: dict[str, Any]) -> dict[str, Any]:
    return {**resource, "DeletionPolicy": "Snapshot" if "Cluster" in resource["Type"] else "Retain",
            "UpdateReplacePolicy": "Snapshot" if "Cluster" in resource["Type"] else "Retain"}  # fmt: skip


def _allowed(on: Any, action: str, who: Any = None) -> dict[str, Any]:
    said: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": on}
    return {"Version": "2012-10-17", "Statement": [said | ({"Principal": who} if who else {})]}


def unit(number: int) -> Resources:
    """Ten resources that work together: a function, what it reads and writes, and who is told when it fails."""
    name = f"Unit{number}"
    assumed = _allowed("*", "sts:AssumeRole", {"Service": "lambda.amazonaws.com"})
    assumed["Statement"][0].pop("Resource")
    after = {"deadLetterTargetArn": _got(f"{name}Dead"), "maxReceiveCount": 3}
    return {
        f"{name}Dead": _resource("AWS::SQS::Queue", SqsManagedSseEnabled=True),
        f"{name}Queue": _resource("AWS::SQS::Queue", SqsManagedSseEnabled=True, RedrivePolicy=after),
        f"{name}Table": _kept(_resource(
            "AWS::DynamoDB::Table", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": number % 2 == 0},
        )),
        f"{name}Bucket": _kept(_resource("AWS::S3::Bucket", VersioningConfiguration={"Status": "Enabled"})),
        f"{name}Role": _resource(
            "AWS::IAM::Role", AssumeRolePolicyDocument=assumed,
            Policies=[{"PolicyName": "data", "PolicyDocument": _allowed(_got(f"{name}Table"), "dynamodb:PutItem")}],
        ),
        f"{name}Function": _resource(
            "AWS::Lambda::Function", Role=_got(f"{name}Role"), Runtime="python3.13", Handler="index.handler",
            Code={"ZipFile": "def handler(event, context): pass\n"},
            Environment={"Variables": {"TABLE": {"Ref": f"{name}Table"}, "BUCKET": {"Ref": f"{name}Bucket"}}},
        ),
        f"{name}Events": _resource(
            "AWS::Lambda::EventSourceMapping",
            FunctionName={"Ref": f"{name}Function"}, EventSourceArn=_got(f"{name}Queue"),
        ),
        f"{name}Logs": _kept(_resource(
            "AWS::Logs::LogGroup", LogGroupName={"Fn::Sub": f"/aws/lambda/${{{name}Function}}"}, RetentionInDays=90,
        )),
        f"{name}Topic": _resource("AWS::SNS::Topic", DisplayName=f"failures of unit {number}"),
        f"{name}Alarm": _resource(
            "AWS::CloudWatch::Alarm", Namespace="AWS/Lambda", MetricName="Errors", Statistic="Sum", Period=60,
            EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanOrEqualToThreshold",
            Dimensions=[{"Name": "FunctionName", "Value": {"Ref": f"{name}Function"}}],
            AlarmActions=[{"Ref": f"{name}Topic"}],
        ),
    }  # fmt: skip


def template(resources: int) -> dict[str, Any]:
    """A template with as many resources: the network, and units until it is full."""
    found = network()
    for number in range(resources // 10):
        found |= unit(number)
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": dict([*found.items()][:resources])}


def write_one(folder: Path, resources: int = 500) -> Path:
    """Write one template; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "one.template.json"
    file.write_text(json.dumps(template(resources), indent=1), encoding="utf-8")
    return file


def write_assembly(folder: Path, stacks: int = 50, resources: int = 100) -> Path:
    """Write a cloud assembly, its stacks in turn in each Region; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    artifacts: dict[str, Any] = {}
    for number in range(stacks):
        name, region = f"Stack{number}", REGIONS[number % len(REGIONS)]
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{ACCOUNT}/{region}",
            "properties": {"templateFile": f"{name}.template.json", "stackName": name},
            "displayName": name,
        }
        (folder / f"{name}.template.json").write_text(json.dumps(template(resources), indent=1), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps({"version": "53.0.0", "artifacts": artifacts}), encoding="utf-8")
    return folder


if __name__ == "__main__":
    write_one(Path(sys.argv[1]) / "one")
    write_assembly(Path(sys.argv[1]) / "many")
