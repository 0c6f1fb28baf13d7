"""State Manager closes default groups; zonal autoshift keeps its rules; what is not modelled is refused."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

REGION = "eu-west-1"
RUNBOOK = "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/1"


def test_the_runbook_takes_all_rules_from_a_group(aws: LocalAws) -> None:
    ec2, ssm = aws.client("ec2", REGION), aws.client("ssm", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    wanted = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    group = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"][0]["GroupId"]

    made = ssm.create_association(Name=RUNBOOK, Parameters={"GroupId": [group]}, ScheduleExpression="rate(1 day)")

    found = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert (found["IpPermissions"], found["IpPermissionsEgress"]) == ([], [])
    made_id = made["AssociationDescription"]["AssociationId"]
    told = ssm.describe_association(AssociationId=made_id)["AssociationDescription"]
    assert (told["Overview"]["Status"], told["ScheduleExpression"]) == ("Success", "rate(1 day)")
    ssm.delete_association(AssociationId=made_id)


def test_autoshift_needs_practice_runs_first(aws: LocalAws) -> None:
    client = aws.client("arc-zonal-shift", REGION)
    alarm = [{"type": "CLOUDWATCH", "alarmIdentifier": "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:x"}]

    with pytest.raises(ClientError, match="Zonal autoshift needs a practice run configuration first"):
        client.update_zonal_autoshift_configuration(resourceIdentifier=BALANCER, zonalAutoshiftStatus="ENABLED")
    client.create_practice_run_configuration(resourceIdentifier=BALANCER, outcomeAlarms=alarm)
    client.update_zonal_autoshift_configuration(resourceIdentifier=BALANCER, zonalAutoshiftStatus="ENABLED")

    told = client.get_managed_resource(resourceIdentifier=BALANCER)
    assert (told["zonalAutoshiftStatus"], told["practiceRunConfiguration"]["outcomeAlarms"]) == ("ENABLED", alarm)


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("arc-zonal-shift", "start_zonal_shift", {"awayFrom": "euw1-az1", "expiresIn": "1h", "comment": "x"}),
        ("autoscaling", "put_warm_pool", {"AutoScalingGroupName": "x"}),
        ("autoscaling", "enter_standby", {"AutoScalingGroupName": "x", "ShouldDecrementDesiredCapacity": True}),
        ("backup", "list_recovery_points_by_backup_vault", {"BackupVaultName": "x"}),
        ("rds-data", "begin_transaction", {"resourceArn": "arn:aws:rds:x:1:cluster:y", "secretArn": "arn:aws:x:y:z"}),
        ("ssm", "create_association", {"Name": "AWS-RunShellScript"}),
        ("ssm", "send_command", {"DocumentName": "AWS-RunShellScript", "InstanceIds": ["i-0123456789abcdef0"]}),
        ("rds", "switchover_read_replica", {"DBInstanceIdentifier": "x"}),
        ("rds", "promote_read_replica_db_cluster", {"DBClusterIdentifier": "x"}),
        ("dsql", "list_streams", {"clusterIdentifier": "x" * 26}),
        ("fis", "start_experiment", {"experimentTemplateId": "x"}),
    ],
)
def test_what_would_change_nothing_is_refused(
    aws: LocalAws, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    more = {"resourceIdentifier": BALANCER} if service == "arc-zonal-shift" else {}

    with pytest.raises(ClientError) as caught:
        getattr(aws.client(service, REGION), operation)(**parameters, **more)

    assert caught.value.response["Error"]["Code"] == "NotModelledLocally"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
