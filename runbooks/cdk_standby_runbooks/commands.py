"""What the sub-commands do, once the command line is understood."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .boto import BotoClients, allowed_endpoint, is_loopback
from .clients import Clients
from .clock import SystemClock
from .consent import Consent
from .errors import Usage
from .journal import FOLDER, Journal, find_journal, locked
from .plan import Plan
from .run import LOCAL_PACE, Pace, Run
from .runner import Event, Preview, describe_fact, execute, preview, refuse_active
from .show import event_line, outcome_lines, plan_lines, preview_lines
from .source import plan_from_file, plan_from_region
from .status import status, status_lines


def show_plan(options: Namespace) -> int:
    """``cdk-standby plan``."""
    clients = None if options.plan else BotoClients(allowed_endpoint(options.endpoint_url, aws=options.aws))
    plan = read_plan(options, clients)
    print(plan.to_json() if options.json else "\n".join(plan_lines(plan)))
    return 0


def show_status(options: Namespace) -> int:
    """``cdk-standby status``."""
    clients = BotoClients(allowed_endpoint(options.endpoint_url, aws=options.aws))
    plan = read_plan(options, clients)
    found = status(plan, clients, SystemClock())
    begun = _journal(options, plan, "status").begun
    found["unfinished"] = dict(begun) if begun else None
    print(json.dumps(found, indent=2) if options.json else "\n".join(status_lines(found)))
    if begun and not options.json:
        print(f"  half-way through: {begun['runbook']} that began at {begun['at']}")
    return 0


def fail_over(options: Namespace) -> int:
    """``cdk-standby failover``."""
    return _move(options, "planned" if options.planned else "failover")


def fail_back(options: Namespace) -> int:
    """``cdk-standby failback``."""
    return _move(options, "failback")


def read_plan(options: Namespace, clients: Clients | None) -> Plan:
    """From the file or the Region that the command line names.

    Raises:
        Usage: it names neither, or both, or a Region without a workload.
    """
    if options.plan and options.from_region:
        raise Usage("--plan and --from-region are two sources of one plan; give one")
    if options.plan:
        return plan_from_file(Path(options.plan), options.workload)
    if not options.from_region or not options.workload:
        raise Usage("which plan? give --plan FILE, or --from-region REGION and --workload NAME")
    assert clients is not None
    return plan_from_region(clients, options.from_region, options.workload)


def _move(options: Namespace, runbook: str) -> int:
    endpoint = allowed_endpoint(options.endpoint_url, aws=options.aws)
    consent = Consent.parse(options.accept_data_loss) if getattr(options, "accept_data_loss", None) else None
    clients = BotoClients(endpoint)
    plan = read_plan(options, clients)
    local = endpoint is not None and is_loopback(endpoint)
    run = Run(
        plan=plan,
        runbook=runbook,
        clients=clients,
        clock=SystemClock(),
        journal=_journal(options, plan, runbook),
        consent=consent,
        fewest=getattr(options, "accept_instances", None),
        pace=LOCAL_PACE if local else Pace(),
    )
    _check_target(options, run)
    if not options.yes:
        return _dry(options, run)
    with locked(_lock(options, plan), plan.workload):
        # Read again: until the lock was ours, another runner may have written.
        run.journal = _journal(options, plan, runbook)
        _close_if_asked(options, run)
        return _act(options, run, local=local)


def _dry(options: Namespace, run: Run) -> int:
    previews = preview(run)
    if options.json:
        print(json.dumps({"run": _run_dict(run), "steps": [_preview_dict(p) for p in previews]}, indent=2))
    else:
        print("\n".join(preview_lines(run, previews)))
    for refused in previews:
        if refused.refusal:
            raise refused.refusal
    if not options.json:
        print("to act, give the same command --yes")
    return 0


def _act(options: Namespace, run: Run, *, local: bool) -> int:
    def say(event: Event) -> None:
        line = event_line(event)
        if line and not options.json:
            print(line, flush=True)

    outcomes = execute(run, say)
    if options.json:
        steps = [outcome.to_dict() for outcome in outcomes]
        print(json.dumps({"run": _run_dict(run), "steps": steps, "measured_on": "local" if local else "aws"}, indent=2))
    else:
        print("\n".join(outcome_lines(run, outcomes, local=local)))
    return 0


def _check_target(options: Namespace, run: Run) -> None:
    if options.to in (None, run.to):
        return
    if options.to not in run.plan.regions:
        known = " and ".join(run.plan.regions)
        raise Usage(f"--to is {options.to}; {run.plan.workload} lives in {known}")
    refuse_active(run, options.to)
    raise Usage(
        f"--to is {options.to}, and a {run.direction} goes to {run.to}; "
        f"the way to {options.to} is: cdk-standby {'failback' if run.direction == 'failover' else 'failover'}"
    )


def _close_if_asked(options: Namespace, run: Run) -> None:
    if options.close_unfinished and run.journal.begun:
        run.note("closed", because=options.close_unfinished)
        run.journal = _journal(options, run.plan, run.runbook)


def _lock(options: Namespace, plan: Plan) -> Path:
    """Beside the journal: whoever writes the same one is kept away."""
    return Path(f"{options.journal}.lock") if options.journal else FOLDER / f"{plan.workload}.lock"


def _journal(options: Namespace, plan: Plan, name: str) -> Journal:
    if options.journal:
        return Journal.read(Path(options.journal), plan.workload)
    return find_journal(FOLDER, plan.workload, f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{name}")


def _run_dict(run: Run) -> dict[str, Any]:
    return {"workload": run.plan.workload, "runbook": run.runbook, "from": run.away, "to": run.to}


def _preview_dict(previewed: Preview) -> dict[str, Any]:
    step, found = previewed.step, previewed.found
    return {
        "step": step.title,
        "says": step.says,
        "calls": [*step.calls],
        "need": str(found.need) if found else "refused",
        "now": found.says if found else str(previewed.refusal),
        "aws": describe_fact(step.takes),
    }
