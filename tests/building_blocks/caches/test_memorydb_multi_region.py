"""MemoryDB in several Regions: two steps, members that agree, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.caches.memorydb import MemoryDb, MemoryDbMember
from cdk_standby.caches.memorydb_multi_region import UNNAMED, MemoryDbMultiRegion
from cdk_standby.keys import DataKey

GUIDE = "https://docs.aws.amazon.com/memorydb/latest/devguide/"
API = "https://docs.aws.amazon.com/memorydb/latest/APIReference/"
SHARED = "AWS::MemoryDB::MultiRegionCluster"
BASE: dict[str, Any] = {"suffix": "shop", "regions": ("eu-west-1", "eu-central-1")}
NAME = "virxk-shop"


def network(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}a", f"{stack.region}b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa0", "rtb-0aaaaaaaaaaaaaaa1"],
        region=stack.region,
    )


def member(stack: cdk.Stack, of: MemoryDbMember, **options: Any) -> MemoryDb:
    key = DataKey(stack, "Key").key
    alarms = AlarmTopic(stack, "Alarms", key=key)
    return MemoryDb(stack, "Database", vpc=network(stack), key=key, member_of=of, alarms=alarms, **options)


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """The second step: a member at home, and one that knows the name from a file."""
    home = make_stack(name="Home")
    there = make_stack(app=home.node.root, name="There", region="eu-central-1")
    shared = MemoryDbMultiRegion(home, "Shared", **BASE, cluster_name=NAME, shards=2)
    built = {"Home": member(home, shared.home), "There": member(there, shared.member, replicas=1)}
    templates = {"Home": template(home), "There": template(there)}
    return SimpleNamespace(app=home.node.root, shared=shared, built=built, templates=templates)


@pytest.fixture
def cluster(world: SimpleNamespace, resources: Callable[..., dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    def of(site: str) -> dict[str, Any]:
        [properties] = resources(world.templates[site], "AWS::MemoryDB::Cluster").values()
        return dict(properties)

    return of


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """For calls that are refused before anything is rendered."""
    return make_stack()


@pytest.fixture
def refused(scope: cdk.Stack) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/Shared"."""

    def ask(**options: Any) -> list[str]:
        name = f"Shared{len(scope.node.children)}"
        with pytest.raises(InvalidOptions) as caught:
            MemoryDbMultiRegion(scope, name, **{**BASE, **options})
        return str(caught.value).replace(name, "Shared").split("\n")

    return ask


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.templates["Home"]) == []
    assert lint(world.templates["There"], region="eu-central-1") == []


@pytest.mark.capability("MEM-16")
def test_what_members_share_is_built_once_and_kept(world, resources):
    [(name, properties)] = resources(world.templates["Home"], SHARED).items()

    assert properties == {
        "Description": "Members of Home/Shared",
        "Engine": "valkey",
        "EngineVersion": "7.3",
        "MultiRegionClusterNameSuffix": "shop",
        "NodeType": "db.r7g.xlarge",
        "NumShards": 2,
        "TLSEnabled": True,
        "UpdateStrategy": "COORDINATED",
    }
    assert world.templates["Home"]["Resources"][name]["DeletionPolicy"] == "Retain"
    assert resources(world.templates["There"], SHARED) == {}


@pytest.mark.capability("MEM-16")
def test_each_member_names_what_they_share_at_home_by_reference(cluster):
    assert cluster("Home")["MultiRegionClusterName"]["Fn::GetAtt"][1] == "MultiRegionClusterName"
    assert cluster("There")["MultiRegionClusterName"] == NAME


@pytest.mark.capability("MEM-16")
def test_members_agree_on_nodes_and_shards_and_differ_in_replicas(cluster):
    shared = ("NodeType", "NumShards", "Engine", "EngineVersion", "TLSEnabled")

    assert {p: cluster("Home")[p] for p in shared} == {p: cluster("There")[p] for p in shared}
    assert (cluster("Home")["NumReplicasPerShard"], cluster("There")["NumReplicasPerShard"]) == (2, 1)


def test_a_member_rings_when_another_falls_behind(world):
    assert all("GlobalLag" in built.alarms for built in world.built.values())


def test_the_name_is_printed_in_both_steps_and_asked_for_in_the_first(make_stack, world, template):
    stack = make_stack(name="Shop")
    first = MemoryDbMultiRegion(stack, "Shared", **BASE)

    warnings = cdk.assertions.Annotations.from_stack(stack).find_warning("*", cdk.assertions.Match.any_value())

    assert first.member is None
    assert [warning.entry.data for warning in warnings] == [
        "Shop/Shared has a name that MemoryDB makes up. Deploy it; then `aws cloudformation describe-stacks --region "
        "eu-west-1 --stack-name Shop --query \"Stacks[0].Outputs[?OutputKey=='SharedName6679440D'].OutputValue\" "
        "--output text` prints it. Write it into a committed file, give it as cluster_name, and give `member` to the "
        f"clusters in other Regions. [ack: {UNNAMED}]"
    ]
    assert list(template(stack)["Outputs"]) == list(world.templates["Home"]["Outputs"]) == ["SharedName6679440D"]


def test_a_lab_goes_with_its_stack(make_stack, template):
    stack = make_stack()
    MemoryDbMultiRegion(stack, "Shared", **BASE, deletable_because="rebuilt nightly")

    [resource] = [r for r in template(stack)["Resources"].values() if r["Type"] == SHARED]

    assert resource["DeletionPolicy"] == "Delete"


@pytest.mark.capability("MEM-16")
def test_a_reference_does_not_lead_to_another_region(make_stack):
    home = make_stack(name="Home")
    there = make_stack(app=home.node.root, name="There", region="eu-central-1")
    shared = MemoryDbMultiRegion(home, "Shared", **BASE)

    with pytest.raises(InvalidOptions) as refused:
        member(there, shared.home)

    assert str(refused.value).startswith("There/Database: 'member_of' is MemoryDbMember(name=")
    assert str(refused.value).endswith(
        "allowed: `member`, with the name from a committed file: `home` is for the Region of the multi-Region cluster, "
        "because MemoryDB puts a prefix of its own before the suffix, so that the name is known after the first "
        f"deployment only ({API}API_CreateMultiRegionCluster.html)"
    )


MEMBERS = f"a multi-Region cluster has members in up to five Regions ({GUIDE}multi-region.prereq.html)"
FIVE = ("eu-west-1", "eu-central-1", "eu-west-2", "us-east-1", "us-east-2", "us-west-2")


@pytest.mark.capability("MEM-16")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"regions": ("eu-west-1",)},
            "'regions' is ['eu-west-1']; allowed: eu-west-1 and one to four others, each of them once, because "
            f"{MEMBERS}",
        ),
        (
            {"regions": FIVE},
            "'regions' is ['eu-west-1', 'eu-central-1', 'eu-west-2', 'us-east-1', 'us-east-2', 'us-west-2']; allowed: "
            f"eu-west-1 and one to four others, each of them once, because {MEMBERS}",
        ),
        (
            {"regions": ("eu-central-1", "eu-west-2")},
            "'regions' is ['eu-central-1', 'eu-west-2']; allowed: eu-west-1 and one to four others, each of them once, "
            f"because {MEMBERS}",
        ),
        (
            {"regions": ("eu-west-1", "sa-east-1")},
            "'regions' is ['sa-east-1']; allowed: ap-northeast-1, ap-northeast-2, ap-south-1, ap-southeast-1, "
            "ap-southeast-2, eu-central-1, eu-west-1, eu-west-2, us-east-1, us-east-2, us-west-1, us-west-2, because "
            f"these Regions can be members of a multi-Region cluster ({GUIDE}multi-region.prereq.html)",
        ),
        (
            {"node_type": "db.r7g.large"},
            "'node_type' is 'db.r7g.large'; allowed: a type such as 'db.r7g.xlarge', because a multi-Region cluster "
            f"takes nodes of the family r7g, xlarge or larger ({GUIDE}multi-region.prereq.html)",
        ),
        (
            {"version": "7.2"},
            "'version' is '7.2'; allowed: '7.3', of Valkey, because multi-Region clusters are there since Valkey 7.3 "
            f"({GUIDE}multi-region.prereq.html)",
        ),
        (
            {"update_strategy": "COORDINATED"},
            "'update_strategy' is 'COORDINATED'; allowed: 'coordinated', 'uncoordinated', because an update is made in "
            f"all members together, or in each when it is ready ({API}API_UpdateMultiRegionCluster.html)",
        ),
        (
            {"cluster_name": "shop"},
            "'cluster_name' is 'shop'; allowed: the name as MemoryDB made it, five characters before the suffix, such "
            "as 'virxk-orders', because MemoryDB puts a prefix of its own before the suffix, so that the name is known "
            f"after the first deployment only ({API}API_CreateMultiRegionCluster.html)",
        ),
        (
            {"shards": 0},
            f"'shards' is 0; allowed: 1 to 500, because a cluster has 1 to 500 shards ({GUIDE}shards.html)",
        ),
        (
            {"suffix": "Shop"},
            "'suffix' is 'Shop'; allowed: a name such as 'orders', because a name has 1 to 40 small letters, digits "
            "and single hyphens, starts with a letter and does not end with a hyphen "
            f"({API}API_CreateCluster.html)",
        ),
        (
            {"deletable_because": ""},
            "'deletable_because' is ''; allowed: a reason in words, because who reads the review must learn what made "
            "it acceptable",
        ),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(refused, options, message):
    assert refused(**options) == [f"Test/Shared: {message}"]


def test_options_replace_what_members_share_only_where_they_say_so(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111111111111:key/1234")
        MemoryDbMultiRegion(stack, "Shared", **options)
        return stack

    changed = {
        "regions": ("eu-west-1", "eu-west-2"),
        "cluster_name": NAME,
        "node_type": "db.r7g.2xlarge",
        "shards": 3,
        "update_strategy": "uncoordinated",
        "deletable_because": "a lab",
    }

    found = in_place(build, BASE, {"suffix": "other", "changed": Together(changed)}, types={SHARED})

    assert {"suffix", *changed} == set(described(MemoryDbMultiRegion)) - {"scope", "id", "version"}  # there is one
    assert replacing(found) == create_only_options(MemoryDbMultiRegion) - {"version"} == {"suffix"}
