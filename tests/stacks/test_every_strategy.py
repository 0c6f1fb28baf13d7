"""The strategies side by side: a word apart, and no data is replaced on the way from one to another."""

from __future__ import annotations

import itertools

import aws_cdk as cdk
import pytest
import validators
from every_tier import HERE, NORTH, THERE, WORDS, serving
from kept import kept
from shop import OPTIONS, regions_read, shop

from cdk_standby import InvalidOptions
from cdk_standby_stacks import (
    STRATEGIES,
    AuroraPostgres,
    BackupRestore,
    Capacity,
    MultiAz,
    MultiSite,
    PilotLight,
    Service,
    Table,
    WarmStandby,
)

COPY = f"arn:aws:rds:{THERE}:111111111111:cluster-snapshot:awsbackup:copyjob-0a1b"
TABLE, CACHE = "AWS::DynamoDB::GlobalTable", "AWS::ElastiCache::ReplicationGroup"
SIZES = "AWS::AutoScaling::AutoScalingGroup"


def stacks(synthesized):
    return {name.removeprefix("Shop-") for name in synthesized.templates}


def sizes(synthesized):
    return {
        stack.removeprefix("Shop-").removesuffix("-service"): (
            resource["Properties"]["MinSize"],
            resource["Properties"]["MaxSize"],
        )
        for (stack, _), resource in synthesized.of_type(SIZES).items()
    }


def test_there_is_a_word_for_each_row_of_the_table():
    assert {word.strategy.name: word.strategy for word in WORDS} == dict(STRATEGIES)


@pytest.mark.capability("SYS-28")
@pytest.mark.parametrize(("before", "after"), [*itertools.permutations(WORDS, 2)], ids=lambda word: word.__name__)
def test_another_strategy_replaces_no_data(each, before, after):
    old, new = kept(each[before].templates), kept(each[after].templates)

    common = old.keys() & new.keys()
    assert {key: new[key] for key in common} == {key: old[key] for key in common}
    assert {key for key in old if f"-{HERE}-" in key[0] or key[0] == "Shop-database"} <= common


def test_each_strategy_has_what_its_table_says_and_nothing_else(each):
    primary = {f"{HERE}-{part}" for part in ("network", "vault", "data", "service")}
    recovery = {f"{THERE}-{part}" for part in ("network", "vault", "data", "service")}

    assert {word.__name__: stacks(each[word]) - primary - {"database", "traffic"} for word in WORDS} == {
        "MultiAz": set(),
        "BackupRestore": {f"{THERE}-vault"},
        "PilotLight": recovery,
        "WarmStandby": recovery,
        "MultiSite": recovery,
    }


@pytest.mark.capability("DR-04")
@pytest.mark.capability("DR-05")
@pytest.mark.capability("DR-06")
def test_the_standby_runs_as_much_as_its_strategy_says_and_can_always_grow_to_everything(each):
    assert {word.__name__: sizes(each[word]) for word in WORDS} == {
        "MultiAz": {HERE: ("5", "24")},
        "BackupRestore": {HERE: ("5", "24")},
        "PilotLight": {HERE: ("5", "24"), THERE: ("0", "24")},
        "WarmStandby": {HERE: ("5", "24"), THERE: ("2", "24")},
        "MultiSite": {HERE: ("5", "24"), THERE: ("5", "24")},
    }


def test_no_template_of_any_strategy_reads_another_region(each):
    read = {
        (word.__name__, stack): regions_read(template) - {region(stack)}
        for word in WORDS
        for stack, template in each[word].templates.items()
    }

    assert {key: found for key, found in read.items() if found} == {}


def region(stack):
    return next((name for name in (HERE, THERE, NORTH) if name in stack), "us-east-1")


def test_the_name_that_users_call_is_the_same_record_whatever_the_strategy(each):
    """Route 53 takes no two routing policies for a name: a change of strategy changes where this one leads."""
    led = {}
    for word in WORDS:
        [(where, record)] = [
            (key, record["Properties"])
            for key, record in each[word].of_type("AWS::Route53::RecordSet").items()
            if record["Properties"]["Name"] == "shop.example.com"
        ]
        led[word.__name__] = (where, record["AliasTarget"]["DNSName"])

    assert len({where for where, _ in led.values()}) == 1
    assert {name: target for name, (_, target) in led.items()} == {
        "MultiAz": "eu-west-1.shop.example.com",
        "BackupRestore": "eu-west-1.shop.example.com",
        "PilotLight": "failover.shop.example.com",
        "WarmStandby": "failover.shop.example.com",
        "MultiSite": "nearest.shop.example.com",
    }


def test_multi_site_answers_from_the_nearest_healthy_region(each):
    records = {
        record["Properties"]["Region"]: record["Properties"]
        for record in each[MultiSite].of_type("AWS::Route53::RecordSet").values()
        if "Region" in record["Properties"]
    }

    assert {place: record["AliasTarget"]["DNSName"] for place, record in records.items()} == {
        HERE: f"{HERE}.shop.example.com",
        THERE: f"{THERE}.shop.example.com",
    }
    assert all(record["HealthCheckId"] for record in records.values())
    assert {record["Name"] for record in records.values()} == {"nearest.shop.example.com"}


def test_a_warm_standby_answers_some_users_if_that_is_wanted(synthesize):
    shared = synthesize(trickle=10)

    weights = {
        record["Properties"]["SetIdentifier"]: (record["Properties"]["Weight"], "HealthCheckId" in record["Properties"])
        for record in shared.of_type("AWS::Route53::RecordSet").values()
        if record["Properties"]["Name"] == "shared.shop.example.com"
    }
    assert weights == {HERE: (90, True), THERE: (10, True)}


def test_a_standby_answers_no_more_users_than_it_has_instances_for(refused):
    assert refused(WarmStandby, trickle=30) == [
        "Shop: 'trickle' is 30; allowed: 0 to 25, because the standby carries no more than its share, and the primary "
        "serves most of the users"
    ]
    assert refused(PilotLight, trickle=10) == [
        "Shop: 'trickle' is 10; allowed: 0, or WarmStandby, because no instance of the standby runs, or all of them "
        "serve "
        "already (https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/"
        "disaster-recovery-options-in-the-cloud.html)"
    ]


@pytest.mark.parametrize(("further", "least"), [((), "9"), ((NORTH,), "5"), ((NORTH, "eu-west-2", "eu-west-3"), "3")])
def test_of_many_regions_each_is_sized_for_the_loss_of_one(synthesize, further, least):
    """6 instances carry the load: of N Regions, N - 1 carry it, each of them without a zone."""
    many = synthesize(
        strategy=MultiSite,
        workload=shop(
            service=Service(capacity=Capacity(minimum=6, maximum=24)),
            database=AuroraPostgres(version="17.4", forward_writes=True),
        ),
        further=further,
        objectives=None,
    )

    assert set(sizes(many).values()) == {(least, "24")}
    assert set(sizes(many)) == {HERE, THERE, *further}
    forwarding = [one["Properties"] for one in many.of_type("AWS::RDS::DBCluster").values()]
    assert sum(one.get("EnableGlobalWriteForwarding", False) for one in forwarding) == len(further) + 1


@pytest.mark.capability("DR-03")
def test_backups_are_copied_to_where_they_are_restored(each):
    plans = [
        plan["Properties"]["BackupPlan"]["BackupPlanRule"][0]["CopyActions"]
        for plan in each[BackupRestore].of_type("AWS::Backup::BackupPlan").values()
    ]
    secret = next(
        secret
        for secret in each[BackupRestore].of_type("AWS::SecretsManager::Secret").values()
        if secret["Properties"]["Name"] == "shop/database"
    )

    assert [copies[0]["DestinationBackupVaultArn"] for copies in plans] == [
        f"arn:aws:backup:{THERE}:111111111111:backup-vault:shop-{THERE}"
    ] * 3  # database, table and bucket
    vaults = [
        one["Properties"]["BackupVaultName"] for one in each[BackupRestore].of_type("AWS::Backup::BackupVault").values()
    ]
    assert sorted(vaults) == [f"shop-{THERE}", f"shop-{HERE}"]
    assert secret["Properties"]["ReplicaRegions"] == [{"KmsKeyId": f"alias/shop-{THERE}-data", "Region": THERE}]


@pytest.fixture(scope="module")
def restored(synthesize):
    return synthesize(
        strategy=BackupRestore, workload=serving(), active=THERE, restored={"database": COPY}, objectives=None
    )


def test_after_a_lost_region_the_same_app_deploys_where_the_copies_are(restored):
    [cluster] = [one["Properties"] for one in restored.of_type("AWS::RDS::DBCluster").values()]

    assert stacks(restored) == {
        f"{HERE}-vault",
        *(f"{THERE}-{part}" for part in ("network", "vault", "data", "service")),
        "traffic",
    }
    assert cluster["SnapshotIdentifier"] == COPY
    assert "GlobalClusterIdentifier" not in cluster
    assert sizes(restored) == {THERE: ("5", "24")}


def test_what_was_restored_has_the_ids_that_a_standby_would_have_had(restored, each):
    kinds = {"AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::RDS::DBSubnetGroup", "AWS::KMS::Key"}

    def ids(synthesized):
        return {key for kind in kinds for key in synthesized.of_type(kind) if THERE in key[0]}

    assert ids(restored) == ids(each[WarmStandby])


def test_what_was_restored_has_credentials_of_its_own(restored):
    """The replica of the lost Region's secret still holds the old name there."""
    [secret] = [
        secret
        for secret in restored.of_type("AWS::SecretsManager::Secret").values()
        if "database" in str(secret["Properties"].get("Name"))
    ]

    assert secret["Properties"]["Name"] == f"shop/database/{THERE}"
    assert [replica["Region"] for replica in secret["Properties"]["ReplicaRegions"]] == [HERE]


def test_a_recovery_region_that_multi_az_names_already_changes_nothing(synthesize, each):
    alone = synthesize(strategy=MultiAz, workload=serving(), recovery=None, objectives=None)

    assert alone.templates == each[MultiAz].templates


@pytest.mark.parametrize("word", [PilotLight, MultiSite], ids=lambda word: word.__name__)
def test_the_validators_find_nothing_in_a_workload_with_every_tier(each, word):
    linted = {name: found for name, template in each[word].templates.items() if (found := lint(template, name))}

    assert validators.findings(each[word].app) == []
    assert linted == {}


def lint(template, stack):
    return validators.lint(template, region=region(stack))


def test_every_template_is_far_from_the_limits_of_cloudformation(each):
    """500 resources and 1 MB: "
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html."""
    most = max(len(template["Resources"]) for word in WORDS for template in each[word].templates.values())

    assert most < 250


def test_what_cannot_be_is_told_at_once_with_what_to_choose_instead(refused):
    assert refused(WarmStandby, recovery=None, further=[NORTH], active="eu-south-1", restored={"orders": "x"}) == [
        "Shop: 'recovery' is not given; allowed: a second Region; or choose MultiAz, which needs none, because the "
        "strategy brings the workload back in another Region (https://docs.aws.amazon.com/whitepapers/latest/"
        "disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html)",
        "Shop: 'active' is 'eu-south-1'; allowed: 'eu-west-1' or 'eu-north-1', because only a site can serve",
        "Shop: 'restored' is {'orders': 'x'}; allowed: a recovery point for each of 'database', because nothing of a "
        "database but its backups is in the other Region (https://docs.aws.amazon.com/aws-backup/latest/devguide/"
        "restoring-aur.html)",
        "Shop: 'restored' is {'orders': 'x'}; allowed: names of tiers: 'database', 'service', because recovery points "
        "belong to tiers",
        "Shop: 'restored' is {'orders': 'x'}; allowed: ARNs, which name the Region where they lie, because who is "
        "active changes, and where data was restored does not (https://docs.aws.amazon.com/AmazonRDS/latest/"
        "APIReference/API_RestoreDBClusterToPointInTime.html)",
    ]


def test_a_standby_is_in_one_region(refused):
    assert refused(PilotLight, further=[NORTH]) == [
        "Shop: 'further' is ['eu-north-1']; allowed: left out; or choose MultiSite, where several Regions serve, "
        "because of a standby there is one; where several Regions serve, a global database has ten secondaries at most "
        "(https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/"
        "disaster-recovery-options-in-the-cloud.html)"
    ]


def test_regions_differ(refused):
    assert refused(
        MultiSite, workload=serving(), further=[THERE], cidrs={HERE: "10.0.0.0/16", THERE: "10.1.0.0/16"}
    ) == [
        "Shop: 'further' is ['eu-central-1']; allowed: Regions that differ from each other, and from primary and "
        "recovery, because a Region cannot stand in for itself"
    ]


def test_a_database_with_one_writer_does_not_serve_two_regions_without_a_reason(refused):
    assert refused(MultiSite) == [
        "Shop: workload.database: 'forward_writes' is False; allowed: True; or 'one_writer_because' with the reason; "
        "or "
        "WarmStandby, where one Region serves, because users are led to every Region, and a global database takes "
        "writes in one of them (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
        "aurora-global-database-write-forwarding.html)"
    ]


def test_writes_in_several_regions_are_thought_of(refused):
    assert refused(MultiSite, workload=serving(tables=[Table("orders", "order_id")])) == [
        "Shop: workload.orders: 'last_writer_wins_because' is not given; allowed: the reason; or consistency 'strong'; "
        "or "
        "WarmStandby, where one Region serves, because users write in every Region, and of two writes to an item at "
        "once the later one wins (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
        "V2globaltables_HowItWorks.html)"
    ]


def test_a_strongly_consistent_table_is_born_in_its_regions(refused):
    strong = Table("orders", "order_id", consistency="strong", witness="eu-west-3")

    assert refused(MultiAz, workload=serving(tables=[strong])) == [
        "Shop: workload.orders: 'consistency' is 'strong'; allowed: 'eventual'; or PilotLight, WarmStandby or "
        "MultiSite "
        "from the first day on, because a strongly consistent global table stands in exactly three Regions: three "
        "replicas, or two and a witness, and a table with data cannot become one (https://docs.aws.amazon.com/"
        "amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html)"
    ]


def test_a_table_has_a_replica_wherever_its_strategy_has_data(each):
    replicas = {
        word.__name__: [
            replica["Region"]
            for table in each[word].of_type(TABLE).values()
            for replica in table["Properties"]["Replicas"]
        ]
        for word in WORDS
    }

    assert replicas == {
        "MultiAz": [HERE],
        "BackupRestore": [HERE],
        "PilotLight": [HERE, THERE],
        "WarmStandby": [HERE, THERE],
        "MultiSite": [HERE, THERE],
    }


def test_every_region_that_can_serve_has_a_cache_of_its_own(each):
    caches = {
        word.__name__: sorted(cache["Properties"]["ReplicationGroupId"] for cache in each[word].of_type(CACHE).values())
        for word in WORDS
    }

    both = [f"shop-cache-{THERE}", f"shop-cache-{HERE}"]
    assert caches == {
        "MultiAz": [f"shop-cache-{HERE}"],
        "BackupRestore": [f"shop-cache-{HERE}"],
        "PilotLight": both,
        "WarmStandby": both,
        "MultiSite": both,
    }


def plain(arn):
    """An ARN with its partition filled in."""
    return (
        arn
        if isinstance(arn, str)
        else "".join(part if isinstance(part, str) else "aws" for part in arn["Fn::Join"][1])
    )


def test_buckets_of_live_regions_replicate_both_ways(each):
    partners = {
        word.__name__: sorted(
            (bucket["Properties"]["BucketName"], plain(rule["Destination"]["Bucket"]).rsplit(":", 1)[-1])
            for bucket in each[word].of_type("AWS::S3::Bucket").values()
            for rule in bucket["Properties"].get("ReplicationConfiguration", {}).get("Rules", [])
        )
        for word in WORDS
    }

    here, there = (f"shop-uploads-111111111111-{region}" for region in (HERE, THERE))
    assert partners == {
        "MultiAz": [],
        "BackupRestore": [],
        "PilotLight": [(there, here), (here, there)],
        "WarmStandby": [(there, here), (here, there)],
        "MultiSite": [(there, here), (here, there)],
    }


def test_buckets_with_new_partners_are_deployed_without_rules_first(synthesize):
    """S3 refuses a rule that leads to no bucket."""
    first = synthesize(workload=serving(), context={"cdk-standby:new-partners": True})

    assert [b for b in first.of_type("AWS::S3::Bucket").values() if "ReplicationConfiguration" in b["Properties"]] == []


def test_secrets_and_images_are_wherever_the_workload_may_have_to_run(each):
    copies = {}
    for word in WORDS:
        [payments] = [
            secret["Properties"]
            for secret in each[word].of_type("AWS::SecretsManager::Secret").values()
            if secret["Properties"].get("Name") == "shop/payments"
        ]
        registries = each[word].of_type("AWS::ECR::ReplicationConfiguration").values()
        images = [
            target["Region"]
            for registry in registries
            for rule in registry["Properties"]["ReplicationConfiguration"]["Rules"]
            for target in rule["Destinations"]
        ]
        copies[word.__name__] = ([replica["Region"] for replica in payments.get("ReplicaRegions", [])], sorted(images))

    assert copies == {
        "MultiAz": ([], []),
        "BackupRestore": ([THERE], [THERE]),
        "PilotLight": ([THERE], [THERE, HERE]),
        "WarmStandby": ([THERE], [THERE, HERE]),
        "MultiSite": ([THERE], [THERE, HERE]),
    }


def test_every_region_that_can_serve_has_a_queue_that_bridges_the_outage(each):
    queues = {
        word.__name__: {
            queue["Properties"]["QueueName"]: queue["Properties"]["MessageRetentionPeriod"]
            for queue in each[word].of_type("AWS::SQS::Queue").values()
            if queue["Properties"].get("QueueName", "").startswith("shop-jobs-eu")
            and "RedrivePolicy" in queue["Properties"]
        }
        for word in (BackupRestore, PilotLight)
    }

    week = 7 * 24 * 3600
    assert queues == {
        "BackupRestore": {f"shop-jobs-{HERE}": week},
        "PilotLight": {f"shop-jobs-{HERE}": week, f"shop-jobs-{THERE}": week},
    }


def test_a_service_is_told_where_the_data_of_its_region_is(each):
    templates = each[WarmStandby].templates[f"Shop-{THERE}-service"]
    [launch] = [r for r in templates["Resources"].values() if r["Type"] == "AWS::EC2::LaunchTemplate"]
    told = str(launch["Properties"]["LaunchTemplateData"]["UserData"])

    assert "ORDERS_TABLE=shop-orders" in told
    assert all(
        f"{name}=" in told
        for name in (
            "DATABASE_WRITER",
            "DATABASE_READER",
            "DATABASE_SECRET",
            "CACHE_ENDPOINT",
            "UPLOADS_BUCKET",
            "JOBS_QUEUE",
        )
    )


def test_tiers_have_names_of_their_own():
    with pytest.raises(InvalidOptions) as caught:
        serving(tables=[Table("cache", "id")])

    assert str(caught.value) == (
        "Workload('shop'): 'name' is 'cache', of 2 tiers; allowed: a name of its own for each tier, because it is part "
        "of "
        "ids and physical names"
    )


def test_nothing_serves_from_a_region_where_only_backups_are(refused):
    assert refused(BackupRestore, active=THERE) == [
        "Shop: 'restored' is not given; allowed: a recovery point for each of 'database', because nothing of a "
        "database but its backups is in the other Region (https://docs.aws.amazon.com/aws-backup/latest/devguide/"
        "restoring-aur.html)"
    ]


def test_the_writer_is_in_one_of_the_two_regions_that_the_runbooks_know(refused):
    assert refused(MultiSite, workload=serving(), further=[NORTH], active=NORTH) == [
        "Shop: 'active' is 'eu-north-1'; allowed: 'eu-west-1' or 'eu-central-1', because the runbooks move the writer "
        "of a "
        "database between these two; further Regions follow it"
    ]


def test_multi_az_serves_from_where_it_is(refused):
    assert refused(MultiAz, active=THERE) == [
        "Shop: 'active' is 'eu-central-1'; allowed: 'eu-west-1', or BackupRestore with 'restored' to serve from "
        "another Region, because all that MultiAz has is in one Region"
    ]


@pytest.fixture
def refused():
    """`refused(MultiSite, further=[...])`: what is wrong, line by line."""

    def run(word, **changes):
        with pytest.raises(InvalidOptions) as caught:
            word(cdk.App(), "Shop", **{"workload": shop(), **OPTIONS, "objectives": None, **changes})
        return str(caught.value).splitlines()

    return run
