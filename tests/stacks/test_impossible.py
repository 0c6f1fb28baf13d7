"""What cannot be is told in one error, before anything is built: what, where, why, and what to choose instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from inspect import signature
from typing import Any, ClassVar

import aws_cdk as cdk
import pytest
from aws_cdk import Duration
from every_tier import HERE, THERE, WORDS, serving
from hypothesis import given, settings
from hypothesis import strategies as st
from shop import OPTIONS, shop

from cdk_standby import InvalidOptions
from cdk_standby_stacks import (
    AuroraMysql,
    AuroraPostgres,
    BackupRestore,
    Bucket,
    Deployment,
    Dsql,
    Kind,
    Layer,
    MultiAz,
    MultiAzDbCluster,
    MultiSite,
    Objectives,
    PilotLight,
    Placing,
    Posture,
    Queue,
    Rds,
    Recovery,
    Strategy,
    Table,
    Traffic,
    Valkey,
    WarmStandby,
    Workload,
)
from cdk_standby_stacks._deployment_rules import check_deployment

PAPER = (
    " (https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/"
    "disaster-recovery-options-in-the-cloud.html)"
)
TABLES = " (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html)"
AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
LIVE = "PilotLight, WarmStandby or MultiSite, whose replicas are live"
AT_ONCE = (
    "allowed: more than 0 s; or Dsql with 'witness', or a Table with consistency 'strong', which have a write in two "
    "Regions first, because "
)

ONE_WRITER = (
    "Shop: workload.database: 'forward_writes' is False; allowed: True; or 'one_writer_because' with the reason; or "
    "WarmStandby, where one Region serves, because users are led to every Region, and a global database takes writes "
    f"in one of them ({AURORA}aurora-global-database-write-forwarding.html)"
)
BURSTABLE = (
    "Shop: workload.database: 'instance' is 't4g.medium'; allowed: a memory-optimized class such as 'r7g.large', "
    "because a global database needs memory-optimized instances, r5 or newer, and takes no burstable ones "
    f"({AURORA}aurora-global-database.configuration.requirements.html)"
)
NO_SET = (
    "Shop: workload.orders: 'consistency' is 'strong' in ['eu-west-1', 'eu-central-1', 'me-south-1']; allowed: with "
    "'eu-west-1' two of eu-central-1, eu-west-2, eu-west-3; or consistency 'eventual', because the three Regions of a "
    f"strongly consistent global table are of one set{TABLES}"
)
NO_POSTURE = (
    "Shop: workload.catalog: 'kind' is 'search'; allowed: 'relational', 'table', 'bucket', 'secrets', 'images', "
    "'cache', 'queue', 'service'; or a posture for it in {}, because nobody said what is left of it when a Region is "
    f"lost{PAPER}"
)
MINUTES = (
    f"Shop: 'objectives.region.rto' is 15 min; allowed: 34.5 min or more; or {LIVE}, because people are called, the "
    "network is deployed, 'database' restored from copies of backups, the service deployed and users are moved, one "
    f"after the other (assumed times){PAPER}"
)
NO_COPY = (
    f"Shop: 'objectives.region.rpo' is 0 s; allowed: 10 min or more; or {LIVE}, because what is in 'database' since "
    f"the last copy that arrived is lost with the Region{PAPER}"
)
LAGS = (
    f"Shop: 'objectives.region.rpo' is 0 s; {AT_ONCE}'carts' answers before another Region has the write: eventually "
    f"consistent replicas are typically a second apart or less{TABLES}"
)


@dataclass(frozen=True)
class Search:
    """A tier of somebody's own, of a kind that no strategy knows."""

    name: str = "catalog"
    kind: str = "search"
    layer: Layer = Layer.DATA

    def problems(self, where: str) -> Iterable[Any]:
        return ()

    def misfits(self, where: str, placing: Placing) -> Iterable[Any]:
        return ()

    def build(self, scope: Any, site: Any, posture: Posture) -> None:
        raise NotImplementedError


class ServedFromCopies(Deployment):
    """A strategy of somebody's own: several Regions serve, and a database comes back from its backups."""

    strategy: ClassVar[Strategy] = Strategy(
        name="served-from-copies",
        active=dict.fromkeys(Kind, Posture.FULL),
        standby=dict.fromkeys(Kind, Posture.FULL) | {Kind.RELATIONAL: Posture.BACKUPS},
        traffic=Traffic.LATENCY,
    )


def promise(**spans: Duration) -> Objectives:
    return Objectives(region=Recovery(**{"rto": Duration.hours(12), "rpo": Duration.days(2), **spans}))


NOTHING, QUARTER = Duration.seconds(0), Duration.minutes(15)
FAR = Table("orders", "id", consistency="strong", witness="me-south-1")
CARTS = Table("carts", "id", last_writer_wins_because="one cart, one user")


def refused(word: type[Deployment], **changes: Any) -> list[str]:
    with pytest.raises(InvalidOptions) as caught:
        word(cdk.App(), "Shop", **{"workload": shop(), **OPTIONS, "objectives": None, **changes})
    return str(caught.value).splitlines()


@pytest.mark.capability("DR-13")
def test_all_that_is_wrong_comes_in_one_error():
    everything: Any = {
        "database": AuroraPostgres(version="17.4", instance="t4g.medium"),
        "tables": [FAR, CARTS],
        "buckets": [Search()],
    }

    found = refused(ServedFromCopies, workload=shop(**everything), objectives=promise(rto=QUARTER, rpo=NOTHING))

    assert found == [
        ONE_WRITER,
        BURSTABLE,
        NO_SET,
        NO_POSTURE.format("served-from-copies"),
        MINUTES,
        NO_COPY,
        LAGS,
    ]


def test_the_three_regions_of_a_strongly_consistent_table_are_of_one_set():
    assert refused(PilotLight, workload=shop(tables=[FAR])) == [NO_SET]


def test_further_regions_count_as_those_of_a_table():
    table = Table("orders", "id", consistency="strong", last_writer_wins_because="strong")

    [found] = refused(MultiSite, workload=serving(tables=[table]), further=["us-east-1"])

    assert found.startswith(
        "Shop: workload.orders: 'consistency' is 'strong' in ['eu-west-1', 'eu-central-1', 'us-east-1']; allowed: with "
        "'eu-west-1' two of"
    )


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
def test_a_member_of_a_global_database_is_of_a_class_that_it_takes(word):
    database = AuroraPostgres(version="17.4", instance="t4g.medium", forward_writes=True)

    assert refused(word, workload=shop(database=database)) == [BURSTABLE]


@pytest.mark.parametrize(
    ("database", "option", "got"),
    [
        (AuroraPostgres(version="17"), "version", "'17'"),
        (AuroraMysql(version="8.0"), "version", "'8.0'"),
        (AuroraPostgres(version="17.4", readers=16), "readers", "16"),
        (Rds(engine="postgres", version="17", promoted_by_hand_because="rehearsed"), "version", "'17'"),
        (Rds(engine="postgres", version="17.6", storage=1, promoted_by_hand_because="rehearsed"), "storage", "1"),
        (Dsql(witness="us-east-1"), "witness", "'us-east-1'"),
    ],
    ids=lambda value: value.name if hasattr(value, "name") else None,
)
def test_what_the_construct_refuses_is_told_with_what_the_strategy_does(database, option, got):
    found = refused(WarmStandby, workload=shop(database=database), trickle=-1)

    assert found[-1].startswith(f"Shop: workload.database: '{option}' is {got}; allowed: ")
    assert found[0].startswith("Shop: 'trickle' is -1; ")


def test_every_tier_is_looked_at_before_the_error_comes():
    queues = [Queue("jobs", retention=Duration.days(15)), Queue("mails", visibility_timeout=Duration.hours(13))]
    cache = Valkey(version="8.2", node_type="r7g.large", replicas=0)

    found = refused(MultiAz, workload=shop(queues=queues, cache=cache))

    assert [line.split("; allowed")[0] for line in found] == [
        "Shop: workload.cache: 'node_type' is 'r7g.large'",
        "Shop: workload.cache: 'replicas' is 0",
        "Shop: workload.jobs: 'retention' is 15 days",
        "Shop: workload.mails: 'visibility_timeout' is 13 hours",
    ]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
def test_a_tier_of_a_kind_that_no_strategy_knows_has_no_posture(word):
    found = refused(word, workload=serving(tables=[Search()]))

    assert found == [NO_POSTURE.format(word.strategy.name)]


def test_backups_do_not_come_back_in_minutes():
    assert refused(BackupRestore, objectives=promise(rto=QUARTER)) == [MINUTES]


def test_without_data_a_service_is_still_deployed_before_it_serves():
    soon = promise(rto=Duration.minutes(10), rpo=NOTHING)

    [found] = refused(BackupRestore, workload=shop(database=None), objectives=soon)

    assert found == (
        f"Shop: 'objectives.region.rto' is 10 min; allowed: 14.5 min or more; or {LIVE}, because people are called, "
        "the network is deployed, nothing restored, the service deployed and users are moved, one after the other "
        f"(assumed times){PAPER}"
    )


def test_copies_of_backups_lose_what_came_after_them():
    assert refused(BackupRestore, objectives=promise(rpo=NOTHING)) == [NO_COPY]


@pytest.mark.parametrize(
    ("tier", "why"),
    [
        ({"database": shop().database}, "storage replication of an Aurora global database typically lags less than a"),
        (
            {"database": Rds(engine="postgres", version="17.6", promoted_by_hand_because="rehearsed")},
            "a cross-Region read replica lags behind its source",
        ),
        ({"tables": [CARTS], "database": None}, "eventually consistent replicas are typically a second apart or less"),
        ({"buckets": [Bucket("uploads")], "database": None}, "with Replication Time Control 99.99% of objects arrive"),
    ],
    ids=["Aurora", "RDS", "table", "bucket"],
)
def test_asynchronous_replication_loses_the_last_writes(tier, why):
    [found] = refused(WarmStandby, workload=shop(**tier), objectives=promise(rpo=NOTHING))

    [name] = [getattr(part, "name", None) or part[0].name for part in tier.values() if part]
    assert found.startswith(
        f"Shop: 'objectives.region.rpo' is 0 s; {AT_ONCE}'{name}' answers before another Region has the write: {why}"
    )


def test_one_region_promises_nothing_of_another():
    assert refused(MultiAz, objectives=promise()) == [
        "Shop: 'objectives.region' is an RTO of 12 h and an RPO of 2 d; allowed: left out; or BackupRestore, "
        f"PilotLight, WarmStandby or MultiSite, because multi-az has nothing in a second Region{PAPER}"
    ]


def test_no_time_at_all_is_no_promise():
    zone = Objectives(zone=Recovery(rto=NOTHING, rpo=NOTHING))

    assert refused(WarmStandby, objectives=zone) == [
        "Shop: 'objectives.zone.rto' is 0 s; allowed: more than zero, because nothing recovers in no time at all"
    ]


# No false refusal


def told(word: type[Deployment], **options: Any) -> None:
    """The checks alone: nothing is built."""
    parameters = signature(Deployment.__init__).parameters
    defaults = {name: one.default for name, one in parameters.items()}
    regions = [options["primary"], options["recovery"], *options.get("further", ())]
    cidrs = {region: f"10.{number}.0.0/16" for number, region in enumerate(regions)}
    check_deployment(cdk.App(), {**defaults, "regions": regions, **options, "cidrs": cidrs, "strategy": word.strategy})


ALONE = (MultiAz, BackupRestore)
auroras = st.builds(
    AuroraPostgres,
    version=st.sampled_from(["16.8", "17.4"]),
    instance=st.sampled_from(["r7g.large", "r8g.xlarge"]),
    readers=st.integers(1, 14),
    forward_writes=st.just(True),
)
instances = st.builds(
    Rds,
    engine=st.sampled_from(["postgres", "mysql"]),
    version=st.just("17.6"),
    one_writer_because=st.just("nearly all calls read"),
    promoted_by_hand_because=st.just("rehearsed"),
).map(lambda tier: tier if tier.engine == "postgres" else Rds(**{**spread(tier), "version": "8.0.43"}))


def spread(tier: Rds) -> dict[str, Any]:
    return {name: getattr(tier, name) for name in signature(Rds).parameters}


@st.composite
def possible(draw: st.DrawFn) -> tuple[type[Deployment], Workload, Objectives | None]:
    """A strategy, with a workload and a promise that it can keep."""
    word = draw(st.sampled_from(WORDS))
    alone = word in ALONE
    cluster = [st.just(MultiAzDbCluster(engine="postgres", version="17.6"))] if word is MultiAz else []
    distributed = st.just(Dsql() if alone else Dsql(witness="eu-west-2"))
    table = Table("orders", "id", consistency="eventual" if alone else "strong", witness=None if alone else "eu-west-3")
    database = draw(st.one_of(st.none(), auroras, instances, distributed, *cluster))
    nothing = not alone and (database is None or isinstance(database, Dsql))
    keeps = promise(rpo=NOTHING) if nothing else promise(rpo=Duration.seconds(1)) if not alone else promise()
    beside = {"cache": Valkey(version="8.2", shards=draw(st.sampled_from([1, 3]))), "queues": [Queue("jobs")]}
    workload = shop(database=database, tables=draw(st.sampled_from([[], [table]])), **beside)
    return word, workload, draw(st.sampled_from([None, keeps])) if word is not MultiAz else None


@settings(max_examples=15)
@given(possible())
def test_what_can_be_is_not_refused(chosen):
    word, workload, objectives = chosen

    told(word, workload=workload, account="1" * 12, primary=HERE, recovery=THERE, objectives=objectives)
