"""What cannot work is refused at synth, all at once, with the reason and the page."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_standby._checks import InvalidOptions
from cdk_standby.tables.table import (
    Autoscaled,
    GlobalIndex,
    LocalIndex,
    OnDemand,
    Provisioned,
    Replica,
    Table,
    WarmThroughput,
)

GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/"
CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html"
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
FRANKFURT = Replica(region="eu-central-1", key="alias/orders")
LONDON = Replica(region="eu-west-2", key="alias/orders")
BY_SHOP = GlobalIndex(name="by-shop", partition_keys=["shop"])
LOCAL = LocalIndex(name="by-price", sort_key="price")
LOAD = Autoscaled(minimum=1, maximum=10)

TYPES = f"a key attribute is a string, a number or binary ({API}API_AttributeDefinition.html)"
ONCE = f"an attribute is in a key once ({API}API_AttributeDefinition.html)"
NAMES = (
    "3 to 255 letters, digits, '_', '.' and '-', because the name of a table or index has 3 to 255 letters, digits, "
    f"'_', '.' and '-' ({GUIDE}Constraints.html)"
)
KEYS = f"a global secondary index has 1 to 4 partition keys and up to 4 sort keys ({GUIDE}GSI.DesignPattern."
KEYS += "MultiAttributeKeys.html)"
QUOTA = (
    f"a table gets 40,000 read and 40,000 write units a second until AWS raises its quota ({GUIDE}ServiceQuotas.html)"
)
ONE_MODE = f"a table, its indexes and its replicas are all on demand, or all provisioned ({CFN})"
REGIONS = f"a global table has one replica in each of its Regions, the stack's own among them ({CFN})"
THREE = (
    "a strongly consistent global table stands in exactly three Regions: three replicas, or two and a witness "
    f"({GUIDE}V2globaltables_HowItWorks.html)"
)
SETS = f"the three Regions of a strongly consistent global table are of one set ({GUIDE}V2globaltables_HowItWorks.html)"
WITNESS = (
    "a witness keeps the changes of a strongly consistent global table in a Region without a replica "
    f"({GUIDE}V2globaltables_HowItWorks.html)"
)
OWN_KEY = f"each replica is encrypted with a key of its own Region ({GUIDE}globaltables-security.html)"
RECOVERY = f"point-in-time recovery reaches back 1 to 35 days ({GUIDE}PointInTimeRecovery_Howitworks.html)"
INCLUDED = f"an index includes 1 to 20 named attributes ({API}API_Projection.html)"
STRONG: dict[str, Any] = {"consistency": "strong", "replicas": [FRANKFURT], "witness": "eu-west-2"}


def case(row: str, message: str, **options: Any) -> Any:
    return pytest.param(options, message, marks=pytest.mark.capability(row), id=f"{row}-{'-'.join(options)}")


CASES = [
    case("DDB-02", f"'partition_key' is ('id', 'X'); allowed: a name, or a name with 'S', 'N' or 'B', because {TYPES}",
         partition_key=("id", "X")),
    case("DDB-02", "'partition_key' is ''; allowed: a name of 1 to 255 characters, because the name of a key attribute "
         f"has 1 to 255 characters ({API}API_AttributeDefinition.html)", partition_key=""),
    case("DDB-02", f"'sort_key' is 'id'; allowed: another attribute than 'partition_key', because {ONCE}",
         sort_key="id"),
    case("DDB-02", "'global_indexes['by-shop']' is ('id', 'N'); allowed: ('id', 'S'), as it is elsewhere in the table, "
         f"because {TYPES}",
         global_indexes=[GlobalIndex(name="by-shop", partition_keys=["shop"], sort_keys=[("id", "N")])]),
    case("DDB-02", f"'global_indexes['by-shop'].partition_keys' is 5 attributes; allowed: 1 to 4, because {KEYS}",
         global_indexes=[GlobalIndex(name="by-shop", partition_keys=list("abcde"))]),
    case("DDB-02", f"'global_indexes['by-shop'].partition_keys' is 0 attributes; allowed: 1 to 4, because {KEYS}",
         global_indexes=[GlobalIndex(name="by-shop", partition_keys=[])]),
    case("DDB-02", f"'global_indexes['by-shop'].sort_keys' is 5 attributes; allowed: at most 4, because {KEYS}",
         global_indexes=[GlobalIndex(name="by-shop", partition_keys=["shop"], sort_keys=list("abcde"))]),
    case("DDB-02", f"'global_indexes['by-shop']' is ['shop', 'shop']; allowed: each attribute once, because {ONCE}",
         global_indexes=[GlobalIndex(name="by-shop", partition_keys=["shop", "shop"])]),
    case("DDB-02", f"'global_indexes['by'].name' is 'by'; allowed: {NAMES}",
         global_indexes=[GlobalIndex(name="by", partition_keys=["shop"])]),
    case("DDB-02", f"'global_indexes['by-shop'].project' is 0 attributes; allowed: 1 to 20 attributes, because "
         f"{INCLUDED}",
         global_indexes=[GlobalIndex(name="by-shop", partition_keys=["shop"], project=[])]),
    case("DDB-02", "'global_indexes['by-shop'].project' is 'some'; allowed: 'all', 'keys', or a list of attributes, "
         f"because {INCLUDED}", global_indexes=[GlobalIndex(name="by-shop", partition_keys=["shop"], project="some")]),
    case("DDB-02", "'global_indexes' is 'by-shop' twice; allowed: a name of its own for each index, because "
         f"{NAMES.split('because ')[1]}", global_indexes=[BY_SHOP, BY_SHOP]),
    case("DDB-02", "'global_indexes' is 21 indexes; allowed: at most 20, because a table has at most 20 global "
         "secondary "
         f"indexes until its quota is raised ({GUIDE}ServiceQuotas.html)",
         global_indexes=[GlobalIndex(name=f"by-{n}", partition_keys=["shop"]) for n in range(100, 121)]),
    case("DDB-02", "'local_indexes' is 6 indexes; allowed: at most 5, because a table has at most 5 local secondary "
         f"indexes, which are made with the table ({GUIDE}ServiceQuotas.html)", sort_key="at",
         local_indexes=[LocalIndex(name=f"by-{n}", sort_key="price") for n in range(6)]),
    case("DDB-02", "'sort_key' is not given; allowed: a sort key with 'local_indexes', because a local index sorts the "
         f"items of one partition key in another way, so the table has a sort key too ({GUIDE}LSI.html)",
         local_indexes=[LOCAL]),
    case("DDB-02", f"'local_indexes['by-id']' is 'id'; allowed: another attribute than 'partition_key', because {ONCE}",
         sort_key="at", local_indexes=[LocalIndex(name="by-id", sort_key="id")]),
    case("DDB-02", "'project of all indexes' is 120 attributes; allowed: at most 100, because the indexes of a table "
         f"include at most 100 named attributes together ({GUIDE}ServiceQuotas.html)",
         global_indexes=[GlobalIndex(name=f"by-{n}", partition_keys=["shop"], project=[f"a{m}" for m in range(20)])
                         for n in range(6)]),
    case("DDB-01", f"'table_name' is 'my orders'; allowed: {NAMES}", table_name="my orders"),
    case("DDB-04", "'capacity.reads.maximum' is 50000; allowed: 1 to 40000; a larger quota is asked of Service Quotas "
         f"first, then told by 'quota', because {QUOTA}",
         capacity=Provisioned(reads=Autoscaled(minimum=1, maximum=50_000), writes=LOAD)),
    case("DDB-04", f"'capacity.writes' is minimum 5, seed 5, maximum 2; allowed: 1 <= minimum <= seed <= maximum, "
         f"because "
         f"{QUOTA}", capacity=Provisioned(reads=LOAD, writes=Autoscaled(minimum=5, maximum=2))),
    case("DDB-04", f"'capacity.reads' is minimum 1, seed 20, maximum 10; allowed: 1 <= minimum <= seed <= maximum, "
         f"because "
         f"{QUOTA}", capacity=Provisioned(reads=Autoscaled(minimum=1, maximum=10, seed=20), writes=LOAD)),
    case("DDB-04", "'capacity.reads.target' is 95; allowed: 20 to 90 %, because autoscaling of tables aims at 20 to 90 "
         f"percent of what is provisioned ({GUIDE}AutoScaling.html)",
         capacity=Provisioned(reads=Autoscaled(minimum=1, maximum=10, target=95), writes=LOAD)),
    case("DDB-04", f"'quota' is 4000; allowed: 40000 or what AWS raised it to, because {QUOTA}", quota=4000),
    case("DDB-03", f"'capacity.max_writes' is 0; allowed: 1 to 40000, because {QUOTA}",
         capacity=OnDemand(max_writes=0)),
    case("DDB-03", "'global_indexes['by-shop'].capacity' is OnDemand; allowed: Provisioned, as the table, because "
         f"{ONE_MODE}", capacity=Provisioned(reads=LOAD, writes=LOAD),
         global_indexes=[GlobalIndex(name="by-shop", partition_keys=["shop"], capacity=OnDemand())]),
    case("DDB-03", "'replicas['eu-central-1'].reads' is Autoscaled; allowed: 'max_reads' on an on-demand table, "
         "because "
         f"{ONE_MODE}", replicas=[Replica(region="eu-central-1", key="alias/orders", reads=LOAD)]),
    case("DDB-03", "'replicas['eu-central-1'].max_reads' is 5; allowed: 'reads' on a provisioned table, because "
         f"{ONE_MODE}", capacity=Provisioned(reads=LOAD, writes=LOAD),
         replicas=[Replica(region="eu-central-1", key="alias/orders", max_reads=5)]),
    case("DDB-19", "'warm_throughput.reads' is 90000; allowed: 1 to 40000; a larger quota is asked of Service Quotas "
         f"first, then told by 'quota', because {QUOTA}", warm_throughput=WarmThroughput(reads=90_000, writes=4_000)),
    case("DDB-06", "'stream' is 'NEW_IMAGE'; allowed: 'NEW_AND_OLD_IMAGES' with 'replicas', because replicas of an "
         f"eventually consistent global table follow each other's streams of new and old images ({CFN})",
         stream="NEW_IMAGE", replicas=[FRANKFURT]),
    case("DDB-06", "'stream' is 'ALL'; allowed: 'NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY', because a "
         f"stream shows keys, new images, old images, or both ({API}API_StreamSpecification.html)", stream="ALL"),
    case("DDB-07", f"'replicas' is ['eu-west-1']; allowed: each other Region than eu-west-1 once, because {REGIONS}",
         replicas=[Replica(region="eu-west-1", key="alias/orders")]),
    case("DDB-07", "'replicas' is ['eu-central-1', 'eu-central-1']; allowed: each other Region than eu-west-1 once, "
         f"because {REGIONS}", replicas=[FRANKFURT, FRANKFURT]),
    case("DDB-18", "'replicas['eu-central-1'].key' is 'orders'; allowed: a key or an ARN of eu-central-1, or an alias "
         f"such as 'alias/orders', because {OWN_KEY}", replicas=[Replica(region="eu-central-1", key="orders")]),
    case("DDB-18", f"'replicas['eu-central-1'].key' is '{KEY.format('eu-west-1')}'; allowed: a key or an ARN of "
         f"eu-central-1, or an alias such as 'alias/orders', because {OWN_KEY}",
         replicas=[Replica(region="eu-central-1", key=KEY.format("eu-west-1"))]),
    case("DDB-19", "'replicas['eu-central-1'].kinesis_stream' is 'orders'; allowed: the ARN of a stream in "
         "eu-central-1, "
         f"because a replica sends its changes to a stream of its own Region ({GUIDE}globaltables-security.html)",
         replicas=[Replica(region="eu-central-1", key="alias/orders", kinesis_stream="orders")]),
    case("DDB-09", "'consistency' is 'quorum'; allowed: 'eventual', 'strong', because " + THREE, consistency="quorum"),
    case("DDB-09", "'replicas' is ['eu-central-1']; allowed: two, or one and a 'witness', with consistency 'strong', "
         f"because {THREE}", consistency="strong", replicas=[FRANKFURT]),
    case("DDB-09", "'replicas' is ['eu-central-1', 'eu-west-2']; allowed: two, or one and a 'witness', with "
         "consistency "
         f"'strong', because {THREE}", consistency="strong", replicas=[FRANKFURT, LONDON], witness="eu-west-3"),
    case("DDB-09", "'replicas' is ['us-east-1', 'eu-west-2']; allowed: two of eu-central-1, eu-west-2, eu-west-3, "
         "because "
         f"{SETS}", consistency="strong", replicas=[Replica(region="us-east-1", key="alias/orders"), LONDON]),
    case("DDB-09", f"'witness' is 'eu-west-2'; allowed: left out without consistency 'strong', because {WITNESS}",
         replicas=[FRANKFURT], witness="eu-west-2"),
    case("DDB-09", f"'witness' is 'eu-central-1'; allowed: a Region without a replica, because {WITNESS}",
         consistency="strong", replicas=[FRANKFURT], witness="eu-central-1"),
    case("DDB-09", "'ttl' is 'expires'; allowed: left out with consistency 'strong', because a strongly consistent "
         f"global table deletes no items by their time to live ({GUIDE}V2globaltables_HowItWorks.html)", **STRONG,
         ttl="expires"),
    case("DDB-09", "'local_indexes' is ['by-price']; allowed: left out with consistency 'strong', because a strongly "
         f"consistent global table has no local secondary indexes ({GUIDE}V2globaltables_HowItWorks.html)", **STRONG,
         sort_key="at", local_indexes=[LOCAL]),
    case("DDB-14", f"'recovery_window' is 36 days; allowed: 1 to 35 days, because {RECOVERY}",
         recovery_window=cdk.Duration.days(36)),
    case("DDB-14", f"'recovery_window' is 1 day 12 hours; allowed: whole days, because {RECOVERY}",
         recovery_window=cdk.Duration.hours(36)),
    case("DDB-14", "'recovery_off_because' is ''; allowed: a reason in words, because who reads the review must learn "
         "what "
         "made it acceptable", recovery_off_because=""),
    case("DDB-19", "'contributor_insights' is 'ALL'; allowed: 'THROTTLED_KEYS', 'ACCESSED_AND_THROTTLED_KEYS', because "
         f"these are the modes of CloudWatch Contributor Insights for DynamoDB "
         f"({GUIDE}contributorinsights_HowItWorks.html)",
         contributor_insights="ALL"),
    case("DDB-01", "'table_class' is 'COLD'; allowed: 'STANDARD', 'STANDARD_INFREQUENT_ACCESS', because these are the "
         f"classes of tables ({GUIDE}HowItWorks.TableClasses.html)", table_class="COLD"),
    case("DDB-01", "'policy' is a statement without principals; allowed: statements that name whom they are about, "
         "because "
         f"a resource policy says who may come near the table ({GUIDE}access-control-resource-based.html)",
         policy=[iam.PolicyStatement(actions=["dynamodb:GetItem"], resources=["*"])]),
    case("DDB-01", "'ttl' is ''; allowed: a name of 1 to 255 characters, because the name of a key attribute has 1 to "
         "255 "
         f"characters ({API}API_AttributeDefinition.html)", ttl=""),
]  # fmt: skip


@pytest.fixture(scope="module")
def scopes(make_stack: Callable[..., cdk.Stack]) -> SimpleNamespace:
    home = make_stack()
    there = make_stack(name="There", region="eu-central-1", app=home.node.root)
    return SimpleNamespace(
        home=home,
        key=kms.Key.from_key_arn(home, "Key", KEY.format("eu-west-1")),
        key_there=kms.Key(there, "Key"),
        known_there=kms.Key.from_key_arn(there, "Known", KEY.format("eu-central-1")),
    )


@pytest.fixture
def refused(scopes: SimpleNamespace) -> Callable[..., list[str]]:
    """What is said about a call; each under an id of its own, shown as "Test/Orders"."""

    def ask(**options: Any) -> list[str]:
        name = f"Orders{len(scopes.home.node.children)}"
        with pytest.raises(InvalidOptions) as caught:
            Table(scopes.home, name, **{"partition_key": "id", "key": scopes.key, **options})
        return str(caught.value).replace(name, "Orders").split("\n")

    return ask


@pytest.mark.parametrize(("options", "message"), CASES)
def test_what_cannot_work_is_refused_in_one_sentence(refused, options, message):
    assert refused(**options) == [f"Test/Orders: {message}"]


@pytest.mark.capability("DDB-04")
def test_a_quota_that_aws_has_raised_is_believed(scopes):
    Table(
        scopes.home,
        "Large",
        partition_key="id",
        key=scopes.key,
        quota=100_000,
        capacity=OnDemand(max_reads=100_000),
        warm_throughput=WarmThroughput(reads=90_000, writes=90_000),
    )


@pytest.mark.capability("DDB-09")
def test_a_strong_table_where_there_is_none_is_refused(make_stack):
    stack = make_stack(region="sa-east-1")
    key = kms.Key.from_key_arn(stack, "Key", KEY.format("sa-east-1"))

    with pytest.raises(InvalidOptions) as caught:
        Table(stack, "Orders", partition_key="id", key=key, consistency="strong", replicas=[FRANKFURT, LONDON])

    assert str(caught.value) == (
        "Test/Orders: 'replicas' is ['eu-central-1', 'eu-west-2']; allowed: no strongly consistent table in sa-east-1, "
        f"because {SETS}"
    )


@pytest.mark.capability("DDB-07")
def test_a_global_table_stands_in_a_stack_whose_region_is_known(make_stack):
    stack = make_stack(region=None)
    key = kms.Key.from_key_arn(stack, "Key", KEY.format("eu-west-1"))

    with pytest.raises(InvalidOptions) as caught:
        Table(stack, "Orders", partition_key="id", key=key, replicas=[FRANKFURT])

    assert str(caught.value) == (
        "Test/Orders: 'replicas' is ['eu-central-1']; allowed: left out in a stack without "
        f"env=cdk.Environment(region=...), because {REGIONS}"
    )


@pytest.mark.capability("DDB-18")
def test_a_key_that_only_the_other_regions_stack_knows_is_named_by_its_alias(refused, scopes):
    assert refused(replicas=[Replica(region="eu-central-1", key=scopes.key_there)]) == [
        "Test/Orders: 'replicas['eu-central-1'].key' is 'There/Key'; allowed: its alias in eu-central-1, such as "
        "'alias/orders', or an ARN that is known at synth, because a template that reads from another Region cannot be "
        f"deployed without that Region ({GUIDE}globaltables-security.html)"
    ]


@pytest.mark.capability("DDB-18")
def test_a_replica_is_not_encrypted_with_the_tables_key(refused, scopes):
    assert refused(replicas=[Replica(region="eu-central-1", key=scopes.key)]) == [
        "Test/Orders: 'replicas['eu-central-1'].key' is Test/Key in eu-west-1; allowed: a key of eu-central-1, because "
        f"{OWN_KEY}"
    ]


@pytest.mark.capability("DDB-18")
def test_the_table_is_not_encrypted_with_a_replicas_key(refused, scopes):
    assert refused(key=scopes.known_there) == [
        "Test/Orders: 'key' is 'There/Known'; allowed: one of eu-west-1, where the table is, because " + OWN_KEY
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"global_indexes": [GlobalIndex(name=cdk.Aws.STACK_NAME, partition_keys=["shop"])]},
            "allowed: a name that is known at synth, because alarms, grants and replicas are made for it "
            f"({GUIDE}Constraints.html)",
        ),
        (
            {"replicas": [Replica(region=cdk.Aws.REGION, key="alias/orders")]},
            f"allowed: a Region that is known at synth, because alarms, grants and replicas are made for it ({CFN})",
        ),
    ],
    ids=["index", "Region"],
)
def test_what_alarms_are_named_after_is_known_at_synth(refused, options, message):
    [said] = refused(**options)

    assert said.endswith(f" is known only at deployment; {message}")


def test_all_problems_come_at_once(refused):
    said = refused(partition_key=("id", "X"), table_name="or", quota=1, recovery_window=cdk.Duration.days(40))

    assert [line.split("'")[1] for line in said] == ["table_name", "recovery_window", "quota", "partition_key"]
