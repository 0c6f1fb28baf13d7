"""A public hosted zone whose records can be changed while us-east-1 is gone."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_route53 as route53
from constructs import Construct

from ._checks import Rule, check
from ._traffic_rules import DOMAIN_NAMES, is_domain

_RULES = [
    Rule(
        option="name",
        broken=lambda o: not is_domain(o["name"]),
        allowed="a name such as shop.example.com, in lower case",
        why="Route 53 answers to names",
        source=DOMAIN_NAMES,
    ),
]


class AcceleratedZone(Construct):
    """A public hosted zone whose records can be changed again within 60 minutes after us-east-1 failed.

    Failing over needs no changed record; other repairs may. The zone is retained: its name servers are known to a
    registrar, and a new zone would have others. https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/accelerated-recovery.html
    """

    zone: route53.CfnHostedZone
    hosted_zone: route53.IHostedZone

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        comment: str | None = None,
        query_log_group_arn: str | None = None,
    ) -> None:
        """Make the zone. Its name servers still have to be entered at the registrar or the parent zone.

        Args:
            scope: the parent, in any Region: hosted zones are global.
            id: unique among the parent's children.
            name: the domain, without the trailing dot.
            comment: what the zone is for; left out: none.
            query_log_group_arn: a log group of us-east-1 that Route 53 may write to, by a resource policy for
                route53.amazonaws.com; left out: queries are not logged.

        Raises:
            InvalidOptions: the name is no domain.
        """
        super().__init__(scope, id)
        check(self, _RULES, {"name": name})
        self.zone = route53.CfnHostedZone(
            self,
            "Zone",
            name=name,
            hosted_zone_config=route53.CfnHostedZone.HostedZoneConfigProperty(comment=comment) if comment else None,
            hosted_zone_features=route53.CfnHostedZone.HostedZoneFeaturesProperty(enable_accelerated_recovery=True),
            query_logging_config=_log_queries(query_log_group_arn) if query_log_group_arn else None,
        )
        self.zone.apply_removal_policy(RemovalPolicy.RETAIN)
        self.hosted_zone = route53.PublicHostedZone.from_public_hosted_zone_attributes(
            self, "Attributes", hosted_zone_id=self.zone.attr_id, zone_name=name
        )


def _log_queries(group_arn: str) -> route53.CfnHostedZone.QueryLoggingConfigProperty:
    return route53.CfnHostedZone.QueryLoggingConfigProperty(cloud_watch_logs_log_group_arn=group_arn)
