"""Whatever options: a template, or an error of ours. For those who operate on databases and have few options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import databases
from aws_cdk import aws_logs as logs
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby import AuditTrail, DatabaseDrill, DatabaseSnapshot, GlobalAurora, InvalidOptions, KeepAwake

text = st.sampled_from(["", " ", "a lab", "shop-before-18", "Shop", "-shop", "shop--18", "s" * 300, cdk.Aws.REGION])
durations = st.none() | st.integers(0, 4000).map(cdk.Duration.minutes) | st.integers(0, 4000).map(cdk.Duration.days)


def built(make: Callable[[], Any], stack: cdk.Stack, template: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """The resources, or none when the options were refused."""
    try:
        make()
    except InvalidOptions:
        return {}
    return dict(template(stack)["Resources"])


def of_type(resources: dict[str, Any], wanted: str) -> list[dict[str, Any]]:
    return [r["Properties"] for r in resources.values() if r["Type"] == wanted]


@settings(max_examples=15)
@given(
    every=durations,
    hours=st.tuples(st.integers(-1, 25), st.integers(-1, 25)),
    days=st.lists(st.sampled_from(["MON", "SUN", "mon", ""]), max_size=3),
    timezone=text | st.sampled_from(["UTC", "Europe/Berlin"]),
    pause_after=st.sampled_from([300, 3600]),
)
def test_a_cluster_is_kept_awake_by_one_schedule(make_stack, template, every, hours, days, timezone, pause_after):
    stack = make_stack()
    cluster = databases.aurora(stack, serverless=(0, 4), data_api=True, pause_after=cdk.Duration.seconds(pause_after))

    made = built(
        lambda: KeepAwake(stack, "Awake", database=cluster, every=every, hours=hours, days=days, timezone=timezone),
        stack,
        template,
    )

    assert len(of_type(made, "AWS::Scheduler::Schedule")) == bool(made)


@settings(max_examples=15)
@given(alarms=st.none() | st.integers(0, 7), because=st.none() | text, retention=st.sampled_from(logs.RetentionDays))
def test_a_drill_stops_by_an_alarm_or_says_why_not(make_stack, template, alarms, because, retention):
    stack = make_stack()
    cluster = databases.aurora(stack)
    stop_on = None if alarms is None else [*cluster.alarms.values()][:alarms]

    made = built(
        lambda: DatabaseDrill(
            stack, "Drill", database=cluster, stop_on=stop_on, no_stop_because=because, log_retention=retention
        ),
        stack,
        template,
    )

    for experiment in of_type(made, "AWS::FIS::ExperimentTemplate"):
        stops = {condition["Source"] for condition in experiment["StopConditions"]}
        assert stops == {"none" if alarms == 0 else "aws:cloudwatch:alarm"}


@settings(max_examples=15)
@given(name=text)
def test_a_snapshot_has_a_name_that_rds_takes(make_stack, template, name):
    stack = make_stack()

    made = built(
        lambda: DatabaseSnapshot(stack, "Copy", database=databases.instance(stack), name=name), stack, template
    )

    assert all(snapshot["DBSnapshotIdentifier"] for snapshot in of_type(made, "AWS::RDS::DBSnapshot"))


@settings(max_examples=15)
@given(retention=durations, because=st.none() | text, searchable=st.sampled_from(logs.RetentionDays))
def test_a_trail_is_locked_in_whole_days(make_stack, template, retention, because, searchable):
    stack = make_stack()

    made = built(
        lambda: AuditTrail(
            stack,
            "Audit",
            key=databases.key(stack),
            retention=retention,
            compliance_because=because,
            searchable=searchable,
        ),
        stack,
        template,
    )

    for trail in of_type(made, "AWS::CloudTrail::Trail"):
        assert (trail["IsMultiRegionTrail"], trail["EnableLogFileValidation"]) == (True, True)


@settings(max_examples=15)
@given(
    engine=st.sampled_from(["aurora-postgresql", "aurora-mysql", "postgres", ""]),
    version=st.sampled_from(["17.4", "8.0.mysql_aurora.3.08.0", "17", ""]),
    identifier=text,
    because=st.none() | text,
)
def test_a_global_database_is_one_container(make_stack, template, engine, version, identifier, because):
    stack = make_stack()

    made = built(
        lambda: GlobalAurora(
            stack, "Global", engine=engine, version=version, identifier=identifier, deletable_because=because
        ),
        stack,
        template,
    )

    for container in of_type(made, "AWS::RDS::GlobalCluster"):
        assert container["DeletionProtection"] is (because is None)
