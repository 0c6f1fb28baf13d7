"""What a runbook refuses: one clear message each, nothing changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cdk_standby_runbooks import errors
from cdk_standby_runbooks.journal import Journal, locked
from cdk_standby_runbooks.runner import execute

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"


def refused(world: Any, kind: type[errors.RunbookError], runbook: str = "failover", consent: str | None = None) -> str:
    before = world.aws.changes()
    with pytest.raises(kind) as caught:
        execute(world.run(runbook, consent))
    assert world.aws.changes() == before
    return str(caught.value)


def half_finished(world: Any, runbook: str) -> None:
    run = world.run(runbook)
    run.note("begun", workload="shop", direction=run.direction, runbook=runbook, to=run.to)


def test_a_failover_to_the_region_that_is_already_active(world: Any) -> None:
    execute(world.run())

    message = refused(world, errors.AlreadyActive)

    assert message == (
        "eu-central-1 is already the active Region of shop: the writer and the traffic are there; nothing to do"
    )


def test_a_failback_to_the_region_that_is_already_active(world: Any) -> None:
    message = refused(world, errors.AlreadyActive, "failback")

    assert message == (
        "eu-west-1 is already the active Region of shop: the writer and the traffic are there; nothing to do"
    )


def test_a_half_finished_run_of_the_opposite_direction(world: Any) -> None:
    half_finished(world, "failover")

    message = refused(world, errors.OppositeRunUnfinished, "failback")

    assert message == (
        "a failover of shop that began at 2026-11-21T09:00:00.000+00:00 is half-way through "
        f"({world.folder / 'journal.jsonl'}); finish it: cdk-standby failover --yes; or, when it is certain that "
        'this is right, close it: --close-unfinished "why"'
    )


def test_an_unplanned_failover_takes_over_from_a_planned_one_that_the_disaster_overtook(world: Any) -> None:
    half_finished(world, "planned")
    world.aws.dark = {IRELAND}

    execute(world.run("failover"))

    assert world.aws.writers == [FRANKFURT]
    assert [r["because"] for r in world.run().journal.records if r["event"] == "closed"] == ["overtaken by failover"]


def test_credentials_of_another_account(world: Any) -> None:
    world.aws.account = "222222222222"

    message = refused(world, errors.PlanOfAnotherWorkload)

    assert message == "the plan of shop is for account 111111111111, the credentials are for 222222222222"


def test_a_journal_of_another_workload(world: Any) -> None:
    Journal(world.folder / "journal.jsonl", "bakery").write(world.clock.now(), "begun", workload="bakery")

    message = refused(world, errors.PlanOfAnotherWorkload)

    assert message == (
        f"the journal {world.folder / 'journal.jsonl'} records runs of bakery, the plan is of shop; "
        "give the right plan, or another --journal"
    )


def test_a_journal_damaged_in_the_middle(world: Any) -> None:
    (world.folder / "journal.jsonl").write_text('{"event": "begun"\n{"at": "x", "event": "finished"}\n')

    message = refused(world, errors.JournalUnreadable)

    assert message == (
        f"the journal {world.folder / 'journal.jsonl'} is damaged in line 1; look at it, then move it away: "
        "what AWS shows now is the truth, and every step checks it before acting"
    )


def test_two_runners_at_once(world: Any) -> None:
    lock = world.folder / "shop.lock"
    with locked(lock, "shop"), pytest.raises(errors.JournalInUse) as caught, locked(lock, "shop"):
        pass

    assert str(caught.value).startswith("another runner works on shop (process ")
    assert str(caught.value).endswith(f", lock {world.folder / 'shop.lock'}); wait for it, then run again")


def test_losing_more_than_the_objective_without_consent(world: Any) -> None:
    world.aws.lag_ms = 240_500.0

    message = refused(world, errors.ConsentMissing)

    assert message == (
        "promoting shop-database in eu-central-1 may lose more data than allowed: it is 240.5 s behind, and the RPO is "
        '60 s. Whoever decides to go on says so: --accept-data-loss "up to 241 seconds"'
    )


def test_an_unknown_lag_counts_as_more_than_any_number(world: Any) -> None:
    world.aws.lag_ms = None

    message = refused(world, errors.ConsentMissing, consent="up to 24 hours")

    assert message == (
        "promoting shop-database in eu-central-1 may lose more data than allowed: how far it is behind is unknown, and "
        'the RPO is 60 s. "up to 24 hours" is not enough. Whoever decides to go on says so: --accept-data-loss '
        '"an unknown amount"'
    )


@pytest.mark.parametrize(
    ("lag_ms", "words"), [(240_500.0, "up to 241 seconds"), (240_500.0, "Up to 5 minutes"), (None, "an unknown amount")]
)
def test_consent_in_words_lets_it_pass_and_stands_in_the_journal(world: Any, lag_ms: float | None, words: str) -> None:
    world.aws.lag_ms = lag_ms

    execute(world.run("failover", words))

    assert world.aws.writers == [FRANKFURT]
    assert [r["words"] for r in world.run().journal.records if r["event"] == "consent"] == [words]


@pytest.mark.parametrize("words", ["yes", "300", "up to 300", "up to many seconds", ""])
def test_consent_that_agrees_to_nothing_in_particular(world: Any, words: str) -> None:
    with pytest.raises(errors.Usage) as caught:
        world.run("failover", words or " ")

    assert str(caught.value) == (
        f'--accept-data-loss is {words or " "!r}; allowed: "up to N seconds" (or minutes, hours) or "an unknown '
        'amount", because whoever accepts a loss must have read how large it may be'
    )


def test_a_role_change_that_somebody_else_started(world: Any) -> None:
    world.aws.looks = -100
    world.aws.failover = {"Status": "switching-over", "ToDbClusterArn": f"arn:aws:rds:{FRANKFURT}:1:cluster:x"}

    message = refused(world, errors.TwoWritersDanger)

    assert message == (
        "shop-database is switching-over towards eu-central-1, and this run did not ask for it; nothing was done: "
        "wait until it has ended (cdk-standby status), then run again"
    )


def test_two_writers(world: Any) -> None:
    world.aws.writers = [IRELAND, FRANKFURT]

    message = refused(world, errors.TwoWritersDanger)

    assert message == (
        "shop-database has two writers, in eu-west-1 and eu-central-1; nothing was done: fence one of them first"
    )


def test_an_old_writer_that_left_the_global_database_and_may_still_take_writes(world: Any) -> None:
    world.aws.members, world.aws.writers = [FRANKFURT], []

    message = refused(world, errors.TwoWritersDanger)

    assert message == (
        "shop-database-eu-west-1 in eu-west-1 has left shop-database and may take writes on its own; nothing was done: "
        "fence or delete it, then promote in eu-central-1 by hand"
    )


@pytest.mark.parametrize(
    ("runbook", "advice"),
    [
        ("planned", "if the Region is lost, run the failover without --planned"),
        ("failback", "run the failback again when both are back"),
    ],
)
def test_a_planned_move_while_a_region_is_dark(world: Any, runbook: str, advice: str) -> None:
    if runbook == "failback":
        execute(world.run())
    world.aws.dark = {IRELAND}

    message = refused(world, errors.NotReady, runbook)

    assert message == f"eu-west-1 does not answer, and a planned move needs both Regions; {advice}"


def test_a_failover_into_a_region_that_is_dark_too(world: Any) -> None:
    world.aws.dark = {FRANKFURT}

    message = refused(world, errors.CallFailed)

    assert message == "eu-central-1 does not answer (sts:get_caller_identity: HTTP 503)"


def test_capacity_that_does_not_come_stops_the_run_before_traffic_moves(world: Any) -> None:
    world.aws.starting = False

    with pytest.raises(errors.StepNotProven) as caught:
        execute(world.run())

    assert str(caught.value) == (
        "'await service at full' is not proven after 1200 s: 2 of 5 instances of shop-service-eu-central-1 in service, "
        "2 healthy behind the load balancer; if traffic cannot wait for all: "
        "--accept-instances N; the journal is kept: look at it, then run the same command again to go on"
    )
    assert world.aws.thrown == 0.0


def test_going_on_after_the_capacity_came_finishes_the_same_run(world: Any) -> None:
    world.aws.starting = False
    with pytest.raises(errors.StepNotProven):
        execute(world.run())
    world.aws.starting = True

    execute(world.run())

    events = [record["event"] for record in world.run().journal.records]
    assert (events.count("begun"), events.count("resumed"), events[-1]) == (1, 1, "finished")
    assert world.aws.changes().count("rds:failover_global_cluster") == 1


def test_when_traffic_cannot_wait_fewer_instances_do(world: Any) -> None:
    world.aws.starting = False
    run = world.run()
    run.fewest = 2

    execute(run)

    assert world.aws.groups[FRANKFURT] == [5, 24, 5, 2]
    assert world.aws.alarm == "ALARM"


def test_resources_that_were_never_deployed(world: Any) -> None:
    database = replace(world.plan.databases[0], global_cluster="other")
    world.plan = replace(world.plan, databases=(database,))

    message = refused(world, errors.NotReady)

    assert (
        message == "eu-central-1 knows no global cluster other; deploy the stacks, or give the plan of this deployment"
    )
