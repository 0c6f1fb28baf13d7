"""A certificate of each Region for the name of that Region, and for the name that users call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_route53 as route53
from constructs import Construct

from cdk_standby_review.facts import acm as facts

from .._alarms import AlarmSpec, add_alarms
from .._checks import Problem, Rule, check, shown
from .._tokens import is_token
from .._traffic_rules import is_domain, outside, zone_name
from ..alarm_topic import AlarmTopic

_RULES = [
    Rule(
        option="names",
        broken=lambda o: len(o["names"]) not in facts.NAMES.value,
        allowed=str(facts.NAMES.value),
        why=facts.NAMES.says,
        source=facts.NAMES.source,
    ),
    Rule(
        option="names",
        broken=lambda o: len(set(o["names"])) < len(o["names"]),
        allowed="each name once",
        why="a name stands in a certificate or not",
        source=facts.NAMES.source,
    ),
    Rule(
        option="names",
        broken=lambda o: bool(o["names"]) and len(o["names"][0]) not in facts.FIRST_NAME.value,
        allowed="a first name of at most 64 characters",
        why=facts.FIRST_NAME.says,
        source=facts.FIRST_NAME.source,
    ),
]


class RegionalCertificate(Construct):
    """A certificate of ACM for a Region's own load balancer, validated and renewed through DNS.

    Each Region has its own, for its own name and for the one that users call: a load balancer takes no certificate of
    another Region, and after a failover it has to answer by both. Region loss: the other Region's certificate is not
    touched by it. An alarm rings when ACM did not renew it in time. Certificates of CloudFront belong to us-east-1.
    """

    certificate: acm.Certificate
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosted_zone: route53.IHostedZone,
        names: Sequence[str],
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Request the certificate; the deployment waits until DNS has validated it.

        Args:
            scope: the parent, in the Region of the load balancer that uses it.
            id: unique among the parent's children.
            hosted_zone: the public zone of all names, where the records that validate them are kept. Never delete
                those: without them it is not renewed.
            names: 1 to 10, such as eu-west-1.shop.example.com and shop.example.com. Other names make another
                certificate, before the old one goes.
            alarms: who is told; left out: the alarm exists but tells nobody.
            alarm_thresholds: another threshold of the alarm `DaysToExpiry`, in days.
            alarms_off_because: the alarm to leave out, with a reason.

        Raises:
            InvalidOptions: no name, too many, one twice, a first one that is too long, or one outside of the zone
                (https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html).
        """
        super().__init__(scope, id)
        zone = zone_name(hosted_zone)
        check(self, _RULES, {"names": names}, also=_unfit(self.node.path, names, zone))
        self.certificate = acm.Certificate(
            self,
            "Certificate",
            domain_name=names[0],
            subject_alternative_names=list(names[1:]) or None,
            validation=acm.CertificateValidation.from_dns(hosted_zone),
        )
        spec = _renewed(self.certificate)
        self.alarms = add_alarms(
            self, [spec], topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because
        )


def _unfit(where: str, names: Sequence[str], zone: str | None) -> Iterator[Problem]:
    """What to say about single names; a leading *. stands for any one label."""
    for number, name in enumerate(names):
        plain, fact = name.removeprefix("*."), facts.VALIDATED
        if is_token([name, zone or ""]) or (is_domain(plain) and not outside(plain, zone)):
            continue
        allowed = f"a name in lower case, of {zone or 'the hosted zone'}"
        yield Problem(
            where=where, option=f"names[{number}]", got=shown(name), allowed=allowed, why=fact.says, source=fact.source
        )


def _renewed(certificate: acm.Certificate) -> AlarmSpec:
    return AlarmSpec(
        name="DaysToExpiry",
        metric=certificate.metric_days_to_expiry(statistic="Minimum", period=Duration.days(1)),
        threshold=facts.RENEWED.value,
        comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        periods=1,
        # The metric comes about once a day, and not before the first day is over.
        missing=cloudwatch.TreatMissingData.NOT_BREACHING,
        says="ACM did not renew the certificate: look whether the CNAME records that validate its names are still in "
        f"the zone, and whether the zone is still delegated. {facts.VALIDATED.source}",
    )
