"""The network of a Region: zones, addresses, ways out, and that none of them moves when a zone is added."""

import json
from ipaddress import IPv4Network
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from aws_cdk import Aws, CfnOutput, CfnParameter
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from hypothesis import given
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby._cidrs import LETTERS, PREFIXES, check_cidrs_disjoint, zone_blocks
from cdk_standby.network import Network
from cdk_standby_review.facts import network as facts
from cdk_standby_review.facts import regions

SUBNET = "AWS::EC2::Subnet"
CIDR_PAGE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html"
ZONE_PAGE = "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html"


@pytest.fixture(scope="module")
def network(make_stack):
    return Network(make_stack(region="eu-west-1"), "Network")


@pytest.fixture(scope="module")
def built(network, template):
    return template(network.node.scope)


@pytest.fixture(scope="module")
def build(make_stack, template):
    """The template of a network with other options."""

    def of(region="eu-west-1", **options):
        stack = make_stack(region=region, account="111111111111" if region else None)
        Network(stack, "Network", **options)
        return template(stack)

    return of


def subnets_of(template):
    return {name: r["Properties"] for name, r in template["Resources"].items() if r["Type"] == SUBNET}


def routes_of(template):
    """{logical id of the route table: where 0.0.0.0/0 goes}."""
    routes = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::EC2::Route"]
    return {r["RouteTableId"]["Ref"]: r.get("NatGatewayId", r.get("GatewayId"))["Ref"] for r in routes}


# What is built


@pytest.mark.capability("NET-01")
@pytest.mark.capability("NET-02")
def test_each_of_three_zones_has_a_public_a_private_and_an_isolated_subnet(built):
    places = sorted(
        (s["AvailabilityZone"], tag["Value"])
        for s in subnets_of(built).values()
        for tag in s["Tags"]
        if tag["Key"] == "aws-cdk:subnet-type"
    )

    assert places == [(f"eu-west-1{z}", kind) for z in "abc" for kind in ("Isolated", "Private", "Public")]


def test_no_subnet_gives_public_addresses_by_itself(built):
    assert {s.get("MapPublicIpOnLaunch", False) for s in subnets_of(built).values()} == {False}


def test_the_zones_used_can_be_asked_for(network):
    assert network.availability_zones == ("eu-west-1a", "eu-west-1b", "eu-west-1c")
    assert [zone.zone for zone in network.zones] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


@pytest.mark.capability("NET-14")
def test_each_private_subnet_leaves_by_the_nat_gateway_of_its_own_zone(built):
    routes = routes_of(built)

    for letter in "ABC":
        [nat] = [target for table, target in routes.items() if table.startswith(f"NetworkPrivate{letter}")]
        assert nat.startswith(f"NetworkPublic{letter}NATGateway")


def test_isolated_subnets_have_no_way_out(built):
    assert not [table for table in routes_of(built) if table.startswith("NetworkIsolated")]


@pytest.mark.capability("NET-14")
def test_a_regional_nat_gateway_serves_all_private_subnets_without_elastic_addresses_of_ours(build, resources):
    template = build(nat="regional")

    [(nat, properties)] = resources(template, "AWS::EC2::NatGateway").items()
    assert properties["AvailabilityMode"] == "regional"
    assert properties["VpcId"] == {"Ref": "Network" + next(iter(resources(template, "AWS::EC2::VPC")))[7:]}
    assert "SubnetId" not in properties
    assert resources(template, "AWS::EC2::EIP") == {}
    assert {to for table, to in routes_of(template).items() if "Private" in table} == {nat}


def test_a_single_nat_gateway_costs_a_reason_that_shows(build, resources):
    template = build(single_nat_because="sandbox, rebuilt nightly")

    [nat] = resources(template, "AWS::EC2::NatGateway")
    assert nat.startswith("NetworkPublicA")
    assert {to for table, to in routes_of(template).items() if "Private" in table} == {nat}
    assert template["Metadata"]["cdk-standby:weakened"] == {"Test/Network": {"single_nat": "sandbox, rebuilt nightly"}}
    [vpc] = resources(template, "AWS::EC2::VPC").values()
    assert {"Key": "cdk-standby:weakened:single_nat", "Value": "sandbox rebuilt nightly"} in vpc["Tags"]


@pytest.mark.capability("NET-15")
def test_s3_and_dynamodb_are_reached_from_every_private_and_isolated_subnet_without_leaving(built, resources):
    gateways = [e for e in resources(built, "AWS::EC2::VPCEndpoint").values() if e["VpcEndpointType"] == "Gateway"]
    inner = {name for name in resources(built, "AWS::EC2::RouteTable") if "Public" not in name}

    assert sorted(e["ServiceName"]["Fn::Join"][1][-1] for e in gateways) == [".dynamodb", ".s3"]
    for endpoint in gateways:
        assert {table["Ref"] for table in endpoint["RouteTableIds"]} == inner


def test_interface_endpoints_stand_in_every_private_subnet_behind_a_group_open_to_the_vpc_only(built, resources):
    interfaces = [e for e in resources(built, "AWS::EC2::VPCEndpoint").values() if e["VpcEndpointType"] == "Interface"]

    assert sorted(e["ServiceName"].rsplit(".", 1)[1] for e in interfaces) == [
        "logs",
        "secretsmanager",
        "ssm",
        "ssmmessages",
    ]
    for endpoint in interfaces:
        assert endpoint["PrivateDnsEnabled"] is True
        assert [s["Ref"][:15] for s in endpoint["SubnetIds"]] == [f"NetworkPrivate{z}" for z in "ABC"]
    [group] = resources(built, "AWS::EC2::SecurityGroup").values()
    assert [(r["CidrIp"], r["FromPort"], r["ToPort"]) for r in group["SecurityGroupIngress"]] == [
        ("10.0.0.0/16", 443, 443)
    ]


def test_interface_endpoints_can_be_others_or_none(build, resources):
    other = build(interface_endpoints=["sqs", "ecr.api"])
    none = build(interface_endpoints=[])

    assert {"NetworkEndpointSqs", "NetworkEndpointEcrapi"} <= {
        name[:-8].replace("EcrApi", "Ecrapi") for name in resources(other, "AWS::EC2::VPCEndpoint")
    }
    assert {e["VpcEndpointType"] for e in resources(none, "AWS::EC2::VPCEndpoint").values()} == {"Gateway"}
    assert resources(none, "AWS::EC2::SecurityGroup") == {}


def test_all_traffic_is_logged_encrypted_and_kept_when_the_stack_goes(built, resources):
    [log] = resources(built, "AWS::EC2::FlowLog").values()
    [(name, group)] = resources(built, "AWS::Logs::LogGroup").items()

    assert (log["TrafficType"], log["LogDestinationType"]) == ("ALL", "cloud-watch-logs")
    assert log["LogGroupName"] == {"Ref": name}
    assert group["RetentionInDays"] == 90
    assert "KmsKeyId" in group
    assert built["Resources"][name]["DeletionPolicy"] == "Retain"


def test_flow_logs_take_a_key_and_a_retention_of_the_users(make_stack, template, resources):
    stack = make_stack()
    key = kms.Key(stack, "Key")
    Network(stack, "Network", flow_log_key=key, flow_log_retention=logs.RetentionDays.ONE_YEAR)
    template = template(stack)

    [(name, properties)] = resources(template, "AWS::KMS::Key").items()
    [group] = resources(template, "AWS::Logs::LogGroup").values()
    assert group["KmsKeyId"] == {"Fn::GetAtt": [name, "Arn"]}
    assert group["RetentionInDays"] == 365
    assert {"Service": "logs.eu-west-1.amazonaws.com"} in [s["Principal"] for s in properties["KeyPolicy"]["Statement"]]


@pytest.mark.capability("NET-18")
def test_the_default_security_group_is_closed_by_aws_own_runbook_and_no_lambda(built, resources):
    [(vpc, _)] = resources(built, "AWS::EC2::VPC").items()
    [association] = resources(built, "AWS::SSM::Association").values()

    assert association["Name"] == "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules"
    assert association["Parameters"]["GroupId"] == [{"Fn::GetAtt": [vpc, "DefaultSecurityGroup"]}]
    assert association["ScheduleExpression"] == "rate(1 day)"
    assert resources(built, "AWS::Lambda::Function") == {}
    assert not [r for r in built["Resources"].values() if r["Type"].startswith("Custom::")]


def test_the_runbook_starts_only_once_its_role_may_act(built):
    [association] = [r for r in built["Resources"].values() if r["Type"] == "AWS::SSM::Association"]

    assert [name[:-8] for name in association["DependsOn"]] == ["NetworkDefaultGroupPolicy"]


def test_synth_asks_no_account_and_no_context(network, template):
    template(network.node.scope)

    manifest = json.loads(Path(network.node.root.outdir, "manifest.json").read_text())
    assert "missing" not in manifest


def test_a_public_load_balancer_of_the_same_stack_waits_for_the_routes_to_the_internet(make_stack, template):
    stack = make_stack()
    network = Network(stack, "Network")
    elb.ApplicationLoadBalancer(stack, "Front", vpc=network.vpc, internet_facing=True)
    template = template(stack)

    [front] = [r for r in template["Resources"].values() if r["Type"].endswith("::LoadBalancer")]
    waits = {name[:26] for name in front["DependsOn"]}
    assert {f"NetworkPublic{z}DefaultRoute" for z in "ABC"} <= {name[:26] for name in waits}
    assert [s["Ref"][:14] for s in front["Properties"]["Subnets"]] == [f"NetworkPublic{z}" for z in "ABC"]


def test_the_vpc_selects_subnets_as_any_other(network):
    chosen = network.vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)

    assert chosen.availability_zones == list(network.availability_zones)
    assert network.vpc.vpc_cidr_block == "10.0.0.0/16"


def test_another_stack_of_the_region_uses_the_network_and_nothing_is_looked_up(make_stack, flags, template):
    home = make_stack(flags=flags, name="Net")
    network = Network(home, "Network")
    service = make_stack(name="Svc", app=home.node.root)
    elb.ApplicationLoadBalancer(service, "Front", vpc=network.vpc, internet_facing=True)

    [front] = [r for r in template(service)["Resources"].values() if r["Type"].endswith("::LoadBalancer")]
    # The recommended flags make references between stacks weak: an output can go while another stack still uses it.
    reference = {"recommended": "Fn::GetStackOutput", "none": "Fn::ImportValue"}[flags]
    assert [list(subnet) for subnet in front["Properties"]["Subnets"]] == [[reference]] * 3
    assert "missing" not in json.loads(Path(home.node.root.outdir, "manifest.json").read_text())


# What never moves


def test_a_zone_that_is_added_moves_no_id_and_no_address(build):
    two, three = build(zones=2), build(zones=3)

    for template in (two, three):
        template["Resources"] = {n: r for n, r in template["Resources"].items() if "Endpoint" not in n}
    kept = {name: r for name, r in two["Resources"].items() if "Gateway" not in name or "NAT" in name}
    assert {name: three["Resources"].get(name) for name in kept} == kept
    assert len(subnets_of(three)) == len(subnets_of(two)) + 3


def test_a_zone_that_goes_from_the_middle_moves_no_id_and_no_address(build):
    all_three = subnets_of(build(availability_zones=["eu-west-1a", "eu-west-1b", "eu-west-1c"]))
    without_b = subnets_of(build(availability_zones=["eu-west-1a", "eu-west-1c"]))

    assert {name: all_three.get(name) for name in without_b} == without_b


def test_the_order_in_which_zones_are_named_does_not_matter(build):
    assert build(availability_zones=["eu-west-1c", "eu-west-1a"]) == build(
        availability_zones=["eu-west-1a", "eu-west-1c"]
    )


def test_logical_ids_of_subnets_never_change(built):
    """A new id replaces the subnet, and with it all that lives there: release it as a major version."""
    assert sorted(subnets_of(built)) == [
        "NetworkIsolatedASubnet22264319",
        "NetworkIsolatedBSubnet4B366AB3",
        "NetworkIsolatedCSubnetA4EACF04",
        "NetworkPrivateASubnet55E0BBAD",
        "NetworkPrivateBSubnet877B0EDF",
        "NetworkPrivateCSubnet09ACA390",
        "NetworkPublicASubnet6F57B779",
        "NetworkPublicBSubnetC1253A87",
        "NetworkPublicCSubnet6E035513",
    ]


# Zones that are named or known


@pytest.mark.parametrize(
    ("region", "zones"),
    [("ap-northeast-1", "acd"), ("ca-central-1", "abd"), ("us-east-1", "abc"), ("eu-central-1", "abc")],
)
def test_the_zones_of_the_stacks_region_are_used_as_accounts_see_them(make_stack, region, zones):
    network = Network(make_stack(region=region), "Network")

    assert network.availability_zones == tuple(region + letter for letter in zones)


def test_named_zones_serve_a_stack_without_a_region(build):
    template = build(region=None, availability_zones=["eu-west-1a", "eu-west-1b"])

    assert {s["AvailabilityZone"] for s in subnets_of(template).values()} == {"eu-west-1a", "eu-west-1b"}


def test_named_zones_serve_a_region_that_is_not_in_our_table(make_stack):
    network = Network(make_stack(region="eu-west-9"), "Network", availability_zones=["eu-west-9a", "eu-west-9b"])

    assert network.availability_zones == ("eu-west-9a", "eu-west-9b")


# What is refused


def refused(make_stack, region="eu-west-1", **options):
    with pytest.raises(InvalidOptions) as raised:
        Network(make_stack(region=region), "Network", **options)
    return str(raised.value)


def test_a_stack_without_a_region_is_refused(make_stack):
    assert refused(make_stack, region=None) == (
        "Test/Network: 'availability_zones' is not given; allowed: the zones by name, such as ['eu-west-1a',"
        " 'eu-west-1b', 'eu-west-1c'], or a stack with env=cdk.Environment(account=..., region=...), because a stack"
        " without a Region silently gets two zones, whatever it asks for (https://docs.aws.amazon.com/cdk/v2/guide/configure-env.html)"
    )


def test_a_region_that_does_not_exist_is_refused_with_those_that_were_meant(make_stack):
    assert refused(make_stack, region="eu-cental-1") == (
        "Test/Network: 'region of the stack' is 'eu-cental-1'; allowed: a Region of AWS; did you mean eu-central-1 or"
        " me-central-1 or eu-central-2?, because what cannot be found can neither be deployed to nor failed over to"
        " (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)"
    )


def test_a_region_whose_zones_differ_by_account_wants_them_named(make_stack):
    assert refused(make_stack, region="us-west-1") == (
        "Test/Network: 'availability_zones' is not given; allowed: the zones by name, such as ['us-west-1a',"
        f" 'us-west-1c'], because each account sees other zones of us-west-1 ({ZONE_PAGE})"
    )


@pytest.mark.parametrize("zones", [0, 1, 7])
def test_fewer_than_two_zones_or_more_than_six_are_refused(make_stack, zones):
    assert refused(make_stack, zones=zones) == (
        f"Test/Network: 'zones' is {zones}; allowed: 2 to 6, because one zone cannot survive its own loss, and no"
        f" Region has more than six ({ZONE_PAGE})"
    )


def test_more_zones_than_the_region_has_are_refused(make_stack):
    assert refused(make_stack, zones=4) == (
        "Test/Network: 'zones' is 4; allowed: 2 to 3, because eu-west-1 has eu-west-1a, eu-west-1b, eu-west-1c"
        f" ({ZONE_PAGE})"
    )


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (
            ["eu-west-1a"],
            "['eu-west-1a']; allowed: 2 to 6 zones, because one zone cannot survive its own loss, and no Region has"
            " more than six",
        ),
        (
            ["eu-west-1a", "eu-west-1a"],
            "['eu-west-1a', 'eu-west-1a']; allowed: each zone once, because eu-west-1a given twice is still one zone,"
            " lost at once",
        ),
        (
            ["euw1-az1", "euw1-az2"],
            "['euw1-az1', 'euw1-az2']; allowed: names made of a Region and a letter, such as 'eu-west-1a', because zone"
            " ids and Local Zones will not do",
        ),
        (
            ["us-west-2-lax-1a", "us-west-2-lax-1b"],
            "['us-west-2-lax-1a', 'us-west-2-lax-1b']; allowed: names made of a Region and a letter, such as"
            " 'eu-west-1a', because zone ids and Local Zones will not do",
        ),
        (
            ["eu-west-1a", "eu-west-2a"],
            "['eu-west-1a', 'eu-west-2a']; allowed: zones of eu-west-1, because a VPC lives in one Region",
        ),
        (
            [Aws.REGION + "a", "eu-west-1b"],
            "a token; allowed: names known at synth, such as 'eu-west-1a', because ids and addresses follow the letter"
            " of a zone",
        ),
    ],
)
def test_zones_named_badly_are_refused(make_stack, named, told):
    message = refused(make_stack, availability_zones=named)

    assert message == f"Test/Network: 'availability_zones' is {told} ({ZONE_PAGE})"


def test_what_is_known_only_at_deployment_cannot_be_divided(make_stack):
    stack = make_stack()
    zones = CfnParameter(stack, "Zones", type="Number").value_as_number

    with pytest.raises(InvalidOptions) as raised:
        Network(stack, "Network", cidr=Aws.NO_VALUE, zones=zones)

    assert str(raised.value).splitlines() == [
        "Test/Network: 'zones' is a token; allowed: a number known at synth, because a network is divided before"
        f" deployment ({ZONE_PAGE})",
        "Test/Network: 'cidr' is a token; allowed: addresses known at synth, because a network is divided before"
        " deployment",
    ]


@pytest.mark.parametrize("cidr", ["10.0.0.0/15", "10.0.0.0/22", "10.0.0.1/16", "10.0.0.0", "fd00::/16", "ten"])
def test_addresses_that_cannot_be_divided_are_refused(make_stack, cidr):
    assert refused(make_stack, cidr=cidr) == (
        f"Test/Network: 'cidr' is '{cidr}'; allowed: a network of /16 to /21, such as '10.0.0.0/16', no bit set behind"
        " the prefix, because it is cut into eight zones of three subnets each, and each subnet of a load balancer is"
        f" at least a /27 ({CIDR_PAGE})"
    )


def test_all_that_is_wrong_is_told_at_once(make_stack):
    message = refused(
        make_stack,
        cidr="ten",
        zones=1,
        nat="none",
        single_nat_because="",
        interface_endpoints=["s3", "sqs", "sqs"],
    )

    assert [line.split("'")[1] for line in message.splitlines()] == [
        "cidr",
        "nat",
        "interface_endpoints",
        "interface_endpoints",
        "zones",
    ]


def test_a_reason_for_a_single_nat_gateway_contradicts_a_regional_one(make_stack):
    assert refused(make_stack, nat="regional", single_nat_because="cheap") == (
        "Test/Network: 'single_nat_because' is 'cheap'; allowed: left out when nat is 'regional', because a regional"
        " NAT gateway is not lost with one zone (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html)"
    )


def test_a_reason_must_say_something(make_stack):
    assert refused(make_stack, single_nat_because=" ") == (
        "Test/Network: 'single_nat_because' is ' '; allowed: a reason in words, because who reads the review must learn"
        " what made it acceptable"
    )


def test_sites_whose_addresses_overlap_are_refused_naming_both():
    with pytest.raises(InvalidOptions) as raised:
        check_cidrs_disjoint(
            "Shop", {"eu-west-1": "10.0.0.0/16", "eu-central-1": "10.0.128.0/17", "us-east-1": "10.1.0.0/16"}
        )

    assert str(raised.value) == (
        "Shop: 'cidr of eu-central-1' is '10.0.128.0/17'; allowed: a network apart from 10.0.0.0/16 of eu-west-1,"
        " because sites whose addresses overlap can never be peered or share a transit gateway"
        " (https://docs.aws.amazon.com/vpc/latest/peering/invalid-peering-configurations.html)"
    )


def test_addresses_that_are_none_are_told_with_the_overlaps_and_tokens_are_left_alone():
    with pytest.raises(InvalidOptions) as raised:
        check_cidrs_disjoint("Shop", {"a": "10.0.0.0/16", "b": "10.0.0.0/8", "c": "ten", "d": Aws.NO_VALUE})

    assert [(p.option, p.got) for p in raised.value.problems] == [
        ("cidr of c", "'ten'"),
        ("cidr of b", "'10.0.0.0/8'"),
    ]


def test_sites_apart_pass():
    check_cidrs_disjoint("Shop", {"eu-west-1": "10.0.0.0/16", "eu-central-1": "10.1.0.0/16"})


# Arithmetic


networks = st.integers(*PREFIXES).flatmap(
    lambda prefix: st.integers(0, 2**prefix - 1).map(lambda n: IPv4Network((n << (32 - prefix), prefix)))
)


@given(networks)
def test_the_subnets_of_all_zones_lie_inside_the_network_apart_from_each_other(vpc):
    blocks = [zone_blocks(vpc, letter) for letter in LETTERS]
    subnets = [subnet for zone in blocks for subnet in (zone.public, zone.private, zone.isolated)]

    assert all(subnet.subnet_of(vpc) for subnet in subnets)
    assert not any(one.overlaps(two) for one, two in combinations(subnets, 2))


@given(networks)
def test_a_load_balancer_fits_into_every_public_subnet_and_more_into_the_private_ones(vpc):
    for letter in LETTERS:
        zone = zone_blocks(vpc, letter)
        assert zone.public.prefixlen <= facts.BALANCER_SUBNET_PREFIX.value
        assert zone.private.num_addresses > zone.isolated.num_addresses > zone.public.num_addresses


@given(networks)
def test_one_prefix_names_all_of_a_zone(vpc):
    zones = [zone_blocks(vpc, letter) for letter in LETTERS]

    for zone, following in pairwise(zones):
        assert max(zone.public, zone.private, zone.isolated) < min(following.private, following.isolated)
        assert zone.private.supernet().supernet(0).prefixlen == vpc.prefixlen + 3


@given(st.dictionaries(st.text(min_size=1, max_size=8), networks, min_size=2, max_size=5))
def test_networks_are_refused_exactly_when_two_of_them_share_an_address(sites):
    overlapping = any(one.overlaps(two) for one, two in combinations(sites.values(), 2))

    if overlapping:
        with pytest.raises(InvalidOptions):
            check_cidrs_disjoint("Shop", {site: str(network) for site, network in sites.items()})
    else:
        check_cidrs_disjoint("Shop", {site: str(network) for site, network in sites.items()})


@given(st.sampled_from(regions.REGIONS.value), st.integers(2, 6))
def test_more_zones_of_a_region_begin_with_the_fewer(region, count):
    names = regions.zone_names(region)

    assert names[:count] == names[: count + 1][:count]
    assert len(set(names)) == len(names)
    assert all(name[:-1] == region and name[-1] in LETTERS for name in names)


# What the validators say


@pytest.mark.parametrize("options", [{}, {"nat": "regional"}, {"single_nat_because": "sandbox"}], ids=str)
def test_a_network_leaves_no_finding(make_stack, flags, findings, lint, template, options):
    stack = make_stack(flags=flags)
    network = Network(stack, "Network", **options)
    CfnOutput(stack, "Vpc", value=network.vpc.vpc_id)

    assert findings(stack.node.root) == []
    assert lint(template(stack)) == []


def test_a_network_without_a_region_leaves_no_finding(make_stack, flags, findings, lint, template):
    stack = make_stack(flags=flags, region=None)
    Network(stack, "Network", availability_zones=["eu-west-1a", "eu-west-1b"])

    assert findings(stack.node.root) == []
    assert lint(template(stack)) == []


def test_both_flag_sets_give_the_same_network(make_stack, template):
    def of(flags):
        stack = make_stack(flags=flags)
        Network(stack, "Network")
        return sorted(template(stack)["Resources"])

    assert of("recommended") == of("none")
