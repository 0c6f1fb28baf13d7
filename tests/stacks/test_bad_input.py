"""What a deployment refuses, in words that a person can act on."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest

from cdk_standby import InvalidOptions
from cdk_standby_stacks import AuroraPostgres, Capacity, Service, WarmStandby, Workload

WORKLOAD = Workload(
    name="shop",
    domain="shop.example.com",
    service=Service(capacity=Capacity(minimum=3, maximum=24)),
    database=AuroraPostgres(version="17.4"),
)
OPTIONS: dict[str, Any] = {
    "workload": WORKLOAD,
    "account": "111111111111",
    "primary": "eu-west-1",
    "recovery": "eu-central-1",
}


def complaints(**changes: Any) -> list[str]:
    with pytest.raises(InvalidOptions) as failure:
        WarmStandby(cdk.App(), "Shop", **{**OPTIONS, **changes})
    return str(failure.value).splitlines()


def test_a_region_cannot_stand_in_for_itself():
    assert complaints(recovery="eu-west-1") == [
        "Shop: 'recovery' is 'eu-west-1'; allowed: another Region than the primary, because a Region cannot stand in "
        "for itself"
    ]


def test_an_unknown_region_comes_back_with_the_one_that_was_meant():
    [complaint] = complaints(primary="eu-wset-1")

    assert complaint.startswith("Shop: 'primary' is 'eu-wset-1'; allowed: a Region of AWS; did you mean eu-west-1")


@pytest.mark.parametrize("scale", [0, -0.5, 1.5])
def test_a_scale_is_a_share(scale):
    assert complaints(scale=scale) == [
        f"Shop: 'scale' is {scale}; allowed: more than 0 and at most 1, because it is the share of the full capacity "
        "that runs at the standby (https://docs.aws.amazon.com/whitepapers/latest/"
        "disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html)"
    ]


def test_only_a_site_can_be_active():
    assert complaints(active="us-east-1") == [
        "Shop: 'active' is 'us-east-1'; allowed: 'eu-west-1' or 'eu-central-1', because only a site can serve"
    ]


def test_networks_of_two_sites_never_overlap():
    assert complaints(cidrs={"eu-west-1": "10.0.0.0/16", "eu-central-1": "10.0.128.0/17"}) == [
        "Shop: 'cidr of eu-central-1' is '10.0.128.0/17'; allowed: a network apart from 10.0.0.0/16 of eu-west-1, "
        "because sites whose addresses overlap can never be peered or share a transit gateway "
        "(https://docs.aws.amazon.com/vpc/latest/peering/invalid-peering-configurations.html)"
    ]


def test_every_site_has_a_network():
    assert complaints(cidrs={"eu-west-1": "10.0.0.0/16"}) == [
        "Shop: 'cidrs' is {'eu-west-1': '10.0.0.0/16'}; allowed: a range for 'eu-west-1' and a range for "
        "'eu-central-1', because each site has one network"
    ]


def test_an_account_has_twelve_digits():
    assert complaints(account="1234") == [
        "Shop: 'account' is '1234'; allowed: the 12 digits of an AWS account, because stacks without an account cannot "
        "know their zones, nor Regions each other's names"
    ]


@pytest.mark.capability("DR-13")
@pytest.mark.parametrize("zones", [0, 1, 7])
def test_one_zone_is_not_highly_available(zones):
    assert complaints(zones=zones) == [
        f"Shop: 'zones' is {zones}; allowed: 2 to 6, because one zone cannot survive its own loss, "
        "and no Region has more than six "
        "(https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html)"
    ]


@pytest.mark.capability("DR-13")
def test_a_group_can_grow_to_the_size_that_survives_a_zone():
    small = Workload(name="shop", domain="shop.example.com", service=Service(capacity=Capacity(minimum=3, maximum=4)))

    assert complaints(workload=small) == [
        "Shop: 'workload.service.capacity.maximum' is 4; allowed: 5 or more, because 5 instances over 3 zones leave 3 "
        "when a zone is lost"
    ]


def test_all_problems_come_at_once():
    assert len(complaints(account="1234", recovery="eu-west-1", scale=2.0, active="us-east-1")) == 4
