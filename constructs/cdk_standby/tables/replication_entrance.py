"""Where a replicator of another account comes in."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from .._checks import Rule, check
from ..relational._parts import NIST, accept
from ._replicator_rules import ROLE
from ._replicator_values import Replicated, write


class ReplicationEntrance(Construct):
    """The role with which a `StreamReplicator` of another account puts items into a table, and can do nothing else.

    It survives what IAM survives. Neither stack needs the other: they agree on the names of two roles, and the trust
    names the account, with the role as a condition, so that it may be deployed before the role exists.
    """

    role: iam.Role

    def __init__(
        self, scope: Construct, id: str, *, table: Replicated, role_name: str, from_account: str, from_role: str
    ) -> None:
        """Make the role.

        Args:
            scope: the parent, in the account and Region of the table that gets the changes.
            id: unique among the parent's children.
            table: the table that gets the changes, with its key.
            role_name: what the replicator calls ``to.role_name``. Create-only.
            from_account: the replicator's account.
            from_role: what the replicator calls ``role_name``.

        Raises:
            InvalidOptions: a name that IAM does not take, or the account is this one
                (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html).
        """
        super().__init__(scope, id)
        stack = Stack.of(self)
        check(self, RULES, {**locals(), "account": stack.account})
        caller = stack.format_arn(
            service="iam", region="", account=from_account, resource="role", resource_name=from_role
        )
        trusted = iam.PrincipalWithConditions(
            iam.AccountPrincipal(from_account), {"ArnEquals": {"aws:PrincipalArn": caller}}
        )
        self.role = iam.Role(self, "Role", role_name=role_name, assumed_by=trusted)
        for statement in write(table):
            self.role.add_to_policy(statement)
        accept(self.role, "the policy belongs to this role and goes with it", NIST + "IAMNoInlinePolicy")


RULES = [
    ROLE,
    Rule(
        option="from_role",
        broken=lambda o: ROLE.broken({"role_name": o["from_role"]}),
        allowed=ROLE.allowed,
        why=ROLE.why,
        source=ROLE.source,
    ),
    Rule(
        option="from_account",
        broken=lambda o: len(o["from_account"]) != 12 or not o["from_account"].isdigit(),
        allowed="an account, twelve digits",
        why="the trust names it",
    ),
    Rule(
        option="from_account",
        reads=("account",),
        broken=lambda o: o["from_account"] == o["account"],
        allowed="another account than that of the table",
        why="in its own account the replicator writes under its own role",
    ),
]
