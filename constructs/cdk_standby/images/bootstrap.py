"""Software or data that is fetched when an instance starts, by a launch that waits until it has worked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from aws_cdk import CfnCreationPolicy, CfnResource, CfnResourceSignal, Duration
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_standby_review.facts import images as facts

from .._checks import Options, Problem, Rule, check
from .._reasons import weakened
from ..relational._operated import unknown_at_synth

__all__ = ["Bootstrap", "Launches"]

_DATA = "Data"
_INIT = "AWS::CloudFormation::Init"
_HELPERS = "test -x /opt/aws/bin/cfn-init || dnf install -y aws-cfn-bootstrap"


class Launches(Protocol):
    """What launches instances: a `Service`, a `Fleet`, a `PersistentVolume`, or anything of the same shape."""

    @property
    def group(self) -> autoscaling.AutoScalingGroup:
        """The group that launches them."""
        ...

    @property
    def user_data(self) -> ec2.UserData:
        """What runs at their first boot."""
        ...

    @property
    def role(self) -> iam.IRole:
        """What they may do."""
        ...


class Bootstrap(Construct):
    """What an instance does at its first boot, and a deployment that fails when it does not work.

    With a base image it brings all software (a dynamic image); with a `GoldenImage` it only brings data (a mixed
    one). CloudFormation waits for a signal of each instance when it makes the group: what cannot start never
    counts as deployed. Later launches, after the loss of an instance or a zone, run the same steps:
    whatever they download must be reachable in that hour, so keep it in this Region. Region loss: the other Region
    has a bootstrap of its own.
    """

    group: autoscaling.AutoScalingGroup
    timeout: Duration
    """How long CloudFormation waits."""
    waits_for: int
    """Signals that CloudFormation waits for; 0: none."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: Launches,
        init: ec2.CloudFormationInit | None = None,
        config_sets: Sequence[str] = ("default",),
        data: Sequence[str] = (),
        instances: int | None = None,
        timeout: Duration | None = None,
        unsignalled_because: str | None = None,
    ) -> None:
        """Add the steps to what launches instances.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            of: a `Service`, a `Fleet`, or anything with `group`, `user_data` and `role`, on Linux; it is changed in
                place.
            init: packages, files, services and commands, as cfn-init takes them. A change of them replaces the
                instances. Left out: `data` is all there is.
            config_sets: of `init`, in this order; left out: ``default``.
            data: shell commands that fetch what changes more often than the image, after `init`; the first that fails
                ends the launch. Left out: nothing is fetched.
            instances: how many have to signal when the group is made; left out: as many as it runs at least, if that
                is known (a `Service` and a `Fleet` know it), else one. 0, as in a pilot light: nothing is waited for.
            timeout: how long CloudFormation waits, up to 12 hours; left out: 15 minutes.
            unsignalled_because: why the deployment does not wait for the instances.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html).
        """
        super().__init__(scope, id)
        timeout = timeout or Duration.minutes(15)
        instances = int(getattr(of, "running", 1)) if instances is None else instances
        late = unknown_at_synth(self, instances=instances, timeout=timeout)
        check(self, RULES, locals(), also=[*_unfit(self, of), *late])
        weakened(self, "unsignalled", unsignalled_because)

        self.group, self.timeout = of.group, timeout
        self.waits_for = 0 if unsignalled_because is not None else instances
        steps, sets = _steps(init, config_sets, data)
        of.user_data.add_commands(_HELPERS)
        steps.attach(
            _resource(of),
            platform=ec2.OperatingSystemType.LINUX,
            instance_role=of.role,
            user_data=of.user_data,
            config_sets=sets,
        )
        if self.waits_for:
            wait = CfnResourceSignal(count=self.waits_for, timeout=timeout.to_iso_string())
            _resource(of).cfn_options.creation_policy = CfnCreationPolicy(resource_signal=wait)


def _steps(
    init: ec2.CloudFormationInit | None, sets: Sequence[str], data: Sequence[str]
) -> tuple[ec2.CloudFormationInit, list[str]]:
    """Data comes last, and before the signal: what has no data has not started."""
    commands = [ec2.InitCommand.shell_command(command, key=f"{number:03}-data") for number, command in enumerate(data)]
    if init is None:
        config = ec2.InitConfig(list(commands))
        return ec2.CloudFormationInit.from_config_sets(configs={_DATA: config}, config_sets={_DATA: [_DATA]}), [_DATA]
    if commands:
        init.add_config(_DATA, ec2.InitConfig(list(commands)))
        init.add_config_set(_DATA, [_DATA])
    return init, [*sets, *([_DATA] if commands else [])]


def _resource(of: Launches) -> CfnResource:
    resource = of.group.node.default_child
    assert isinstance(resource, CfnResource)
    return resource


def _unfit(where: Construct, of: Launches) -> Iterator[Problem]:
    reasons = {
        "cfn-init is called by its path on Linux": of.group.os_type is not ec2.OperatingSystemType.LINUX,
        "commands have no part of their own in multipart user data": isinstance(of.user_data, ec2.MultipartUserData),
        "a group has one set of steps": _resource(of).get_metadata(_INIT) is not None,
    }
    for why, is_so in reasons.items():
        if is_so:
            yield Problem(
                where=where.node.path,
                option="of",
                got=f"'{of.group.node.path}'",
                allowed="a group of Linux instances with a shell script, and without steps of its own",
                why=why,
                source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cfn-init.html",
            )


def _bad_timeout(options: Options) -> bool:
    timeout: Duration = options["timeout"]
    return not timeout.is_unresolved() and timeout.to_seconds(integral=False) not in facts.SIGNALS.value


RULES = (
    Rule(
        option="init",
        reads=("data",),
        broken=lambda o: o["init"] is None and not o["data"],
        allowed="steps, or commands as 'data'",
        why="there is nothing to do at launch",
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-init.html",
    ),
    Rule(
        option="timeout",
        broken=_bad_timeout,
        allowed="1 second to 12 hours",
        why=facts.SIGNALS.says,
        source=facts.SIGNALS.source,
    ),
    Rule(
        option="instances",
        broken=lambda o: o["instances"] < 0,
        allowed="0 or more",
        why="that many instances signal when the group is made",
        source=facts.SIGNALS.source,
    ),
)
