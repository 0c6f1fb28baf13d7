"""What a month costs, resource by resource: by hand, in templates made by hand."""

from __future__ import annotations

import pytest

from cdk_standby_review import review_templates
from cdk_standby_review.costs import cost_of, our_prices
from cdk_standby_review.costs._items import unit_of
from cdk_standby_review.costs.free import FREE, PAID_GLUE
from cdk_standby_review.costs.pricers import PRICERS
from cdk_standby_review.facts import Range
from cdk_standby_review.graph import Graph
from cdk_standby_review.knowledge import JUDGES, is_glue

GP3 = {"Ebs": {"VolumeSize": 20, "VolumeType": "gp3"}}
LAUNCH = {"InstanceType": "m7g.large", "BlockDeviceMappings": [GP3]}
HOURS = 730
GROUP = "AWS::AutoScaling::AutoScalingGroup"


def launching(make, minimum, maximum, **data):
    template = {"LaunchTemplateId": {"Ref": "Template"}}
    return {
        "Template": make.resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={**LAUNCH, **data}),
        **make.group(minimum=minimum, maximum=maximum, LaunchTemplate=template),
    }


@pytest.fixture(scope="module")
def cost(make):
    def ask(resources, *, region="us-east-1", prices=None):
        return cost_of(Graph([make.template(resources, region=region)]), prices)

    return ask


@pytest.fixture(scope="module")
def lines(make, cost):
    """What one resource of a type costs: its lines, and what is not known of it."""

    def ask(type, *, region="us-east-1", beside=None, **properties):
        found = cost({**(beside or {}), "It": make.resource(type, **properties)}, region=region)
        its = [line for site in found.sites for line in site.lines if line.resource.logical_id == "It"]
        told = [(line.what, line.monthly.low, line.monthly.high) for line in its]
        return told, [gap.why for site in found.sites for gap in site.unknown if gap.resource.logical_id == "It"]

    return ask


def test_a_site_adds_up_as_by_hand(make, cost):
    """Ireland: three zones with a NAT gateway each, three Aurora instances, two to six instances behind a balancer."""
    addresses = {f"Ip{zone}": make.resource("AWS::EC2::EIP") for zone in "ABC"}
    database = make.aurora(3)
    service = launching(make, 2, 6)
    site = {**make.network(), **addresses, **database, **service, **make.balancer()}
    site["Balancer"]["Properties"]["Subnets"] = make.subnets("abc")

    found = cost(site, region="eu-west-1")

    always = (
        3 * 0.048 * HOURS  # NAT gateways
        + 3 * 0.005 * HOURS  # their addresses
        + 3 * 0.305 * HOURS  # db.r7g.large
        + 0.0252 * HOURS  # an application load balancer
        + 3 * 0.005 * HOURS  # and its addresses
    )
    least = 2 * (0.091 * HOURS + 20 * 0.088)  # m7g.large, each with 20 GB of gp3
    most = 6 * (0.091 * HOURS + 20 * 0.088) + 0.008 * HOURS  # and one capacity unit of the load balancer
    assert found.monthly.low == pytest.approx(always + least, abs=0.05)
    assert found.monthly.high == pytest.approx(always + most, abs=0.05)
    assert [gap.why for gap in found.sites[0].unknown] == []
    assert (found.coverage.percent, found.coverage.unknown) == (100.0, 0)
    assert {usage.what for usage in found.sites[0].usage} >= {
        "data through NAT gateways",
        "reads and writes of storage",
    }


@pytest.mark.parametrize(
    ("type", "properties", "told"),
    [
        ("AWS::EC2::NatGateway", {}, [("NAT gateway", 32.85, 32.85)]),
        ("AWS::EC2::EIP", {}, [("public IPv4 address", 3.65, 3.65)]),
        ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Gateway"}, []),
        (
            "AWS::EC2::VPCEndpoint",
            {"VpcEndpointType": "Interface", "SubnetIds": ["a", "b"]},
            [("2 x interface of an endpoint", 14.6, 14.6)],
        ),
        (
            "AWS::EC2::VPNConnection",
            {"TransitGatewayId": "t"},
            [("VPN connection", 36.5, 36.5), ("transit gateway attachment", 36.5, 36.5)],
        ),
        ("AWS::KMS::Key", {}, [("key", 1, 1)]),
        ("AWS::KMS::Key", {"EnableKeyRotation": True}, [("1 to 3 x key", 1, 3)]),
        ("AWS::SSM::Parameter", {}, []),
        ("AWS::SSM::Parameter", {"Tier": "Advanced"}, [("advanced parameter", 0.05, 0.05)]),
        ("AWS::CloudWatch::Alarm", {"Period": 60}, [("alarm", 0.1, 0.1)]),
        ("AWS::CloudWatch::Alarm", {"Period": 10}, [("alarm", 0.3, 0.3)]),
        ("AWS::CloudWatch::Dashboard", {}, [("dashboard", 3, 3)]),
        (
            "AWS::Route53::HealthCheck",
            {"HealthCheckConfig": {"Type": "HTTPS", "RequestInterval": 10}},
            [("2 x options of a health check", 2, 4), ("health check", 0.5, 0.75)],
        ),
        ("AWS::Route53::HealthCheck", {"HealthCheckConfig": {"Type": "CALCULATED"}}, [("health check", 0.5, 0.5)]),
        ("AWS::Route53::HostedZone", {}, [("hosted zone", 0.5, 0.5)]),
        ("AWS::GlobalAccelerator::Accelerator", {}, [("accelerator", 18.25, 18.25)]),
        ("AWS::Route53RecoveryControl::Cluster", {}, [("cluster of routing controls", 1825, 1825)]),
        ("AWS::ARCRegionSwitch::Plan", {}, [("Region switch plan", 70, 70)]),
        (
            "AWS::ElastiCache::ReplicationGroup",
            {"CacheNodeType": "cache.r7g.large", "Engine": "valkey", "NumNodeGroups": 2, "ReplicasPerNodeGroup": 1},
            [("4 x cache.r7g.large", 511.58, 511.58)],
        ),
        (
            "AWS::ElastiCache::CacheCluster",
            {"CacheNodeType": "cache.t4g.micro", "Engine": "memcached", "NumCacheNodes": 2},
            [("2 x cache.t4g.micro", 23.36, 23.36)],
        ),
        (
            "AWS::RDS::DBInstance",
            {
                "Engine": "postgres", "DBInstanceClass": "db.m6g.large", "MultiAZ": True, "StorageType": "gp3",
                "AllocatedStorage": 100, "MaxAllocatedStorage": "500",
            },
            [
                ("2 x db.m6g.large of postgres with a standby", 232.14, 232.14),
                ("200 to 1000 x GB of gp3 storage", 23, 115),
            ],
        ),
        (
            "AWS::EC2::Volume",
            {"Size": 100, "VolumeType": "gp3", "Iops": 4000, "Throughput": 125},
            [("100 x GB of gp3 volumes", 8, 8), ("1000 x IOPS of gp3 volumes", 5, 5)],
        ),
        (
            "AWS::EC2::Instance",
            {"InstanceType": "t3.medium", "BlockDeviceMappings": [GP3]},
            [("t3.medium", 30.37, 30.37), ("20 x GB of gp3 volumes", 1.6, 1.6)],
        ),
        (
            "AWS::DynamoDB::Table",
            {"ProvisionedThroughput": {"ReadCapacityUnits": 10, "WriteCapacityUnits": 5}},
            [("5 x write capacity units", 2.37, 2.37), ("10 x read capacity units", 0.95, 0.95)],
        ),
        ("AWS::DynamoDB::Table", {"BillingMode": "PAY_PER_REQUEST"}, []),
        ("AWS::WAFv2::WebACL", {"Rules": [{}, {}]}, [("web ACL", 5, 5), ("2 x rule of a web ACL", 2, 2)]),
        ("AWS::IAM::Role", {}, []),
        ("AWS::EC2::Subnet", {}, []),
        ("AWS::S3::Bucket", {}, []),
    ],
)  # fmt: skip
def test_what_idles_costs_its_list_price_for_730_hours(type, properties, told, lines):
    assert lines(type, **properties) == (told, [])


@pytest.mark.parametrize(
    ("type", "properties", "why"),
    [
        ("AWS::New::Thing", {}, "nobody taught the review what AWS::New::Thing costs"),
        (
            "AWS::DAX::Cluster",
            {"NodeType": "dax.r5.large", "ReplicationFactor": 3},
            "no price of dax/dax.r5.large in us-east-1",
        ),
        (
            "AWS::RDS::DBInstance",
            {"DBClusterIdentifier": "x", "Engine": "aurora-mysql", "DBInstanceClass": "db.x9.large"},
            "no price of aurora/db.x9.large in us-east-1",
        ),
        (
            "AWS::EC2::Instance",
            {"InstanceType": {"Ref": "Size"}, "BlockDeviceMappings": [GP3]},
            "InstanceType is known only at deployment",
        ),
        ("AWS::EC2::Instance", {"InstanceType": "t3.micro"}, "its image decides how large its volume is"),
        ("AWS::EC2::Volume", {"SnapshotId": "snap"}, "its snapshot or image decides how large its volume is"),
        ("AWS::MemoryDB::Cluster", {}, "the template does not say NodeType"),
        ("AWS::DynamoDB::Table", {"BillingMode": {"Ref": "Mode"}}, "BillingMode is known only at deployment"),
        (GROUP, {"MinSize": "1", "MaxSize": {"Ref": "Most"}}, "MaxSize is known only at deployment"),
        (GROUP, {"MinSize": "1", "MaxSize": "2"}, "the template does not say what it launches"),
        ("AWS::RDS::DBProxy", {}, "how many vCPUs stand behind it, which it is paid by, is not told"),
        ("AWS::EKS::Capability", {}, "nobody taught the review what AWS::EKS::Capability costs"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_named_and_in_no_figure(type, properties, why, lines):
    told, unknown = lines(type, **properties)

    assert why in unknown
    assert [what for what, _, _ in told if "GB" not in what and what != "t3.micro"] == []


def test_a_price_of_one_region_is_never_taken_for_another(lines):
    _, unknown = lines("AWS::EC2::NatGateway", region="xx-new-1")

    assert unknown == ["no price of vpc/nat-gateway in xx-new-1"]


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_prices_of_every_region_are_not_those_of_other_partitions(region, lines):
    assert lines("AWS::KMS::Key", region=region) == ([], [f"no price of kms/key in {region}"])


def test_a_template_without_a_region_has_only_prices_that_need_none(lines):
    assert lines("AWS::EC2::NatGateway", region=None)[1] == [
        "no Region is given, which the price of vpc/nat-gateway needs (give one: --region, or `region` in the file of "
        "--prices)"
    ]
    assert lines("AWS::Route53::HostedZone", region=None)[0] == [("hosted zone", 0.5, 0.5)]


def test_a_group_without_instances_idles_for_nothing_and_may_grow(make, cost):
    found = cost(launching(make, 0, 2)).sites[0]

    assert found.monthly == Range(0, 119.14 + 3.2)
    assert [line.what for line in found.lines] == ["0 to 2 x m7g.large", "0 to 40 x GB of gp3 volumes"]


def test_a_schedule_widens_what_a_group_may_be(make, cost):
    nightly = make.resource(
        "AWS::AutoScaling::ScheduledAction", AutoScalingGroupName={"Ref": "Group"}, MinSize=0, MaxSize=9
    )

    found = cost({**launching(make, 1, 2), "Night": nightly}).sites[0]

    assert found.lines[0].what == "0 to 9 x m7g.large"


def test_one_of_several_types_costs_from_the_cheapest_to_the_dearest(make, cost):
    launch = make.resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"BlockDeviceMappings": [GP3]})
    mixed = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Template"}},
            "Overrides": [{"InstanceType": "m7g.large"}, {"InstanceType": "m7i.large"}],
        }
    }

    found = cost({"Template": launch, **make.group(minimum=1, maximum=1, MixedInstancesPolicy=mixed)}).sites[0]

    assert (found.lines[0].what, found.lines[0].monthly) == ("m7g.large or m7i.large", Range(59.57, 73.58))


def test_aurora_serverless_costs_from_its_smallest_to_its_largest_capacity(make, cost):
    scaling = {"MinCapacity": 0.5, "MaxCapacity": 8}
    database = make.aurora(1, ServerlessV2ScalingConfiguration=scaling)
    database["Instance0"]["Properties"]["DBInstanceClass"] = "db.serverless"

    found = cost(make.network(nat="regional") | database).sites[0]

    capacity = next(line for line in found.lines if line.resource.type == "AWS::RDS::DBInstance")
    assert (capacity.what, capacity.monthly) == ("0.5 to 8 x Aurora capacity units", Range(43.8, 700.8))


def test_fargate_costs_what_its_tasks_ask_for(make, cost):
    task = make.resource("AWS::ECS::TaskDefinition", Cpu="512", Memory="1024")
    service = make.resource("AWS::ECS::Service", LaunchType="FARGATE", TaskDefinition={"Ref": "Task"}, DesiredCount=2)

    found = cost({"Task": task, "Service": service}).sites[0]

    assert [(line.what, line.monthly.low) for line in found.lines] == [
        ("vCPU of Fargate", 29.55),
        ("2 x GB of memory of Fargate", 6.49),
    ]


def test_replicas_are_paid_in_their_regions(make, cost):
    secret = make.resource("AWS::SecretsManager::Secret", ReplicaRegions=[{"Region": "eu-central-1"}])
    write = {"WriteCapacityAutoScalingSettings": {"MinCapacity": 5, "MaxCapacity": 10}}
    read = {"ReadCapacityUnits": 10}
    replicas = [{"Region": r, "ReadProvisionedThroughputSettings": read} for r in ("eu-west-1", "eu-central-1")]
    table = make.resource("AWS::DynamoDB::GlobalTable", Replicas=replicas, WriteProvisionedThroughputSettings=write)

    found = cost({"Secret": secret, "Table": table}, region="eu-west-1")

    assert {site.region: [line.what for line in site.lines] for site in found.sites} == {
        "eu-central-1": [
            "5 to 10 x replicated write capacity units",
            "10 x read capacity units",
            "replica of a secret",
        ],
        "eu-west-1": ["5 to 10 x replicated write capacity units", "10 x read capacity units", "secret"],
    }


def test_what_is_paid_by_use_is_named_with_the_price_of_a_unit(make, cost):
    site = cost({"Logs": make.resource("AWS::Logs::LogGroup"), "B": make.resource("AWS::S3::Bucket")}).sites[0]

    prices = {usage.what: (usage.price.amount, usage.price.unit) if usage.price else None for usage in site.usage}

    assert prices == {
        "logs kept": (0.03, "GB-month"),
        "logs taken in": (0.5, "GB"),
        "objects kept": (0.023, "GB-month"),
        "requests and replication of objects": None,
    }
    assert site.monthly == Range(0, 0)


def test_the_sites_of_a_standby_are_told_apart(make):
    cost = review_templates(make.warm_standby()).cost

    assert [(site.workload, site.region, site.role) for site in cost.sites] == [
        ("shop", "eu-central-1", "standby"),
        ("shop", "eu-west-1", "active"),
        ("shop", "us-east-1", "outside"),
    ]
    assert cost.monthly.low == pytest.approx(sum(site.monthly.low for site in cost.sites))


def test_every_type_that_is_known_has_a_price_is_free_or_is_said_to_be_unknown():
    assert {name for name in PAID_GLUE if not is_glue(name) or name in PRICERS} == set()
    assert {name for name in FREE if name not in JUDGES or name in PRICERS} == set()


def test_every_price_of_ours_has_a_unit_a_source_and_a_date():
    prices = [*our_prices()]

    assert len(prices) > 3000
    assert [p.item for p in prices if unit_of(p.item) is None or p.amount <= 0] == []
    assert [p for p in prices if not p.source.startswith(("https://aws.amazon.com/", "assumed: ", "a bill of"))] == []
    assert {str(p.confidence) for p in prices if p.source.startswith("assumed: ")} == {"assumed"}
    assert {str(p.confidence) for p in prices if p.source.startswith("https://")} == {"documented"}


def test_a_launch_configuration_is_read_like_a_launch_template(make, cost):
    configuration = make.resource(
        "AWS::AutoScaling::LaunchConfiguration",
        InstanceType="t3.micro",
        BlockDeviceMappings=[GP3],
        AssociatePublicIpAddress=True,
    )
    scaled = make.group(minimum=1, maximum=1, LaunchConfigurationName={"Ref": "Config"})

    found = cost({"Config": configuration, **scaled}).sites[0]

    assert [(line.what, line.monthly.low) for line in found.lines] == [
        ("t3.micro", 7.59),
        ("public IPv4 address", 3.65),
        ("7 x metrics of detailed monitoring", 2.1),  # which is on unless it is switched off
        ("20 x GB of gp3 volumes", 1.6),
    ]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("Stopped", ["40 to 80 x GB of gp3 volumes"]),
        ("Running", ["2 to 4 x m7g.large", "40 to 80 x GB of gp3 volumes"]),
    ],
)
def test_a_warm_pool_pays_for_what_waits_in_it(state, told, make, cost):
    pool = make.resource(
        "AWS::AutoScaling::WarmPool", AutoScalingGroupName={"Ref": "Group"}, MinSize=2, PoolState=state
    )

    found = cost({**launching(make, 0, 4), "Pool": pool}).sites[0]

    assert [line.what for line in found.lines if line.resource.logical_id == "Pool"] == told


def test_spot_instances_have_no_list_price(make, cost):
    mixed = {
        "LaunchTemplate": {"LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Template"}}},
        "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 25},
    }
    resources = launching(make, 4, 8)
    resources["Group"]["Properties"] |= {"MixedInstancesPolicy": mixed, "LaunchTemplate": {"Ref": "AWS::NoValue"}}

    found = cost(resources).sites[0]

    assert found.lines[0].what == "1 to 2 x m7g.large"
    assert [gap.why for gap in found.unknown] == ["a part of it are Spot instances, which have no list price"]


def test_a_proxy_is_paid_by_the_processors_behind_it(make, cost):
    targets = make.resource(
        "AWS::RDS::DBProxyTargetGroup", DBProxyName={"Ref": "Proxy"}, DBClusterIdentifiers=[{"Ref": "Db"}]
    )

    found = cost({**make.aurora(2), "Proxy": make.resource("AWS::RDS::DBProxy"), "Targets": targets}).sites[0]

    line = next(line for line in found.lines if line.resource.logical_id == "Proxy")
    assert (line.what, line.monthly.low) == ("4 x vCPUs behind a proxy", 43.8)


@pytest.mark.parametrize(
    ("storage", "what"),
    [({}, "db.r7g.large"), ({"StorageType": "aurora-iopt1"}, "db.r7g.large with I/O-Optimized storage")],
)
def test_aurora_is_paid_by_its_storage_configuration(storage, what, make, cost):
    found = cost(make.aurora(1, DatabaseInsightsMode="advanced", **storage)).sites[0]

    assert [line.what for line in found.lines] == [what, "2 x vCPUs watched by Database Insights"]


def test_a_member_of_a_global_datastore_without_a_type_is_not_guessed(lines):
    _, unknown = lines("AWS::ElastiCache::ReplicationGroup", GlobalReplicationGroupId="ldgnf-shop")

    assert unknown == ["its global datastore decides about the type and the number of its nodes"]


def test_a_regional_nat_gateway_costs_for_each_zone_that_it_may_serve(make, cost):
    found = cost(make.network(nat="regional", region="us-east-1")).sites[0]

    assert (found.lines[0].what, found.lines[0].monthly) == (
        "1 to 3 x zones of a regional NAT gateway",
        Range(32.85, 98.55),
    )


def test_nodes_of_a_cluster_cost_by_the_size_of_their_group(make, cost):
    nodes = make.resource(
        "AWS::EKS::Nodegroup", InstanceTypes=["m7g.large"], ScalingConfig={"MinSize": 1, "MaxSize": 3}, DiskSize=50
    )

    found = cost({"Cluster": make.resource("AWS::EKS::Cluster"), "Nodes": nodes}).sites[0]

    assert [(line.what, line.monthly) for line in found.lines] == [
        ("1 to 3 x m7g.large", Range(59.57, 178.7)),
        ("EKS cluster", Range(73, 73)),
        ("50 to 150 x GB of volumes of nodes", Range(4, 15)),
    ]
