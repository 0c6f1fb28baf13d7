"""Addresses between two servers: what is rendered, what the function may do, what is refused, what validators say."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import lost

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.compute.elastic_ip_failover import ElasticIpFailover, InstancePair
from cdk_standby.compute.elastic_ip_recovery import InstanceRecovery
from cdk_standby.compute.hot_spare import HotSpare
from cdk_standby.keys import DataKey
from cdk_standby_review import Template
from cdk_standby_review.facts import Range
from cdk_standby_review.faults import outcomes
from cdk_standby_review.graph import Graph

ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
QUOTA = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eip-overview.html"
GROUPS = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html"
CHECKS = f"status checks are made, and their metrics published, once a minute ({EC2}monitoring-system-instance-status-"
CHECKS += "check.html)"
OURS = ("Test/Servers", "Test/Asleep", "Test/Cold", "Test/Web", "Test/Legacy")


def instance(stack: cdk.Stack, vpc: ec2.IVpc, name: str, zone: str, **options: Any) -> ec2.Instance:
    return ec2.Instance(
        stack,
        name,
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(availability_zones=[zone], subnet_type=ec2.SubnetType.PUBLIC),
        machine_image=ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"}),
        **{"instance_type": ec2.InstanceType("m7g.large"), **options},
    )


def network(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=ZONES,
        public_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
        public_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n in range(3)],
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """A pair that runs with two addresses, one whose spare is stopped, and two instances that were there before."""
    stack = make_stack()
    key = DataKey(stack, "Key").key
    topic = AlarmTopic(stack, "Alarms", key=key)
    vpc = network(stack)
    servers = HotSpare(stack, "Servers", vpc=vpc, addresses=2, key=key)
    web = ElasticIpFailover(stack, "Web", between=servers, key=key, addresses=2, alarms=topic)
    asleep = HotSpare(stack, "Asleep", vpc=vpc, spare="stopped", zones=("eu-west-1b", "eu-west-1a"))
    ElasticIpFailover(stack, "WebAsleep", between=asleep, key=key, fail_back=True)
    HotSpare(stack, "Cold", vpc=vpc, spare="launched")
    pair = InstancePair(
        active=instance(stack, vpc, "One", ZONES[0]),
        spare=instance(stack, vpc, "Two", ZONES[1]),
        vpc=vpc,
        volume_key=key,
    )
    legacy = ElasticIpFailover(
        stack, "Legacy", between=pair, key=key, recover=True, paused_because="the servers move house"
    )
    return SimpleNamespace(
        app=stack.node.root, template=template(stack), servers=servers, web=web, asleep=asleep, legacy=legacy
    )


@pytest.fixture(scope="module")
def find(world: SimpleNamespace, resources: Callable[..., Any]) -> Callable[..., Any]:
    """The properties of the resources of a type whose logical ids start with a text, by logical id."""
    return lambda kind, prefix="": {
        name: properties for name, properties in resources(world.template, kind).items() if name.startswith(prefix)
    }


def statements(find: Callable[..., Any], prefix: str) -> list[dict[str, Any]]:
    [policy] = find("AWS::IAM::Policy", prefix).values()
    return list(policy["PolicyDocument"]["Statement"])


@pytest.mark.capability("CMP-19")
def test_addresses_are_kept_with_the_account_and_cloudformation_moves_none(world, find):
    kinds = {name: world.template["Resources"][name] for name in find("AWS::EC2::EIP")}

    assert len(kinds) == 4
    for address in kinds.values():
        assert address["Properties"]["Domain"] == "vpc"
        assert (address["DeletionPolicy"], address["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert find("AWS::EC2::EIPAssociation") == {}


@pytest.mark.capability("CMP-07")
def test_the_spare_is_a_group_of_one_in_another_zone(world, find):
    first, second = find("AWS::AutoScaling::AutoScalingGroup", "Servers").values()

    assert [group["MaxSize"] for group in (first, second)] == ["1", "1"]
    assert [group["MinSize"] for group in (first, second)] == ["1", "1"]
    assert [len(group["VPCZoneIdentifier"]) for group in (first, second)] == [1, 1]
    assert first["VPCZoneIdentifier"] != second["VPCZoneIdentifier"]
    assert all("DesiredCapacity" not in group for group in (first, second))
    assert world.servers.zones == ("eu-west-1a", "eu-west-1b")


@pytest.mark.capability("CMP-07")
def test_a_stopped_spare_waits_in_a_warm_pool_and_a_cold_one_not_at_all(world, find):
    [pool] = find("AWS::AutoScaling::WarmPool").values()
    sizes = {
        prefix: [group["MinSize"] for group in find("AWS::AutoScaling::AutoScalingGroup", prefix).values()]
        for prefix in ("Asleep", "Cold")
    }

    assert pool["PoolState"] == "Stopped"
    assert pool["MaxGroupPreparedCapacity"] == 1
    assert pool["InstanceReusePolicy"] == {"ReuseOnScaleIn": True}
    assert sizes == {"Asleep": ["1", "0"], "Cold": ["1", "0"]}
    assert world.asleep.zones == ("eu-west-1b", "eu-west-1a")
    assert (world.servers.ready, world.asleep.ready) == (Range(0, 0), Range(90, 360))


def test_a_new_image_replaces_the_spare_before_the_active_server(world, find):
    [first, second] = [
        world.template["Resources"][name] for name in find("AWS::AutoScaling::AutoScalingGroup", "Servers")
    ]

    assert any(name.startswith("ServersSecond") for name in first["DependsOn"])
    assert not any(name.startswith("ServersFirst") for name in second.get("DependsOn", []))
    assert first["UpdatePolicy"]["AutoScalingRollingUpdate"]["MinInstancesInService"] == 0


@pytest.mark.capability("CMP-21")
def test_a_server_has_a_private_address_for_each_public_one_and_recovers_by_default(find):
    [template] = find("AWS::EC2::LaunchTemplate", "Servers").values()
    data = template["LaunchTemplateData"]

    assert data["MaintenanceOptions"] == {"AutoRecovery": "default"}
    assert data["NetworkInterfaces"][0]["SecondaryPrivateIpAddressCount"] == 1
    assert data["NetworkInterfaces"][0]["AssociatePublicIpAddress"] is False
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True


@pytest.mark.capability("CMP-20")
def test_failed_status_checks_ring_after_two_minutes_and_start_the_function(world, find):
    alarms = find("AWS::CloudWatch::Alarm", "Web")
    failing = {name: alarm for name, alarm in alarms.items() if alarm["MetricName"] == "StatusCheckFailed"}
    rules = find("AWS::Events::Rule", "WebA") | find("AWS::Events::Rule", "WebS")

    told = {
        name: (alarm["Period"], alarm["EvaluationPeriods"], alarm["TreatMissingData"])
        for name, alarm in failing.items()
        if "Asleep" not in name
    }
    [rung] = find("AWS::Events::Rule", "WebAlarms").values()

    assert sorted(told.values()) == [(60, 2, "breaching"), (60, 2, "breaching")]
    assert world.web.detection == Range(120, 180)
    assert {arn["Fn::GetAtt"][0] for arn in rung["EventPattern"]["resources"]} == set(told)
    assert rung["EventPattern"]["detail-type"] == ["CloudWatch Alarm State Change"]
    for rule in rules.values():
        assert rule["Targets"][0]["Arn"]["Fn::GetAtt"][0].startswith("Web")
    assert find("AWS::Events::Rule", "WebAlways").popitem()[1]["ScheduleExpression"] == "rate(1 minute)"


def test_nobody_misses_the_checks_of_a_spare_that_rests(find):
    [alarm] = find("AWS::CloudWatch::Alarm", "WebAsleepSpareFailed").values()

    assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.capability("CMP-20")
def test_the_function_may_move_these_addresses_to_these_servers_and_little_else(find):
    may = statements(find, "WebRoleDefaultPolicy")

    moves = [one for one in may if one["Action"] == "ec2:AssociateAddress"]
    addresses, instances, interfaces = moves
    everywhere = sorted(str(one["Action"]) for one in may if one["Resource"] == "*" and "Condition" not in one)

    allocations = [arn["Fn::Join"][1][-1]["Fn::GetAtt"] for arn in addresses["Resource"]]
    assert [attribute for _, attribute in allocations] == ["AllocationId", "AllocationId"]
    assert list(instances["Condition"]) == ["StringEquals"]
    names = instances["Condition"]["StringEquals"]["ec2:ResourceTag/aws:autoscaling:groupName"]
    assert [name["Ref"][:12] for name in names] == ["ServersFirst", "ServersSecon"]
    assert list(interfaces["Condition"]["ArnEquals"]) == ["ec2:Vpc"]
    assert everywhere == [
        "['autoscaling:DescribeAutoScalingGroups', 'ec2:DescribeAddresses', 'ec2:DescribeInstanceStatus', "
        "'ec2:DescribeInstances', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments']",
    ]
    assert not any("SetDesiredCapacity" in str(one) or "StartInstances" in str(one) for one in may)


@pytest.mark.capability("CMP-07")
def test_it_may_start_the_spare_that_rests_and_no_other_group(find):
    [scale] = [one for one in statements(find, "WebAsleepRole") if "SetDesired" in str(one["Action"])]

    assert scale["Resource"]["Fn::Join"][1][-1]["Ref"].startswith("AsleepSecond")


def test_it_may_start_two_instances_and_lend_ec2_the_key_of_their_volumes(find):
    may = statements(find, "LegacyRole")
    [start] = [one for one in may if one["Action"] == "ec2:StartInstances"]
    [lend] = [one for one in may if one["Action"] == "kms:CreateGrant"]

    assert [arn["Fn::Join"][1][-1]["Ref"][:3] for arn in start["Resource"]] == ["One", "Two"]
    assert lend["Condition"] == {
        "StringEquals": {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"},
        "Bool": {"kms:GrantIsForAWSResource": "true"},
    }


@pytest.mark.capability("CMP-20")
def test_one_function_runs_at_a_time_and_what_it_cannot_do_is_put_aside(find):
    [queue] = find("AWS::SQS::Queue", "WebDeadLetter").values()
    [function] = find("AWS::Lambda::Function", "WebTakeover").values()

    assert function["ReservedConcurrentExecutions"] == 1
    assert function["Runtime"] == "python3.14"
    assert function["DeadLetterConfig"]["TargetArn"]["Fn::GetAtt"][0].startswith("WebDeadLetterQueue")
    assert "KmsKeyArn" in function
    assert "KmsMasterKeyId" in queue
    names = {alarm["MetricName"] for alarm in find("AWS::CloudWatch::Alarm", "Web").values()}
    assert names == {"StatusCheckFailed", "Served", "Errors", "ApproximateNumberOfMessagesVisible"}


def test_the_function_is_told_everything_by_its_environment(find):
    [function] = find("AWS::Lambda::Function", "WebAsleepTakeover").values()

    text = "".join(
        part if isinstance(part, str) else "x"
        for part in function["Environment"]["Variables"]["SETTINGS"]["Fn::Join"][1]
    )

    assert json.loads(text) == {
        "name": "Test/WebAsleep",
        "sides": {
            "active": {"group": "x", "starts": False, "rests": False, "alarm": "x"},
            "spare": {"group": "x", "starts": True, "rests": True, "alarm": "x"},
        },
        "allocations": ["x"],
        "state": "x",
        "cool_down": 600,
        "fails_back": True,
    }


@pytest.mark.capability("CMP-21")
def test_the_recover_action_moves_instances_whose_host_fails(find):
    alarms = [alarm for name, alarm in find("AWS::CloudWatch::Alarm", "Legacy").items() if "HostFailed" in name]

    actions = [action for alarm in alarms for action in alarm["AlarmActions"]]

    assert [alarm["MetricName"] for alarm in alarms] == ["StatusCheckFailed_System"] * 2
    assert actions == ["arn:aws:automate:eu-west-1:ec2:recover"] * 2


def test_paused_nothing_starts_the_function(world, find):
    states = [rule["State"] for rule in find("AWS::Events::Rule", "Legacy").values()]

    [unserved] = find("AWS::CloudWatch::Alarm", "LegacyUnserved").values()
    assert states == ["DISABLED"] * 3
    assert unserved["TreatMissingData"] == "notBreaching"
    assert world.template["Metadata"]["cdk-standby:weakened"]["Test/Legacy"] == {"paused": "the servers move house"}


def test_cdk_nag_and_the_cdk_itself_find_nothing(world, findings):
    assert [finding for finding in findings(world.app) if finding[1].startswith(OURS)] == []


def test_cfn_lint_finds_nothing(world, lint):
    given = ("Resources/One", "Resources/Two")

    assert [line for line in lint(world.template) if not line.split(" ", 1)[1].startswith(given)] == []


@pytest.fixture(scope="module")
def scopes(make_stack: Callable[..., cdk.Stack]) -> SimpleNamespace:
    """What options are tried on; never synthesized."""
    stack = make_stack()
    vpc = network(stack)
    abroad = make_stack(name="Abroad", region="eu-central-1", app=stack.node.root)
    return SimpleNamespace(
        stack=stack,
        vpc=vpc,
        abroad=AlarmTopic(abroad, "Alarms"),
        key=kms.Key.from_key_arn(stack, "Key", KEY),
        spare=HotSpare(stack, "Servers", vpc=vpc, addresses=6),
    )


def refused(scopes: SimpleNamespace, build: Callable[..., Any], **options: Any) -> str:
    scope = cdk.Stack(scopes.stack.node.root, f"Test{len(scopes.stack.node.root.node.children)}", env=ENV)
    with pytest.raises(InvalidOptions) as caught:
        build(scope, "It", **options)
    return str(caught.value).replace(f"{scope.node.path}/It: ", "")


ENV = cdk.Environment(account="111111111111", region="eu-west-1")
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (
        "quota",
        {"addresses": 6},
        "'addresses' is 6, and the stack has 0 already; allowed: 5 in the stack, or a larger 'quota' once AWS raised "
        "it, because an account has 5 Elastic IP addresses in a Region unless AWS raised that, those of NAT gateways "
        f"included ({QUOTA})",
    ),
    (
        "private addresses",
        {"addresses": 7, "quota": 20},
        "'addresses' is 7; allowed: 6, or more with 'addresses' of Test/Servers, because each address needs a private "
        f"one of the instance's first network interface, of which small types have 2 to 15 ({EC2}AvailableIp"
        "PerENI.html)",
    ),
    (
        "period",
        {"period": cdk.Duration.seconds(90)},
        f"'period' is 1 minute 30 seconds; allowed: whole minutes, 1 to 60, that are known at synth, because {CHECKS}",
    ),
    (
        "detect_within",
        {"evaluations": 5, "detect_within": cdk.Duration.minutes(5)},
        "'detect_within' is 5 minutes; allowed: 360 seconds or more with 5 evaluations of 1 minute, which detect "
        "within 300 to 360 seconds, because a server has failed once its alarm has seen all evaluations, each a whole "
        f"period ({EC2}monitoring-system-instance-status-check.html)",
    ),
    (
        "cool_down",
        {"cool_down": cdk.Duration.seconds(10)},
        "'cool_down' is 10 seconds; allowed: 1 to 1440 minutes, in whole seconds that are known at synth, because "
        "servers that fail in turns would have the addresses go to and fro, and clients find neither "
        f"({EC2}elastic-ip-addresses-eip.html)",
    ),
    (
        "recover",
        {"recover": True},
        "'recover' is True for groups; allowed: left out, or two instances, because a group replaces an instance that "
        f"fails its checks, and nothing is to move it meanwhile ({EC2}cloudwatch-recovery.html)",
    ),
    (
        "fail_back",
        {"fail_back": True, "paused_because": "a test"},
        "'fail_back' is True; allowed: left out while 'paused_because' is given, because nothing moves by itself then",
    ),
]


@pytest.mark.capability("CMP-19")
@pytest.mark.capability("CMP-20")
@pytest.mark.parametrize(("options", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_work_is_refused(scopes, options, message):
    assert refused(scopes, ElasticIpFailover, between=scopes.spare, key=scopes.key, **options) == message


def test_a_topic_of_another_region_is_refused(scopes):
    found = refused(scopes, ElasticIpFailover, between=scopes.spare, key=scopes.key, alarms=scopes.abroad)

    assert found == (
        "'alarms' is in eu-central-1; allowed: in eu-west-1, because what serves addresses of a Region is in that "
        "Region"
    )


def test_addresses_of_the_stack_are_counted_together(scopes):
    stack = cdk.Stack(scopes.stack.node.root, "Full", env=ENV)
    for number in range(4):
        ec2.CfnEIP(stack, f"Nat{number}")

    with pytest.raises(InvalidOptions, match="'addresses' is 2, and the stack has 4 already; allowed: 5 in the stack"):
        ElasticIpFailover(stack, "It", between=scopes.spare, key=scopes.key, addresses=2)


@pytest.mark.capability("CMP-07")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"zones": ("eu-west-1a", "eu-west-1a")},
            "'zones' is ['eu-west-1a', 'eu-west-1a']; allowed: two different zones of ['eu-west-1a', 'eu-west-1b', "
            f"'eu-west-1c'], because a spare in the zone of the active server is lost with it ({GROUPS})",
        ),
        (
            {"zones": ("eu-west-1a", "eu-west-1d")},
            "'zones' is ['eu-west-1a', 'eu-west-1d']; allowed: zones of the chosen subnets, ['eu-west-1a', "
            f"'eu-west-1b', 'eu-west-1c'], because an instance stands in a subnet of its zone ({GROUPS})",
        ),
        (
            {"subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)},
            "'vpc' is a VPC without subnets of that kind; allowed: public subnets in two Availability Zones or more, "
            "or 'subnets' that exist, because an Elastic IP address is reached through an internet gateway "
            "(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html)",
        ),
    ],
    ids=["one zone", "unknown zone", "no subnets"],
)
def test_a_spare_stands_in_another_zone_of_the_network(scopes, options, message):
    assert refused(scopes, HotSpare, vpc=scopes.vpc, **options) == message


def test_two_instances_of_one_zone_are_no_pair(scopes):
    one, two = (instance(scopes.stack, scopes.vpc, f"Same{number}", ZONES[0]) for number in (1, 2))
    pair = InstancePair(active=one, spare=two, vpc=scopes.vpc)

    found = refused(scopes, ElasticIpFailover, between=pair, key=scopes.key)

    assert found == (
        "'between' is two instances in eu-west-1a; allowed: an active instance and a spare in another zone, because a "
        "spare in the zone of the active server is lost with it (https://docs.aws.amazon.com/whitepapers/latest/"
        "aws-fault-isolation-boundaries/availability-zones.html)"
    )


@pytest.mark.capability("CMP-21")
@pytest.mark.parametrize("kind", ["m7g.metal", "c6gd.large", "i4i.large", "m5d.xlarge", "d3.xlarge", "x2idn.16xlarge"])
def test_the_recover_action_is_refused_where_ec2_does_not_recover(scopes, kind):
    bare = instance(scopes.stack, scopes.vpc, kind.replace(".", ""), ZONES[0], instance_type=ec2.InstanceType(kind))

    found = refused(scopes, InstanceRecovery, instance=bare)

    assert found == (
        f"'instance' is a {kind}; allowed: a type without instance store, because the recover action moves instances "
        f"that have EBS volumes only, of no metal size ({EC2}cloudwatch-recovery.html)"
    )


@pytest.mark.parametrize("kind", ["m7g.large", "t3.micro", "r6i.large", "c7gn.large", "x2gd.large"])
def test_the_recover_action_knows_families_with_disks_from_those_without(scopes, kind):
    bare = instance(
        scopes.stack, scopes.vpc, f"R{kind.replace('.', '')}", ZONES[0], instance_type=ec2.InstanceType(kind)
    )
    if kind == "x2gd.large":
        assert "a type without instance store" in refused(scopes, InstanceRecovery, instance=bare)
    else:
        assert InstanceRecovery(scopes.stack, f"Recovers{kind[:3]}", instance=bare).alarm is not None


DURATIONS = st.one_of(
    st.integers(0, 7200).map(cdk.Duration.seconds), st.integers(1, 5000).map(cdk.Duration.millis), st.none()
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "addresses": st.integers(-1, 17),
        "quota": st.integers(-1, 100),
        "period": DURATIONS,
        "evaluations": st.integers(-1, 2000),
        "detect_within": DURATIONS,
        "cool_down": DURATIONS,
        "look_every": DURATIONS,
        "fail_back": st.booleans(),
        "recover": st.booleans(),
        "paused_because": st.sampled_from([None, "", "a test"]),
        "alarm_thresholds": st.sampled_from([None, {"Unserved": 1}, {"Other": 1}]),
        "alarms_off_because": st.sampled_from([None, {"DeadLetters": "read by others"}, {"ActiveFailed": "no"}]),
    },
)
SPARES = st.fixed_dictionaries(
    {},
    optional={
        "zones": st.lists(st.sampled_from([*ZONES, "eu-west-1d", ""]), max_size=3).map(tuple),
        "spare": st.sampled_from(["running", "stopped", "launched", "hibernated", ""]),
        "instance_type": st.one_of(
            st.sampled_from(["m7g.large", "t3.micro", "u-6tb1.metal", "m7g"]), st.text(max_size=9)
        ),
        "volume_gib": st.integers(-1, 70_000),
        "addresses": st.integers(-1, 17),
        "boot_time": DURATIONS,
    },
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(OPTIONS, SPARES)
def test_any_options_build_or_are_refused_in_our_words(scopes, options, spares):
    stack = cdk.Stack(scopes.stack.node.root, f"Any{len(scopes.stack.node.root.node.children)}", env=ENV)
    between = scopes.spare

    with contextlib.suppress(InvalidOptions):
        between = HotSpare(stack, "Spare", vpc=scopes.vpc, **spares)
    with contextlib.suppress(InvalidOptions):
        ElasticIpFailover(stack, "It", between=between, key=scopes.key, **options)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, template: Callable[..., Any]) -> SimpleNamespace:
    """A pair in a VPC of its own stack, before and after all of its options have changed."""

    def built(**options: Any) -> dict[str, Any]:
        app = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")), analytics_reporting=False)
        stack = cdk.Stack(app, "Test", env=ENV)
        vpc = ec2.Vpc(stack, "Vpc", availability_zones=ZONES, nat_gateways=0, restrict_default_security_group=False)
        between = HotSpare(stack, "Servers", vpc=vpc, addresses=2, **options.pop("servers", {}))
        key = kms.Key.from_key_arn(stack, "Key", KEY)
        ElasticIpFailover(stack, "Web", between=between, key=key, **options)
        return dict(template(stack))

    after = built(
        servers={"zones": ("eu-west-1c", "eu-west-1a"), "spare": "launched", "instance_type": "m7g.xlarge"},
        addresses=2,
        quota=10,
        period=cdk.Duration.minutes(2),
        evaluations=3,
        cool_down=cdk.Duration.minutes(20),
        fail_back=True,
        look_every=cdk.Duration.minutes(5),
    )
    return SimpleNamespace(before=built(), after=after)


@pytest.mark.capability("CMP-19")
def test_addresses_wait_for_the_attachment_of_the_internet_gateway(changed, resources):
    [gateway] = resources(changed.before, "AWS::EC2::VPCGatewayAttachment")
    [address] = resources(changed.before, "AWS::EC2::EIP")

    assert gateway in changed.before["Resources"][address]["DependsOn"]


def test_no_option_replaces_an_address(changed):
    assert lost(changed.before, changed.after, types=("AWS::EC2::EIP",)) == []


@pytest.mark.capability("CMP-07")
def test_the_review_sees_that_the_spare_takes_over(changed):
    read = Template(name="Test", file="Test.template.json", body=changed.before, stack="Test", region="eu-west-1")

    found = [o for o in outcomes(Graph([read])) if o.resource.logical_id.startswith("ServersFirstASG")]

    assert {str(o.fate) for o in found if o.case.where == "eu-west-1a"} == {"recovers by itself"}
