"""The command line: what it prints, and the code it ends with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cdk_standby_review.facts import Range, recovery_times, role_changes
from cdk_standby_runbooks import commands, errors
from cdk_standby_runbooks.cli import EXIT_CODES, main
from cdk_standby_runbooks.show import aws_time

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"
# Instances start while the database is promoted: the longer of the two counts.
PROMOTE, START = recovery_times.AURORA_GLOBAL_FAILOVER.value, recovery_times.INSTANCE_START.value
SUM = Range(max(PROMOTE.low, START.low), max(PROMOTE.high, START.high)) + role_changes.TRAFFIC.value
LOCAL = ["--endpoint-url", "http://127.0.0.1:9"]


@pytest.fixture
def on_fakes(world: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The command line, with the workload in memory behind it and a plan file in the present folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(commands, "BotoClients", lambda endpoint: world.aws)
    monkeypatch.setattr(commands, "SystemClock", lambda: world.clock)
    Path("shop.plan.json").write_text(world.plan.to_json())
    world.aws.parameters = {"/cdk-standby/shop/plan": world.plan.to_json()}
    return world


def ended(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(arguments)
    return code, capsys.readouterr().err


def test_a_dry_run_prints_steps_calls_times_and_changes_nothing(on_fakes: Any, capsys: Any) -> None:
    code = main(["failover", "--plan", "shop.plan.json", *LOCAL])

    assert code == 0
    assert capsys.readouterr().out == DRY_RUN
    assert on_fakes.aws.changes() == []
    assert not Path(".cdk-standby").exists()


DRY_RUN = f"""\
shop: failover from eu-west-1 to eu-central-1 (dry run: nothing was changed)

1. record database: write down the writer of shop-database and how far eu-central-1 is behind
   now    writer in eu-west-1, replication lag 0.800 s (AuroraGlobalDBReplicationLag, worst of the last 5 minutes) [act]

2. scale service to full: set shop-service-eu-central-1 in eu-central-1 to a minimum of 5 instances (full)
   now    shop-service-eu-central-1 has a minimum of 2 and 2 desired [act]
   calls  autoscaling:UpdateAutoScalingGroup in eu-central-1 (AutoScalingGroupName=shop-service-eu-central-1, \
MinSize=5, DesiredCapacity=>=5)

3. promote database: make shop-database-eu-central-1 in eu-central-1 the writer of shop-database; writes that \
eu-west-1 did not replicate are lost
   now    the writer is in eu-west-1 [act]
   calls  rds:FailoverGlobalCluster in eu-central-1 (GlobalClusterIdentifier=shop-database, \
TargetDbClusterIdentifier=shop-database-eu-central-1, AllowDataLoss=true)
   AWS    {aws_time(recovery_times.AURORA_GLOBAL_FAILOVER)}: {recovery_times.AURORA_GLOBAL_FAILOVER.says}

4. await service at full: wait until the instances of shop-service-eu-central-1 are in service and healthy behind \
the load balancer
   now    2 of 5 instances of shop-service-eu-central-1 in service, 2 healthy behind the load balancer; \
if traffic cannot wait for all: --accept-instances N [act]
   AWS    {aws_time(recovery_times.INSTANCE_START)}: {recovery_times.INSTANCE_START.says}

5. switch traffic: send the traffic of shop.example.com to eu-central-1, by the switch metric in eu-central-1
   now    alarm shop-traffic-leaves-eu-west-1 is OK [act]
   calls  cloudwatch:PutMetricData in eu-central-1 (Namespace=cdk-standby, TrafficSwitch=1, \
Workload=shop, Region=eu-west-1)
   AWS    {aws_time(role_changes.TRAFFIC)}: {role_changes.TRAFFIC.says}

6. verify: look once more whether writer, capacity and traffic are all at eu-central-1
   now    after everything else [act]

on AWS these steps take {SUM} s (assumed), after somebody has decided; the RTO is 900 s
this asks nothing of eu-west-1; if it answers, --planned loses no write
to act, give the same command --yes
"""


def test_yes_acts_there_and_back_and_keeps_a_journal(on_fakes: Any, capsys: Any) -> None:
    there = main(["failover", "--plan", "shop.plan.json", *LOCAL, "--yes"])
    said = capsys.readouterr().out
    back = main(["failback", "--from-region", IRELAND, "--workload", "shop", *LOCAL, "--yes", "--json"])
    told = json.loads(capsys.readouterr().out)

    assert (there, back) == (0, 0)
    assert "[3/6] promote database: make shop-database-eu-central-1 in eu-central-1 the writer" in said
    assert "proven after 0.4 s: the one writer of shop-database is in eu-central-1" in said
    assert "measured on this machine, which says nothing about AWS" in said
    assert told["measured_on"] == "local"
    assert [step["step"] for step in told["steps"]][-1] == "await service at standby"
    assert len([*Path(".cdk-standby/journal").glob("shop-*.jsonl")]) == 2


def test_a_missing_consent_is_shown_in_the_dry_run_and_in_its_exit_code(on_fakes: Any, capsys: Any) -> None:
    on_fakes.aws.lag_ms = None

    code = main(["failover", "--plan", "shop.plan.json", *LOCAL])

    out, err = capsys.readouterr()
    assert code == 21
    assert "   now    refused: promoting shop-database in eu-central-1 may lose more data than allowed" in out
    assert '--accept-data-loss "an unknown amount"' in err


def test_status_tells_what_the_living_region_knows(on_fakes: Any, capsys: Any) -> None:
    on_fakes.aws.dark = {IRELAND}

    code = main(["status", "--plan", "shop.plan.json", *LOCAL])

    assert code == 0
    assert capsys.readouterr().out == (
        "shop: primary eu-west-1, recovery eu-central-1\n"
        "  database shop-database, told by eu-central-1, writer eu-west-1, lag seconds 0.8\n"
        "  group shop-service-eu-west-1, region eu-west-1, error eu-west-1 does not answer\n"
        "  group shop-service-eu-central-1, region eu-central-1, minimum 2, desired 2, in service 2, "
        "healthy targets 2\n"
        "  traffic shop.example.com, switch OK, goes to eu-west-1\n"
    )


def test_ctrl_c_in_the_middle_of_a_run_keeps_the_journal_for_the_next_try(on_fakes: Any, capsys: Any) -> None:
    def interrupt(call: str, region: str) -> None:
        if call == "cloudwatch:put_metric_data":
            raise KeyboardInterrupt

    on_fakes.aws.before = interrupt
    failover = ["failover", "--plan", "shop.plan.json", *LOCAL, "--yes"]

    interrupted = ended(failover, capsys)
    on_fakes.aws.before = lambda call, region: None
    finished = main(failover)

    assert interrupted == (130, "cdk-standby: interrupted; the journal is kept: the same command goes on\n")
    assert finished == 0
    assert on_fakes.aws.changes().count("rds:failover_global_cluster") == 1


def test_a_journal_that_cannot_be_written_is_one_message_and_nothing_was_done(on_fakes: Any, capsys: Any) -> None:
    Path("file").write_text("")

    code, said = ended(
        ["failover", "--plan", "shop.plan.json", *LOCAL, "--yes", "--journal", "file/runs.jsonl"], capsys
    )

    assert (code, said) == (1, "cdk-standby: file: File exists\n")
    assert on_fakes.aws.changes() == []


def test_plan_reads_like_a_page(on_fakes: Any, capsys: Any) -> None:
    code = main(["plan", "--plan", "shop.plan.json"])

    out = capsys.readouterr().out
    assert code == 0
    assert out.startswith(
        "# shop: warm-standby, eu-west-1 -> eu-central-1 (account 111111111111)\n- region: RTO 900 s, "
    )
    assert (
        "## Failover (unplanned)\n1. record the writer of database, and how far eu-central-1 is behind\n2. scale "
        in out
    )


def test_the_error_of_a_json_command_is_json_too(on_fakes: Any, capsys: Any) -> None:
    code = main(["failback", "--plan", "shop.plan.json", *LOCAL, "--json"])

    out, err = capsys.readouterr()
    message = "eu-west-1 is already the active Region of shop: the writer and the traffic are there; nothing to do"
    assert code == 20
    assert json.loads(out) == {"error": {"kind": "AlreadyActive", "exit_code": 20, "message": message}}
    assert err == f"cdk-standby: {message}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["failover", "--plan", "none.json", *LOCAL],
            10,
            "none.json cannot be read: No such file or directory",
        ),
        (
            ["failover", "--plan", "shop.plan.json", "--workload", "bakery", *LOCAL],
            11,
            "shop.plan.json is the plan of shop, not of bakery; nothing was done",
        ),
        (
            ["failover", *LOCAL],
            2,
            "which plan? give --plan FILE, or --from-region REGION and --workload NAME",
        ),
        (
            ["failover", "--plan", "a", "--from-region", "b", *LOCAL],
            2,
            "--plan and --from-region are two sources of one plan; give one",
        ),
        (
            ["failover", "--plan", "shop.plan.json"],
            12,
            "no endpoint was given, so calls go to AWS; say --aws when the real account is meant, or name a local one: "
            "--endpoint-url http://127.0.0.1:PORT",
        ),
        (
            ["failover", "--plan", "shop.plan.json", "--endpoint-url", "http://127.0.0.1.example.com"],
            12,
            "the endpoint http://127.0.0.1.example.com is not on this machine; say --aws when the real account is "
            "meant, or name a local one: --endpoint-url http://127.0.0.1:PORT",
        ),
        (
            ["failover", "--plan", "shop.plan.json", "--to", "us-east-1", *LOCAL],
            2,
            "--to is us-east-1; shop lives in eu-west-1 and eu-central-1",
        ),
        (
            ["failover", "--plan", "shop.plan.json", "--to", IRELAND, *LOCAL],
            20,
            "eu-west-1 is already the active Region of shop: the writer and the traffic are there; nothing to do",
        ),
        (
            ["failback", "--plan", "shop.plan.json", *LOCAL],
            20,
            "eu-west-1 is already the active Region of shop: the writer and the traffic are there; nothing to do",
        ),
        (
            ["failover", "--plan", "shop.plan.json", "--accept-data-loss", "yes", *LOCAL],
            2,
            '--accept-data-loss is \'yes\'; allowed: "up to N seconds" (or minutes, hours) or "an unknown amount", '
            "because whoever accepts a loss must have read how large it may be",
        ),
    ],
)
def test_bad_input_ends_in_one_message(
    on_fakes: Any, capsys: Any, arguments: list[str], code: int, message: str
) -> None:
    assert ended(arguments, capsys) == (code, f"cdk-standby: {message}\n")
    assert on_fakes.aws.changes() == []


def test_closing_a_half_finished_run_costs_a_reason_and_lets_the_other_direction_go(on_fakes: Any, capsys: Any) -> None:
    main(["failover", "--plan", "shop.plan.json", *LOCAL, "--yes", "--journal", "runs.jsonl"])
    journal = Path("runs.jsonl")
    journal.write_text("\n".join(journal.read_text().splitlines()[:-1]) + "\n")
    back = ["failback", "--plan", "shop.plan.json", *LOCAL, "--yes", "--journal", "runs.jsonl"]
    capsys.readouterr()

    refused = ended(back, capsys)
    closed = main([*back, "--close-unfinished", "only its last line was missing"])

    assert refused[0] == 41
    assert closed == 0
    assert "only its last line was missing" in journal.read_text()
    assert on_fakes.aws.writers == [IRELAND]


def test_a_parameter_that_is_not_there(on_fakes: Any, capsys: Any) -> None:
    del on_fakes.aws.parameters["/cdk-standby/shop/plan"]

    assert ended(["plan", "--from-region", FRANKFURT, "--workload", "shop", *LOCAL], capsys) == (
        10,
        "cdk-standby: eu-central-1 holds no plan of shop: there is no SSM parameter /cdk-standby/shop/plan\n",
    )


def test_a_parameter_that_holds_the_plan_of_another_workload(on_fakes: Any, capsys: Any) -> None:
    on_fakes.aws.parameters["/cdk-standby/bakery/plan"] = on_fakes.plan.to_json()

    assert ended(["failover", "--from-region", FRANKFURT, "--workload", "bakery", *LOCAL], capsys) == (
        11,
        "cdk-standby: /cdk-standby/bakery/plan in eu-central-1 is the plan of shop, not of bakery; nothing was done\n",
    )


def test_every_exit_code_is_in_the_help() -> None:
    classes = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.RunbookError)
    ]

    assert len(classes) == 17
    assert [c.__name__ for c in classes if f" {c.exit_code}  " not in EXIT_CODES] == []


def test_the_program_refuses_in_one_line_without_a_stack_trace(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "cdk_standby_runbooks.cli", "failover", "--plan", "none.json", *LOCAL]

    ended = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (
        10,
        "",
        "cdk-standby: none.json cannot be read: No such file or directory\n",
    )


def test_help_imports_no_aws_client() -> None:
    script = (
        "import sys; from cdk_standby_runbooks.cli import parser; parser(['failover']); print('boto3' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert said.stdout == "False\n"
