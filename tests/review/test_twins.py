"""A twin in another Region takes over work, and never has what only the lost one held."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"


def told(make: Any, kind: str, **properties: Any) -> tuple[str, str, bool]:
    """What becomes of something that stands in both Regions when the first is lost."""
    both = [make.template({"Alone": make.resource(kind, **properties)}, region=at) for at in (IRELAND, FRANKFURT)]
    [one] = [o for o in outcomes(Graph(both)) if o.case.region == IRELAND and str(o.case.fault) == "region"]
    return str(one.fate), one.judgement.says, one.judgement.vital


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::ElastiCache::CacheCluster", {"Engine": "redis", "NumCacheNodes": 1}),
        ("AWS::ElastiCache::ServerlessCache", {"Engine": "valkey"}),
        ("AWS::OpenSearchServerless::Collection", {"Name": "orders"}),
    ],
)
def test_the_content_of_the_lost_one_is_not_in_its_twin(make: Any, kind: str, properties: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"""
    fate, _, vital = told(make, kind, **properties)

    assert (fate, vital) == ("lost", True)


def test_a_cache_that_is_filled_from_the_stores_of_record_stops_nobody(make: Any) -> None:
    tags = [{"Key": "cdk-standby:made-anew", "Value": "filled from the database"}]

    _, _, vital = told(make, "AWS::ElastiCache::ServerlessCache", Engine="valkey", Tags=tags)

    assert vital is False


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "AWS::AmazonMQ::Broker",
            "its twin in eu-central-1 takes new messages; those that wait here wait until the Region returns",
        ),
        (
            "AWS::Backup::BackupVault",
            "the vault in eu-central-1 goes on; what lies in this one waits for the Region",
        ),
    ],
)
def test_a_twin_that_goes_on_says_what_stays_behind(make: Any, kind: str, said: str) -> None:
    fate, says, _ = told(make, kind)

    assert (fate, says) == ("recovers by itself", said)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("AWS::KMS::Key", "the key in eu-central-1 has material of its own: it opens nothing that this one encrypted"),
        (
            "AWS::Logs::LogGroup",
            "the log group in eu-central-1 takes new entries; the earlier ones wait for the Region that is lost",
        ),
        (
            "AWS::SSM::Parameter",
            "the parameter in eu-central-1 is read there; it has the value that its own template or writer gives",
        ),
        ("AWS::SecretsManager::Secret", "the secret in eu-central-1 has a value of its own"),
        ("AWS::SNS::Topic", "the topic in eu-central-1 takes what is sent there"),
        ("AWS::CloudWatch::Alarm", "the alarm in eu-central-1 watches its own Region"),
        ("AWS::StepFunctions::StateMachine", "its twin in eu-central-1 already runs; traffic decides"),
    ],
)
def test_what_a_twin_does_is_said_as_it_is_for_its_kind(make: Any, kind: str, said: str) -> None:
    fate, says, _ = told(make, kind)

    assert (fate, says) == ("recovers by itself", said)


def test_a_repository_elsewhere_has_no_images_that_nothing_replicates(make: Any) -> None:
    """https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html"""
    fate, says, _ = told(make, "AWS::ECR::Repository", RepositoryName="shop")

    assert fate == "unknown"
    assert (
        says
        == "the repository in eu-central-1 has only what is pushed there: nothing in the templates replicates images"
    )


def test_a_repository_elsewhere_has_the_images_that_its_registry_replicates(make: Any) -> None:
    repository = {"Images": make.resource("AWS::ECR::Repository", RepositoryName="shop")}
    rules = [{"Destinations": [{"Region": FRANKFURT, "RegistryId": "111111111111"}]}]
    sends = make.resource("AWS::ECR::ReplicationConfiguration", ReplicationConfiguration={"Rules": rules})
    both = [make.template(repository | {"Sends": sends}), make.template(repository, region=FRANKFURT)]

    [one] = [o for o in outcomes(Graph(both)) if str(o.case.fault) == "region" and o.case.region == IRELAND]

    assert str(one.fate) == "survives"
