"""What AWS does not let go, stays."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

REGION = "eu-north-1"


@pytest.fixture
def subnets(aws: LocalAws) -> list[str]:
    ec2 = aws.client("ec2", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    made = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.8.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for number, zone in enumerate("abc")
    ]
    return [subnet["Subnet"]["SubnetId"] for subnet in made]


def refusal(of: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        of(**parameters)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def test_a_protected_balancer_stays_and_so_do_its_subnets(aws: LocalAws, subnets: list[str]) -> None:
    elb, ec2 = aws.client("elbv2", REGION), aws.client("ec2", REGION)
    arn = elb.create_load_balancer(Name="guarded", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]

    def protect(value: str) -> None:
        guard = [{"Key": "deletion_protection.enabled", "Value": value}]
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=guard)

    protect("true")
    assert refusal(elb.delete_load_balancer, LoadBalancerArn=arn) == (
        f"OperationNotPermitted: Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
    )
    assert refusal(ec2.delete_subnet, SubnetId=subnets[0]) == (
        f"DependencyViolation: The subnet '{subnets[0]}' has dependencies and cannot be deleted."
    )
    protect("false")
    elb.delete_load_balancer(LoadBalancerArn=arn)
    assert elb.describe_load_balancers()["LoadBalancers"] == []


def test_subnets_under_a_database_stay(aws: LocalAws, subnets: list[str]) -> None:
    rds, ec2 = aws.client("rds", REGION), aws.client("ec2", REGION)
    rds.create_db_subnet_group(DBSubnetGroupName="guarded", DBSubnetGroupDescription="x", SubnetIds=subnets)
    engine = {"Engine": "aurora-postgresql", "EngineVersion": "17.4"}
    user = {"MasterUsername": "admin1", "MasterUserPassword": "correct-horse"}
    cluster = {"DBClusterIdentifier": "guarded"}
    rds.create_db_cluster(**cluster, **engine, **user, DBSubnetGroupName="guarded", DeletionProtection=True)
    rds.create_db_instance(
        **cluster, DBInstanceIdentifier="guarded-1", DBInstanceClass="db.r7g.large", Engine=engine["Engine"]
    )

    assert refusal(ec2.delete_subnet, SubnetId=subnets[0]) == (
        f"DependencyViolation: The subnet '{subnets[0]}' has dependencies and cannot be deleted."
    )
    assert refusal(rds.delete_db_cluster, **cluster, SkipFinalSnapshot=True) == (
        "InvalidParameterCombination: "
        "Cannot delete protected Cluster, please disable deletion protection and try again."
    )
    rds.modify_db_cluster(**cluster, DeletionProtection=False, ApplyImmediately=True)
    rds.delete_db_instance(DBInstanceIdentifier="guarded-1", SkipFinalSnapshot=True)
    rds.delete_db_cluster(**cluster, SkipFinalSnapshot=True)
    ec2.delete_subnet(SubnetId=subnets[0])
