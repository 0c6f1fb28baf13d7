"""The real clients: short of patience, and every failure is one that a runbook understands."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cdk_standby_runbooks.boto import BotoClients, allowed_endpoint, is_loopback
from cdk_standby_runbooks.clients import ApiError
from cdk_standby_runbooks.errors import CallFailed

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def a_person_without_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.parametrize(
    ("endpoint", "loopback"),
    [
        ("http://127.0.0.1:4566", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:80", True),
        ("http://localhost:1", True),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1@example.com", False),
        ("https://rds.eu-west-1.amazonaws.com", False),
        ("http://10.0.0.1", False),
        ("127.0.0.1:4566", False),
        ("", False),
    ],
)
def test_only_addresses_of_this_machine_are_local(endpoint: str, loopback: bool) -> None:
    assert is_loopback(endpoint) is loopback


def test_the_environment_names_the_endpoint_when_the_command_line_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOBODY)

    assert allowed_endpoint(None, aws=False) == NOBODY
    assert allowed_endpoint("http://localhost:2", aws=False) == "http://localhost:2"


def test_aws_itself_is_only_meant_when_somebody_says_so() -> None:
    assert allowed_endpoint(None, aws=True) is None


def test_an_endpoint_where_nobody_listens_does_not_answer_within_seconds() -> None:
    began = time.monotonic()

    with pytest.raises(ApiError) as caught:
        BotoClients(NOBODY).rds("eu-west-1").describe_global_clusters()

    assert (caught.value.reachable, caught.value.call) == (False, "rds:DescribeGlobalClusters")
    assert time.monotonic() - began < 10


def test_missing_credentials_are_no_dark_region() -> None:
    with pytest.raises(ApiError) as caught:
        BotoClients(None).sts("eu-west-1").get_caller_identity()

    assert (caught.value.reachable, caught.value.message) == (True, "Unable to locate credentials")


def test_a_profile_that_does_not_exist_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(CallFailed) as caught:
        BotoClients(None).sts("eu-west-1")

    assert str(caught.value) == "no client for sts in eu-west-1: The config profile (nobody) could not be found"


def test_a_region_that_is_no_region_is_one_message() -> None:
    with pytest.raises(CallFailed) as caught:
        BotoClients(NOBODY).rds("eu west 1")

    assert str(caught.value).startswith("no client for rds in eu west 1: ")


def test_every_call_is_heard_before_it_is_sent() -> None:
    heard: list[tuple[str, str]] = []

    with pytest.raises(ApiError):
        BotoClients(NOBODY, heard=lambda call, region: heard.append((call, region))).route53().test_dns_answer(
            HostedZoneId="Z1", RecordName="shop.example.com", RecordType="A"
        )

    assert heard == [("route53:TestDNSAnswer", "us-east-1")]
