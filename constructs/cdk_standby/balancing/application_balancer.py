"""An Application Load Balancer over all zones of a VPC, for any targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jsii
from aws_cdk import Annotations, Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from cdk_standby_review.facts import elb as facts

from .._alarms import add_alarms
from .._checks import Problem, check
from .._reasons import all_weakened
from .._tokens import is_token
from ..access_logs import AccessLogs, log_health_checks
from ..alarm_topic import AlarmTopic
from ..relational._parts import NIST, accept
from ._application_alarms import balancer_alarms, function_alarms, target_alarms
from ._application_listeners import Route, SignIn, Targets, listen, route_problems
from ._application_rules import BALANCER
from ._certificates import (
    ONLY_TLS_13,
    TLS_POLICY,
    WHY_NOT_ONLY,
    certificate_problems,
    only_tls_13,
    policy_problems,
)
from ._entrance import EVERYBODY, Entrance, caller_problems, callers, peer
from ._health_rules import unknown_values
from ._neighbours import log_problems, web_acl_problems
from ._pool import met_already
from ._pool_alarms import Watched
from .application_targets import ApplicationTargets

__all__ = ["ApplicationBalancer", "Route"]

_OPEN = "an internet-facing load balancer answers everybody; 'allow_from' narrows it"
_NO_WAF = "a web ACL is the workload's choice, 'web_acl_arn' attaches one: its rules depend on what the targets answer"
_DELETABLE = "the construct carries the written reason ('deletable_because')"


@jsii.implements(ec2.IConnectable)
class ApplicationBalancer(Construct):
    """An Application Load Balancer that survives the loss of a zone, in front of instances, addresses and functions.

    Zone loss: its nodes in the other zones answer, over all targets that are left; DNS drops the lost zone, and clients
    find the others when they resolve anew, which `keep_alive` makes them do. Region loss: not survived alone; build one
    in each Region and join them by `FailoverRecords`.
    """

    load_balancer: elb.ApplicationLoadBalancer
    listener: elb.ApplicationListener
    port: int
    """Where requests are answered: 443, or 80 without a certificate."""
    targets: Targets
    access_logs: AccessLogs
    availability_zones: tuple[str, ...]
    alarms: dict[str, cloudwatch.Alarm]
    """Those of the load balancer; those of targets stand with the targets."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        targets: Targets,
        routes: Sequence[Route] = (),
        certificate: acm.ICertificate | None = None,
        more_certificates: Sequence[acm.ICertificate] = (),
        http_only_because: str | None = None,
        tls_policy: str = TLS_POLICY,
        old_tls_because: str | None = None,
        sign_in: SignIn | None = None,
        subnets: ec2.SubnetSelection | None = None,
        internet_facing: bool = True,
        dual_stack: bool = False,
        allow_from: Sequence[str] | None = None,
        keep_alive: Duration | None = None,
        idle_timeout: Duration | None = None,
        desync_mode: str = "defensive",
        web_acl_arn: str | None = None,
        waf_fail_open_because: str | None = None,
        zonal_autoshift: bool = False,
        access_logs: AccessLogs | None = None,
        connection_logs: bool = True,
        health_check_logs: bool = True,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the load balancer.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            vpc: any VPC with public subnets in two zones or more, better three; the private ones without
                `internet_facing`.
            targets: who answers what no route takes: `ApplicationTargets` or `FunctionTargets`.
            routes: rules that lead elsewhere by host, path or other conditions; left out: none.
            certificate: for HTTPS on 443, of this Region; HTTP on 80 redirects there. Required, unless
                `http_only_because` is given.
            more_certificates: for other names, chosen by what the client asks for; left out: none.
            http_only_because: why HTTP without encryption will do; left out: HTTPS.
            tls_policy: a security policy of AWS by its name; left out: TLS 1.3, and 1.2 with forward secrecy.
            old_tls_because: why clients may use TLS 1.0 or 1.1; otherwise such policies are refused.
            sign_in: makes users sign in before they are let on, ``lambda then: ListenerAction.authenticate_oidc(
                next=then, ...)`` or the action for Cognito; left out: whoever may call is let on.
            subnets: where the load balancer stands, one subnet of each zone; left out: the public subnets, or the
                private ones.
            internet_facing: False puts it into the private subnets; left out: True. Another value is another load
                balancer, with another name in DNS.
            dual_stack: True answers on IPv6 too, which the VPC must have; left out: IPv4 only.
            allow_from: CIDR blocks that may call; left out: everybody, and without `internet_facing` the VPC. Those of
                Route 53's health checkers must be among them where `FailoverRecords` lead here.
            keep_alive: how long a client may keep a connection, 60 to 180 seconds; left out: 120. AWS would allow
                7 days, but a client moves to another zone or Region only by a new connection.
            idle_timeout: when a silent connection is closed, 1 to 4000 seconds; left out: 60. Targets must keep
                theirs open for longer, or clients get 502.
            desync_mode: `"defensive"`, or `"strictest"` for whatever is not by the book; left out: defensive.
            web_acl_arn: a WAF web ACL of this Region; left out: none.
            waf_fail_open_because: why requests may pass when WAF cannot be asked; left out: they get 500 then.
            zonal_autoshift: True lets AWS shift traffic out of a zone that it finds impaired, and practise that every
                week. Left out: somebody shifts by hand, for which the balancer is ready.
            access_logs: a bucket of this Region, shared with other load balancers; left out: one of its own, kept 365
                days.
            connection_logs: False logs no TLS connections; left out: it does.
            health_check_logs: False logs no results of health checks; left out: it does.
            deletable_because: why the load balancer may be deleted with its stack; left out: deletion protection.
            alarms: who is told, of the targets too; left out: the alarms exist but tell nobody.
            alarm_thresholds: other thresholds by alarm name: `BalancerErrors`, `RejectedConnections`. Targets have
                thresholds of their own.
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: options that cannot work, all of them at once.
        """
        super().__init__(scope, id)
        entrance = Entrance.of(self, vpc, subnets, public=internet_facing, needs=facts.ZONES)
        blocks = callers(vpc, allow_from, public=internet_facing, dual_stack=dual_stack)
        options = {**locals(), "env": _env(self)}
        seen = {**options, "sign_in": None if sign_in is None else "a function"}
        check(self, BALANCER, seen, also=self._problems(options))
        all_weakened(self, {name: value for name, value in options.items() if name.endswith("_because")})
        self.targets, self.availability_zones = targets, entrance.zones
        self.port = facts.HTTP_PORT.value if certificate is None else facts.HTTPS_PORT.value
        self.access_logs = access_logs or AccessLogs(self, "AccessLogs")
        self.load_balancer = self._balancer(options)
        self._log(connections=connection_logs, health_checks=health_check_logs)
        self._guard(web_acl_arn)
        certificates = [] if certificate is None else [certificate, *more_certificates]
        self.listener = listen(
            self.load_balancer, targets, routes, certificates=certificates, policy=tls_policy, sign_in=sign_in
        )
        self._let_in(blocks, sorted({facts.HTTP_PORT.value, self.port}))
        self.alarms = add_alarms(
            self,
            balancer_alarms(self._watched(targets)),
            topic=alarms,
            thresholds=alarm_thresholds,
            off_because=alarms_off_because,
        )
        for pool in _pools(targets, routes):
            self._lead_to(pool, alarms)
        if only_tls_13(tls_policy):
            Annotations.of(self).add_warning_v2(ONLY_TLS_13, WHY_NOT_ONLY)
        if zonal_autoshift:
            from .._service_autoshift import shift_automatically  # noqa: PLC0415  few need it

            shift_automatically(self, self.load_balancer, self.alarms)

    @property
    def connections(self) -> ec2.Connections:
        """The load balancer: who may call it, beside `allow_from`."""
        return self.load_balancer.connections

    def _problems(self, options: Mapping[str, Any]) -> list[Problem]:
        """What no rule of a single option says."""
        where, region = self.node.path, Stack.of(self).region
        more = {f"more_certificates[{n}]": one for n, one in enumerate(options["more_certificates"])}
        pools = {f"targets of {pool.node.id}": pool for pool in _pools(options["targets"], options["routes"])}
        return [
            *options["entrance"].problems(where, facts.ZONES.value, facts.ZONES),
            *caller_problems(where, options["allow_from"], options["blocks"]),
            *certificate_problems(where, region, {"certificate": options["certificate"], **more}),
            *policy_problems(where, {"tls_policy": options["tls_policy"]}, options["old_tls_because"]),
            *route_problems(where, options["routes"]),
            *met_already(where, pools),
            *log_problems(where, region, options["access_logs"]),
            *web_acl_problems(where, region, options["web_acl_arn"]),
            *unknown_values(where, {"desync_mode": options["desync_mode"]}),
        ]

    def _balancer(self, options: Mapping[str, Any]) -> elb.ApplicationLoadBalancer:
        protected = options["deletable_because"] is None
        balancer = elb.ApplicationLoadBalancer(
            self,
            "LoadBalancer",
            vpc=options["vpc"],
            vpc_subnets=options["entrance"].selection,
            internet_facing=options["internet_facing"],
            ip_address_type=elb.IpAddressType.DUAL_STACK if options["dual_stack"] else elb.IpAddressType.IPV4,
            deletion_protection=protected,
            drop_invalid_header_fields=True,
            client_keep_alive=options["keep_alive"] or Duration.seconds(120),
            idle_timeout=options["idle_timeout"] or Duration.seconds(60),
            desync_mitigation_mode=elb.DesyncMitigationMode[options["desync_mode"].upper()],
            waf_fail_open=options["waf_fail_open_because"] is not None,
        )
        balancer.set_attribute("zonal_shift.config.enabled", "true")
        if not protected:
            accept(balancer, _DELETABLE, NIST + "ELBDeletionProtectionEnabled")
        return balancer

    def _log(self, *, connections: bool, health_checks: bool) -> None:
        bucket, prefix = self.access_logs.bucket, self.node.id.lower()
        self.load_balancer.log_access_logs(bucket, f"{prefix}/access")
        if connections:
            self.load_balancer.log_connection_logs(bucket, f"{prefix}/connections")
        if health_checks:
            log_health_checks(self.load_balancer, bucket, f"{prefix}/health-checks")

    def _guard(self, web_acl_arn: str | None) -> None:
        if web_acl_arn is None:
            accept(self.load_balancer, _NO_WAF, NIST + "ALBWAFEnabled")
            return
        from aws_cdk import aws_wafv2 as waf  # noqa: PLC0415  few need it, and it is large

        arn = self.load_balancer.load_balancer_arn
        waf.CfnWebACLAssociation(self, "WebAcl", resource_arn=arn, web_acl_arn=web_acl_arn)

    def _let_in(self, blocks: Sequence[str], ports: Sequence[int]) -> None:
        for block in blocks:
            for port in ports:
                self.connections.allow_from(peer(block), ec2.Port.tcp(port), f"HTTP of {block} on {port}")
        if EVERYBODY & set(blocks):
            accept(self.load_balancer, _OPEN, "AwsSolutions::AwsSolutions-EC23")

    def _watched(self, targets: Targets) -> Watched:
        return Watched(
            "AWS/ApplicationELB",
            self.load_balancer.load_balancer_full_name,
            targets.target_group.target_group_full_name,
            self.availability_zones,
            Stack.of(self).region,
        )

    def _lead_to(self, pool: Targets, topic: AlarmTopic | None) -> None:
        pool.meet(self.connections, self.availability_zones, crosses=True)
        watched = self._watched(pool)
        specs = target_alarms(pool, watched) if isinstance(pool, ApplicationTargets) else function_alarms(watched)
        pool.alarms = add_alarms(pool, specs, topic=topic, thresholds=pool.thresholds, off_because=pool.off_because)


def _pools(targets: Targets, routes: Sequence[Route]) -> list[Targets]:
    """All targets, each once."""
    return list(dict.fromkeys([targets, *(route.targets for route in routes)]))


def _env(balancer: Construct) -> str | None:
    """None in a stack that does not say where it will be."""
    region = Stack.of(balancer).region
    return None if is_token(region) else region
