"""What EMR clusters and applications refuse, word for word; and that nothing else than our words ever comes out."""

from __future__ import annotations

import contextlib

import aws_cdk as cdk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.foundations.emr_cluster import EmrCluster
from cdk_standby.foundations.emr_serverless_application import EmrServerlessApplication

PAGES = "https://docs.aws.amazon.com/"
EMR_HA = PAGES + "emr/latest/ManagementGuide/emr-plan-ha"


@pytest.mark.capability("NET-09")
def test_a_cluster_without_high_availability_is_refused_and_all_is_told(refused, network, scope):
    said = refused(EmrCluster, vpc=network(scope, "a"), release="emr-6.10.0", core_nodes=2, certificates=None)

    assert said == [
        "Test/It: 'vpc' is 'Test/Vpc-a'; allowed: subnets in two Availability Zones or more, because instance fleets "
        "take several subnets, and EMR, or a relaunch, picks the zone: of one there is no other "
        f"({PAGES}emr/latest/ManagementGuide/emr-instance-fleet.html)",
        "Test/It: 'release' is 'emr-6.10.0'; allowed: a release such as 'emr-7.10.0', with three primary nodes in "
        "fleets, because instance fleets have three primary nodes from releases 5.36.1, 6.8.1, 6.9.1, 6.10.1, 6.11.1 "
        f"and 6.12.0 on ({EMR_HA}.html)",
        "Test/It: 'core_nodes' is 2; allowed: 4 or more, or 1 to 3 with 'few_core_nodes_because', because with fewer "
        "than four core nodes HDFS keeps each block once, and the loss of a node loses data "
        f"({EMR_HA}-considerations.html)",
        "Test/It: 'certificates' is not given; allowed: a zip file such as 's3://bucket/certificates.zip', or "
        "'plaintext_because' instead, because nodes take their certificates from a zip file in S3 "
        f"({PAGES}emr/latest/ManagementGuide/emr-encryption-enable.html)",
    ]


@pytest.mark.capability("NET-09")
@pytest.mark.parametrize("release", ["emr-5.36.0", "emr-6.7.0", "emr-6.8.0", "emr-6.11.0", "5.36.1", "emr-latest"])
def test_releases_without_three_primaries_in_fleets_are_refused(refused, release):
    (said,) = refused(EmrCluster, release=release)

    assert said.startswith(f"Test/It: 'release' is '{release}'; allowed: a release such as 'emr-7.10.0', with three")


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"primary_types": []}, "primary_types"),
        ({"core_types": ["m7g.xlarge", "m7g.xlarge"]}, "core_types"),
        ({"core_types": ["large"]}, "core_types"),
        ({"spot_task_nodes": -1}, "spot_task_nodes"),
        ({"configurations": {"hdfs-site": {"dfs.replication": "1"}}}, "configurations"),
        ({"name": "a|b"}, "name"),
        ({"few_core_nodes_because": "no reason"}, "core_nodes"),
        ({"certificates": "https://shop/tls.zip"}, "certificates"),
        ({"plaintext_because": "both"}, "certificates"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(refused, options, option):
    (said,) = refused(EmrCluster, **options)

    assert said.startswith(f"Test/It: '{option}' is ")


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"engine": "PRESTO"}, "engine"),
        ({"architecture": "RISCV"}, "architecture"),
        ({"most_vcpus": 0}, "most_vcpus"),
        ({"release": "emr-5.36.1"}, "release"),
        ({"release": "emr-7.0.0"}, "release"),
        ({"old_release_because": "none"}, "release"),
        ({"name": "a b"}, "name"),
        ({"idle": cdk.Duration.seconds(90)}, "idle"),
    ],
)
def test_an_application_that_cannot_be_is_refused(refused, options, option):
    (said,) = refused(EmrServerlessApplication, **options)

    assert said.startswith(f"Test/It: '{option}' is ")


def test_an_application_that_repeats_no_job_costs_a_reason(refused):
    assert refused(EmrServerlessApplication, release="emr-6.15.0") == [
        "Test/It: 'release' is 'emr-6.15.0'; allowed: emr-7.1.0 or newer, or an older one with 'old_release_because', "
        "because from release 7.1.0 on EMR Serverless repeats failed jobs, and moves them out of an impaired zone "
        f"({PAGES}emr/latest/EMR-Serverless-UserGuide/jobs-resiliency.html)"
    ]


def test_an_application_in_one_zone_is_refused(refused, network, scope):
    assert [line.partition(";")[0] for line in refused(EmrServerlessApplication, vpc=network(scope, "a"))] == [
        "Test/It: 'vpc' is 'Test/Vpc-a'"
    ]


TEXT = st.one_of(st.text(max_size=20), st.sampled_from(["emr-7.1.0", "m7g.large", "shop"]))


@settings(max_examples=15)
@given(release=TEXT, nodes=st.integers(-5, 3), types=st.lists(TEXT, max_size=2), name=st.none() | TEXT)
def test_any_cluster_that_is_wrong_is_refused_in_our_words(scope, usual, release, nodes, types, name):
    asked = {"release": release, "core_nodes": nodes, "core_types": types, "name": name}

    with contextlib.suppress(InvalidOptions):
        EmrCluster(scope, f"Any{len(scope.node.children)}", **{**usual[EmrCluster], **asked})
