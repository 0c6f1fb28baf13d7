"""A DAX cluster: what is in the template, who may do what, what is refused, what validators say."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from replacement import Together, create_only_options, described, in_place, replacing

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.tables.dax import DaxCluster
from cdk_standby.tables.table import GlobalIndex, Table

GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_CreateCluster.html"
CLUSTER = "AWS::DAX::Cluster"
SHAPES: dict[str, dict[str, Any]] = {
    "Usual": {},
    "Named": {"name": "Orders", "nodes": 5, "item_ttl": cdk.Duration.minutes(1), "query_ttl": cdk.Duration.seconds(5)},
    "Lab": {
        "nodes": 1,
        "few_nodes_because": "a lab",
        "plaintext_because": "an old client",
        "node_type": "dax.t3.small",
        "read_only": True,
    },
}


def network(stack: cdk.Stack, zones: str = "abc") -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        f"Vpc-{zones}",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}{zone}" for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{zone}" for zone in zones],
        region=stack.region,
    )


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Every shape in one stack, in front of one table, with a client of each kind."""
    stack = make_stack(flags=flags)
    key = DataKey(stack, "Key").key
    index = GlobalIndex(name="by-day", partition_keys=("day",))
    table = Table(stack, "Orders", key=key, partition_key="id", global_indexes=(index,))
    alarms, vpc = AlarmTopic(stack, "Alarms", key=key), network(stack)
    arn = "arn:aws:dynamodb:eu-west-1:111111111111:table/old"
    old = dynamodb.TableV2.from_table_attributes(stack, "Old", table_arn=arn, global_indexes=["by-id"])
    tables = {"Named": [table, old]}
    built = {
        shape: DaxCluster(stack, shape, vpc=vpc, tables=tables.get(shape, [table]), alarms=alarms, **options)
        for shape, options in SHAPES.items()
    }
    service = iam.Role(stack, "Service", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    built["Usual"].grant_read(iam.ManagedPolicy(stack, "Reader", roles=[service]))
    built["Usual"].grant_read_write(iam.ManagedPolicy(stack, "Writer", roles=[service]))
    client = ec2.SecurityGroup(stack, "Client", vpc=vpc, allow_all_outbound=False)
    built["Usual"].connections.allow_default_port_from(client)
    built["Lab"].let_in(client)
    return SimpleNamespace(app=stack.node.root, stack=stack, built=built, template=template(stack))


@pytest.fixture
def cluster(world: SimpleNamespace) -> Callable[[str], dict[str, Any]]:
    """The properties of the cluster of a shape."""

    def of(shape: str) -> dict[str, Any]:
        name = world.stack.get_logical_id(world.built[shape].cluster)
        return dict(world.template["Resources"][name]["Properties"])

    return of


@pytest.fixture
def allowed(world: SimpleNamespace) -> Callable[[str], dict[str, list[str]]]:
    """What a policy allows, by the service: the actions without their prefix."""

    def of(policy: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, resource in world.template["Resources"].items():
            if resource["Type"] == "AWS::IAM::ManagedPolicy" and name.startswith(policy):
                for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                    for service, action in (each.split(":") for each in actions):
                        found.setdefault(service, []).append(action)
        return found

    return of


@pytest.fixture(scope="module")
def scope(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """For calls that are refused before anything is rendered."""
    return make_stack()


@pytest.fixture
def refused(scope: cdk.Stack) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/Cache"."""
    table = scope.node.try_find_child("Table") or _cdk_table(scope)

    def ask(**options: Any) -> list[str]:
        name = f"Cache{len(scope.node.children)}"
        zones = options.pop("zones", "abc")
        given = {"vpc": scope.node.try_find_child(f"Vpc-{zones}") or network(scope, zones), "tables": [table]}
        with pytest.raises(InvalidOptions) as caught:
            DaxCluster(scope, name, **{**given, **options})
        return str(caught.value).replace(name, "Cache").split("\n")

    return ask


def _cdk_table(stack: cdk.Stack, id: str = "Table") -> dynamodb.TableV2:
    name = dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)
    return dynamodb.TableV2(stack, id, partition_key=name)


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.template) == []


@pytest.mark.capability("DDB-05")
@pytest.mark.capability("DDB-20")
@pytest.mark.capability("DDB-21")
def test_a_cluster_has_a_node_in_each_of_three_zones(world, cluster, resources):
    [subnets, *_] = resources(world.template, "AWS::DAX::SubnetGroup").values()

    assert cluster("Usual")["ReplicationFactor"] == 3
    assert cluster("Usual")["AvailabilityZones"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    assert len(subnets["SubnetIds"]) == 3


@pytest.mark.capability("DDB-21")
def test_each_further_node_is_in_a_zone_too(cluster):
    zones = cluster("Named")["AvailabilityZones"]

    assert zones == ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1a", "eu-west-1b"]
    assert len(zones) == cluster("Named")["ReplicationFactor"]


def test_a_network_of_two_zones_will_do(make_stack, template, resources):
    stack = make_stack()
    DaxCluster(stack, "Cache", vpc=network(stack, "ab"), tables=[_cdk_table(stack)])

    [properties] = resources(template(stack), CLUSTER).values()

    assert properties["AvailabilityZones"] == ["eu-west-1a", "eu-west-1b", "eu-west-1a"]


@pytest.mark.capability("DDB-22")
@pytest.mark.capability("DDB-23")
def test_connections_and_the_disks_of_nodes_are_encrypted(cluster):
    assert cluster("Usual")["ClusterEndpointEncryptionType"] == "TLS"
    assert cluster("Usual")["SSESpecification"] == {"SSEEnabled": True}
    assert cluster("Lab")["ClusterEndpointEncryptionType"] == "NONE"


@pytest.mark.capability("DDB-22")
def test_a_client_reaches_the_port_of_the_encryption_and_no_other(world, resources):
    rules = resources(world.template, "AWS::EC2::SecurityGroupIngress")

    ports = {name: (rule["FromPort"], rule["ToPort"]) for name, rule in rules.items()}

    assert {("Usual" if name.startswith("Usual") else "Lab"): port for name, port in ports.items()} == {
        "Usual": (9111, 9111),
        "Lab": (8111, 8111),
    }
    assert world.built["Usual"].port == 9111


@pytest.mark.capability("DDB-24")
def test_times_to_live_are_of_the_clusters_own_group_which_changes_with_them(world, cluster):
    groups = {shape: cluster(shape)["ParameterGroupName"]["Ref"] for shape in ("Usual", "Named")}
    values = {
        shape: world.template["Resources"][name]["Properties"]["ParameterNameValues"] for shape, name in groups.items()
    }

    assert values == {
        "Usual": {"record-ttl-millis": "300000", "query-ttl-millis": "300000"},
        "Named": {"record-ttl-millis": "60000", "query-ttl-millis": "5000"},
    }
    assert groups["Named"].startswith("NamedParameters600005000")


READS = ["BatchGetItem", "ConditionCheckItem", "GetItem", "Query", "Scan"]
WRITES = ["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"]


@pytest.mark.capability("DDB-24")
@pytest.mark.capability("DDB-26")
def test_the_cluster_may_use_items_and_manage_nothing(allowed):
    assert sorted(set(allowed("UsualPolicy")["dynamodb"])) == sorted([*READS, *WRITES, "DescribeTable"])
    assert sorted(set(allowed("LabPolicy")["dynamodb"])) == sorted([*READS, "DescribeTable"])


@pytest.mark.capability("DDB-24")
@pytest.mark.capability("DDB-26")
def test_a_client_is_given_the_cluster_and_the_table(allowed):
    assert sorted(allowed("Reader")["dax"]) == READS
    assert sorted(set(allowed("Reader")["dynamodb"])) == sorted([*READS, "DescribeTable"])
    assert sorted(allowed("Writer")["dax"]) == sorted([*READS, *WRITES])
    assert sorted(set(allowed("Writer")["dynamodb"])) == sorted([*READS, *WRITES, "DescribeTable"])


def test_the_role_reaches_the_tables_that_were_given_and_no_others(world):
    [policy] = [
        r["Properties"]
        for name, r in world.template["Resources"].items()
        if r["Type"] == "AWS::IAM::ManagedPolicy" and name.startswith("UsualPolicy")
    ]
    tables = [s["Resource"] for s in policy["PolicyDocument"]["Statement"] if "dynamodb:Query" in s["Action"]]

    assert all("*" not in str(resource) for resource in tables)
    assert all("OrdersTable" in str(resource) for resource in tables)


def test_a_table_of_the_cdk_is_cached_with_its_indexes_and_its_key(make_stack, template):
    stack = make_stack()
    key = DataKey(stack, "Key").key
    attribute = dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)
    table = dynamodb.TableV2(
        stack,
        "Table",
        partition_key=attribute,
        encryption=dynamodb.TableEncryptionV2.customer_managed_key(key),
        global_secondary_indexes=[dynamodb.GlobalSecondaryIndexPropsV2(index_name="by-id", partition_key=attribute)],
    )
    DaxCluster(stack, "Cache", vpc=network(stack), tables=[table])

    [policy] = [r for r in template(stack)["Resources"].values() if r["Type"] == "AWS::IAM::ManagedPolicy"]
    statements = policy["Properties"]["PolicyDocument"]["Statement"]

    assert [s["Action"][-1] for s in statements] == ["dynamodb:UpdateItem", "kms:ReEncryptTo"]
    assert statements[0]["Resource"][1]["Fn::Join"][1][1] == "/index/*"


@pytest.mark.capability("DDB-28")
def test_dax_tells_the_topic_of_the_alarms(world, cluster, resources):
    [policy] = resources(world.template, "AWS::SNS::TopicPolicy").values()
    [topic] = resources(world.template, "AWS::SNS::Topic")
    said = [s for s in policy["PolicyDocument"]["Statement"] if "dax.amazonaws.com" in str(s["Principal"])]

    assert cluster("Usual")["NotificationTopicARN"] == {"Ref": topic}
    assert {s["Action"] for s in said} == {"sns:Publish"}
    assert said[0]["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert "aws:SourceOwner" in str(policy)


def test_the_key_of_the_topic_lets_dax_in(world, resources):
    [key] = resources(world.template, "AWS::KMS::Key").values()

    assert "dax.amazonaws.com" in str([s["Principal"] for s in key["KeyPolicy"]["Statement"]])


def test_alarms_ring_for_what_clients_feel(world):
    alarms = [
        r["Properties"]
        for name, r in world.template["Resources"].items()
        if r["Type"] == "AWS::CloudWatch::Alarm" and name.startswith("Usual")
    ]

    assert {a["MetricName"]: (a["Statistic"], a["Threshold"]) for a in alarms} == {
        "CPUUtilization": ("Maximum", 80),
        "CacheMemoryUtilization": ("Maximum", 90),
        "EvictedSize": ("Sum", 100_000_000),
        "ThrottledRequestCount": ("Sum", 10),
        "FaultRequestCount": ("Sum", 5),
        "ErrorRequestCount": ("Sum", 100),
        "ClientConnections": ("Maximum", 36_000),
    }
    assert {a["MetricName"] for a in alarms if a["TreatMissingData"] == "breaching"} == {"CPUUtilization"}
    assert all([d["Name"] for d in a["Dimensions"]] == ["ClusterId"] for a in alarms)
    assert "CpuCredits" in world.built["Lab"].alarms


def test_a_cache_goes_with_its_stack(world):
    policies = {r["DeletionPolicy"] for r in world.template["Resources"].values() if r["Type"] == CLUSTER}

    assert policies == {"Delete"}


def test_what_was_weakened_stands_in_the_template(world):
    assert world.template["Metadata"]["cdk-standby:weakened"] == {
        "Test/Lab": {"few_nodes": "a lab", "plaintext": "an old client"}
    }


def test_clients_find_all_nodes_by_one_url(world):
    endpoint = world.stack.resolve(world.built["Usual"].endpoint)

    assert endpoint == {"Fn::GetAtt": ["UsualCluster2741D237", "ClusterDiscoveryEndpointURL"]}


@pytest.mark.capability("DDB-20")
def test_the_eleventh_node_is_built_with_a_warning(make_stack):
    stack = make_stack()
    DaxCluster(stack, "Cache", vpc=network(stack), tables=[_cdk_table(stack)], nodes=11)

    warnings = cdk.assertions.Annotations.from_stack(stack).find_warning("*", cdk.assertions.Match.any_value())

    assert [warning.entry.data for warning in warnings if "eleven" in warning.entry.data] == [
        "Test/Cache: the text of the API still ends at ten nodes, where the guide ends at eleven "
        "[ack: cdk-standby:dax-eleven-nodes]"
    ]


NODES = f"a cluster has one primary and at most ten read replicas ({GUIDE}DAX.concepts.cluster.html)"
FEW = f"AWS calls a cluster fault tolerant from three nodes on, in several zones ({GUIDE}DAX.concepts.cluster.html)"
TABLES = f"a cluster caches at most 500 tables of its Region ({GUIDE}DAX.concepts.cluster.html)"
TTL = (
    "items and the results of queries are kept for five minutes, unless a parameter group says otherwise; with 0 they "
    "stay until memory is short, and changes made past the cluster are not seen "
    f"({GUIDE}DAX.cluster-management.html#DAX.cluster-management.custom-settings.ttl)"
)


@pytest.mark.capability("DDB-20")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"nodes": 12}, f"'nodes' is 12; allowed: 1 to 11, because {NODES}"),
        ({"nodes": 0}, f"'nodes' is 0; allowed: 1 to 11, because {NODES}"),
        ({"nodes": 2}, f"'nodes' is 2; allowed: 3 to 11, or 1 or 2 together with 'few_nodes_because', because {FEW}"),
        (
            {"few_nodes_because": "a lab"},
            f"'nodes' is 3; allowed: 3 to 11, or 1 or 2 together with 'few_nodes_because', because {FEW}",
        ),
        (
            {"nodes": 1, "few_nodes_because": " "},
            "'few_nodes_because' is ' '; allowed: a reason in words, because who reads the review must learn what made "
            "it acceptable",
        ),
        (
            {"node_type": "dax.r5.huge"},
            "'node_type' is 'dax.r5.huge'; allowed: a type such as 'dax.r7i.large', because a node type is one of a "
            f"current family and size ({GUIDE}DAX.concepts.cluster.html)",
        ),
        (
            {"name": "orders-"},
            "'name' is 'orders-'; allowed: a name such as 'orders', because a name has 1 to 20 letters, digits and "
            "single hyphens, starts with a letter, ends with none, and holds neither 'sudo' nor 'grep' "
            f"({API})",
        ),
        (
            {"maintenance_window": "sun:03:00-sun:03:30"},
            "'maintenance_window' is 'sun:03:00-sun:03:30'; allowed: 'ddd:hh:mm-ddd:hh:mm' in UTC, 60 minutes or more, "
            "such as 'sun:03:00-sun:04:00', because maintenance happens in a weekly window of at least 60 minutes, in "
            f"UTC ({API})",
        ),
        (
            {"query_ttl": cdk.Duration.millis(0)},
            f"'query_ttl' is 0 millis; allowed: a millisecond or longer, known at synth, because {TTL}",
        ),
        ({"tables": []}, f"'tables' is []; allowed: 1 to 500 tables, each of them once, because {TABLES}"),
    ],
)
def test_what_cannot_work_is_refused_in_one_sentence(refused, options, message):
    assert refused(**options) == [f"Test/Cache: {message}"]


@pytest.mark.capability("DDB-21")
def test_one_zone_is_refused(refused):
    assert refused(zones="a") == [
        "Test/Cache: 'vpc' is 'Test/Vpc-a'; allowed: subnets in two Availability Zones or more, because a cluster "
        f"survives the loss of a zone when its nodes are in two or more ({GUIDE}DAX.concepts.cluster.html)"
    ]


@pytest.mark.capability("DDB-24")
def test_a_table_of_another_region_is_refused(refused, make_stack, scope):
    there = _cdk_table(make_stack(app=scope.node.root, name="There", region="eu-central-1"))

    assert refused(tables=[there]) == [
        "Test/Cache: 'tables' is There/Table in eu-central-1; allowed: tables of eu-west-1, where the cluster is, "
        f"because {TABLES}"
    ]


def test_a_table_that_is_there_twice_is_refused(refused, scope):
    table = scope.node.find_child("Table")

    assert refused(tables=[table, table]) == [
        "Test/Cache: 'tables' is ['Test/Table', 'Test/Table']; allowed: 1 to 500 tables, each of them once, because "
        f"{TABLES}"
    ]


def test_all_problems_are_told_at_once(refused):
    told = refused(nodes=12, node_type="r5", name="1", tables=[])

    assert [line.split("'")[1] for line in told] == ["nodes", "node_type", "name", "tables"]


def test_options_replace_the_cluster_only_where_they_say_so(make_stack):
    def build(**options: Any) -> cdk.Stack:
        stack = make_stack()
        alarms = AlarmTopic(stack, "Alarms") if options.pop("alarms", False) else None
        tables = [_cdk_table(stack, name) for name in options.pop("tables", ["Table"])]
        vpc = network(stack, options.pop("vpc", "abc"))
        DaxCluster(stack, "Cache", vpc=vpc, tables=tables, alarms=alarms, **options)
        return stack

    anew = {"node_type": "dax.r5.large", "name": "orders", "plaintext_because": "an old client"}
    changed = {
        "vpc": "cba",
        "tables": ["Table", "Other"],
        "read_only": True,
        "nodes": 2,
        "few_nodes_because": "a lab",
        "subnets": ec2.SubnetSelection(availability_zones=["eu-west-1a", "eu-west-1b"]),
        "item_ttl": cdk.Duration.minutes(1),
        "query_ttl": cdk.Duration.minutes(1),
        "maintenance_window": "mon:03:00-mon:04:00",
        "alarms": True,
        "alarm_thresholds": {"Cpu": 50.0},
        "alarms_off_because": {"Errors": "noise"},
    }

    found = in_place(build, {}, {**anew, "changed": Together(changed)}, types={CLUSTER})

    assert {*anew, *changed} == set(described(DaxCluster)) - {"scope", "id"}
    assert replacing(found) == create_only_options(DaxCluster) == set(anew)
