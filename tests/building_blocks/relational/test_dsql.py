"""A DSQL cluster alone, waiting for its peer, and peered: what is rendered, what is refused, what validators say."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.relational.dsql import UNPEERED, DsqlCluster, DsqlEndpoint

GUIDE = "https://docs.aws.amazon.com/aurora-dsql/latest/userguide/"
API = "https://docs.aws.amazon.com/aurora-dsql/latest/APIReference/"
IRELAND = "arn:aws:dsql:eu-west-1:111111111111:cluster/abcdefghijklmnopqrstuvwxy1"
FRANKFURT = "arn:aws:dsql:eu-central-1:111111111111:cluster/abcdefghijklmnopqrstuvwxy2"
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
MEMBER: dict[str, Any] = {"name": "orders", "witness": "eu-west-2"}
SHAPES: dict[str, dict[str, Any]] = {
    "Alone": {},
    "Lab": {"public_because": "a laptop without a VPN", "deletable_because": "rebuilt nightly"},
    "Waits": MEMBER,
    "Peered": {**MEMBER, "name": "shop", "peers": {"eu-central-1": FRANKFURT}},
    "Peer": {**MEMBER, "name": "shop", "peers": {"eu-west-1": IRELAND}},
}
PEERED = ["Peered", "Peer"]
ID = "OrdersCluster94F1AC59"
DENIAL = iam.PolicyStatement(
    effect=iam.Effect.DENY,
    principals=[iam.AnyPrincipal()],
    actions=["dsql:*"],
    resources=["*"],
    conditions={"StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"}},
)


def region_of(shape: str) -> str:
    return "eu-central-1" if shape == "Peer" else "eu-west-1"


def network(stack: cdk.Stack, zones: str = "abc") -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        region=stack.region,
    )


def cluster(stack: cdk.Stack, id: str = "Orders", **options: Any) -> DsqlCluster:
    key = stack.node.try_find_child("Key") or kms.Key.from_key_arn(stack, "Key", KEY.format(stack.region))
    return DsqlCluster(stack, id, **{"key": key, **options})


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Every shape in a stack of its own, each with a topic and a private way in."""
    app = make_stack(flags=flags, name="Alone").node.root
    built = {}
    for shape, options in SHAPES.items():
        stack = app.node.try_find_child(shape) or make_stack(app=app, name=shape, region=region_of(shape))
        key = DataKey(stack, "DataKey").key
        built[shape] = cluster(stack, key=key, alarms=AlarmTopic(stack, "Alarms", key=key), **options)
        built[shape].private_in(network(stack))
    cdk.Validations.of(built["Waits"]).acknowledge(
        cdk.Acknowledgment(id=f"Annotation::{UNPEERED}", reason="the first of two deployments")
    )
    return SimpleNamespace(app=app, built=built, templates={s: template(c.node.scope) for s, c in built.items()})


@pytest.fixture
def properties(world: SimpleNamespace) -> Callable[[str], dict[str, Any]]:
    return lambda shape: dict(world.templates[shape]["Resources"][ID]["Properties"])


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """For calls that are refused before anything is rendered."""
    return make_stack()


@pytest.fixture
def refused(scope: cdk.Stack) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/Orders"."""

    def ask(**options: Any) -> list[str]:
        name = f"Orders{len(scope.node.children)}"
        with pytest.raises(InvalidOptions) as caught:
            cluster(scope, name, **options)
        return str(caught.value).replace(name, "Orders").split("\n")

    return ask


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert [line for shape in SHAPES for line in lint(world.templates[shape], region=region_of(shape))] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_the_same_id(world, shape):
    resources = world.templates[shape]["Resources"]

    assert [name for name, resource in resources.items() if resource["Type"] == "AWS::DSQL::Cluster"] == [ID]


@pytest.mark.parametrize("shape", ["Alone", "Waits", *PEERED])
def test_a_cluster_is_encrypted_protected_and_kept(world, properties, shape):
    resource = world.templates[shape]["Resources"][ID]

    assert properties(shape)["KmsEncryptionKey"] == {"Fn::GetAtt": ["DataKey2A0DE9E6", "Arn"]}
    assert properties(shape)["DeletionProtectionEnabled"] is True
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_a_lab_goes_with_its_stack_and_says_why(world, properties):
    resource = world.templates["Lab"]["Resources"][ID]

    assert properties("Lab")["DeletionProtectionEnabled"] is False
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Delete", "Delete")
    assert world.templates["Lab"]["Metadata"]["cdk-standby:weakened"]["Lab/Orders"] == {
        "public": "a laptop without a VPN",
        "deletable": "rebuilt nightly",
    }


def test_there_is_no_password_anywhere(world):
    for rendered in world.templates.values():
        assert "AWS::SecretsManager::Secret" not in json.dumps(rendered)


@pytest.mark.capability("AUR-15")
def test_both_members_have_the_same_witness_and_each_other(properties):
    ireland, frankfurt = (properties(shape)["MultiRegionProperties"] for shape in PEERED)

    assert ireland == {"WitnessRegion": "eu-west-2", "Clusters": [FRANKFURT]}
    assert frankfurt == {"WitnessRegion": "eu-west-2", "Clusters": [IRELAND]}


def test_the_first_deployment_names_the_witness_only(properties):
    assert properties("Waits")["MultiRegionProperties"] == {"WitnessRegion": "eu-west-2"}
    assert "MultiRegionProperties" not in properties("Alone")


def test_the_options_say_how_far_a_cluster_is(world):
    assert {shape: built.phase for shape, built in world.built.items()} == {
        "Alone": "single-Region",
        "Lab": "single-Region",
        "Waits": "waits for its peer",
        "Peered": "peered",
        "Peer": "peered",
    }


def test_the_first_phase_says_which_command_prints_what_to_write_where(make_stack):
    stack = make_stack(name="Shop")
    cluster(stack, **MEMBER)

    warnings = cdk.assertions.Annotations.from_stack(stack).find_warning("*", cdk.assertions.Match.any_value())

    assert [warning.entry.data for warning in warnings] == [
        "Shop/Orders waits for its peer and takes no connection yet. Deploy both members; then `aws cloudformation "
        'describe-stacks --region eu-west-1 --stack-name Shop --query "Stacks[0].Outputs[?OutputKey=='
        "'OrdersArnCBAE319B'].OutputValue\" --output text` prints its ARN. Write it into a committed file, give it to "
        "the member in the other Region as peers={'eu-west-1': '<ARN>'}, give the other's ARN to this one, and deploy "
        "both again. [ack: cdk-standby:dsql-waits-for-its-peer]"
    ]


def test_a_member_whose_region_only_the_deployment_knows_is_built(make_stack, template, resources):
    stack = make_stack(region=None, account=None)
    key = kms.Key.from_key_arn(stack, "Key", KEY.format("eu-west-1"))
    DsqlCluster(stack, "Orders", key=key, **MEMBER, peers={"eu-central-1": FRANKFURT})

    [properties] = resources(template(stack), "AWS::DSQL::Cluster").values()

    assert properties["MultiRegionProperties"] == {"WitnessRegion": "eu-west-2", "Clusters": [FRANKFURT]}


@pytest.mark.parametrize(("name", "tag"), [("orders", "orders"), (None, "Test/Orders"), ("&&", "Test/Orders")])
def test_the_name_of_a_cluster_is_a_tag(make_stack, template, resources, name, tag):
    stack = make_stack()
    cluster(stack, name=name)

    [properties] = resources(template(stack), "AWS::DSQL::Cluster").values()

    assert properties["Tags"] == [{"Key": "Name", "Value": tag}]


@pytest.mark.parametrize("shape", ["Waits", *PEERED])
def test_a_member_prints_its_arn_in_every_phase(world, shape):
    assert world.templates[shape]["Outputs"] == {
        "OrdersArnCBAE319B": {
            "Description": f"For `peers` of the peer of {shape}/Orders",
            "Value": {"Fn::GetAtt": [ID, "ResourceArn"]},
        }
    }


def test_connections_come_from_a_vpc_unless_a_reason_is_given(properties):
    policy = json.loads(properties("Alone")["PolicyDocument"])

    assert policy["Statement"] == [
        {
            "Sid": "OnlyFromAVpc",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": ["dsql:DbConnect", "dsql:DbConnectAdmin"],
            "Resource": "*",
            "Condition": {"Null": {"aws:SourceVpc": "true"}},
        }
    ]
    assert "PolicyDocument" not in properties("Lab")


def test_the_policy_says_more_where_told_so(make_stack, template, resources):
    stack = make_stack()
    cluster(stack, statements=[DENIAL])

    [properties] = resources(template(stack), "AWS::DSQL::Cluster").values()

    [first, second] = json.loads(properties["PolicyDocument"])["Statement"]
    assert first["Sid"] == "OnlyFromAVpc"
    assert second["Condition"] == {"StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"}}


def test_a_statement_may_hold_what_only_the_deployment_knows(make_stack, template, resources):
    stack = make_stack(region=None, account=None)
    role = iam.Role(stack, "Service", assumed_by=iam.AccountRootPrincipal())
    key = kms.Key.from_key_arn(stack, "Key", KEY.format("eu-west-1"))
    allowed = iam.PolicyStatement(principals=[role], actions=["dsql:DbConnect"], resources=["*"])
    DsqlCluster(stack, "Orders", key=key, statements=[allowed])

    [properties] = resources(template(stack), "AWS::DSQL::Cluster").values()

    assert properties["PolicyDocument"]["Fn::Join"][1][1] == {"Fn::GetAtt": ["ServiceDBC79909", "Arn"]}


@pytest.mark.parametrize("principals", [[], [iam.AnyPrincipal()]], ids=["nobody", "everybody"])
def test_a_policy_that_is_open_or_about_nobody_is_refused(refused, principals):
    statement = iam.PolicyStatement(principals=principals, actions=["dsql:DbConnect"], resources=["*"])
    shown = {"Action": "dsql:DbConnect", "Effect": "Allow", **({"Principal": {"AWS": "*"}} if principals else {})}

    assert refused(statements=[statement]) == [
        f"Test/Orders: 'statements' is {json.dumps({**shown, 'Resource': '*'})}; allowed: statements about somebody, "
        "that let nobody in from anywhere without a condition, because the policy of a cluster has at most 20,480 "
        "characters, names whom it is about, and lets nobody in from anywhere: that is blocked "
        f"({GUIDE}rbp-block-public-access.html)"
    ]


def test_clients_are_given_the_private_name_or_the_public_one(world):
    names = {
        shape: world.built[shape].node.scope.resolve(world.built[shape].endpoint.hostname) for shape in ("Alone", "Lab")
    }

    assert names == {"Alone": {"Fn::GetAtt": [ID, "VpcEndpoint"]}, "Lab": {"Fn::GetAtt": [ID, "Endpoint"]}}
    assert world.built["Alone"].endpoint.port == 5432


def test_the_key_lets_dsql_in_for_the_clusters_of_its_account_and_region(world, resources):
    [key] = resources(world.templates["Alone"], "AWS::KMS::Key").values()
    statements = [s for s in key["KeyPolicy"]["Statement"] if s["Principal"] == {"Service": "dsql.amazonaws.com"}]

    assert [json.dumps(s["Condition"]).count(":dsql:eu-west-1:111111111111:cluster/*") for s in statements] == [1, 1]
    assert [s["Action"] for s in statements] == [
        ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
        "kms:DescribeKey",
    ]


def test_a_grant_is_for_one_action_on_one_cluster(make_stack, template, resources):
    stack = make_stack()
    built = cluster(stack)
    built.grant_connect(iam.Role(stack, "Service", assumed_by=iam.AccountRootPrincipal()))
    built.grant_admin(iam.Role(stack, "Migration", assumed_by=iam.AccountRootPrincipal()))

    policies = resources(template(stack), "AWS::IAM::Policy").values()

    granted = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    assert sorted(granted, key=lambda s: s["Action"]) == [
        {"Action": action, "Effect": "Allow", "Resource": {"Fn::GetAtt": [ID, "ResourceArn"]}}
        for action in ("dsql:DbConnect", "dsql:DbConnectAdmin")
    ]


def test_the_private_way_stands_in_every_zone_and_is_closed(world, resources):
    [endpoint] = resources(world.templates["Alone"], "AWS::EC2::VPCEndpoint").values()
    [group] = resources(world.templates["Alone"], "AWS::EC2::SecurityGroup").values()

    assert endpoint["ServiceName"] == {"Fn::GetAtt": [ID, "VpcEndpointServiceName"]}
    assert endpoint["PrivateDnsEnabled"] is True
    assert len(endpoint["SubnetIds"]) == 3
    assert "SecurityGroupIngress" not in group


def test_the_private_way_may_stand_in_the_stack_of_the_service(make_stack, template, resources):
    data = make_stack(name="Data")
    service = make_stack(name="Service", app=data.node.root)
    vpc = network(service, "ab")
    endpoint = DsqlEndpoint(service, "Orders", cluster=cluster(data), vpc=vpc)
    caller = ec2.SecurityGroup(service, "Caller", vpc=vpc, allow_all_outbound=False)

    endpoint.connections.allow_default_port_from(caller)

    [rule] = resources(template(service), "AWS::EC2::SecurityGroupIngress").values()
    assert (rule["FromPort"], rule["ToPort"]) == (5432, 5432)


def test_a_private_way_needs_two_zones(make_stack):
    stack = make_stack()

    with pytest.raises(InvalidOptions) as refused:
        cluster(stack).private_in(network(stack, "a"))

    assert str(refused.value) == (
        "Test/Orders/Private: 'vpc' is 'Test/Vpc'; allowed: isolated (or chosen) subnets in two Availability Zones or "
        "more, because an interface endpoint survives the loss of a zone when it stands in two or more "
        "(https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html)"
    )


def test_a_private_way_stands_in_the_region_of_its_cluster(make_stack):
    data = make_stack(name="Data", region="eu-central-1")
    service = make_stack(name="Service", app=data.node.root)

    with pytest.raises(InvalidOptions) as refused:
        DsqlEndpoint(service, "Orders", cluster=cluster(data), vpc=network(service))

    assert str(refused.value) == (
        "Service/Orders: 'cluster' is 'Data/Orders'; allowed: one of eu-west-1, where the endpoint is, because "
        "PrivateLink leads from a VPC to the clusters behind one service name, under their private names only "
        f"({GUIDE}privatelink-managing-clusters.html)"
    )


def test_a_second_private_way_needs_an_id_of_its_own(make_stack):
    stack = make_stack()
    built, vpc = cluster(stack), network(stack)
    built.private_in(vpc)

    with pytest.raises(InvalidOptions) as refused:
        built.private_in(vpc)

    assert str(refused.value) == (
        "Test/Orders: 'id' is 'Private'; allowed: another id for each further VPC, because an endpoint leads from one "
        f"VPC ({GUIDE}privatelink-managing-clusters.html)"
    )


def test_alarms_ring_for_what_clients_feel(world, resources):
    alarms = resources(world.templates["Peered"], "AWS::CloudWatch::Alarm").values()

    plain = {a["MetricName"]: (a["Namespace"], a["Threshold"]) for a in alarms if "MetricName" in a}

    assert set(world.built["Peered"].alarms) == {"Conflicts", "Timeouts", "CommitLatency", "Storage", "Connections"}
    assert plain == {
        "QueryTimeouts": ("AWS/AuroraDSQL", 0),
        "CommitLatency": ("AWS/AuroraDSQL", 500),
        "ClusterStorageSize": ("AWS/AuroraDSQL", 0.8 * 10 * 1024**4),
        "ResourceCount": ("AWS/Usage", 8000),
    }
    assert {a["TreatMissingData"] for a in alarms} == {"notBreaching"}
    assert all(a["AlarmActions"] == a["OKActions"] != [] for a in alarms)


def test_no_option_replaces_the_cluster(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        alarms = AlarmTopic(stack, "Alarms") if options.pop("alarms", False) else None
        key = kms.Key.from_key_arn(stack, "AnyKey", KEY.format("eu-west-1").replace("1234", options.pop("key", "1234")))
        DsqlCluster(stack, "Orders", key=key, alarms=alarms, **options)
        return stack

    found = in_place(
        build,
        MEMBER,
        {
            "key": "4321",
            "name": "baskets",
            "witness": "eu-west-3",
            "peers": {"eu-central-1": FRANKFURT},
            "region_set_because": Together(witness="us-east-1", region_set_because="announced last week"),
            "public_because": "a laptop without a VPN",
            "statements": [DENIAL],
            "deletable_because": "rebuilt nightly",
            "alarms": True,
            "alarm_thresholds": {"Conflicts": 1.0},
            "alarms_off_because": {"Storage": "watched elsewhere"},
        },
    )

    assert set(found) == set(described(DsqlCluster)) - {"scope", "id"}
    assert replacing(found) == create_only_options(DsqlCluster) == set()


WITNESS = (
    "the witness keeps transaction logs in a third Region, so that the two others know which of them goes on "
    f"({API}API_CreateCluster.html)"
)
PEERS = f"a multi-Region cluster has two endpoints: one in each of two peered Regions ({GUIDE}what-is-aurora-dsql.html)"
SETS = (
    "the members and the witness of a multi-Region cluster are of one set of Regions, which lie on one continent "
    f"({GUIDE}what-is-aurora-dsql.html#aurora-dsql-multi-region-availability)"
)
TOKYO = FRANKFURT.replace("eu-central-1", "ap-northeast-1")


@pytest.mark.capability("AUR-15")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {**MEMBER, "witness": "eu-west-1"},
            "'witness' is 'eu-west-1'; allowed: another Region than eu-west-1, where the cluster is, because "
            f"{WITNESS}",
        ),
        (
            {**MEMBER, "witness": "eu-central-1", "peers": {"eu-central-1": FRANKFURT}},
            f"'witness' is 'eu-central-1'; allowed: another Region than that of the peer, because {WITNESS}",
        ),
        (
            {**MEMBER, "witness": "us-east-1"},
            "'witness' is 'us-east-1'; allowed: for a cluster in eu-west-1: eu-central-1, eu-north-1, eu-south-2, "
            f"eu-west-2, eu-west-3; or 'region_set_because' where AWS knows more, because {SETS}",
        ),
        (
            {**MEMBER, "peers": {"ap-northeast-1": TOKYO}},
            "'witness' is 'eu-west-2'; allowed: for a cluster in eu-west-1: eu-central-1, eu-north-1, eu-south-2, "
            f"eu-west-2, eu-west-3; or 'region_set_because' where AWS knows more, because {SETS}",
        ),
        (
            {**MEMBER, "name": None},
            "'name' is not given; allowed: the same name for the members of one multi-Region cluster, because members "
            "know each other by it before they have ARNs",
        ),
        (
            {"peers": {"eu-central-1": FRANKFURT}},
            "'peers' is {'eu-central-1': '" + FRANKFURT + "'}; allowed: left out without 'witness', because " + WITNESS,
        ),
        (
            {**MEMBER, "peers": {"eu-west-1": IRELAND}},
            "'peers' is {'eu-west-1': '" + IRELAND + "'}; allowed: clusters in other Regions than eu-west-1, where "
            f"this one is, because {PEERS}",
        ),
        (
            {**MEMBER, "peers": {"eu-central-1": IRELAND}},
            f"'peers['eu-central-1']' is '{IRELAND}'; allowed: 'arn:aws:dsql:eu-central-1:<account>:cluster/<26 "
            "letters and digits>', because a peer is named by the ARN that the service made for it "
            f"({API}API_MultiRegionProperties.html)",
        ),
        (
            {**MEMBER, "peers": {"eu-central-1": "arn:aws:rds:eu-central-1:111111111111:cluster:orders"}},
            "'peers['eu-central-1']' is 'arn:aws:rds:eu-central-1:111111111111:cluster:orders'; allowed: "
            "'arn:aws:dsql:eu-central-1:<account>:cluster/<26 letters and digits>', because a peer is named by the ARN "
            f"that the service made for it ({API}API_MultiRegionProperties.html)",
        ),
        (
            {**MEMBER, "witness": "eu-wset-2"},
            "'witness' is 'eu-wset-2'; allowed: a Region of AWS; did you mean eu-west-2 or us-west-2 or eu-west-3?, "
            "because what cannot be found can neither be deployed to nor failed over to "
            "(https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)",
        ),
        (
            {"region_set_because": "announced last week"},
            "'region_set_because' is 'announced last week'; allowed: left out without 'witness', because a cluster in "
            "one Region is of no set",
        ),
        (
            {"public_because": " "},
            "'public_because' is ' '; allowed: a reason in words, because who reads the review must learn what made it "
            "acceptable",
        ),
    ],
    ids=lambda value: None if isinstance(value, str) else "-".join(value),
)
def test_what_cannot_work_is_refused_in_one_sentence(refused, options, message):
    assert refused(**options) == [f"Test/Orders: {message}"]


def test_more_than_one_peer_is_refused(refused):
    two = {"eu-central-1": FRANKFURT, "eu-west-3": FRANKFURT.replace("eu-central-1", "eu-west-3")}

    assert refused(**MEMBER, peers=two) == [
        f"Test/Orders: 'peers' is {two}; allowed: the ARN of one cluster in another Region, because {PEERS}"
    ]


def test_a_key_of_another_region_is_refused(make_stack, refused):
    key = kms.Key.from_key_arn(make_stack(name="Elsewhere"), "Key", KEY.format("eu-central-1"))

    assert refused(key=key) == [
        "Test/Orders: 'key' is 'Elsewhere/Key'; allowed: one of eu-west-1, where the cluster is, because each member "
        f"is encrypted with a key of its own Region ({GUIDE}data-encryption.html)"
    ]


def test_a_set_that_is_not_known_here_costs_a_reason(make_stack, template, resources):
    stack = make_stack()
    cluster(stack, name="orders", witness="us-east-1", region_set_because="announced last week")

    [properties] = resources(template(stack), "AWS::DSQL::Cluster").values()

    assert properties["MultiRegionProperties"] == {"WitnessRegion": "us-east-1"}


@pytest.mark.capability("AUR-15")
def test_members_of_one_app_have_the_same_witness(make_stack):
    here = make_stack(name="Here")
    there = make_stack(name="There", app=here.node.root, region="eu-central-1")
    cluster(here, **MEMBER)

    with pytest.raises(InvalidOptions) as refused:
        cluster(there, name="orders", witness="eu-west-3")

    assert str(refused.value) == (
        "There/Orders: 'witness' is 'eu-west-3'; allowed: 'eu-west-2', as Here/Orders has it, because the witness "
        "keeps transaction logs in a third Region, so that the two others know which of them goes on "
        f"({GUIDE}mr-cluster-setup.html)"
    )


def test_members_of_one_app_are_peers_of_each_other(make_stack):
    here = make_stack(name="Here")
    there = make_stack(name="There", app=here.node.root, region="eu-north-1")
    cluster(here, **MEMBER, peers={"eu-central-1": FRANKFURT})

    with pytest.raises(InvalidOptions) as refused:
        cluster(there, **MEMBER)

    assert str(refused.value) == (
        "There/Orders: 'peers' is ['eu-central-1'] of Here/Orders; allowed: the ARN of There/Orders in eu-north-1, "
        "which has the same name, because a multi-Region cluster has two endpoints: one in each of two peered Regions "
        f"({GUIDE}mr-cluster-setup.html)"
    )


def test_two_members_of_one_name_in_one_region_are_refused(make_stack):
    stack = make_stack()
    cluster(stack, **MEMBER)

    with pytest.raises(InvalidOptions) as refused:
        cluster(stack, "Others", **MEMBER)

    assert str(refused.value) == (
        "Test/Others: 'name' is 'orders'; allowed: another name than that of Test/Orders, which is in eu-west-1 too, "
        "because a multi-Region cluster has two endpoints: one in each of two peered Regions "
        f"({GUIDE}mr-cluster-setup.html)"
    )
