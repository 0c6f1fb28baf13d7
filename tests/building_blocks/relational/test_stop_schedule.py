"""Schedules that stop a lab at night, and one that keeps a serverless database awake by day."""

from __future__ import annotations

import json
from types import SimpleNamespace

import databases
import pytest
from aws_cdk import Aws, Duration
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational.keep_awake import KeepAwake
from cdk_standby.relational.stop_schedule import StopSchedule

STOP = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html"
TYPES = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html"
PAUSE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"
DATA_API = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html"


def pausing(stack, **options):
    """A cluster that pauses, and that Data API reaches."""
    return databases.aurora(stack, serverless=(0, 4), data_api=True, **options)


@pytest.fixture(scope="module")
def built(make_stack, template, resources):
    stack = make_stack()
    StopSchedule(stack, "OfCluster", database=databases.aurora(stack, "Lab"), stopped_because="nobody works at night")
    StopSchedule(
        stack,
        "OfInstance",
        database=databases.instance(stack),
        stopped_because="a lab",
        stop_at="19:30",
        start_at=None,
        timezone="Europe/Berlin",
    )
    KeepAwake(stack, "Awake", database=pausing(stack))
    made = template(stack)
    return SimpleNamespace(
        template=made,
        schedules=resources(made, "AWS::Scheduler::Schedule"),
        policies=resources(made, "AWS::IAM::ManagedPolicy"),
        roles=resources(made, "AWS::IAM::Role"),
    )


def of(found, name):
    [one] = [one for key, one in found.items() if key.startswith(name)]
    return one


@pytest.mark.capability("AUR-11")
def test_a_cluster_is_stopped_every_night_so_that_none_runs_for_more_than_a_day_after_rds_started_it(built):
    stop = of(built.schedules, "OfClusterStop")

    assert stop["ScheduleExpression"] == "cron(0 20 * * ? *)"
    assert json.dumps(stop["Target"]["Arn"]).endswith(':scheduler:::aws-sdk:rds:stopDBCluster"]]}')
    assert stop["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert "DbClusterIdentifier" in json.dumps(stop["Target"]["Input"])


@pytest.mark.capability("AUR-11")
def test_it_is_started_on_the_mornings_that_are_worked(built):
    start = of(built.schedules, "OfClusterStart")

    assert start["ScheduleExpression"] == "cron(0 6 ? * MON,TUE,WED,THU,FRI *)"
    assert json.dumps(start["Target"]["Arn"]).endswith(':scheduler:::aws-sdk:rds:startDBCluster"]]}')
    assert start["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 3}


def test_an_instance_is_stopped_as_one_and_started_by_hand_when_no_time_is_given(built):
    [(name, stop)] = [(name, one) for name, one in built.schedules.items() if name.startswith("OfInstance")]

    assert name.startswith("OfInstanceStop")
    assert stop["ScheduleExpression"] == "cron(30 19 * * ? *)"
    assert stop["ScheduleExpressionTimezone"] == "Europe/Berlin"
    assert json.dumps(stop["Target"]["Arn"]).endswith(':scheduler:::aws-sdk:rds:stopDBInstance"]]}')


def test_the_role_stops_and_starts_this_database_for_these_schedules(built):
    [statement] = of(built.policies, "OfClusterPolicy")["PolicyDocument"]["Statement"]
    [trust] = of(built.roles, "OfClusterRole")["AssumeRolePolicyDocument"]["Statement"]

    assert sorted(statement["Action"]) == ["rds:StartDBCluster", "rds:StopDBCluster"]
    assert statement["Resource"]["Fn::GetAtt"][0].startswith("LabCluster")
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert ":schedule-group/" in json.dumps(trust["Condition"]["StringEquals"]["aws:SourceArn"])


@pytest.mark.capability("AUR-11")
def test_the_reason_is_written_down(built):
    reasons = built.template["Metadata"]["cdk-standby:weakened"]

    assert reasons["Test/OfCluster"] == {"stopped": "nobody works at night"}


@pytest.mark.capability("AUR-25")
def test_a_serverless_cluster_is_asked_more_often_than_it_takes_to_pause(built):
    ask = of(built.schedules, "AwakeAsk")

    assert ask["ScheduleExpression"] == "cron(0/4 7-18 ? * MON,TUE,WED,THU,FRI *)"
    assert json.dumps(ask["Target"]["Arn"]).endswith(':scheduler:::aws-sdk:rdsdata:executeStatement"]]}')
    assert '\\"Sql\\":\\"SELECT 1\\"' in json.dumps(ask["Target"]["Input"])


def test_who_asks_may_ask_and_read_the_credentials_and_nothing_else(built):
    statements = of(built.policies, "AwakePolicy")["PolicyDocument"]["Statement"]

    actions = {
        action for s in statements for action in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])
    }
    assert actions == {
        "rds-data:ExecuteStatement",
        "secretsmanager:GetSecretValue",
        "secretsmanager:DescribeSecret",
        "kms:Decrypt",
    }


REFUSED = {
    "a member of a global database": (
        lambda stack: databases.aurora(stack, "Database", global_cluster="shop"),
        "an Aurora cluster of a global database cannot be stopped while another cluster is in it",
    ),
    "a replica": (
        lambda stack: databases.instance(stack, "Database", source_db_instance_identifier="orders"),
        "a database that is a replica or has replicas cannot be stopped",
    ),
    "an instance with a replica": (
        lambda stack: databases.followed(stack, "Database"),
        "a database that is a replica or has replicas cannot be stopped",
    ),
    "a Multi-AZ DB cluster": (
        lambda stack: databases.cluster(stack, "Database"),
        "a Multi-AZ DB cluster cannot be stopped",
    ),
    "SQL Server with a standby": (
        lambda stack: databases.instance(stack, "Database", engine="sqlserver-se"),
        "SQL Server with a standby cannot be stopped",
    ),
}


@pytest.mark.capability("AUR-11")
@pytest.mark.parametrize("what", REFUSED)
def test_what_rds_does_not_stop_is_refused(make_stack, what):
    build, why = REFUSED[what]
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        StopSchedule(stack, "Stop", database=build(stack), stopped_because="a lab")

    assert str(raised.value) == (
        f"Test/Stop: 'database' is 'Test/Database'; allowed: a database that RDS stops, because {why} ({STOP})"
    )


def test_times_that_are_none_are_refused_together(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        StopSchedule(
            stack,
            "Stop",
            database=databases.instance(stack),
            stopped_because="a lab",
            stop_at="24:00",
            start_at="6am",
            start_on=["MON", "MON"],
            timezone="UTC+1:00",
        )

    assert str(raised.value).splitlines() == [
        "Test/Stop: 'stop_at' is '24:00'; allowed: 'hh:mm', such as '20:00', because it is the minute of a day",
        "Test/Stop: 'start_at' is '6am'; allowed: 'hh:mm', such as '20:00', because it is the minute of a day",
        "Test/Stop: 'start_on' is ['MON', 'MON']; allowed: one or more of MON, TUE, WED, THU, FRI, SAT, SUN, each"
        f" once, because these are the days of a week ({TYPES})",
        "Test/Stop: 'timezone' is 'UTC+1:00'; allowed: a name of the tz database, such as 'Europe/Berlin', because"
        f" hours are hours of a place ({TYPES})",
    ]


def test_a_start_at_the_minute_of_the_stop_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        StopSchedule(stack, "Stop", database=databases.instance(stack), stopped_because="a lab", start_at="20:00")

    assert str(raised.value) == (
        "Test/Stop: 'start_at' is '20:00'; allowed: another time than 20:00, when it is stopped, because one of the"
        " two would win, and nobody knows which"
    )


def test_a_time_that_only_the_deployment_knows_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        StopSchedule(stack, "Stop", database=databases.instance(stack), stopped_because="a lab", stop_at=Aws.STACK_NAME)

    assert str(raised.value) == (
        "Test/Stop: 'stop_at' is a token; allowed: a value known at synth, because the template is written with it,"
        " and not only filled"
    )


def test_no_reason_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        StopSchedule(stack, "Stop", database=databases.instance(stack), stopped_because="")

    assert str(raised.value) == (
        "Test/Stop: 'stopped_because' is ''; allowed: a reason in words, because who reads the review must learn what"
        " made it acceptable"
    )


@pytest.mark.capability("AUR-25")
@pytest.mark.parametrize("every", [5, 10])
def test_asking_no_sooner_than_the_pause_is_refused(make_stack, every):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        KeepAwake(stack, "Awake", database=pausing(stack), every=Duration.minutes(every))

    assert str(raised.value) == (
        f"Test/Awake: 'every' is {every} minutes; allowed: whole minutes, 1 or more, and less than the 300 seconds"
        " after which it pauses, because an idle serverless instance with a least capacity of 0 pauses after 5"
        f" minutes to 24 hours, 5 unless set ({PAUSE})"
    )


@pytest.mark.capability("AUR-25")
def test_a_cluster_that_pauses_late_is_asked_less_often(make_stack):
    stack = make_stack()

    awake = KeepAwake(
        stack, "Awake", database=pausing(stack, pause_after=Duration.minutes(30)), every=Duration.minutes(20)
    )

    assert awake.schedule.schedule_expression == "cron(0/20 7-18 ? * MON,TUE,WED,THU,FRI *)"


@pytest.mark.capability("AUR-25")
def test_a_cluster_that_never_pauses_needs_no_asking(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        KeepAwake(stack, "Awake", database=databases.aurora(stack))

    assert str(raised.value) == (
        "Test/Awake: 'database' is 'Test/Aurora'; allowed: a serverless Aurora cluster with a least capacity of 0,"
        f" because no other one ever pauses ({PAUSE})"
    )


@pytest.mark.capability("AUR-25")
def test_a_cluster_that_cannot_be_asked_is_refused(make_stack):
    stack = make_stack()
    with pytest.raises(InvalidOptions) as raised:
        KeepAwake(stack, "Awake", database=databases.aurora(stack, serverless=(0, 4)), hours=(18, 7))

    assert str(raised.value).splitlines() == [
        "Test/Awake: 'database' is 'Test/Aurora'; allowed: a cluster with Data API, because a schedule can speak SQL"
        f" to a cluster only through its Data API ({DATA_API})",
        "Test/Awake: 'hours' is [18, 7]; allowed: (first, last) hour of the day, 0 to 23, because a schedule knows"
        f" these hours ({TYPES})",
    ]


@settings(max_examples=25)
@given(
    options=st.fixed_dictionaries(
        {"stopped_because": st.sampled_from(["a lab", "", "  "])},
        optional={
            "stop_at": st.sampled_from(["20:00", "7:00", "", "25:61", Aws.REGION]),
            "start_at": st.sampled_from([None, "06:00", "20:00", "noon"]),
            "start_on": st.lists(st.sampled_from(["MON", "SUN", "mon"]), max_size=3),
            "timezone": st.sampled_from(["UTC", "Europe/Berlin", "", "Mars/", Aws.REGION]),
        },
    )
)
def test_whatever_is_asked_for_is_a_schedule_or_an_error_of_ours(make_stack, options):
    stack = make_stack()
    try:
        made = StopSchedule(stack, "Stop", database=databases.instance(stack), **options)
    except InvalidOptions:
        return

    assert len(made.schedules) == (1 if options.get("start_at", "06:00") is None else 2)
