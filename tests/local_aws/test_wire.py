"""Every protocol of AWS, there and back: a service gets what boto3 sends, and boto3 reads what the service gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws.clients import InProcess
from cdk_standby_runbooks.local_aws.front import Front
from cdk_standby_runbooks.local_aws.wire import Call, NotModelled, ServiceError

ENDPOINT = "http://127.0.0.1:9"
AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def _nobody(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    raise NotImplementedError(environ["PATH_INFO"])


@pytest.fixture
def front() -> Front:
    return Front("111111111111", ENDPOINT, _nobody)


@pytest.fixture
def heard(front: Front) -> Callable[..., Call]:
    """Lets a client call an operation that answers what it is told, and gives the `Call` that arrived."""

    def hear(service: str, operation: str, method: str, answer: dict[str, Any], **parameters: Any) -> tuple[Call, Any]:
        calls: list[Call] = []

        def told(call: Call) -> dict[str, Any]:
            calls.append(call)
            return answer

        front.serve(service, {operation: told})
        got = getattr(InProcess(front, ENDPOINT)(service, "eu-west-1"), method)(**parameters)
        got.pop("ResponseMetadata")
        return calls[0], got

    return hear


ROUND_TRIPS = [
    pytest.param(
        "rds",
        "FailoverGlobalCluster",
        {"GlobalClusterIdentifier": "shop", "TargetDbClusterIdentifier": "arn:x", "AllowDataLoss": True},
        {"GlobalCluster": {"GlobalClusterIdentifier": "shop", "GlobalClusterMembers": [{"IsWriter": True}]}},
        id="query",
    ),
    pytest.param(
        "ec2",
        "DescribeVpcs",
        {"Filters": [{"Name": "vpc-id", "Values": ["a", "b"]}], "MaxResults": 5},
        {"Vpcs": [{"VpcId": "vpc-1", "IsDefault": False, "Tags": [{"Key": "k", "Value": "v"}]}]},
        id="ec2",
    ),
    pytest.param(
        "cloudwatch",
        "DescribeAlarms",
        {"AlarmNames": ["one", "two"], "MaxRecords": 3},
        {"MetricAlarms": [{"AlarmName": "one", "Threshold": 1.5, "StateUpdatedTimestamp": AT}]},
        id="json",
    ),
    pytest.param(
        "backup",
        "StartBackupJob",
        {"BackupVaultName": "v", "ResourceArn": "arn:aws:rds:r", "IamRoleArn": "arn:role", "IdempotencyToken": "t"},
        {"BackupJobId": "job-1", "CreationDate": AT, "IsParent": False},
        id="rest-json",
    ),
    pytest.param(
        "backup",
        "DescribeRecoveryPoint",
        {"BackupVaultName": "v", "RecoveryPointArn": "arn:aws:backup:eu-west-1:111111111111:recovery-point:1"},
        {"RecoveryPointArn": "arn:1", "Lifecycle": {"DeleteAfterDays": 7}},
        id="rest-json with names in the path",
    ),
    pytest.param(
        "route53",
        "ChangeResourceRecordSets",
        {
            "HostedZoneId": "Z1",
            "ChangeBatch": {
                "Changes": [{"Action": "UPSERT", "ResourceRecordSet": {"Name": "a.", "Type": "A", "TTL": 60}}]
            },
        },
        {"ChangeInfo": {"Id": "/change/1", "Status": "INSYNC", "SubmittedAt": AT}},
        id="rest-xml",
    ),
]


@pytest.mark.parametrize(("service", "operation", "parameters", "answer"), ROUND_TRIPS)
def test_a_call_arrives_as_it_was_sent_and_so_does_its_answer(
    heard: Any, service: str, operation: str, parameters: dict[str, Any], answer: dict[str, Any]
) -> None:
    call, got = heard(service, operation, xform_name(operation), answer, **parameters)

    assert call.parameters == parameters
    assert (call.service, call.operation, call.region, call.account) == (
        service,
        operation,
        "eu-west-1",
        "111111111111",
    )
    assert got == answer


@pytest.mark.parametrize(
    ("service", "operation", "method", "parameters"),
    [
        ("rds", "DescribeDBClusters", "describe_db_clusters", {}),
        ("ec2", "DescribeVpcs", "describe_vpcs", {}),
        ("ssm", "GetParameter", "get_parameter", {"Name": "x"}),
        ("backup", "ListBackupVaults", "list_backup_vaults", {}),
        ("route53", "ListHealthChecks", "list_health_checks", {}),
        ("s3", "ListBuckets", "list_buckets", {}),
    ],
)
def test_an_error_keeps_its_code_message_and_status(
    front: Front, service: str, operation: str, method: str, parameters: dict[str, Any]
) -> None:
    def broken(_: Call) -> dict[str, Any]:
        raise ServiceError("WeatherFault", "it rains <hard> & long", 409)

    front.serve(service, {operation: broken})

    with pytest.raises(ClientError) as told:
        getattr(front.clients(service, "eu-west-1"), method)(**parameters)

    assert told.value.response["Error"]["Code"] == "WeatherFault"
    assert told.value.response["Error"]["Message"] == "it rains <hard> & long"
    assert told.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409


def test_an_operation_may_ask_other_services_and_keeps_its_own_state(front: Front) -> None:
    def count(call: Call) -> dict[str, Any]:
        call.state["calls"] = call.state.get("calls", 0) + 1
        vpcs = call.client("ec2").describe_vpcs()["Vpcs"]
        return {"DBClusters": [{"DBClusterIdentifier": f"{vpcs[0]['VpcId']}-{call.state['calls']}"}]}

    front.serve("ec2", {"DescribeVpcs": lambda call: {"Vpcs": [{"VpcId": f"vpc-{call.region}"}]}})
    front.serve("rds", {"DescribeDBClusters": count})
    rds = front.clients("rds", "eu-central-1")

    rds.describe_db_clusters()
    told = rds.describe_db_clusters()

    assert told["DBClusters"][0]["DBClusterIdentifier"] == "vpc-eu-central-1-2"


def test_what_nobody_has_answers_501_whoever_asks(front: Front) -> None:
    def unsure(_: Call) -> dict[str, Any]:
        raise NotModelled("rds", "RebootDBCluster")

    front.serve("rds", {"RebootDBCluster": unsure, "DescribeDBClusters": lambda call: call.moto()})
    rds = front.clients("rds", "eu-west-1")

    for ask, message in (
        (
            lambda: rds.reboot_db_cluster(DBClusterIdentifier="x"),
            "rds:RebootDBCluster is refused: this local AWS does not model it",
        ),
        (
            lambda: rds.start_db_cluster(DBClusterIdentifier="x"),
            "rds:StartDBCluster is refused: this local AWS does not model it",
        ),
        (rds.describe_db_clusters, "rds:DescribeDBClusters is refused: this local AWS does not model it"),
    ):
        with pytest.raises(ClientError) as told:
            ask()
        assert told.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
        assert told.value.response["Error"] == {"Code": "NotModelledLocally", "Message": message} | (
            {"Type": "Receiver"} if "Type" in told.value.response["Error"] else {}
        )


def test_a_bug_in_a_model_is_a_clean_error_too(front: Front, capsys: pytest.CaptureFixture[str]) -> None:
    front.serve("rds", {"DescribeDBClusters": lambda call: {"DBClusters": 1 / len(call.state)}})

    with pytest.raises(ClientError) as told:
        front.clients("rds", "eu-west-1").describe_db_clusters()

    assert told.value.response["Error"]["Code"] == "InternalFailure"
    assert "ZeroDivisionError" in capsys.readouterr().err
