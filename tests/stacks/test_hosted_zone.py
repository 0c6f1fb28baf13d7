"""A deployment without a hosted zone makes one, and lets go of the reference to it once the id is pinned."""

from __future__ import annotations

import json

import pytest
from shop import regions_read

PIN = {"cdk-standby:hosted-zone-id": {"shop.example.com": "Z0PINNED"}}


@pytest.fixture(scope="module")
def own_zone(synthesize):
    return synthesize(hosted_zone_id=None)


@pytest.fixture(scope="module")
def pinned(synthesize):
    return synthesize(hosted_zone_id=None, context=PIN)


def readers_of_other_regions(synthesized):
    own = {stack.stack_name: stack.environment.region for stack in synthesized.app.synth().stacks}
    return {stack for stack, template in synthesized.templates.items() if regions_read(template) - {own[stack]}}


def test_the_zone_recovers_fast_and_outlives_its_stack(own_zone):
    [zone] = own_zone.of_type("AWS::Route53::HostedZone").values()

    assert zone["Properties"]["Name"] == "shop.example.com"
    assert zone["Properties"]["HostedZoneFeatures"] == {"EnableAcceleratedRecovery": True}
    assert zone["DeletionPolicy"] == "Retain"


def test_the_first_deployment_reads_the_zones_id_weakly(own_zone):
    assert readers_of_other_regions(own_zone) == {"Shop-eu-west-1-service", "Shop-eu-central-1-service"}


def test_a_pinned_id_ends_that_and_keeps_the_zone(pinned, own_zone):
    assert readers_of_other_regions(pinned) == set()
    assert pinned.templates["Shop-dns"]["Resources"] == own_zone.templates["Shop-dns"]["Resources"]
    assert '"HostedZoneId": "Z0PINNED"' in json.dumps(pinned.templates["Shop-eu-west-1-service"])
