"""Switches of ARC that move traffic between Regions, turned by a data plane in five Regions."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_route53recoverycontrol as arc
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import arc as facts

from .._checks import check
from ._control_rules import CONTROLS, unnamed
from .health_checks import RoutingControlCheck

_TURN = ("route53-recovery-cluster:GetRoutingControlState", "route53-recovery-cluster:UpdateRoutingControlStates")
_WAIT = Duration.seconds(5)


class RoutingControls(Construct):
    """One routing control for each Region or cell, rules that keep some of them on, and health checks for records.

    Region loss: a cluster answers on five endpoints in five Regions, and takes changes while three of them are there;
    `cdk_standby_runbooks.routing_controls.flip` tries them in turn. No record is edited, and us-west-2, through which
    all of this is made, is not needed. A cluster costs about 2.50 USD an hour, used or not: share one by `cluster_arn`.
    Controls are off until somebody turns them on. https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.html
    """

    cluster: arc.CfnCluster | None
    """None: somebody else's is used."""
    cluster_arn: str
    control_panel: arc.CfnControlPanel
    controls: dict[str, arc.CfnRoutingControl]
    """By cell."""
    gate: arc.CfnRoutingControl | None
    """While it is off, no cell can be turned; None: there is none."""
    checks: dict[str, RoutingControlCheck]
    """By cell: what the cell's records follow."""
    safety_rules: tuple[arc.CfnSafetyRule, ...]
    detection: Range
    """Seconds from turning a control until its health check knows."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        cells: Sequence[str],
        at_least_on: int = 1,
        gate: str | None = None,
        wait: Duration | None = None,
        cluster_arn: str | None = None,
        dual_stack: bool = False,
    ) -> None:
        """Make the controls.

        Args:
            scope: the parent, in a stack of us-west-2 or us-east-1: CloudFormation has these types nowhere else.
            id: unique among the parent's children.
            name: of the cluster and of the control panel. Another one makes another cluster, whose controls are off:
                never change it while records follow them. Create-only.
            cells: 2 to 10 of them, Regions as a rule: so many are turned by one call, all or none. Taking one away
                deletes its control.
            at_least_on: how many a change must leave on, fewer than there are; left out: 1. It never is the last one
                that is turned off.
            gate: the name of one more control, without which no cell can be turned; left out: no gate.
            wait: how long after a change the next one is refused, up to a minute; left out: 5 seconds.
            cluster_arn: a cluster that is there, which others may share with this account; left out: one is made.
                Create-only.
            dual_stack: True lets its endpoints be reached by IPv6 too; left out: IPv4.

        Raises:
            InvalidOptions: options that cannot work, all of them at once
                (https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.quotas.html).
        """
        super().__init__(scope, id)
        check(self, CONTROLS, {**locals(), "stack": Stack.of(self).region}, also=unnamed(self.node.path, cells))
        self._wait = (wait or _WAIT).to_milliseconds()
        self.detection = facts.FLIP.value
        self.cluster = None if cluster_arn else self._cluster(name, dual_stack)
        self.cluster_arn = self.cluster.attr_cluster_arn if self.cluster else str(cluster_arn)
        self.control_panel = self._panel(name)
        self.controls = {cell: self._control(f"Control-{cell}", cell) for cell in cells}
        self.gate = self._control("Gate", gate) if gate else None
        self.checks = {cell: self._check(cell, control) for cell, control in self.controls.items()}
        self.safety_rules = (self._some_on(at_least_on), *([self._gated(self.gate)] if self.gate else []))

    @property
    def arns(self) -> dict[str, str]:
        """The ARN of each control, by cell: write them down where whoever flips can read them in any Region."""
        return {cell: control.attr_routing_control_arn for cell, control in self.controls.items()}

    def grant_flip(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody read and turn these controls, and the gate; never override their safety rules.

        Args:
            grantee: a role or user, best one that needs no other Region to be assumed.
        """
        gate = [self.gate.attr_routing_control_arn] if self.gate else []
        return iam.Grant.add_to_principal(
            grantee=grantee, actions=list(_TURN), resource_arns=[*self.arns.values(), *gate]
        )

    def _cluster(self, name: str, dual_stack: bool) -> arc.CfnCluster:
        kind = "DUALSTACK" if dual_stack else "IPV4"
        cluster = arc.CfnCluster(self, "Cluster", name=name, network_type=kind)
        _without_tags(cluster)
        return cluster

    def _panel(self, name: str) -> arc.CfnControlPanel:
        panel = arc.CfnControlPanel(self, "Panel", name=name, cluster_arn=self.cluster_arn)
        _without_tags(panel)
        return panel

    def _control(self, id: str, name: str) -> arc.CfnRoutingControl:
        return arc.CfnRoutingControl(
            self,
            id,
            name=name,
            cluster_arn=self.cluster_arn,
            control_panel_arn=self.control_panel.attr_control_panel_arn,
        )

    def _check(self, cell: str, control: arc.CfnRoutingControl) -> RoutingControlCheck:
        arn = control.attr_routing_control_arn
        return RoutingControlCheck(self, f"Check-{cell}", routing_control_arn=arn, name=f"{cell} is on")

    def _some_on(self, at_least: int) -> arc.CfnSafetyRule:
        asserted = [*self.arns.values()]
        return self._rule(
            "SomeOn",
            at_least,
            assertion_rule=arc.CfnSafetyRule.AssertionRuleProperty(
                asserted_controls=asserted, wait_period_ms=self._wait
            ),
        )

    def _gated(self, gate: arc.CfnRoutingControl) -> arc.CfnSafetyRule:
        gating = arc.CfnSafetyRule.GatingRuleProperty(
            gating_controls=[gate.attr_routing_control_arn],
            target_controls=[*self.arns.values()],
            wait_period_ms=self._wait,
        )
        return self._rule("Gated", 1, gating_rule=gating)

    def _rule(
        self,
        id: str,
        threshold: int,
        *,
        assertion_rule: arc.CfnSafetyRule.AssertionRuleProperty | None = None,
        gating_rule: arc.CfnSafetyRule.GatingRuleProperty | None = None,
    ) -> arc.CfnSafetyRule:
        return arc.CfnSafetyRule(
            self,
            id,
            name=id,
            control_panel_arn=self.control_panel.attr_control_panel_arn,
            rule_config=arc.CfnSafetyRule.RuleConfigProperty(inverted=False, threshold=threshold, type="ATLEAST"),
            assertion_rule=assertion_rule,
            gating_rule=gating_rule,
        )


def _without_tags(resource: arc.CfnCluster | arc.CfnControlPanel) -> None:
    """Another tag would replace it, and with it every control that is on."""
    resource.add_property_deletion_override("Tags")
