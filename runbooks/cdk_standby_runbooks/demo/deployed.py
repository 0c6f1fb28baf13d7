"""An assembly, deployed to a local AWS by the real CDK CLI."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import DemoFailed
from ..local_aws import LocalAws
from ..plan import Plan
from .processes import run
from .tools import cdk_cli, repository, with_tools

Hears = Callable[[str], None]


def environments(assembly: Path) -> list[str]:
    """Where its stacks go, as ``aws://ACCOUNT/REGION``.

    Raises:
        DemoFailed: there is no assembly.
    """
    stacks = _stacks(assembly)
    return sorted({str(stack["environment"]) for stack in stacks})


def stack_names(assembly: Path) -> list[str]:
    """The stacks by the names that the CLI prints."""
    return [str(stack.get("displayName") or name) for name, stack in _named(assembly)]


def bootstrap(assembly: Path, env: Mapping[str, str], folder: Path, hears: Hears = lambda _: None) -> None:
    """``cdk bootstrap`` of every Region that the assembly deploys to."""
    command = [str(cdk_cli(repository())), "bootstrap", *environments(assembly)]
    run(command, cwd=folder, env=env, log=folder / "bootstrap.log", hears=hears)


def deploy(assembly: Path, env: Mapping[str, str], folder: Path, hears: Hears = lambda _: None) -> None:
    """``cdk deploy --all`` of the assembly as it is: nothing is synthesized again."""
    options = ["--all", "--require-approval", "never", "--progress", "events", "--app", str(assembly.resolve())]
    command = [str(cdk_cli(repository())), "deploy", *options, "--output", str(folder / "deploy.out")]
    run(command, cwd=folder, env=env, log=folder / "deploy.log", hears=hears)


def prepare(aws: LocalAws, plan: Plan) -> None:
    """What a person has before the first deployment: the domain's hosted zone, with the id that templates name."""
    if plan.traffic is not None and plan.traffic.hosted_zone_id:
        aws.client("route53").create_hosted_zone(
            Name=plan.traffic.domain, CallerReference=f"local-aws-id:{plan.traffic.hosted_zone_id}"
        )


@contextmanager
def deployed(assembly: Path, plan: Plan) -> Generator[str]:
    """A local AWS with the assembly deployed to it; gives its endpoint, and ends it afterwards."""
    environments(assembly)
    with tempfile.TemporaryDirectory(prefix="cdk-standby-") as name, LocalAws(account=plan.account) as aws:
        env, folder = with_tools(aws.environment()), Path(name)
        prepare(aws, plan)
        bootstrap(assembly, env, folder)
        deploy(assembly, env, folder)
        yield aws.endpoint


def _stacks(assembly: Path) -> list[Mapping[str, Any]]:
    return [stack for _, stack in _named(assembly)]


def _named(assembly: Path) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    except (OSError, ValueError, KeyError):
        raise DemoFailed(f"{assembly} is no cloud assembly; make one: cdk synth --output {assembly}") from None
    return [(name, found) for name, found in artifacts.items() if found["type"] == "aws:cloudformation:stack"]
