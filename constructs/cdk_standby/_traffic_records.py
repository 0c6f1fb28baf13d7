"""Health checks and records, as Route 53 takes them."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ._tokens import is_token

_Config = route53.CfnHealthCheck.HealthCheckConfigProperty


def health_check(scope: Construct, id: str, *, name: str, config: _Config) -> route53.CfnHealthCheck:
    """A health check with a name: its id says nothing to anybody."""
    return route53.CfnHealthCheck(
        scope, id, health_check_config=config, health_check_tags=[{"key": "Name", "value": name}]
    )


def of_endpoint(domain: str, path: str, interval: Duration, failures: int, regions: Sequence[str] | None) -> _Config:
    """Route 53 asks the endpoint itself, from several Regions, by HTTPS with SNI."""
    return _Config(
        type="HTTPS",
        fully_qualified_domain_name=domain,
        port=443,
        resource_path=path,
        enable_sni=True,
        request_interval=interval.to_seconds(),
        failure_threshold=failures,
        regions=list(regions) if regions else None,
    )


def of_alarm(region: str, name: str) -> _Config:
    """Route 53 follows the data of an alarm in any Region; without data, what it knew last holds."""
    return _Config(
        type="CLOUDWATCH_METRIC",
        alarm_identifier=route53.CfnHealthCheck.AlarmIdentifierProperty(region=region, name=name),
        insufficient_data_health_status="LastKnownStatus",
    )


def of_all(children: Sequence[route53.CfnHealthCheck]) -> _Config:
    """Healthy as long as every child is."""
    return _Config(
        type="CALCULATED",
        child_health_checks=[child.attr_health_check_id for child in children],
        health_threshold=len(children),
    )


def failover_record(
    scope: Construct,
    id: str,
    *,
    zone_id: str,
    name: str,
    type: str,
    role: str,
    region: str,
    leads_to: str,
    health: route53.CfnHealthCheck,
) -> route53.CfnRecordSet:
    """One half of a failover pair: an alias to a record of the same zone."""
    record = route53.CfnRecordSet(
        scope,
        id,
        hosted_zone_id=zone_id,
        name=name,
        type=type,
        set_identifier=region,
        failover=role,
        health_check_id=health.attr_health_check_id,
        alias_target=route53.CfnRecordSet.AliasTargetProperty(
            hosted_zone_id=zone_id, dns_name=leads_to, evaluate_target_health=True
        ),
    )
    if is_token(zone_id):
        # cfn-lint knows alias targets of other services only, and takes a zone of the template for a mistake.
        record.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E1040"]}})
    return record


def balancer_record(
    scope: Construct, id: str, *, zone_id: str, name: str, type: str, balancer: elb.IApplicationLoadBalancer
) -> route53.CfnRecordSet:
    """An alias to a load balancer that is healthy as long as the balancer has healthy targets."""
    return route53.CfnRecordSet(
        scope,
        id,
        hosted_zone_id=zone_id,
        name=name,
        type=type,
        alias_target=route53.CfnRecordSet.AliasTargetProperty(
            hosted_zone_id=balancer.load_balancer_canonical_hosted_zone_id,
            dns_name=f"dualstack.{balancer.load_balancer_dns_name}",
            evaluate_target_health=True,
        ),
    )
