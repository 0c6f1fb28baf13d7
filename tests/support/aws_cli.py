"""Whether the AWS CLI would take a command: its subcommand and options are the operations and members of botocore."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import botocore.session
import jmespath
from botocore import xform_name

GLOBAL = {"--region", "--query", "--output", "--profile", "--no-cli-pager"}
WAITER = "wait"


def takes(words: Sequence[str]) -> bool:
    """`takes(["backup", "list-recovery-points-by-backup-vault", "--backup-vault-name", "shop"])`."""
    service, operation, *arguments = words
    if operation == WAITER:
        operation, arguments = WAITERS[service, arguments[0]], arguments[1:]
    known = operations(service).get(operation)
    if known is None:
        return False
    model = known.input_shape
    members = {dashed(name): shape.type_name for name, shape in (model.members if model else {}).items()}
    flags = {f"--no-{name}" for name, kind in members.items() if kind == "boolean"}
    given = [word for word in arguments if word.startswith("--")]
    options = {f"--{name}" for name in members} | flags | GLOBAL
    required = {f"--{dashed(name)}" for name in (model.required_members if model else [])}
    return set(given) <= options and required <= set(given) and readable(arguments)


def readable(arguments: Sequence[str]) -> bool:
    """A query that JMESPath can read, if there is one."""
    if "--query" in arguments:
        jmespath.compile(arguments[arguments.index("--query") + 1])
    return True


@functools.cache
def operations(service: str) -> dict[str, Any]:
    """The operations of a service, as the CLI writes them."""
    model = botocore.session.get_session().get_service_model(service)
    return {dashed(name): model.operation_model(name) for name in model.operation_names}


def dashed(name: str) -> str:
    """As the CLI writes what the API writes in capitals."""
    return xform_name(name).replace("_", "-")


WAITERS = {("rds", "db-cluster-available"): "describe-db-clusters"}
"""The operation that a waiter asks, which gives it its options."""
