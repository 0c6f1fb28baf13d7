"""The lock of data as a gate of `cdk synth`: what CloudFormation would replace or delete is said before it does."""

from __future__ import annotations

from pathlib import Path

import jsii
from aws_cdk import (
    App,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
)

from cdk_standby_review import UnreadableInput, read
from cdk_standby_review.locks.breaches import Breach, breaches
from cdk_standby_review.locks.conditions import UPDATES
from cdk_standby_review.locks.lock import FILE, read_lock

NAME = "cdk-standby-lock"
UNUSABLE = "data-lock-unusable"


@jsii.implements(IPolicyValidationPlugin)
class ReplacementGuard:
    """Fails synth when locked data would be replaced, deleted or lose its protection.

    Survives: a changed construct id, an upgrade of a library, a refactoring, a property that can only be set when a
    database is made. Does not see what happens outside of the app: a stack deleted by hand, or data deleted in it.

    The lock is a file beside the app that is committed. It is made by ``cdk-standby lock cdk.out``, which also adds
    what is new; a change of locked data is accepted with ``--because "..."``, and the reason stays in the file. A lock
    that is missing or unreadable fails synth too: a path with a typing mistake would guard nothing.

    Add one to the app, never one per stage: it looks at the whole assembly.

        Validations.of(app).add_plugins(ReplacementGuard())
    """

    def __init__(self, *, lock: str = FILE) -> None:
        """Make a guard.

        Args:
            lock: the file, from the folder in which the app runs; left out: ``data.lock.json``.
        """
        self._lock = lock

    @property
    def name(self) -> str:
        """What acknowledgements begin with; `cdk-standby lock --because` is the better way, since it ends."""
        return NAME

    @property
    def version(self) -> str | None:
        """Left out: the report of a synth must not change with a release that finds the same."""
        return None

    @property
    def rule_ids(self) -> list[str]:
        """Everything that can be found."""
        return ["data-replaced", "data-deleted", "data-unprotected", UNUSABLE]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Hold what was just synthesized against the lock."""
        app = context.app_construct.node.root
        assert isinstance(app, App)
        outdir = Path(app.outdir)
        try:
            found = breaches(read_lock(self._lock), read(outdir), self._lock)
            violations = [_violation(breach, outdir, self._lock) for breach in found]
        except UnreadableInput as unusable:
            violations = [_unusable(str(unusable), self._lock)]
        return PolicyValidationPluginReport(success=not violations, violations=violations)


def _violation(breach: Breach, outdir: Path, lock: str) -> PolicyViolation:
    """With a resource even when that is gone: what is violated by nothing lets synth pass."""
    resource = PolicyViolatingResource(
        resource_logical_id=breach.logical_id or breach.stack,
        template_path=str(outdir / breach.template.file) if breach.template else lock,
        locations=[f"Properties/{breach.property}" if breach.property else "Resources"],
    )
    return PolicyViolation(
        rule_name=str(breach.effect),
        description=breach.message,
        fix=f"{breach.fix} ({breach.source})",
        severity="error",
        violating_resources=[resource],
    )


def _unusable(why: str, lock: str) -> PolicyViolation:
    return PolicyViolation(
        rule_name=UNUSABLE,
        description=why,
        fix=f"give the file that is committed, or make one: cdk-standby lock cdk.out --file {lock} ({UPDATES})",
        severity="error",
        violating_resources=[
            PolicyViolatingResource(resource_logical_id="stacks", template_path=lock, locations=["stacks"])
        ],
    )
