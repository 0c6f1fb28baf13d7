"""What a database is restored from: as CloudFormation reads it, and what it cannot be."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest

from cdk_standby._checks import InvalidOptions, check
from cdk_standby.relational._restore import Restore

KEY_PAGE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbcluster.html"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDB{}ToPointInTime.html"
ARN = "arn:aws:rds:eu-west-1:111111111111:"
LATEST = {"use_latest_restorable_time": True}
NAMED = (
    "an instance is restored from another one of the same Region, by identifier, ARN or, when it was deleted, by "
    "resource id; from a Region that is lost, by the ARN of its automated backups "
    f"({API.format('Instance')})"
)


@pytest.mark.capability("AUR-19")
@pytest.mark.parametrize(
    ("restore", "properties"),
    [
        (Restore.from_snapshot("shop-final"), {"snapshot_identifier": "shop-final"}),
        (
            Restore.to_time("shop", "2026-11-21T14:30:00Z"),
            {"source_db_cluster_identifier": "shop", "restore_to_time": "2026-11-21T14:30:00Z"},
        ),
        (Restore.to_latest("shop"), {"source_db_cluster_identifier": "shop", **LATEST}),
        (
            Restore.to_latest("cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            {"source_db_cluster_resource_id": "cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ", **LATEST},
        ),
        (
            Restore.clone_of("shop"),
            {"source_db_cluster_identifier": "shop", **LATEST, "restore_type": "copy-on-write"},
        ),
    ],
    ids=["snapshot", "a second", "the latest", "a deleted one", "a clone"],
)
def test_a_cluster_is_told_where_its_data_comes_from(restore, properties):
    check("Test", Restore.rules(of="cluster"), {"restore": restore, "region": "eu-west-1"})

    assert restore.cluster() == properties


@pytest.mark.parametrize(
    ("restore", "properties"),
    [
        (Restore.from_snapshot("rds:shop-2026-11-21-01-05"), {"db_snapshot_identifier": "rds:shop-2026-11-21-01-05"}),
        (
            Restore.from_snapshot(ARN + "snapshot:awsbackup:job-1"),
            {"db_snapshot_identifier": ARN + "snapshot:awsbackup:job-1"},
        ),
        (
            Restore.from_snapshot(ARN + "cluster-snapshot:shop"),
            {"db_cluster_snapshot_identifier": ARN + "cluster-snapshot:shop"},
        ),
        (
            Restore.to_time("shop", "2026-11-21T14:30:00Z"),
            {"source_db_instance_identifier": "shop", "restore_time": "2026-11-21T14:30:00Z"},
        ),
        (
            Restore.to_latest("db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            {"source_dbi_resource_id": "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ", **LATEST},
        ),
        (
            Restore.to_latest(ARN + "auto-backup:ab-shop"),
            {"source_db_instance_automated_backups_arn": ARN + "auto-backup:ab-shop", **LATEST},
        ),
    ],
    ids=["automated snapshot", "AWS Backup", "cluster snapshot", "a second", "a deleted one", "another Region's"],
)
def test_an_instance_is_told_where_its_data_comes_from(restore, properties):
    check("Test", Restore.rules(), {"restore": restore, "region": "eu-west-1"})

    assert restore.instance() == properties


def refused(restore: Any, of: str = "instance") -> str:
    with pytest.raises(InvalidOptions) as error:
        check("Test", Restore.rules(of=of), {"restore": restore, "region": "eu-west-1"})
    return str(error.value)


def bad_origin(got: str) -> str:
    return (
        f"Test: 'restore' is {got}; allowed: a snapshot or a source, one of them, because CloudFormation replaces a "
        "restored database by an empty one when it no longer finds what it was restored from, so that this stays in "
        f"the template for ever ({KEY_PAGE})"
    )


def bad_time(got: str) -> str:
    return (
        f"Test: 'restore' is {got}; allowed: a source as it was at a second such as '2026-11-21T14:30:00Z', because "
        f"the second to restore to is given in UTC ({KEY_PAGE})"
    )


CLONE = (
    "a clone of a cluster, as it is now, because only Aurora clusters are cloned, as they are now, sharing storage "
    "with their source until either writes "
    "(https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Clone.html)"
)
REFUSED = [
    (Restore(), "instance", bad_origin("Restore()")),
    (Restore(snapshot="a", source="b"), "instance", bad_origin("Restore(snapshot='a', source='b')")),
    (
        Restore.from_snapshot("final--snapshot"),
        "instance",
        "Test: 'restore' is Restore(snapshot='final--snapshot'); allowed: the identifier of a snapshot, or its ARN, "
        "because a snapshot is named by its identifier or, when another account shares it, by its ARN "
        f"({KEY_PAGE})",
    ),
    (
        Restore.to_latest(ARN + "cluster:shop"),
        "instance",
        f"Test: 'restore' is Restore(source='{ARN}cluster:shop'); allowed: a source by identifier, ARN or resource id, "
        f"because {NAMED}",
    ),
    (
        Restore.to_latest(ARN + "auto-backup:ab-shop"),
        "cluster",
        f"Test: 'restore' is Restore(source='{ARN}auto-backup:ab-shop'); allowed: a source by identifier, ARN or "
        "resource id, because a cluster is restored from another one of the same Region, by identifier, ARN or, when "
        f"it was deleted, by resource id ({API.format('Cluster')})",
    ),
    (
        Restore.to_time("shop", "2026-11-21T14:30:00+01:00"),
        "cluster",
        bad_time("Restore(source='shop', at='2026-11-21T14:30:00+01:00')"),
    ),
    (
        Restore.to_time("shop", "2026-02-30T14:30:00Z"),
        "cluster",
        bad_time("Restore(source='shop', at='2026-02-30T14:30:00Z')"),
    ),
    (
        Restore(snapshot="shop", at="2026-11-21T14:30:00Z"),
        "cluster",
        bad_time("Restore(snapshot='shop', at='2026-11-21T14:30:00Z')"),
    ),
    (
        Restore.clone_of("shop"),
        "instance",
        f"Test: 'restore' is Restore(source='shop', clone=True); allowed: {CLONE}",
    ),
    (
        Restore(source="shop", at="2026-11-21T14:30:00Z", clone=True),
        "cluster",
        f"Test: 'restore' is Restore(source='shop', at='2026-11-21T14:30:00Z', clone=True); allowed: {CLONE}",
    ),
    (
        Restore.from_snapshot("arn:aws:rds:eu-central-1:111111111111:snapshot:shop"),
        "instance",
        "Test: 'restore' is Restore(snapshot='arn:aws:rds:eu-central-1:111111111111:snapshot:shop'); allowed: what "
        "lies in eu-west-1, where the database is to be, because RDS restores within a Region: a snapshot is copied "
        f"first, automated backups are replicated before ({API.format('Instance')})",
    ),
]


@pytest.mark.parametrize(("restore", "of", "message"), REFUSED, ids=[str(case[0]) for case in REFUSED])
def test_what_cannot_be_restored_is_refused(restore, of, message):
    assert refused(restore, of) == message


def test_what_is_known_only_at_deployment_is_left_alone():
    for restore in (Restore.from_snapshot(cdk.Aws.STACK_NAME), Restore.to_time(cdk.Aws.STACK_NAME, cdk.Aws.STACK_ID)):
        check("Test", Restore.rules(), {"restore": restore, "region": cdk.Aws.REGION})


def test_without_an_origin_there_is_nothing_to_check():
    check("Test", Restore.rules(), {"restore": None, "region": "eu-west-1"})
