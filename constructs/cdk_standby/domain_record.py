"""The name that users call, as an alias of another name of its zone."""

from __future__ import annotations

from aws_cdk import aws_route53 as route53
from constructs import Construct

from ._checks import check
from ._tokens import is_token
from ._traffic_names import name_problems
from ._traffic_rules import domain_rules, zone_name


class DomainRecord(Construct):
    """A name that leads where another name of the same hosted zone leads, and is as healthy as that.

    It parts the name that users call from the way traffic is led: Route 53 keeps records of two routing policies from
    sharing a name, so a name that changes from failover to latency records could not be deployed in one step, and this
    alias can. It costs no query and no time: Route 53 follows aliases by itself.
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
    """

    records: tuple[route53.CfnRecordSet, ...]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        name: str,
        leads_to: str,
        ipv6: bool = False,
    ) -> None:
        """Make the record.

        Args:
            scope: the parent.
            id: unique among the parent's children.
            hosted_zone: holds both names.
            name: that users call.
            leads_to: a name with records in the zone, there before this one: Route 53 refuses an alias to none.
            ipv6: True adds an AAAA record, when the other name has one; left out: A only.

        Raises:
            InvalidOptions: a name is none, lies outside the zone, or has records of another policy in this app.
        """
        super().__init__(scope, id)
        zone_id, types = hosted_zone.hosted_zone_id, ("A", "AAAA") if ipv6 else ("A",)
        rules = [*domain_rules("name"), *domain_rules("leads_to")]
        check(self, rules, {"name": name, "leads_to": leads_to, "zone": zone_name(hosted_zone)})
        check(self, [], {}, also=name_problems(self, zone_id=zone_id, name=name, types=types, policy="simple"))
        self.records = tuple(self._record(zone_id, name, kind, leads_to) for kind in types)

    def _record(self, zone_id: str, name: str, type: str, leads_to: str) -> route53.CfnRecordSet:
        record = route53.CfnRecordSet(
            self,
            type,
            hosted_zone_id=zone_id,
            name=name,
            type=type,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                hosted_zone_id=zone_id, dns_name=leads_to, evaluate_target_health=True
            ),
        )
        if is_token(zone_id):
            # cfn-lint knows alias targets of other services only, and takes a zone of the template for a mistake.
            record.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E1040"]}})
        return record
