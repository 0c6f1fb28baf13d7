"""The running local AWS: Regions that go dark, what is refused, what is written down, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

PACKAGE = "cdk_standby_runbooks.local_aws"
MODULE = [sys.executable, "-m", PACKAGE]


@pytest.fixture
def dark(aws: LocalAws) -> Iterator[LocalAws]:
    aws.go_dark("eu-west-1")
    yield aws
    aws.come_back()


def _code(call: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as told:
        call()
    return told.value.response["Error"]["Code"], told.value.response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("service", "method"),
    [
        ("ec2", "describe_vpcs"),
        ("rds", "describe_global_clusters"),
        ("s3", "list_buckets"),
        ("cloudwatch", "describe_alarms"),
        ("cloudformation", "list_stacks"),
        ("backup", "list_backup_vaults"),
    ],
)
def test_a_dark_region_answers_503_and_the_others_go_on(dark: LocalAws, service: str, method: str) -> None:
    assert _code(getattr(dark.client(service, "eu-west-1"), method)) == ("ServiceUnavailable", 503)

    assert getattr(dark.client(service, "eu-central-1"), method)()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_global_control_planes_are_dark_with_us_east_1_only(aws: LocalAws) -> None:
    route53, iam, sts = (aws.client(name, "eu-west-1") for name in ("route53", "iam", "sts"))

    aws.go_dark("eu-west-1")
    route53.list_hosted_zones()
    iam.list_roles()
    sts.get_caller_identity()
    aws.go_dark("us-east-1")

    try:
        assert _code(route53.list_hosted_zones) == ("ServiceUnavailable", 503)
        assert _code(iam.list_roles) == ("ServiceUnavailable", 503)
        assert sts.get_caller_identity()["Account"] == "111111111111"
    finally:
        aws.come_back()


def test_regions_come_back_one_by_one_or_all(aws: LocalAws) -> None:
    aws.go_dark("eu-west-1", "us-east-1")
    aws.go_dark("eu-central-1")

    aws.come_back("eu-west-1")
    some = aws.dark()
    aws.come_back()

    assert (some, aws.dark()) == (["eu-central-1", "us-east-1"], [])


@pytest.mark.parametrize(
    ("service", "method", "parameters"),
    [
        ("ssm", "send_command", {"DocumentName": "x"}),
        ("fis", "start_experiment", {"experimentTemplateId": "x"}),
        ("rds", "promote_read_replica_db_cluster", {"DBClusterIdentifier": "x"}),
        ("rds", "switchover_blue_green_deployment", {"BlueGreenDeploymentIdentifier": "x"}),
        ("rds", "switchover_read_replica", {"DBInstanceIdentifier": "x"}),
        ("elasticache", "modify_replication_group", {"ReplicationGroupId": "x", "PrimaryClusterId": "y"}),
        ("dynamodb", "update_table", {"TableName": "x", "ReplicaUpdates": [{"Create": {"RegionName": "us-east-1"}}]}),
        ("elasticache", "test_failover", {"ReplicationGroupId": "x", "NodeGroupId": "y"}),
        ("arc-region-switch", "list_plans_in_region", {}),
        ("drs", "describe_source_servers", {}),
    ],
)
def test_what_would_only_pretend_is_refused(
    aws: LocalAws, service: str, method: str, parameters: dict[str, Any]
) -> None:
    assert _code(lambda: getattr(aws.client(service), method)(**parameters)) == ("NotModelledLocally", 501)


def test_the_same_operation_passes_where_it_does_what_it_says(aws: LocalAws) -> None:
    assert _code(lambda: aws.client("rds").reboot_db_instance(DBInstanceIdentifier="nobody")) == (
        "DBInstanceNotFound",
        404,
    )


def test_every_call_is_written_down(aws: LocalAws) -> None:
    before = len(aws.ledger())

    aws.client("rds", "eu-central-1").describe_db_clusters()

    written = aws.ledger()[before:]
    assert [{name: entry[name] for name in entry.keys() - {"at", "seconds"}} for entry in written] == [
        {
            "region": "eu-central-1",
            "service": "rds",
            "operation": "DescribeDBClusters",
            "status": 200,
            "internal": False,
        }
    ]


def test_an_object_comes_back_byte_by_byte(aws: LocalAws) -> None:
    s3, bucket, body = aws.client("s3"), "front-bytes", bytes(range(256)) * 100
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    s3.put_object(Bucket=bucket, Key="a b/c", Body=body)

    assert s3.get_object(Bucket=bucket, Key="a b/c")["Body"].read() == body
    assert s3.head_object(Bucket=bucket, Key="a b/c")["ContentLength"] == len(body)


def test_control_is_asked_by_name(aws: LocalAws) -> None:
    assert aws.state() == {"account": "111111111111", "dark": [], "endpoint": aws.endpoint}

    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(f"{aws.endpoint}/_local/nothing")

    with told.value as answer:
        assert (answer.code, json.load(answer)) == (404, {"known": ["dark", "ledger", "report", "state"]})


def test_subprocesses_see_this_aws_and_nothing_of_the_persons_own(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")

    environment = aws.environment("eu-central-1")

    assert "AWS_PROFILE" not in environment
    assert environment["AWS_ENDPOINT_URL"] == aws.endpoint
    assert environment["AWS_REGION"] == "eu-central-1"
    assert environment["HOME"] != str(Path.home())
    assert aws.endpoint.startswith("http://127.0.0.1:")


def test_it_ends_with_whoever_started_it() -> None:
    script = f"import time, {PACKAGE} as here; a = here.LocalAws(); a.start(); print(a.pid, flush=True); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())

    parent.kill()
    parent.wait()
    parent.stdout.close()

    assert _ends(child)


def test_it_ends_when_it_is_asked_to() -> None:
    server = subprocess.Popen([*MODULE, "--port", "0"], stdout=subprocess.PIPE)
    assert server.stdout is not None
    said = json.loads(server.stdout.readline())

    server.send_signal(signal.SIGTERM)
    code = server.wait(timeout=10)
    server.stdout.close()

    assert (said["account"], said["pid"], code) == ("111111111111", server.pid, 0)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "moto").mkdir()
    (tmp_path / "moto" / "__init__.py").write_text("raise ModuleNotFoundError('no moto', name='moto')")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}

    told = subprocess.run([*MODULE, "--port", "0"], capture_output=True, text=True, env=environment, check=False)

    assert told.returncode == 2
    assert told.stderr == "the local AWS needs the extra 'local': pip install 'cdk-standby[local]' (missing: moto)\n"


def _ends(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
