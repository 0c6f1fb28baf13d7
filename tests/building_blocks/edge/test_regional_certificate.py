"""A certificate in each Region, for its own name and the one that users call."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_route53 as route53

from cdk_standby._checks import InvalidOptions
from cdk_standby.edge.regional_certificate import RegionalCertificate

REGIONS = ("eu-west-1", "eu-central-1")
ACM = "https://docs.aws.amazon.com/acm/latest/"


def build(stack: cdk.Stack, *names: str) -> RegionalCertificate:
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="example.com"
    )
    return RegionalCertificate(stack, "Certificate", hosted_zone=zone, names=names)


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """The certificates of two Regions."""
    one = make_stack(name="eu-west-1")
    two = make_stack(name="eu-central-1", region="eu-central-1", app=one.node.root)
    built = [build(stack, f"{stack.region}.shop.example.com", "shop.example.com") for stack in (one, two)]
    return SimpleNamespace(built=built, made=[template(one), template(two)])


@pytest.mark.capability("EDGE-12")
def test_each_region_has_a_certificate_for_its_name_and_for_that_of_the_users(world, resources):
    for region, made in zip(REGIONS, world.made, strict=True):
        [certificate] = resources(made, "AWS::CertificateManager::Certificate").values()
        names = (f"{region}.shop.example.com", "shop.example.com")

        assert (certificate["DomainName"], *certificate["SubjectAlternativeNames"]) == names
        assert certificate["ValidationMethod"] == "DNS"
        assert certificate["DomainValidationOptions"] == [
            {"DomainName": name, "HostedZoneId": "Z0123456789ABCDEFGHIJ"} for name in names
        ]


@pytest.mark.capability("EDGE-12")
def test_no_certificate_is_read_from_another_region(world):
    assert [built.certificate.env.region for built in world.built] == [*REGIONS]
    assert all("Fn::ImportValue" not in str(made) and "Custom::" not in str(made) for made in world.made)


def test_it_rings_when_it_was_not_renewed(world, resources):
    [alarm] = resources(world.made[0], "AWS::CloudWatch::Alarm").values()

    assert (alarm["MetricName"], alarm["Threshold"], alarm["ComparisonOperator"]) == (
        "DaysToExpiry",
        30,
        "LessThanThreshold",
    )


LONG = "x" * 60 + ".example.com"


@pytest.mark.capability("EDGE-12")
@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "'names' is []; allowed: 1 to 10, because a certificate holds ten names, unless a quota was raised "
         f"({ACM}userguide/acm-limits.html)"),
        (["a.example.com"] * 2, "'names' is ['a.example.com', 'a.example.com']; allowed: each name once, because a "
         f"name stands in a certificate or not ({ACM}userguide/acm-limits.html)"),
        ([LONG], f"'names' is ['{LONG}']; allowed: a first name of at most 64 characters, because the first name of a "
         "certificate has at most 64 characters, the others may be longer "
         f"({ACM}APIReference/API_RequestCertificate.html)"),
    (["*.example.com", "shop.example.org"], "'names[1]' is 'shop.example.org'; allowed: a name in lower case, of "
         "example.com, because ACM validates and renews a name by a record in its zone "
         f"({ACM}userguide/dns-validation.html)"),
    ],
)  # fmt: skip
def test_names_that_no_certificate_can_hold_are_refused(make_stack, names, message):
    with pytest.raises(InvalidOptions) as error:
        build(make_stack(), *names)

    assert str(error.value) == f"Test/Certificate: {message}"
