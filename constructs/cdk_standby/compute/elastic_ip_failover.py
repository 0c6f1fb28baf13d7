"""Static public addresses that move to a spare server."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cdk_standby_review.facts import Range
from cdk_standby_review.facts import ec2_addresses as facts

from .._alarms import add_alarms
from .._checks import check
from .._reasons import weakened
from ..alarm_topic import AlarmTopic
from . import _elastic_ip_alarms as watch
from . import _elastic_ip_parts as parts
from . import _elastic_ip_wiring as wiring
from ._elastic_ip_rules import RULES, problems_of
from ._elastic_ip_sides import InstancePair, Sides
from .elastic_ip_recovery import recovered
from .hot_spare import HotSpare

__all__ = ["ElasticIpFailover", "InstancePair"]


class ElasticIpFailover(Construct):
    """Static public IPv4 addresses for a server that cannot scale out, kept on whichever of two servers is healthy.

    Instance loss: a function moves the addresses to the spare after `time_to_serve`. Zone loss: the same, since the
    spare stands in another zone. Region loss: not survived; an address belongs to its Region. Connections break, and
    are made anew to the same address.

    The addresses never move to a server that fails its status checks, not again within `cool_down`, and not back by
    themselves. They stay in the account when the stack goes.
    """

    addresses: tuple[ec2.CfnEIP, ...]
    function: lambda_.Function
    dead_letters: sqs.Queue
    """Events that the function could not handle."""
    state: ssm.StringParameter
    """Who holds the addresses, and since when."""
    rules: tuple[events.Rule, ...]
    alarms: dict[str, cloudwatch.Alarm]
    detection: Range
    """Seconds until a server that fails its checks is known to fail."""
    time_to_serve: Range
    """Seconds from the failure until the addresses lead to the spare."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        between: HotSpare | InstancePair,
        key: kms.IKey,
        addresses: int = 1,
        quota: int = facts.QUOTA.value,
        period: Duration | None = None,
        evaluations: int = 2,
        detect_within: Duration | None = None,
        cool_down: Duration | None = None,
        fail_back: bool = False,
        recover: bool = False,
        look_every: Duration | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        paused_because: str | None = None,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Allocate addresses, and build what moves them.

        Args:
            scope: the parent, in the Region of the servers.
            id: unique among the parent's children; another id is another address, so keep it.
            between: the active server and its spare: a `HotSpare`, or two instances that are there.
            key: encrypts dead letters, log and environment of the function; its policy is extended for CloudWatch Logs,
                unless it is imported.
            addresses: how many, 1 to 15; left out: 1. Each is on a private address of its own, of which a `HotSpare`
                is told, and which instances that are there must have. More of them leave those that are there alone.
            quota: Elastic IP addresses that the account may have in the Region, of which those of this stack are
                counted; left out: 5.
            period: of the alarms that watch the servers, whole minutes; left out: 1 minute, as often as EC2 checks.
            evaluations: failed periods in a row until a server has failed, 1 to 1440; left out: 2.
            detect_within: the longest that detection may take, by `period` and `evaluations`; left out: nobody asks.
            cool_down: for how long after a takeover no other happens by itself, 1 to 1440 minutes; left out: 10
                minutes.
            fail_back: True moves the addresses back as soon as the active server is healthy and the cool-down is over,
                which interrupts clients once more; left out: they stay until somebody asks.
            recover: True adds EC2's recover action, for two instances that are there; left out: none, EC2 recovers
                instances by itself where it supports their type, and a group replaces them.
            look_every: how often the function looks without an event, 1 to 5 minutes; left out: 1 minute.
            log_retention: of the function; left out: three months.
            paused_because: why nothing moves by itself, during work on the servers say; otherwise it does.
            deletable_because: why the addresses may be released with the stack, in a lab; otherwise they are retained.
            alarms: who is told of takeovers and alarms; left out: nobody is.
            alarm_thresholds: other thresholds by name: Unserved (1: addresses on a healthy server), TakeoverErrors and
                DeadLetters (how many).
            alarms_off_because: alarms to leave out of these, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eip-overview.html).
        """
        super().__init__(scope, id)
        period, cool_down = period or Duration.minutes(1), cool_down or Duration.minutes(10)
        look_every = look_every or Duration.minutes(1)
        sides = Sides.of(between)
        check(self, RULES, locals(), also=problems_of(self, locals()))
        weakened(self, "paused", paused_because)
        weakened(self, "deletable", deletable_because)

        self.detection = watch.detection(period, evaluations)
        self.time_to_serve = self.detection + facts.LOOK.value + sides.ready + facts.MOVE.value
        self.addresses = parts.allocate(self, addresses, sides.vpc, deletable_because=deletable_because)
        failing = add_alarms(self, watch.failing(sides, period, evaluations), topic=alarms)
        kept = parts.Kept(key=key, log_retention=log_retention, deletable_because=deletable_because)
        self.state, self.dead_letters = parts.state(self), parts.dead_letters(self, kept)
        self.function = parts.function(self, kept, self.dead_letters)
        settings = wiring.Settings(
            sides=sides,
            alarms=failing,
            addresses=self.addresses,
            state=self.state,
            topic=alarms,
            cool_down=cool_down,
            fails_back=fail_back,
        )
        wiring.configure(self.function, settings)
        paused = paused_because is not None
        self.rules = wiring.look_at(self, self.function, settings, every=look_every, enabled=not paused)
        wiring.say_so(self, sides)
        others = watch.takeover(self, self.function, self.dead_letters, look_every, paused=paused)
        self.alarms = failing | add_alarms(
            self, others, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because
        )
        if recover:
            self.alarms |= recovered(self, sides.instances, alarms)
