"""The command line ``cdk-standby``: plan, failover, failback, status, drill, demo, review, prices, advise, lock.

It starts quickly and imports what a command needs only when it runs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final

from .clients import ApiError
from .errors import CallFailed, Interrupted, RunbookError

EXIT_CODES: Final = """\
exit codes:
   0  done, or a dry run without objections
   1  stopped for a reason that the message names
   2  the command line does not fit together
  10  no readable plan           11  plan, journal or credentials of another workload
  12  the endpoint is not on this machine, and --aws was not given
  20  the Region is active already
  21  more data may be lost than the objective allows, and nobody agreed to it
  22  going on could leave two writers
  23  something that the next step needs is missing
  30  a step acted and is not proven (yet): run the same command again
  31  AWS refused a call, or a Region that is needed does not answer
  40  another runner works on this workload
  41  a run of the other direction is half-way through
  42  the journal is damaged
  50  a drill did not end as the plan says
  51  a phase of the demo, or of a local deployment, failed
 130  interrupted; what a failover or failback did is in its journal, and the same command goes on
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Mistakes end in one message, never in a stack trace."""
    given = sys.argv[1:] if argv is None else argv
    options = parser(given).parse_args(given)
    try:
        return int(options.run(options))
    except RunbookError as error:
        return _failed(error, options)
    except KeyboardInterrupt:
        acting = "the journal is kept: the same command goes on"
        left = acting if getattr(options, "yes", False) else "what was started has been ended"
        return _failed(Interrupted(f"interrupted; {left}"), options)
    except BrokenPipeError:
        # Whoever read our output has left; nothing more to say, and nothing may complain at exit.
        sys.stderr.close()
        return 1
    except ApiError as error:
        return _failed(CallFailed(str(error)), options)
    except OSError as error:
        return _failed(RunbookError(f"{error.filename or 'the system'}: {error.strerror or error}"), options)


def parser(argv: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The command line as data.

    Args:
        argv: what was typed; left out, every command is known. The review, which imports the most, is only
            loaded when it or nothing in particular is asked for.
    """
    top = argparse.ArgumentParser(
        prog="cdk-standby",
        description="Fail over, fail back and rehearse, from a plan that was made at synth. Dry run is the default.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _plan(commands)
    _failover(commands)
    _failback(commands)
    _status(commands)
    _drill(commands)
    _demo(commands)
    if not argv or argv[0] not in commands.choices:
        import_module("cdk_standby_review.cli").add_command(commands)
        import_module("cdk_standby_review.costs.cli").add_command(commands)
        import_module("cdk_standby_review.advice.cli").add_command(commands)
        import_module("cdk_standby_review.locks.cli").add_command(commands)
    return top


def _command(commands: Any, name: str, does: str, runs: str) -> argparse.ArgumentParser:
    """A sub-command whose code is imported when it runs; `runs` is ``module:function``."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=does, description=does, epilog=EXIT_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    module, function = runs.split(":")

    def run(options: argparse.Namespace) -> int:
        chosen: Callable[[argparse.Namespace], int] = getattr(import_module(f"{__package__}.{module}"), function)
        return chosen(options)

    made.set_defaults(run=run)
    return made


def _plan(commands: Any) -> None:
    command = _command(commands, "plan", "show a recovery plan", "commands:show_plan")
    _source(command)


def _failover(commands: Any) -> None:
    command = _command(
        commands, "failover", "make the recovery Region the active one (dry run without --yes)", "commands:fail_over"
    )
    _source(command)
    _acting(command)
    command.add_argument(
        "--planned", action="store_true", help="switch over without losing a write; needs both Regions to answer"
    )
    command.add_argument(
        "--accept-data-loss",
        metavar="WORDS",
        help='needed when more may be lost than the objective allows: "up to N seconds" (minutes, hours), or '
        '"an unknown amount"',
    )

    command.add_argument(
        "--accept-instances",
        metavar="N",
        type=_at_least_one,
        help="move traffic once N instances are healthy; left out: as many as the plan asks for",
    )


def _at_least_one(typed: str) -> int:
    if not typed.isdecimal() or int(typed) < 1:
        raise argparse.ArgumentTypeError(f"{typed!r} is no number of instances; allowed: 1 or more")
    return int(typed)


def _failback(commands: Any) -> None:
    command = _command(
        commands,
        "failback",
        "make the primary Region the active one again (dry run without --yes)",
        "commands:fail_back",
    )
    _source(command)
    _acting(command)


def _status(commands: Any) -> None:
    command = _command(commands, "status", "ask every Region how the workload stands", "commands:show_status")
    _source(command)
    _journal(command)


def _drill(commands: Any) -> None:
    command = _command(
        commands, "drill", "lose a Region, fail over, get it back, fail back, on a local AWS", "drill:command"
    )
    _source(command)
    command.add_argument(
        "--local", action="store_true", help="start a local AWS and deploy the assembly of --cdk-out to it first"
    )
    command.add_argument("--cdk-out", default="cdk.out", metavar="FOLDER", help="with --local; left out: cdk.out")
    command.add_argument("--report", metavar="FILE", help="write measured and documented times there, as JSON")


def _demo(commands: Any) -> None:
    command = _command(
        commands,
        "demo",
        "synth, validate, deploy, review and rehearse the reference workload on this machine",
        "demo:command",
    )
    command.add_argument(
        "--out", default=".cdk-standby/demo", metavar="FOLDER", help="where demo-review.md and demo-drill.json go"
    )
    command.add_argument(
        "--strategy",
        default="warm-standby",
        choices=("pilot-light", "warm-standby", "multi-site"),
        help="which one of app.py; left out: warm-standby",
    )
    command.add_argument("--keep", action="store_true", help="keep the folder with cdk.out and the logs for a look")
    command.set_defaults(json=False)


def _source(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("which plan, and where calls go")
    group.add_argument("--plan", metavar="FILE", help="a plan that synth wrote, such as cdk.out/shop.plan.json")
    group.add_argument(
        "--from-region", metavar="REGION", help="read the stored plan from that Region; needs --workload"
    )
    group.add_argument("--workload", metavar="NAME", help="with --plan: refuse the plan of any other workload")
    group.add_argument("--endpoint-url", metavar="URL", help="left out: AWS_ENDPOINT_URL")
    group.add_argument(
        "--aws", action="store_true", help="the real account is meant; without it only this machine is called"
    )
    group.add_argument("--json", action="store_true", help="print JSON")


def _acting(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("acting")
    group.add_argument("--yes", action="store_true", help="act; left out: print what would be done, and change nothing")
    group.add_argument("--to", metavar="REGION", help="refuse unless the runbook leads there")
    group.add_argument(
        "--close-unfinished", metavar="WHY", help="close a half-finished run of the other direction, with the reason"
    )
    _journal(group)


def _journal(command: Any) -> None:
    command.add_argument("--journal", metavar="FILE", help="left out: .cdk-standby/journal/<workload>-<run>.jsonl")


def _failed(error: RunbookError, options: argparse.Namespace) -> int:
    if getattr(options, "json", False):
        kind = type(error).__name__
        print(json.dumps({"error": {"kind": kind, "exit_code": error.exit_code, "message": str(error)}}))
    print(f"cdk-standby: {error}", file=sys.stderr)
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
