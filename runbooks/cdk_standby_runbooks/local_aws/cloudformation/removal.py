"""Deletes resources the way their policies say."""

from __future__ import annotations

from collections.abc import Container, Iterable

from .store import Resource, Stack, now
from .template import in_order, invalid
from .tools import Tools, reason

# How a snapshot is taken before a deletion: service, operation, parameter of the source, parameter of the snapshot.
SNAPSHOTS = {
    "AWS::RDS::DBCluster": ("rds", "create_db_cluster_snapshot", "DBClusterIdentifier", "DBClusterSnapshotIdentifier"),
    "AWS::RDS::DBInstance": ("rds", "create_db_snapshot", "DBInstanceIdentifier", "DBSnapshotIdentifier"),
}


def remove(
    tools: Tools, stack: Stack, resources: Iterable[Resource], *, replaced: Container[str] = ()
) -> list[Resource]:
    """Delete, dependents first; gives back what could not be deleted. What was `replaced` has a policy of its own."""
    by_id = {resource.logical_id: resource for resource in resources}
    left: list[Resource] = []
    for name in reversed(in_order({name: resource.body for name, resource in by_id.items()})):
        resource = by_id[name]
        wanted = resource.policy("UpdateReplacePolicy" if name in replaced else "DeletionPolicy")
        if wanted in ("Retain", "RetainExceptOnCreate"):
            stack.tell("DELETE_SKIPPED", of=resource)
            continue
        stack.tell("DELETE_IN_PROGRESS", of=resource)
        context = tools.context(stack, name, resource.type, resource.attempt, lambda _: None)
        try:
            if wanted == "Snapshot":
                _snapshot(tools, stack, resource)
            tools.handlers[resource.type].delete(context, resource.made, resource.properties)
        except Exception as error:  # the rest is still deleted, as on AWS
            stack.tell("DELETE_FAILED", reason(error), of=resource)
            left.append(resource)
        else:
            stack.tell("DELETE_COMPLETE", of=resource)
    return left


def destroy(tools: Tools, stack: Stack, retain: set[str]) -> None:
    """Delete a whole stack, which is already in `DELETE_IN_PROGRESS`."""
    store = tools.outside.store
    for name, (owner, _) in store.exports(stack.region).items():
        users = [other.name for other in store.living(stack.region) if other is not stack and name in other.imports]
        if owner is stack and users:
            stack.tell("DELETE_FAILED", f"Cannot delete export {name} as it is in use by {', '.join(users)}.")
            return
    kept = [name for name in stack.resources if name in retain]
    for name in kept:
        stack.tell("DELETE_SKIPPED", of=stack.resources.pop(name))
    left = remove(tools, stack, stack.resources.values())
    stack.resources = {resource.logical_id: resource for resource in left}
    if left:
        names = ", ".join(resource.logical_id for resource in left)
        stack.tell("DELETE_FAILED", f"The following resource(s) failed to delete: [{names}].")
    else:
        stack.outputs, stack.imports = [], set()
        stack.deleted = now()
        stack.tell("DELETE_COMPLETE")


def _snapshot(tools: Tools, stack: Stack, resource: Resource) -> None:
    if resource.type not in SNAPSHOTS:
        raise invalid(f"a final snapshot of {resource.type} is not modelled by this local AWS")
    service, operation, source, name = SNAPSHOTS[resource.type]
    identifier = f"{stack.name}-snapshot-{resource.logical_id}".lower()[:50].rstrip("-") + f"-{len(stack.events)}"
    getattr(tools.outside.clients(service, stack.region), operation)(
        **{source: resource.made.physical_id, name: identifier}
    )
