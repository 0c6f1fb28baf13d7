"""Whatever a template says, there is a bill, and its range runs from low to high."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby_review.costs import cost_of
from cdk_standby_review.costs.pricers import PRICERS
from cdk_standby_review.graph import Graph

NAMES = """
    AllocatedStorage AllocationId AutoScalingGroupName AvailabilityMode BillingMode BlockDeviceMappings
    CacheClusterEnabled CacheNodeType CacheUsageLimits CapacityProviderStrategy Cpu CreditSpecification
    DBClusterIdentifier DBClusterIdentifiers DBClusterInstanceClass DBInstanceClass DatabaseInsightsMode
    DesiredCount Ebs EnableKeyRotation Engine EngineMode GlobalSecondaryIndexes HealthCheckConfig InstanceType
    Iops IpAddresses LaunchConfigurationName LaunchTemplate LaunchType MaxACU MaxAllocatedStorage MaxCapacity
    MaxSize Memory Metrics MinACU MinCapacity MinSize MixedInstancesPolicy Monitoring MultiAZ
    NodeGroupConfiguration NodeType NumCacheClusters NumCacheNodes NumNodeGroups NumReplicasPerShard NumShards
    Period Placement PoolState ProvisionedThroughput ProvisionedThroughputInMibps Region ReplicaRegions
    Replicas ReplicasPerNodeGroup ReplicationConfiguration ReplicationFactor Rules Scheme
    ServerlessV2ScalingConfiguration Size SnapshotId StorageThroughput StorageType SubnetIds SubnetMappings
    Subnets TaskDefinition Tenancy ThresholdMetricId Throughput Tier Type VolumeSize VolumeType
    VpcEndpointType VpcSubnetIds WriteProvisionedThroughputSettings
""".split()  # noqa: SIM905  (a list of them has a line for each)
WORDS = """
    3 -2 1e999 nan db.r7g.large db.serverless m7g.large gp3 io2 regional aurora-mysql postgres PROVISIONED advanced
    aurora-iopt1 Interface network FARGATE Advanced us-east-1
""".split()  # noqa: SIM905
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 900),
    st.sampled_from([0.5, 1e300, *WORDS]),
    st.sampled_from([{"Ref": name} for name in ("It", "Other", "Nothing", "AWS::Region", "AWS::NoValue")]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*NAMES, "Overrides", "Metrics", "MetricStat", "Destinations"]), inner, max_size=4
        ),
    ),
    max_leaves=8,
)


@settings(max_examples=12, deadline=None)
@given(properties=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8), other=st.sampled_from(sorted(PRICERS)))
def test_nothing_that_a_template_says_stops_the_bill(make, properties, other):
    resources = {kind.replace(":", ""): make.resource(kind, **properties) for kind in sorted(PRICERS)}
    resources |= {"It": make.resource(other, **properties), "Other": make.resource("AWS::RDS::DBCluster", **properties)}

    cost = cost_of(Graph([make.template(resources)]))

    assert 0 <= cost.monthly.low <= cost.monthly.high < float("inf")
    assert all(0 <= line.monthly.low <= line.monthly.high for site in cost.sites for line in site.lines)
    assert cost.coverage.total == len(resources)
