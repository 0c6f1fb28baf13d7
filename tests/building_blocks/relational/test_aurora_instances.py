"""The instances of a cluster: which are serverless, who is promoted first, and how single ones are reached."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Annotations, Match
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational.aurora import AuroraCluster

CLUSTER, INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"
ENDPOINT, TARGET = "AWS::RDS::DBClusterEndpoint", "AWS::ApplicationAutoScaling::ScalableTarget"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
POSTGRESQL = {"engine": "aurora-postgresql", "version": "17.4"}
MYSQL = {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.08.0"}
MIXED = {"serverless": (0.5, 16), "serverless_members": (3,)}
PAUSING = {"serverless": (0, 4), "pause_after": cdk.Duration.seconds(600)}


def build(stack: cdk.Stack, id: str = "Database", **options: Any) -> AuroraCluster:
    vpc = stack.node.try_find_child("Vpc") or ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"eu-west-1{zone}" for zone in "abc"],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
    )
    key = stack.node.try_find_child("Key") or kms.Key(stack, "Key", enable_key_rotation=True)
    return AuroraCluster(stack, id, vpc=vpc, key=key, **{**POSTGRESQL, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    app = make_stack(name="Mixed").node.root
    mixed = build(
        app.node.find_child("Mixed"), **MIXED, cluster_identifier="shop", certificate_authority="rds-ca-ecc384-g1"
    )
    mixed.add_endpoint("Reports", members=(3,))
    mixed.add_endpoint("Everyone", excluded=(1,), kind="ANY", name="Everyone-Else")
    mixed.scale_readers(2, 6, cpu=60, connections=500)
    pausing = build(make_stack(name="Pausing", app=app), **PAUSING, **MYSQL, readers=1)
    alone = build(make_stack(name="Alone", app=app), readers=0, no_readers_because="a lab", deletable_because="a lab")
    alone.add_endpoint("Reports", name="reports")
    no_endpoint = alone.reader_endpoint
    tiers = build(make_stack(name="Tiers", app=app), readers=3, promotion_tiers=(0, 1, 2, 15))
    clusters = {"mixed": mixed, "pausing": pausing, "alone": alone, "tiers": tiers}
    templates = {name: template(cdk.Stack.of(cluster)) for name, cluster in clusters.items()}
    return SimpleNamespace(app=app, clusters=clusters, no_endpoint=no_endpoint, **templates)


@pytest.fixture(scope="module")
def home(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """Where clusters are tried out."""
    return make_stack()


@pytest.fixture(scope="module")
def refusal(home: cdk.Stack) -> Callable[..., str]:
    """What is wrong with options, without the path."""

    def message(**options: Any) -> str:
        with pytest.raises(InvalidOptions) as error:
            build(home, f"Refused{len(home.node.children)}", **options)
        return "\n".join(line.split(": ", 1)[1] for line in str(error.value).splitlines())

    return message


@pytest.fixture(scope="module")
def cluster(home: cdk.Stack) -> AuroraCluster:
    """A usual one, with two readers."""
    return build(home, "Usual", cluster_identifier="shop")


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(InvalidOptions) as error:
        call()
    return str(error.value)


def test_the_validators_find_nothing_but_the_warning_that_is_meant(world, findings, lint):
    assert findings(world.app) == [("Annotation::cdk-standby:no-readers", "Alone/Database")]
    for name in ("mixed", "pausing", "alone", "tiers"):
        assert lint(getattr(world, name)) == []


# Serverless beside provisioned


@pytest.mark.capability("AUR-16")
@pytest.mark.capability("AUR-17")
def test_serverless_readers_stand_beside_a_provisioned_writer(world, resources):
    instances = resources(world.mixed, INSTANCE).values()

    assert [one["DBInstanceClass"] for one in instances] == ["db.r7g.large", "db.r7g.large", "db.serverless"]
    assert len({one["AvailabilityZone"] for one in instances}) == 3
    [made] = resources(world.mixed, CLUSTER).values()
    assert made["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0.5, "MaxCapacity": 16}
    assert "EngineMode" not in made


@pytest.mark.capability("AUR-16")
@pytest.mark.capability("AUR-27")
def test_instances_pause_when_nobody_is_connected(world, resources):
    [made] = resources(world.pausing, CLUSTER).values()

    assert made["ServerlessV2ScalingConfiguration"] == {
        "MinCapacity": 0,
        "MaxCapacity": 4,
        "SecondsUntilAutoPause": 600,
    }
    assert {one["DBInstanceClass"] for one in resources(world.pausing, INSTANCE).values()} == {"db.serverless"}


@pytest.mark.capability("AUR-25")
@pytest.mark.parametrize("least", [0.5, 1])
def test_who_keeps_some_capacity_is_never_paused(home, least):
    kept_warm = build(home, f"Warm{least}", serverless=(least, 4))

    scaling = kept_warm.cluster.serverless_v2_scaling_configuration
    assert (scaling.min_capacity, scaling.seconds_until_auto_pause) == (least, None)


def bad_members(got: str) -> str:
    return (
        f"'serverless_members' is {got}; allowed: numbers of instances, 1 to 3, each once, together with 'serverless', "
        "because instances are counted from 1, and those that are not serverless have the class of 'instance' "
        f"({GUIDE}aurora-serverless-v2.how-it-works.html)"
    )


def bad_tiers(got: str) -> str:
    return (
        f"'promotion_tiers' is {got}; allowed: a tier of 0 to 15 for each of the 3 instances, because an instance has "
        f"a promotion tier of 0, which is promoted first, to 15 ({GUIDE}Concepts.AuroraHighAvailability.html)"
    )


def small(got: str, allowed: str) -> str:
    return (
        f"'smaller_standby_because' is {got}; allowed: {allowed}, because readers of the tiers 0 and 1 keep the "
        "writer's capacity and are promoted first: one that is smaller, or that scales with its own load alone, cannot "
        f"carry the writer's ({GUIDE}aurora-serverless-v2.how-it-works.html)"
    )


def bad_pause(got: str) -> str:
    return (
        f"'pause_after' is {got}; allowed: 300 to 86400 seconds, in whole seconds, with a least capacity of 0, because "
        "serverless instances pause after 5 minutes to 24 hours without connections, when their least capacity is 0 "
        f"({GUIDE}aurora-serverless-v2-auto-pause.html)"
    )


A_READER = "a reason, or a reader of tier 0 or 1 that is of the class of instance 1"
CANNOT_PAUSE = (
    "'serverless' is [0, 4]; allowed: a least capacity of 0.5 for this version, or 0 with 'auto_pause_known' where AWS "
    "has added it since, because serverless instances pause from Aurora MySQL 3.08 and Aurora PostgreSQL 16.3, 15.7, "
    f"14.12 and 13.15 on ({GUIDE}aurora-serverless-v2.how-it-works.html)"
)
REFUSED = [
    ({"serverless_members": (3,)}, bad_members("[3]")),
    ({**MIXED, "serverless_members": (4,)}, bad_members("[4]")),
    ({**MIXED, "serverless_members": (3, 3)}, bad_members("[3, 3]")),
    ({**MIXED, "serverless_members": ()}, bad_members("[]")),
    ({"promotion_tiers": (0, 1)}, bad_tiers("[0, 1]")),
    ({"promotion_tiers": (0, 1, 16)}, bad_tiers("[0, 1, 16]")),
    ({"promotion_tiers": (0, 1, -1)}, bad_tiers("[0, 1, -1]")),
    ({**MIXED, "serverless_members": (2, 3)}, small("not given", A_READER)),
    ({"serverless": (1, 8), "promotion_tiers": (0, 2, 2)}, small("not given", A_READER)),
    (
        {"smaller_standby_because": "cheap"},
        "'smaller_standby_because' is 'cheap'; allowed: left out where a reader of tier 0 or 1 is of the class of "
        "instance 1, because no safeguard is given away",
    ),
    ({**PAUSING, "pause_after": cdk.Duration.seconds(299)}, bad_pause("4 minutes 59 seconds")),
    ({**PAUSING, "pause_after": cdk.Duration.hours(25)}, bad_pause("1 day 1 hour")),
    ({"serverless": (0.5, 4), "pause_after": cdk.Duration.minutes(5)}, bad_pause("5 minutes")),
    ({"pause_after": cdk.Duration.minutes(5)}, bad_pause("5 minutes")),
    ({"serverless": (0, 4), "version": "16.2"}, CANNOT_PAUSE),
    ({**MYSQL, "serverless": (0, 4), "version": "8.0.mysql_aurora.3.07.1"}, CANNOT_PAUSE),
    (
        {"certificate_authority": "rds-ca-2019"},
        "'certificate_authority' is 'rds-ca-2019'; allowed: 'rds-ca-rsa2048-g1', 'rds-ca-rsa4096-g1', "
        "'rds-ca-ecc384-g1', because these authorities sign the certificates of instances "
        f"({GUIDE}UsingWithRDS.SSL.html)",
    ),
]


@pytest.mark.capability("AUR-05")
@pytest.mark.capability("AUR-16")
@pytest.mark.parametrize(
    ("options", "message"), REFUSED, ids=lambda value: ",".join(value) if isinstance(value, dict) else ""
)
def test_instances_that_cannot_be_are_refused(refusal, options, message):
    assert refusal(**options) == message


@pytest.mark.parametrize(
    "options",
    [
        {**MIXED, "serverless_members": (2, 3), "smaller_standby_because": "reports only"},
        {**MIXED, "serverless_members": (1, 2)},
        {"serverless": (0, 4), "version": "16.2", "auto_pause_known": True},
        {"serverless": (0, 4), "version": "18.1"},
    ],
    ids=str,
)
def test_what_is_meant_is_built(home, options):
    assert len(build(home, f"Meant{len(home.node.children)}", **options).instances) == 3


@pytest.mark.capability("AUR-05")
def test_who_is_promoted_first_can_be_chosen(world, resources):
    assert [one["PromotionTier"] for one in resources(world.tiers, INSTANCE).values()] == [0, 1, 2, 15]


def test_certificates_are_signed_by_the_chosen_authority(world, resources):
    signed = [
        {one.get("CACertificateIdentifier") for one in resources(t, INSTANCE).values()}
        for t in (world.mixed, world.tiers)
    ]

    assert signed == [{"rds-ca-ecc384-g1"}, {None}]


# Endpoints


@pytest.mark.capability("AUR-08")
def test_some_clients_get_instances_of_their_own(world, resources):
    instances, [made] = list(resources(world.mixed, INSTANCE)), resources(world.mixed, CLUSTER)

    endpoints = list(resources(world.mixed, ENDPOINT).values())
    assert endpoints == [
        {
            "CustomEndpointType": "READER",
            "DBClusterEndpointIdentifier": "shop-reports",
            "DBClusterIdentifier": {"Ref": made},
            "StaticMembers": [{"Ref": instances[2]}],
        },
        {
            "CustomEndpointType": "ANY",
            "DBClusterEndpointIdentifier": "everyone-else",
            "DBClusterIdentifier": {"Ref": made},
            "ExcludedMembers": [{"Ref": instances[0]}],
        },
    ]


def test_custom_endpoints_are_kept_with_their_cluster(world):
    policies = {
        name: {r["DeletionPolicy"] for r in getattr(world, name)["Resources"].values() if r["Type"] == ENDPOINT}
        for name in ("mixed", "alone")
    }

    assert policies == {"mixed": {"Retain"}, "alone": {"Delete"}}


def numbers(option: str, got: str) -> str:
    return (
        f"Test/Usual: '{option}' is {got}; allowed: numbers of instances, 1 to 3, each once, because an endpoint leads "
        f"to instances that the cluster has, counted from 1 ({GUIDE}Aurora.Endpoints.Custom.html)"
    )


@pytest.mark.capability("AUR-08")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"members": (4,)}, numbers("members", "[4]")),
        ({"members": ()}, numbers("members", "[]")),
        ({"excluded": (1, 1)}, numbers("excluded", "[1, 1]")),
        (
            {"members": (1,), "excluded": (2,)},
            "Test/Usual: 'excluded' is [2]; allowed: left out with 'members', because an endpoint has a fixed list of "
            f"instances, or all but a few, those to come included ({GUIDE}Aurora.Endpoints.Custom.html)",
        ),
        (
            {"kind": "WRITER"},
            "Test/Usual: 'kind' is 'WRITER'; allowed: 'READER', 'ANY', because a custom endpoint leads to readers "
            f"alone, or to any instance ({GUIDE}Aurora.Endpoints.Custom.html)",
        ),
        (
            {"name": "re--ports"},
            "Test/Usual: 'name' is 're--ports'; allowed: up to 63 letters, digits and single hyphens, starting with a "
            "letter, because a custom endpoint has a name of up to 63 letters, digits and single hyphens, starting "
            "with a letter "
            "(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbclusterendpoint.html)",
        ),
    ],
    ids=str,
)
def test_endpoints_that_lead_nowhere_are_refused(cluster, options, message):
    assert refused(lambda: cluster.add_endpoint("Reports", **options)) == message


@pytest.mark.capability("AUR-08")
def test_a_cluster_takes_five_endpoints_each_with_a_name(home):
    taking = build(home, "Taking")
    for number in range(5):
        taking.add_endpoint(f"E{number}", name=f"e{number}")

    assert refused(lambda: taking.add_endpoint("E5", name="e5")) == (
        "Test/Taking: 'id' is 'E5'; allowed: 5 endpoints, and none more, because a cluster has five custom endpoints "
        f"at most ({GUIDE}CHAP_Limits.html)"
    )
    assert refused(lambda: taking.add_endpoint("E0")).splitlines() == [
        "Test/Taking: 'name' is not given; allowed: a name, unless the cluster has a 'cluster_identifier', because RDS "
        "makes none up, and it is unique in the Region "
        "(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbclusterendpoint.html)",
        "Test/Taking: 'id' is 'E0'; allowed: one that no other endpoint of the cluster has, because another endpoint "
        "is another resource",
        "Test/Taking: 'id' is 'E0'; allowed: 5 endpoints, and none more, because a cluster has five custom endpoints "
        f"at most ({GUIDE}CHAP_Limits.html)",
    ]


def test_a_name_made_of_the_id_is_held_to_the_same_rule(cluster):
    assert refused(lambda: cluster.add_endpoint("Night Reports")).startswith(
        "Test/Usual: 'name' is 'shop-Night Reports'; allowed: up to 63 letters, digits and single hyphens"
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    numbers=st.fixed_dictionaries(
        {}, optional={name: st.lists(st.integers(-1, 5), max_size=4).map(tuple) for name in ("members", "excluded")}
    ),
    kind=st.sampled_from(["READER", "ANY", "WRITER"]),
    id=st.sampled_from(["Reports", "Night Reports", "A" * 64, "a/b"]),
    most=st.integers(-1, 17),
    targets=st.fixed_dictionaries({}, optional={"cpu": st.integers(0, 110), "connections": st.integers(-1, 900)}),
)
def test_any_endpoint_and_any_number_of_readers_is_built_or_refused(home, numbers, kind, id, most, targets):
    taking = build(home, f"Any{len(home.node.children)}", cluster_identifier="shop")

    for call in (
        lambda: taking.add_endpoint(id, kind=kind, **numbers),
        lambda: taking.scale_readers(2, most, **targets),
    ):
        try:
            call()
        except InvalidOptions:
            continue


@pytest.mark.capability("AUR-09")
def test_single_instances_are_reached_to_look_at_them(world, resources):
    stack = cdk.Stack.of(world.clusters["tiers"])

    hosts = [stack.resolve(endpoint.hostname) for endpoint in world.clusters["tiers"].instance_endpoints]
    assert hosts == [{"Fn::GetAtt": [name, "Endpoint.Address"]} for name in resources(world.tiers, INSTANCE)]


@pytest.mark.capability("AUR-07")
def test_who_reads_where_there_is_no_reader_is_told_that_the_writer_answers(world):
    stack = cdk.Stack.of(world.clusters["alone"])

    assert "ReadEndpoint.Address" in str(stack.resolve(world.no_endpoint.hostname))
    Annotations.from_stack(stack).has_warning(
        "/Alone/Database", Match.string_like_regexp("its reader endpoint leads to the writer")
    )


@pytest.mark.capability("AUR-03")
def test_a_stack_without_a_region_is_warned_that_three_zones_cannot_be_known(make_stack):
    stack = make_stack(region=None, account=None)
    isolated = ec2.SubnetConfiguration(name="Db", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
    ec2.Vpc(stack, "Vpc", subnet_configuration=[isolated])
    build(stack)

    Annotations.from_stack(stack).has_warning(
        "/Test/Database",
        Match.string_like_regexp("the stack names no Region: whether it has three Availability Zones.*"),
    )


# Readers that come with the load


@pytest.mark.capability("AUR-26")
def test_readers_come_with_the_load(world, resources):
    [made] = resources(world.mixed, CLUSTER)
    [(name, target)] = resources(world.mixed, TARGET).items()

    policies = {
        policy["TargetTrackingScalingPolicyConfiguration"]["PredefinedMetricSpecification"]["PredefinedMetricType"]: (
            policy["ScalingTargetId"],
            policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"],
            policy["TargetTrackingScalingPolicyConfiguration"]["ScaleOutCooldown"],
        )
        for policy in resources(world.mixed, "AWS::ApplicationAutoScaling::ScalingPolicy").values()
    }
    assert target == {
        "MinCapacity": 2,
        "MaxCapacity": 6,
        "ResourceId": {"Fn::Join": ["", ["cluster:", {"Ref": made}]]},
        "ScalableDimension": "rds:cluster:ReadReplicaCount",
        "ServiceNamespace": "rds",
    }
    assert policies == {
        "RDSReaderAverageCPUUtilization": ({"Ref": name}, 60, 300),
        "RDSReaderAverageDatabaseConnections": ({"Ref": name}, 500, 300),
    }
    assert set(world.mixed["Resources"][name]["DependsOn"]) == set(resources(world.mixed, INSTANCE))


COUNTED = (
    "because auto scaling counts all readers, those in the template too, measures at least one, and adds up to the 15 "
    f"that a cluster takes ({GUIDE}Aurora.Integrating.AutoScaling.html)"
)


@pytest.mark.capability("AUR-26")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            (1, 6, {"cpu": 60}),
            f"Test/Usual: 'minimum' is 1; allowed: 2 (the readers of the template) to 'maximum', {COUNTED}",
        ),
        ((2, 16, {"cpu": 60}), f"Test/Usual: 'maximum' is 16; allowed: 1 to 15, {COUNTED}"),
        (
            (2, 6, {}),
            "Test/Usual: 'cpu' is not given; allowed: a target for 'cpu', for 'connections', or for both, because "
            "readers are added when the average of all of them is above a target, and removed below it "
            f"({GUIDE}Aurora.Integrating.AutoScaling.html)",
        ),
        (
            (2, 6, {"cpu": 101}),
            "Test/Usual: 'cpu' is 101; allowed: 1 to 100 (%), because it is a share of the readers' processors",
        ),
        (
            (2, 6, {"connections": 0}),
            "Test/Usual: 'connections' is 0; allowed: 1 or more to a reader, because it is their average number",
        ),
    ],
    ids=str,
)
def test_numbers_of_readers_that_cannot_be_are_refused(cluster, call, message):
    minimum, maximum, targets = call

    assert refused(lambda: cluster.scale_readers(minimum, maximum, **targets)) == message


@pytest.mark.capability("AUR-26")
def test_readers_are_scaled_once_and_only_where_the_data_is_written(make_stack):
    stack = make_stack()
    follows = build(stack, "Follows", global_cluster="shop", secondary=True)
    writes = build(stack, "Writes")
    writes.scale_readers(2, 4, cpu=60)

    assert refused(lambda: follows.scale_readers(2, 4, cpu=60)) == (
        "Test/Follows: 'scale_readers' is 'called'; allowed: not called where 'follows' is True: in the Region that "
        "writes, because readers are not scaled automatically in a Region that follows "
        f"({GUIDE}Aurora.Integrating.AutoScaling.html)"
    )
    assert refused(lambda: follows.scale_readers(2, 15, cpu=60)).startswith(
        "Test/Follows: 'maximum' is 15; allowed: 1 to 14"
    )
    assert refused(lambda: writes.scale_readers(2, 4, cpu=60)) == (
        "Test/Writes: 'scale_readers' is 'called again'; allowed: called once, because a cluster has one number of "
        "readers"
    )
