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
