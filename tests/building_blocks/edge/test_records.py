"""Records that share a name: what Route 53 gets, how soon they move, what goes together and what does not."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_route53 as route53

from cdk_standby._checks import InvalidOptions
from cdk_standby.edge.geo_records import (
    CidrAnswer,
    CidrRecords,
    GeolocationAnswer,
    GeolocationRecords,
    GeoproximityAnswer,
    GeoproximityRecords,
)
from cdk_standby.edge.health_checks import EndpointCheck
from cdk_standby.edge.records import (
    Alias,
    LatencyAnswer,
    LatencyRecords,
    MultivalueAnswer,
    MultivalueRecords,
    Value,
    WeightedAnswer,
    WeightedRecords,
)
from cdk_standby.edge.regional_certificate import RegionalCertificate
from cdk_standby.edge.routing_controls import RoutingControls
from cdk_standby.traffic import AcceleratedZone, AlarmId, FailoverRecords, FailoverSite
from cdk_standby_review.facts import Range

REGIONS = ("eu-west-1", "eu-central-1")
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/0123456789abcdef"
CLOUDFRONT = "Z2FDTNDATAQYW2"
API = "https://docs.aws.amazon.com/Route53/latest/APIReference/"
GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/"


def zone_of(stack: cdk.Stack, name: str | None = "example.com") -> route53.IHostedZone:
    known = stack.node.try_find_child("HostedZone")
    return known or route53.HostedZone.from_hosted_zone_attributes(
        stack, "HostedZone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name=name
    )


def there(region: str) -> Alias:
    return Alias(name=f"{region}.shop.example.com")


def weighted(*weights: int, **options: Any) -> list[WeightedAnswer]:
    return [
        WeightedAnswer(id=region, weight=weight, leads_to=there(region), **options)
        for region, weight in zip(REGIONS, weights, strict=False)
    ]


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """One set of each family, routing controls, and in a Region's own stack a certificate and a latency record."""
    stack = make_stack(region="us-east-1", name="Names")
    app, zone = stack.node.root, zone_of(stack)
    own = AcceleratedZone(stack, "Own", name="example.org").hosted_zone
    checks = [EndpointCheck(stack, f"Check-{region}", domain=f"{region}.shop.example.com") for region in REGIONS]
    slow = EndpointCheck(stack, "Slow", domain="x.example.com", interval=cdk.Duration.seconds(30), failures=10)
    sets = SimpleNamespace(
        weighted=WeightedRecords(
            stack,
            "Weighted",
            hosted_zone=zone,
            domain="w.example.com",
            answers=[
                WeightedAnswer(id="a", weight=200, leads_to=Value(value="198.51.100.1"), check=checks[0]),
                WeightedAnswer(id="b", weight=0, leads_to=Value(value="198.51.100.2"), check=slow),
            ],
            ttl=cdk.Duration.seconds(30),
        ),
        latency=LatencyRecords(
            stack,
            "Latency",
            hosted_zone=own,
            domain="l.example.org",
            answers=[LatencyAnswer(region=region, leads_to=Alias(name=f"{region}.example.org")) for region in REGIONS],
            ipv6=True,
        ),
        places=GeolocationRecords(
            stack,
            "Places",
            hosted_zone=zone,
            domain="g.example.com",
            answers=[
                GeolocationAnswer(country="*", leads_to=there("eu-west-1")),
                GeolocationAnswer(continent="EU", leads_to=there("eu-central-1")),
                GeolocationAnswer(country="US", subdivision="CA", leads_to=there("us-west-1")),
            ],
        ),
        distances=GeoproximityRecords(
            stack,
            "Distances",
            hosted_zone=zone,
            domain="p.example.com",
            answers=[
                GeoproximityAnswer(region="eu-west-1", bias=-20, leads_to=there("eu-west-1")),
                GeoproximityAnswer(latitude=52.52, longitude=13.4, leads_to=there("berlin")),
            ],
        ),
        several=MultivalueRecords(
            stack,
            "Several",
            hosted_zone=zone,
            domain="m.example.com",
            answers=[
                MultivalueAnswer(id=str(n), leads_to=Value(value=f"2001:db8::{n}"), check=checks[n]) for n in (0, 1)
            ],
        ),
        networks=CidrRecords(
            stack,
            "Networks",
            hosted_zone=zone,
            domain="n.example.com",
            collection="offices",
            answers=[
                CidrAnswer(location="berlin", blocks=("203.0.113.0/24", "2001:db8::/48"), leads_to=there("berlin")),
                CidrAnswer(location="*", leads_to=there("eu-west-1")),
            ],
        ),
        front=WeightedRecords(
            stack,
            "Front",
            hosted_zone=zone,
            domain="f.example.com",
            answers=[
                WeightedAnswer(
                    id="edge",
                    weight=1,
                    leads_to=Alias(name="d111111abcdef8.cloudfront.net", zone_id=CLOUDFRONT),
                    check=checks[0],
                ),
            ],
        ),
        unchecked=WeightedRecords(
            stack,
            "Unchecked",
            hosted_zone=zone,
            domain="u.example.com",
            answers=[WeightedAnswer(id="a", weight=1, leads_to=Value(value="www.example.net"))],
            unchecked_because="a mirror that nobody needs",
        ),
    )
    site = make_stack(region="eu-west-1", name="Site", app=app)
    vpc = ec2.Vpc.from_vpc_attributes(site, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["eu-west-1a"])
    balancer = elb.ApplicationLoadBalancer.from_application_load_balancer_attributes(
        site,
        "LoadBalancer",
        load_balancer_arn=BALANCER,
        security_group_id="sg-0123456789abcdef0",
        load_balancer_dns_name="shop.eu-west-1.elb.amazonaws.com",
        load_balancer_canonical_hosted_zone_id="Z32O12XQLNTSW2",
        vpc=vpc,
    )
    joins = LatencyRecords(
        site,
        "Latency",
        hosted_zone=zone_of(site),
        domain="shop.example.com",
        answers=[LatencyAnswer(region="eu-west-1", leads_to=Alias.balancer(balancer))],
    )
    RegionalCertificate(site, "Certificate", hosted_zone=zone_of(site), names=["eu-west-1.example.com"])
    arc = make_stack(region="us-west-2", name="Controls", app=app)
    RoutingControls(arc, "Controls", name="shop", cells=REGIONS, gate="by-hand")
    made = {one.node.id: template(one) for one in (stack, site, arc)}
    return SimpleNamespace(sets=sets, joins=joins, made=made["Names"], site=made["Site"], arc=made["Controls"], app=app)


@pytest.fixture(scope="module")
def records(world: SimpleNamespace) -> Callable[[str], list[dict[str, Any]]]:
    """The properties of the records of a name."""
    return lambda name: [
        r["Properties"]
        for made in (world.made, world.site)
        for r in made["Resources"].values()
        if r["Type"] == "AWS::Route53::RecordSet" and r["Properties"]["Name"] == name
    ]


def said(found: list[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(record.get(key) for key in keys) for record in found]


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.made, region="us-east-1") == []
    assert lint(world.arc, region="us-west-2") == []
    assert lint(world.site) == []


@pytest.mark.capability("EDGE-03")
def test_weights_share_the_traffic_and_0_is_a_standby(records):
    found = records("w.example.com")

    assert said(found, "Type", "SetIdentifier", "Weight", "TTL", "ResourceRecords") == [
        ("A", "a", 200, "30", ["198.51.100.1"]),
        ("A", "b", 0, "30", ["198.51.100.2"]),
    ]


@pytest.mark.capability("EDGE-02")
def test_there_is_one_latency_record_for_each_region_and_type(records):
    found = records("l.example.org")

    assert said(found, "Type", "SetIdentifier", "Region") == [
        (kind, region, region) for kind in ("A", "AAAA") for region in REGIONS
    ]


@pytest.mark.capability("EDGE-02", "EDGE-07")
def test_a_region_joins_the_group_from_its_own_stack_as_healthy_as_its_balancer(records):
    assert records("shop.example.com") == [
        {
            "Name": "shop.example.com",
            "Type": "A",
            "HostedZoneId": "Z0123456789ABCDEFGHIJ",
            "SetIdentifier": "eu-west-1",
            "Region": "eu-west-1",
            "AliasTarget": {
                "DNSName": "dualstack.shop.eu-west-1.elb.amazonaws.com",
                "HostedZoneId": "Z32O12XQLNTSW2",
                "EvaluateTargetHealth": True,
            },
        }
    ]


@pytest.mark.capability("EDGE-04")
def test_places_have_a_default(records):
    assert said(records("g.example.com"), "SetIdentifier", "GeoLocation") == [
        ("*", {"CountryCode": "*"}),
        ("EU", {"ContinentCode": "EU"}),
        ("US-CA", {"CountryCode": "US", "SubdivisionCode": "CA"}),
    ]


def test_distances_are_from_regions_or_coordinates(records):
    assert said(records("p.example.com"), "SetIdentifier", "GeoProximityLocation") == [
        ("eu-west-1", {"AWSRegion": "eu-west-1", "Bias": -20}),
        ("52.52,13.4", {"Coordinates": {"Latitude": "52.52", "Longitude": "13.40"}, "Bias": 0}),
    ]


@pytest.mark.capability("EDGE-04")
def test_several_values_are_no_aliases_and_each_has_its_check(records):
    found = records("m.example.com")

    assert said(found, "Type", "MultiValueAnswer", "AliasTarget", "ResourceRecords") == [
        ("AAAA", True, None, ["2001:db8::0"]),
        ("AAAA", True, None, ["2001:db8::1"]),
    ]
    assert len({record["HealthCheckId"]["Fn::GetAtt"][0] for record in found}) == 2


@pytest.mark.capability("EDGE-04")
def test_networks_are_collected_and_everybody_else_gets_the_default(world, records, resources):
    [collection] = resources(world.made, "AWS::Route53::CidrCollection").values()

    assert collection == {
        "Name": "offices",
        "Locations": [{"LocationName": "berlin", "CidrList": ["2001:db8::/48", "203.0.113.0/24"]}],
    }
    assert [r["CidrRoutingConfig"]["LocationName"] for r in records("n.example.com")] == ["berlin", "*"]


@pytest.mark.capability("EDGE-07")
def test_every_alias_is_as_healthy_as_its_target_where_route_53_can_see_that(world):
    aliases = [
        r["Properties"]["AliasTarget"]
        for r in world.made["Resources"].values()
        if "AliasTarget" in r.get("Properties", {})
    ]

    assert {a["EvaluateTargetHealth"] for a in aliases if a["HostedZoneId"] != CLOUDFRONT} == {True}
    assert [a["EvaluateTargetHealth"] for a in aliases if a["HostedZoneId"] == CLOUDFRONT] == [False]


@pytest.mark.capability("EDGE-05", "EDGE-06")
def test_how_soon_traffic_moves_is_computed_and_written_into_the_template(world):
    sets = world.sets

    # 30 seconds and 6 of waiting, 10 times over, and what resolvers remember: the slowest answer counts.
    assert (sets.weighted.detection, sets.weighted.moves) == (Range(270, 360), Range(270, 390))
    assert (sets.latency.detection, sets.latency.moves) == (Range(60, 120), Range(60, 180))
    assert (sets.unchecked.detection, sets.unchecked.moves) == (None, None)
    said = {r["Metadata"]["cdk-standby:moves-within-seconds"] for name, r in world.made["Resources"].items()
            if name.startswith("WeightedA")}  # fmt: skip
    assert said == {"270 to 390"}


def test_going_unchecked_has_its_reason_in_the_template(world):
    assert world.made["Metadata"]["cdk-standby:weakened"] == {
        "Names/Unchecked": {"unchecked": "a mirror that nobody needs"}
    }


def test_ids_name_what_they_lead_to_and_never_roles(world):
    paths = [r.node.path for r in (*world.sets.latency.records, *world.sets.places.records)]

    assert paths == [
        "Names/Latency/A-eu-west-1",
        "Names/Latency/A-eu-central-1",
        "Names/Latency/AAAA-eu-west-1",
        "Names/Latency/AAAA-eu-central-1",
        "Names/Places/A-*",
        "Names/Places/A-EU",
        "Names/Places/A-US-CA",
    ]


@pytest.fixture(scope="module")
def refused(make_stack: Callable[..., cdk.Stack]) -> Callable[..., str]:
    """The whole message for options that cannot work."""
    stack = make_stack(region="us-east-1")

    def message(kind: type[Any], **options: Any) -> str:
        usual = {"hosted_zone": zone_of(stack), "domain": "shop.example.com"}
        with pytest.raises(InvalidOptions) as error:
            kind(stack, f"Refused{len(stack.node.children)}", **{**usual, **options})
        return str(error.value).split(": ", 1)[1]

    return message


PLAIN = Value(value="198.51.100.1")
OPEN = Alias(name="d111111abcdef8.cloudfront.net", zone_id=CLOUDFRONT)
UNCHECKED = (
    "'answers[0].check' is not given; allowed: a health check, an alias whose target's health counts, or "
    "'unchecked_because' with a reason, because Route 53 takes a record without a health check for healthy, also while "
    f"what it leads to is gone ({GUIDE}health-checks-how-route-53-chooses-records.html)"
)
FAMILIES: dict[type[Any], Callable[[Any], dict[str, Any]]] = {
    WeightedRecords: lambda to: {"answers": [WeightedAnswer(id="a", weight=1, leads_to=to)]},
    LatencyRecords: lambda to: {"answers": [LatencyAnswer(region="eu-west-1", leads_to=to)]},
    GeolocationRecords: lambda to: {"answers": [GeolocationAnswer(country="*", leads_to=to)]},
    GeoproximityRecords: lambda to: {"answers": [GeoproximityAnswer(region="eu-west-1", leads_to=to)]},
    MultivalueRecords: lambda to: {"answers": [MultivalueAnswer(id="a", leads_to=to)]},
    CidrRecords: lambda to: {"collection": "offices", "answers": [CidrAnswer(location="*", leads_to=to)]},
}


@pytest.mark.capability("EDGE-05")
@pytest.mark.parametrize("family", FAMILIES)
def test_records_that_nobody_checks_are_refused(refused, family):
    assert refused(family, **FAMILIES[family](PLAIN)) == UNCHECKED


def test_an_alias_whose_health_route_53_cannot_see_needs_a_check(refused):
    assert refused(LatencyRecords, **FAMILIES[LatencyRecords](OPEN)) == UNCHECKED


def test_a_reason_has_to_say_something(refused):
    assert refused(WeightedRecords, answers=weighted(1), unchecked_because=" ") == (
        "'unchecked_because' is ' '; allowed: a reason in words, because who reads the review must learn what made it "
        "acceptable"
    )


@pytest.mark.capability("EDGE-06")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("ttl", "got"), [(cdk.Duration.seconds(61), "1 minute 1 second"), (cdk.Duration.hours(1), "1 hour")]
)
def test_records_that_resolvers_keep_for_longer_than_a_minute_are_refused(refused, family, ttl, got):
    answers = {**FAMILIES[family](PLAIN), "unchecked_because": "a test"}

    assert refused(family, **answers, ttl=ttl) == (
        f"'ttl' is {got}; allowed: 1 to 60 seconds, because a record with a health check should be cached for 60 "
        f"seconds or less: clients keep going to a lost Region for that long ({API}API_ResourceRecordSet.html)"
    )


WRONG: list[tuple[type[Any], dict[str, Any], str]] = [
    (WeightedRecords, {"answers": []}, "'answers' is []; allowed: one answer or more, because a name without records "
     "leads nowhere"),
    (WeightedRecords, {"answers": weighted(256)}, "'answers[0].weight' is 256; allowed: 0 to 255, because a weight is "
     f"a whole number from 0 to 255 ({API}API_ResourceRecordSet.html)"),
    (WeightedRecords, {"answers": weighted(1, -1)}, "'answers[1].weight' is -1; allowed: 0 to 255, because a weight is "
     f"a whole number from 0 to 255 ({API}API_ResourceRecordSet.html)"),
    (WeightedRecords, {"answers": weighted(1), "ttl": cdk.Duration.seconds(60)}, "'ttl' is 1 minute; allowed: left "
     "out, because an alias is kept as long as its target says "
     f"({GUIDE}resource-record-sets-choosing-alias-non-alias.html)"),
    (WeightedRecords, {"answers": [*weighted(1), *weighted(1)]}, "'answers[1]' is 'eu-west-1'; allowed: another than "
     "those before it, because records of one name and type differ in an identifier of 1 to 128 characters "
     f"({API}API_ResourceRecordSet.html)"),
    (WeightedRecords, {"answers": [WeightedAnswer(id="", weight=1, leads_to=there("x"))]}, "'answers[0]' is ''; "
     "allowed: 1 to 128 characters, because records of one name and type differ in an identifier of 1 to 128 "
     f"characters ({API}API_ResourceRecordSet.html)"),
    (WeightedRecords, {"answers": [WeightedAnswer(id="a", weight=1, leads_to=Alias(name="x.example.org"))]},
     "'answers[0].leads_to' is 'x.example.org'; allowed: another name in example.com, or one with the 'zone_id' of its "
     "service, because an alias to another record reaches records of its own hosted zone only "
     f"({API}API_AliasTarget.html)"),
    (WeightedRecords, {"answers": [WeightedAnswer(id="a", weight=1, leads_to=Value(value="Shop"))],
                       "unchecked_because": "a test"},
     "'answers[0].leads_to' is 'Shop'; allowed: an address, or a name in lower case, because records of one name and "
     f"type all have the same routing policy ({API}API_ResourceRecordSet.html)"),
    (WeightedRecords, {"answers": [WeightedAnswer(id="a", weight=1, leads_to=Value(value="www.example.net"))],
                       "unchecked_because": "a test", "domain": "example.com"},
     "'answers[0].leads_to' is 'www.example.net'; allowed: an address or an alias, because the name of a zone itself "
     f"holds other records, and a CNAME stands alone ({GUIDE}ResourceRecordTypes.html#CNAMEFormat)"),
    (WeightedRecords, {"domain": "shop.example.org", "answers": weighted(1)}, "'domain' is 'shop.example.org'; "
     "allowed: example.com, or a name that ends in .example.com, because an alias to another record reaches records of "
     f"its own hosted zone only ({API}API_AliasTarget.html)"),
    (LatencyRecords, {"answers": [LatencyAnswer(region="moon-1", leads_to=there("x"))]}, "'answers[0].region' is "
     "'moon-1'; allowed: a Region of AWS, because what cannot be found can neither be deployed to nor failed over to "
     "(https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)"),
    (MultivalueRecords, {"answers": [MultivalueAnswer(id="a", leads_to=there("x"))]}, "'answers[0].leads_to' is "
     "an alias to x.shop.example.com; allowed: a 'Value' with an address, because a multivalue record "
     f"cannot be an alias ({API}API_ResourceRecordSet.html)"),
    (GeolocationRecords, {"answers": [GeolocationAnswer(country="*", continent="EU", leads_to=there("x"))]},
     "'answers[0].continent' is 'EU'; allowed: a continent or a country, one of the two, because an answer is for one "
     f"place ({API}API_GeoLocation.html)"),
    (GeolocationRecords, {"answers": [GeolocationAnswer(country="*", leads_to=there("x")),
                                      GeolocationAnswer(country="DE", subdivision="BE", leads_to=there("x"))]},
     "'answers[1].subdivision' is 'BE'; allowed: left out, or with a country of UA, US, because only Ukraine and the "
     f"United States are divided further ({GUIDE}resource-record-sets-values-geo.html)"),
    (GeoproximityRecords, {"answers": [GeoproximityAnswer(region="eu-west-1", bias=100, leads_to=there("x"))]},
     "'answers[0].bias' is 100; allowed: -99 to 99, because a bias is a whole number from -99 to 99 "
     f"({API}API_GeoProximityLocation.html)"),
    (GeoproximityRecords, {"answers": [GeoproximityAnswer(latitude=1, leads_to=there("x"))]}, "'answers[0].region' is "
     "not given; allowed: a Region, or both 'latitude' and 'longitude', because what it leads to is in one place "
     f"({API}API_GeoProximityLocation.html)"),
    (GeoproximityRecords, {"answers": [GeoproximityAnswer(latitude=91, longitude=0, leads_to=there("x"))]},
     "'answers[0].latitude' is 91; allowed: -90 to 90, because a latitude lies between the poles "
     f"({API}API_Coordinates.html)"),
]  # fmt: skip
DEFAULT = (
    "because a question from a place that no record covers, or that is not known, gets no answer without a default "
    f"record ({API}API_ResourceRecordSet.html)"
)


@pytest.mark.capability("EDGE-02", "EDGE-03", "EDGE-04")
@pytest.mark.parametrize(("family", "options", "message"), WRONG)
def test_answers_that_cannot_work_are_refused(refused, family, options, message):
    assert refused(family, **options) == message


@pytest.mark.capability("EDGE-03")
def test_weights_must_not_all_be_0(refused):
    assert refused(WeightedRecords, answers=weighted(0, 0)) == (
        "'answers' is [eu-west-1: 0, eu-central-1: 0]; allowed: one weight above 0, or more, because when every weight "
        f"is 0, each record gets the same share ({API}API_ResourceRecordSet.html)"
    )


@pytest.mark.capability("EDGE-04")
def test_places_and_networks_without_a_default_are_refused(refused):
    place = refused(GeolocationRecords, answers=[GeolocationAnswer(country="DE", leads_to=there("x"))])
    network = refused(
        CidrRecords, collection="o", answers=[CidrAnswer(location="b", blocks=("203.0.113.0/24",), leads_to=there("x"))]
    )

    assert place == f"'answers' is [DE]; allowed: one of them with country='*', {DEFAULT}"
    assert network == f"'answers' is [b]; allowed: one of them with location='*', {DEFAULT}"


@pytest.mark.capability("EDGE-04")
def test_an_answer_holds_eight_values_and_no_more(refused):
    answers = [MultivalueAnswer(id=str(n), leads_to=Value(value=f"198.51.100.{n}")) for n in range(9)]

    assert refused(MultivalueRecords, answers=answers, unchecked_because="a test") == (
        "'answers' is [0, 1, 2, 3, 4, 5, 6, 7, 8]; allowed: 1 to 8, "
        "because an answer holds at most eight multivalue records, and leaves out the others "
        f"({API}API_ResourceRecordSet.html)"
    )


def test_networks_are_as_large_as_route_53_takes_them(refused):
    wrong = CidrAnswer(location="b", blocks=("203.0.113.0/28",), leads_to=there("x"))

    said = refused(CidrRecords, collection="o", answers=[wrong, CidrAnswer(location="*", leads_to=there("x"))])

    assert said == (
        "'answers[0].blocks' is ['203.0.113.0/28']; allowed: networks such as 203.0.113.0/24, because a location holds "
        f"IPv4 blocks of /1 to /24 and IPv6 blocks of /1 to /48 "
        f"({GUIDE}resource-record-sets-creating-cidr-collection.html)"
    )


def test_beside_a_balancer_another_time_to_live_distorts_weights(refused):
    answers = [
        WeightedAnswer(id="a", weight=1, leads_to=Alias(name="lb.example.net", zone_id="Z32O12XQLNTSW2")),
        WeightedAnswer(id="b", weight=1, leads_to=PLAIN),
    ]

    said = refused(WeightedRecords, answers=answers, ttl=cdk.Duration.seconds(30), unchecked_because="a test")

    assert said == (
        "'ttl' is 30 seconds; allowed: 60 seconds, because beside an alias to a load balancer another time to live "
        f"distorts the weights ({API}API_ResourceRecordSet.html)"
    )


@pytest.fixture
def pair(make_stack: Callable[..., cdk.Stack]) -> tuple[cdk.Stack, cdk.Stack]:
    """Two stacks of one app with the same zone; the first has a weighted record."""
    one = make_stack(region="eu-west-1", name="One")
    two = make_stack(region="eu-central-1", name="Two", app=one.node.root)
    values = [WeightedAnswer(id="a", weight=1, leads_to=PLAIN)]
    WeightedRecords(
        one, "Names", hosted_zone=zone_of(one), domain="shop.example.com", answers=values, unchecked_because="a test"
    )
    return one, two


@pytest.mark.capability("EDGE-02")
def test_a_name_has_one_routing_policy_over_all_stacks(pair):
    _, two = pair
    answers = [LatencyAnswer(region="eu-central-1", leads_to=there("eu-central-1"))]

    with pytest.raises(InvalidOptions) as error:
        LatencyRecords(two, "Names", hosted_zone=zone_of(two), domain="shop.example.com", answers=answers)

    assert str(error.value) == (
        "Two/Names: 'domain' is 'shop.example.com'; allowed: a name that One/Names has not given weighted records, "
        f"because records of one name and type all have the same routing policy ({API}API_ResourceRecordSet.html)"
    )


def test_failover_records_share_their_name_with_no_other_family(pair):
    _, two = pair
    sites = {
        role: FailoverSite(region=region, domain=f"{region}.shop.example.com")
        for role, region in zip(("primary", "secondary"), REGIONS, strict=True)
    }

    with pytest.raises(InvalidOptions) as error:
        FailoverRecords(
            two, "Names", hosted_zone=zone_of(two), domain="shop.example.com",
            switch_alarm=AlarmId(region="eu-central-1", name="x"), **sites,
        )  # fmt: skip

    assert str(error.value).startswith(
        "Two/Names: 'domain' is 'shop.example.com'; allowed: a name that One/Names has not given weighted records"
    )


@pytest.mark.capability("EDGE-02", "EDGE-03")
def test_identifiers_differ_and_times_agree_over_all_stacks(pair):
    _, two = pair

    with pytest.raises(InvalidOptions) as error:
        WeightedRecords(
            two, "Names", hosted_zone=zone_of(two), domain="shop.example.com",
            answers=[WeightedAnswer(id="a", weight=1, leads_to=PLAIN)], ttl=cdk.Duration.seconds(30),
            unchecked_because="a test",
        )  # fmt: skip

    assert str(error.value) == (
        "Two/Names: 'answers' is 'a'; allowed: an identifier that One/Names has not used for shop.example.com, because "
        f"records of one name and type differ in an identifier of 1 to 128 characters ({API}API_ResourceRecordSet.html)"
        "\nTwo/Names: 'ttl' is 30 seconds; allowed: 60 seconds, as One/Names has it, because records of one name and "
        f"type are kept equally long ({API}API_ResourceRecordSet.html)"
    )


def test_another_region_joins_the_group(pair):
    _, two = pair

    joined = WeightedRecords(
        two, "Names", hosted_zone=zone_of(two), domain="shop.example.com",
        answers=[WeightedAnswer(id="b", weight=1, leads_to=there("eu-central-1"))],
    )  # fmt: skip

    assert len(joined.records) == 1
