"""Where a plan comes from: a file, or the parameter that every Region of the deployment holds."""

from __future__ import annotations

from pathlib import Path

from .clients import ApiError, Clients
from .errors import CallFailed, PlanOfAnotherWorkload, PlanUnreadable
from .plan import Plan


def parameter_name(workload: str) -> str:
    """The SSM parameter that holds the plan."""
    return f"/cdk-standby/{workload}/plan"


def plan_from_file(path: Path, workload: str | None = None) -> Plan:
    """Read a file such as ``cdk.out/shop.plan.json``.

    Raises:
        PlanUnreadable: there is no such file, or it holds no plan.
        PlanOfAnotherWorkload: `workload` was given, and the plan is of another one.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PlanUnreadable(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise PlanUnreadable(f"{path} is not a text file") from None
    return _of(Plan.from_json(text, source=str(path)), workload, str(path))


def plan_from_region(clients: Clients, region: str, workload: str) -> Plan:
    """Read the parameter in a living Region; needs neither the repository nor the other Region.

    Raises:
        PlanUnreadable: the Region holds no plan of that workload.
        PlanOfAnotherWorkload: somebody stored another one under its name.
        CallFailed: the Region does not answer.
    """
    name = parameter_name(workload)
    try:
        text = str(clients.ssm(region).get_parameter(Name=name)["Parameter"]["Value"])
    except ApiError as error:
        if error.code == "ParameterNotFound":
            raise PlanUnreadable(f"{region} holds no plan of {workload}: there is no SSM parameter {name}") from None
        said = "refuses" if error.reachable else "does not answer"
        raise CallFailed(
            f"{region} {said} ({error.call}: {error.message}); the plan is in the other Region too"
        ) from None
    return _of(Plan.from_json(text, source=f"{name} in {region}"), workload, f"{name} in {region}")


def _of(plan: Plan, workload: str | None, source: str) -> Plan:
    if workload is not None and plan.workload != workload:
        raise PlanOfAnotherWorkload(f"{source} is the plan of {plan.workload}, not of {workload}; nothing was done")
    return plan
