"""The switch, health checks and failover records, as people write them."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns

Check = route53.CfnHealthCheck
Config = route53.CfnHealthCheck.HealthCheckConfigProperty


def switch(stack: Stack, *, workload: str, leaves: str) -> None:
    cloudwatch.Alarm(
        stack,
        "Switch",
        alarm_name=switch_alarm(workload, leaves),
        metric=cloudwatch.Metric(
            namespace="by-hand",
            metric_name="TrafficSwitch",
            dimensions_map={"Workload": workload, "Region": leaves},
            statistic="Maximum",
            period=Duration.minutes(1),
        ),
        threshold=1,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    )


def switch_alarm(workload: str, leaves: str) -> str:
    return f"{workload}-traffic-leaves-{leaves}"


def failover(stack: Stack, *, workload: str, domain: str, zone_id: str, sites: list[str], topic: sns.Topic) -> None:
    primary, secondary = sites
    answers = {
        region: Check(
            stack,
            f"Answers-{region}",
            health_check_config=Config(
                type="HTTPS",
                fully_qualified_domain_name=f"{region}.{domain}",
                port=443,
                resource_path="/healthz",
                enable_sni=True,
                request_interval=10,
                failure_threshold=3,
            ),
        )
        for region in sites
    }
    alarm = Check.AlarmIdentifierProperty(region=secondary, name=switch_alarm(workload, primary))
    stays = Check(
        stack,
        "Stays",
        health_check_config=Config(
            type="CLOUDWATCH_METRIC", alarm_identifier=alarm, insufficient_data_health_status="LastKnownStatus"
        ),
    )
    both = [answers[primary].attr_health_check_id, stays.attr_health_check_id]
    use = Check(
        stack,
        "Use",
        health_check_config=Config(type="CALCULATED", child_health_checks=both, health_threshold=2),
    )
    for role, region, health in (("PRIMARY", primary, use), ("SECONDARY", secondary, answers[secondary])):
        route53.CfnRecordSet(
            stack,
            f"{role}-{region}",
            hosted_zone_id=zone_id,
            name=f"failover.{domain}",
            type="A",
            set_identifier=region,
            failover=role,
            health_check_id=health.attr_health_check_id,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                hosted_zone_id=zone_id, dns_name=f"{region}.{domain}", evaluate_target_health=True
            ),
        )
    route53.CfnRecordSet(
        stack,
        "Domain",
        hosted_zone_id=zone_id,
        name=domain,
        type="A",
        alias_target=route53.CfnRecordSet.AliasTargetProperty(
            hosted_zone_id=zone_id, dns_name=f"failover.{domain}", evaluate_target_health=True
        ),
    )
    for name, health in {**answers, "switch": stays}.items():
        alarm_of(stack, name, health, topic)


def alarm_of(stack: Stack, name: str, health: route53.CfnHealthCheck, topic: sns.Topic) -> None:
    alarm = cloudwatch.Alarm(
        stack,
        f"Unhealthy-{name}",
        metric=cloudwatch.Metric(
            namespace="AWS/Route53",
            metric_name="HealthCheckStatus",
            dimensions_map={"HealthCheckId": health.attr_health_check_id},
            statistic="Minimum",
            period=Duration.minutes(1),
        ),
        threshold=1,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
    alarm.add_ok_action(actions.SnsAction(topic))
