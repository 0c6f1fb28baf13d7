"""What stands before the instances: load balancer, listeners, target group."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from .access_logs import AccessLogs

HEALTH_INTERVAL = 10
HEALTH_TIMEOUT = 5
HEALTH_FAILURES = 3

_OPEN = "an internet-facing load balancer answers everybody; 'allow_from' narrows it"
_NO_WAF = "a web ACL is the workload's choice, 'web_acl_arn' attaches one: its rules depend on what the service answers"
_DELETABLE = "the construct carries the written reason ('deletable_because')"
_NO_TLS = "the construct carries the written reason ('http_only_because')"


def load_balancer(
    scope: Construct,
    *,
    vpc: ec2.IVpc,
    internet_facing: bool,
    dual_stack: bool,
    keep_alive: Duration | None,
    protected: bool,
    logs: AccessLogs,
    connection_logs: bool,
    web_acl_arn: str | None,
) -> elb.ApplicationLoadBalancer:
    """A balancer over all zones of the VPC that can be shifted out of one of them."""
    balancer = elb.ApplicationLoadBalancer(
        scope,
        "LoadBalancer",
        vpc=vpc,
        internet_facing=internet_facing,
        ip_address_type=elb.IpAddressType.DUAL_STACK if dual_stack else elb.IpAddressType.IPV4,
        deletion_protection=protected,
        drop_invalid_header_fields=True,
        client_keep_alive=keep_alive or Duration.seconds(120),
    )
    balancer.set_attribute("zonal_shift.config.enabled", "true")
    balancer.log_access_logs(logs.bucket, f"{scope.node.id.lower()}/access")
    if connection_logs:
        balancer.log_connection_logs(logs.bucket, f"{scope.node.id.lower()}/connections")
    if not protected:
        accept(balancer, "NIST.800.53.R5::NIST.800.53.R5-ELBDeletionProtectionEnabled", _DELETABLE)
    if web_acl_arn is None:
        accept(balancer, "NIST.800.53.R5::NIST.800.53.R5-ALBWAFEnabled", _NO_WAF)
    else:
        _attach_web_acl(scope, balancer, web_acl_arn)
    return balancer


def _attach_web_acl(scope: Construct, balancer: elb.ApplicationLoadBalancer, arn: str) -> None:
    from aws_cdk import aws_wafv2 as waf  # noqa: PLC0415  few need it, and it is large

    waf.CfnWebACLAssociation(scope, "WebAcl", resource_arn=balancer.load_balancer_arn, web_acl_arn=arn)


def target_group(
    scope: Construct,
    *,
    vpc: ec2.IVpc,
    port: int,
    health_path: str,
    deregistration_delay: Duration | None,
    slow_start: Duration | None,
    dns_failover_percent: int | None,
    fail_open_percent: int | None,
) -> elb.ApplicationTargetGroup:
    """The instances, as the balancer sees them."""
    group = elb.ApplicationTargetGroup(
        scope,
        "Targets",
        vpc=vpc,
        target_type=elb.TargetType.INSTANCE,
        protocol=elb.ApplicationProtocol.HTTP,
        port=port,
        deregistration_delay=deregistration_delay or Duration.seconds(30),
        slow_start=slow_start,
        health_check=elb.HealthCheck(
            path=health_path,
            interval=Duration.seconds(HEALTH_INTERVAL),
            timeout=Duration.seconds(HEALTH_TIMEOUT),
            healthy_threshold_count=2,
            unhealthy_threshold_count=HEALTH_FAILURES,
            healthy_http_codes="200-299",
        ),
    )
    for name, value in _thresholds(dns_failover_percent, fail_open_percent).items():
        group.set_attribute(name, value)
    group.set_attribute("stickiness.enabled", "false")
    group.set_attribute("load_balancing.cross_zone.enabled", "use_load_balancer_configuration")
    return group


def listen(
    balancer: elb.ApplicationLoadBalancer,
    targets: elb.ApplicationTargetGroup,
    *,
    certificate: acm.ICertificate | None,
    allow_from: Sequence[str],
) -> elb.ApplicationListener:
    """HTTPS with a redirect from HTTP; without a certificate HTTP alone."""
    if certificate is None:
        listener = balancer.add_listener(
            "Http", port=80, protocol=elb.ApplicationProtocol.HTTP, open=False, default_target_groups=[targets]
        )
        accept(listener, "NIST.800.53.R5::NIST.800.53.R5-ALBHttpToHttpsRedirection", _NO_TLS)
        accept(listener, "NIST.800.53.R5::NIST.800.53.R5-ELBv2ACMCertificateRequired", _NO_TLS)
    else:
        listener = _https(balancer, targets, certificate)
    _open(balancer, [80] if certificate is None else [80, 443], allow_from)
    return listener


def _https(
    balancer: elb.ApplicationLoadBalancer, targets: elb.ApplicationTargetGroup, certificate: acm.ICertificate
) -> elb.ApplicationListener:
    redirect = elb.ListenerAction.redirect(protocol="HTTPS", port="443", permanent=True)
    http = balancer.add_listener(
        "Http", port=80, protocol=elb.ApplicationProtocol.HTTP, open=False, default_action=redirect
    )
    accept(
        http,
        "NIST.800.53.R5::NIST.800.53.R5-ELBv2ACMCertificateRequired",
        "it answers nothing but a redirect to the HTTPS listener, which has the certificate",
    )
    # TLS 1.3 and 1.2: Route 53's health checkers do not speak 1.3.
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
    return balancer.add_listener(
        "Https",
        port=443,
        protocol=elb.ApplicationProtocol.HTTPS,
        open=False,
        certificates=[elb.ListenerCertificate.from_certificate_manager(certificate)],
        ssl_policy=elb.SslPolicy.RECOMMENDED_TLS,
        default_target_groups=[targets],
    )


def _open(balancer: elb.ApplicationLoadBalancer, ports: Sequence[int], allow_from: Sequence[str]) -> None:
    for cidr in allow_from:
        peer = ec2.Peer.ipv6(cidr) if ":" in cidr else ec2.Peer.ipv4(cidr)
        for port in ports:
            balancer.connections.allow_from(peer, ec2.Port.tcp(port), f"HTTP of {cidr} on {port}")
    if {"0.0.0.0/0", "::/0"} & set(allow_from):
        accept(balancer, "AwsSolutions::AwsSolutions-EC23", _OPEN)


def _thresholds(dns_failover_percent: int | None, fail_open_percent: int | None) -> dict[str, str]:
    """Both are always written, so that a reader sees when traffic leaves and when it fails open.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
    """
    prefix = "target_group_health."
    return {
        f"{prefix}dns_failover.minimum_healthy_targets.count": "1",
        f"{prefix}dns_failover.minimum_healthy_targets.percentage": str(dns_failover_percent or "off"),
        f"{prefix}unhealthy_state_routing.minimum_healthy_targets.count": "1",
        f"{prefix}unhealthy_state_routing.minimum_healthy_targets.percentage": str(fail_open_percent or "off"),
    }


def accept(construct: Construct, rule: str, reason: str) -> None:
    """Acknowledge a validator's finding beside its resource."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))


def callers(
    vpc: ec2.IVpc, allow_from: Sequence[str] | None, *, internet_facing: bool, dual_stack: bool
) -> Sequence[str]:
    """Who may call: those named, everybody on the internet, or the network itself."""
    if allow_from is not None:
        return allow_from
    if not internet_facing:
        return [vpc.vpc_cidr_block]
    return ["0.0.0.0/0", "::/0"] if dual_stack else ["0.0.0.0/0"]
