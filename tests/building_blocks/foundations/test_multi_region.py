"""The matrix of services and ways to be in two Regions: complete, sourced, true of this library, and asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cdk_standby
import fact_tables
from cdk_standby._checks import InvalidOptions
from cdk_standby.foundations.multi_region import check_multi_region
from cdk_standby_review.facts.multi_region import SERVICES, Loses, Mode

OURS = {
    "RDS": {"BackupPlan", "ReadReplica"},
    "Aurora": {"BackupPlan", "GlobalAurora"},
    "Aurora DSQL": {"BackupPlan", "DsqlCluster"},
    "DynamoDB": {"BackupPlan", "Table"},
    "ElastiCache for Valkey and Redis OSS": {"GlobalDatastore"},
    "MemoryDB": {"MemoryDbMultiRegion"},
    "S3": {"BackupPlan", "Bucket", "MultiRegionAccessPoint"},
}
PAGES = "https://docs.aws.amazon.com/"


@pytest.mark.parametrize("name", SERVICES)
def test_every_mode_of_a_service_has_a_feature_or_an_alternative(name):
    service = SERVICES[name]

    assert set(service.modes) | set(service.instead) == set(Mode)
    assert set(service.modes) & set(service.instead) == set()
    assert [
        page for page in (service.source, *(how.source for how in service.modes.values())) if PAGES not in page
    ] == []


@pytest.mark.capability("NET-12")
@pytest.mark.parametrize("name", OURS)
def test_every_service_that_we_have_names_the_construct_that_does_it(name):
    ours = {how.ours for how in SERVICES[name].modes.values()}

    assert ours == OURS[name]


@pytest.mark.capability("NET-10")
@pytest.mark.capability("NET-12")
def test_pages_show_the_facts_as_they_are():
    pages = list(fact_tables.pages())

    behind = [page.name for page in pages if fact_tables.filled(page.read_text("utf-8")) != page.read_text("utf-8")]

    assert behind == [], "run python tools/fact_tables.py"
    assert [page.name for page in pages] == ["multi-region.md", "subnet-groups.md"]


def test_no_construct_is_named_that_does_not_exist():
    named = {how.ours for service in SERVICES.values() for how in service.modes.values() if how.ours}

    sources = (path.read_text("utf-8") for path in Path(cdk_standby.__file__).parent.rglob("*.py"))
    there = {name for text in sources for name in re.findall(r"^class (\w+)\(", text, re.MULTILINE)}
    assert named - there == set()


@pytest.mark.capability("NET-12")
@pytest.mark.capability("NET-07")
def test_what_there_is_is_told():
    assert check_multi_region("shop", "Aurora DSQL", "active-active").loses == Loses.NOTHING
    assert check_multi_region("shop", "OpenSearch", Mode.REPLICA).by == (
        "cross-cluster replication: a follower that is read"
    )


@pytest.mark.capability("NET-12")
@pytest.mark.parametrize(
    ("service", "mode", "said"),
    [
        (
            "Redshift",
            "replica",
            "shop: 'mode' is 'replica' of Redshift; allowed: instead, copy: there are no read replicas, and data "
            "sharing across Regions reads the one copy there is, because it has copy "
            "(https://docs.aws.amazon.com/redshift/latest/mgmt/cross-region-snapshot-copy.html)",
        ),
        (
            "Aurora",
            Mode.ACTIVE_ACTIVE,
            "shop: 'mode' is 'active-active' of Aurora; allowed: instead, Aurora DSQL (DsqlCluster): a global database "
            "has one writer, to which others may forward, because it has copy, replica, active-passive "
            "(https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html)",
        ),
        (
            "DAX",
            "replica",
            "shop: 'mode' is 'replica' of DAX; allowed: instead, a DaxCluster in each Region, in front of the replicas "
            "of its tables there, because it has nothing across Regions "
            "(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.concepts.cluster.html)",
        ),
    ],
)
def test_what_there_is_not_names_what_to_take_instead(service, mode, said):
    with pytest.raises(InvalidOptions) as caught:
        check_multi_region("shop", service, mode)

    assert str(caught.value) == said


def test_all_that_is_unknown_is_told_at_once():
    with pytest.raises(InvalidOptions) as caught:
        check_multi_region("shop", "QLDB", "everywhere")

    assert str(caught.value).split("\n") == [
        f"shop: 'service' is 'QLDB'; allowed: {', '.join(SERVICES)}, because these are in the matrix of services and "
        "modes",
        "shop: 'mode' is 'everywhere'; allowed: copy, replica, active-passive, active-active, because these are in the "
        "matrix of services and modes",
    ]
