"""A rehearsal of failover and failback, on a workload in memory."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cdk_standby_runbooks import errors
from cdk_standby_runbooks.claims import DOES_NOT_PROVE, PROVES
from cdk_standby_runbooks.cli import main
from cdk_standby_runbooks.drill import Rehearsal, store
from cdk_standby_runbooks.drill_report import drill_dict, drill_lines
from cdk_standby_runbooks.outage import LocalOutage

IRELAND, FRANKFURT = "eu-west-1", "eu-central-1"


class FakeOutage:
    def __init__(self, aws: Any) -> None:
        self.aws = aws

    def begin(self, region: str) -> None:
        self.aws.dark = {region}

    def end(self) -> None:
        self.aws.dark = set()


class Heard(list[str]):
    """The Regions that the fake was called in, as the real clients tell them."""

    def __init__(self, aws: Any) -> None:
        super().__init__()
        aws.before = lambda call, region: self.append(region)


def rehearsal(world: Any) -> Rehearsal:
    heard = Heard(world.aws)
    outage = FakeOutage(world.aws)
    return Rehearsal(world.plan, world.aws, outage, clock=world.clock, heard=heard, tell=lambda phase, says, done: None)


def test_a_drill_goes_from_start_to_start(world: Any) -> None:
    drill = rehearsal(world).run()

    assert [(phase.name, phase.says) for phase in drill.phases] == [
        (
            "before",
            "writer and traffic in eu-west-1, capacity shop-service-eu-west-1 5 (desired 5), "
            "shop-service-eu-central-1 2 (desired 2)",
        ),
        ("eu-west-1 goes dark", "every call to it is answered 503"),
        ("failover", "3 acts, 6 proofs; Regions called: eu-central-1, us-east-1"),
        (
            "planned move refused",
            "eu-west-1 does not answer, and a planned move needs both Regions; "
            "run the failback again when both are back",
        ),
        ("proof of failover", "one writer, in eu-central-1; the switch is thrown"),
        ("eu-west-1 returns", "it answers again"),
        ("failback", "3 acts, 9 proofs; Regions called: eu-central-1, eu-west-1, us-east-1"),
        (
            "proof of failback",
            "as before: writer and traffic in eu-west-1, capacity shop-service-eu-west-1 5 (desired 5), "
            "shop-service-eu-central-1 2 (desired 2)",
        ),
    ]


def test_the_timeline_keeps_what_was_measured_apart_from_what_aws_takes(world: Any) -> None:
    lines = [*drill_lines(rehearsal(world).run())]

    assert lines[1].split() == ["phase", "measured", "here", "on", "AWS"]
    assert [line for line in lines if line.startswith("failover ")] == [
        line for line in lines if line.startswith("failover ") and line.endswith("assumed")
    ]
    assert [line[4:] for line in lines if line.startswith("  + ")] == [*PROVES]
    assert [line[4:] for line in lines if line.startswith("  - ")][:-1] == [*DOES_NOT_PROVE]
    assert any("on AWS, the steps of the failover take" in line and "the RTO of 900 s" in line for line in lines)


def test_the_times_are_stored_as_json_under_different_names(world: Any, tmp_path: Path) -> None:
    drill = rehearsal(world).run()

    path = store(drill, tmp_path / "times.json")

    told = json.loads(path.read_text())
    promote = next(s for phase in told["phases"] for s in phase["steps"] if s["step"] == "promote database")
    assert told == drill_dict(drill)
    assert {"measured_seconds", "aws"} < set(promote)
    assert set(promote["aws"]) == {"seconds", "confidence", "says", "source", "read"}
    assert told["does_not_prove"][0].startswith("how long anything takes on AWS")


def test_what_the_local_aws_left_out_is_printed_with_the_drill(world: Any) -> None:
    drill = replace(rehearsal(world).run(), dropped={"AWS::EC2::Subnet": ["Tags", "Ipv6Native"]})

    lines = [*drill_lines(drill)]

    assert lines[-2:] == [
        "What the local AWS left out of the templates, none of it about availability:",
        "  AWS::EC2::Subnet: Tags, Ipv6Native",
    ]


def test_a_drill_that_fails_gives_the_region_back(world: Any) -> None:
    world.aws.starting = False

    with pytest.raises(errors.StepNotProven):
        rehearsal(world).run()

    assert world.aws.dark == set()


def test_a_drill_refuses_to_start_after_an_unfinished_failover(world: Any) -> None:
    world.aws.writers = [FRANKFURT]

    with pytest.raises(errors.DrillFailed) as caught:
        rehearsal(world).run()

    assert str(caught.value) == (
        "a drill starts with everything in eu-west-1; the writer is elsewhere: {'shop-database': 'eu-central-1'}; "
        "fail back first"
    )


def test_a_drill_on_aws_is_refused(tmp_path: Path, capsys: Any) -> None:
    code = main(["drill", "--plan", "x", "--aws"])

    assert (code, capsys.readouterr().err) == (
        2,
        "cdk-standby: a drill takes a Region away, which only a local AWS can; on AWS rehearse with: "
        "cdk-standby failover --planned, then cdk-standby failback\n",
    )


@pytest.fixture
def something_else() -> Iterator[str]:
    """A server on this machine that is no local AWS of ours."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_local_endpoint_that_cannot_take_a_region_away(something_else: str) -> None:
    with pytest.raises(errors.NotReady) as caught:
        LocalOutage(something_else).begin(IRELAND)

    assert str(caught.value) == (
        f"{something_else} cannot take a Region away: it is no local AWS of cdk-standby; start one with: "
        "cdk-standby drill --local"
    )
