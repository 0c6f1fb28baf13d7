"""Health checks look at what is there; DNS answers follow from records, checks and balancers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cdk_standby_runbooks.local_aws import LocalAws

PRIMARY, RECOVERY = "eu-west-1", "eu-central-1"
NUMBERS = count()


class Shop:
    """A domain with failover records over two Regions, each a balancer with one instance."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        self.domain = f"shop-{next(NUMBERS)}.example.com"
        self.route53 = aws.client("route53")
        made = self.route53.create_hosted_zone(Name=self.domain, CallerReference=self.domain)
        self.zone = made["HostedZone"]["Id"].rsplit("/", 1)[-1]
        self.targets = {region: self.balancer(region) for region in (PRIMARY, RECOVERY)}
        self.alarm(RECOVERY)
        ends = {region: self.check(Type="HTTPS", **self.endpoint(region)) for region in (PRIMARY, RECOVERY)}
        where = {"Region": RECOVERY, "Name": self.domain}
        self.switch = self.check(
            Type="CLOUDWATCH_METRIC", AlarmIdentifier=where, InsufficientDataHealthStatus="LastKnownStatus"
        )
        children = [ends[PRIMARY], self.switch]
        self.both = self.check(Type="CALCULATED", ChildHealthChecks=children, HealthThreshold=2)
        self.failover(PRIMARY, "PRIMARY", self.both)
        self.failover(RECOVERY, "SECONDARY", ends[RECOVERY])

    def endpoint(self, region: str) -> dict[str, Any]:
        return {"FullyQualifiedDomainName": f"{region}.{self.domain}", "Port": 443, "ResourcePath": "/healthz"}

    def balancer(self, region: str) -> tuple[str, str]:
        """A regional name, its balancer, and the target group and instance behind it."""
        ec2, elb = self.aws.client("ec2", region), self.aws.client("elbv2", region)
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{region}{zone}")
            for number, zone in enumerate("abc")
        ]
        ids = [subnet["Subnet"]["SubnetId"] for subnet in subnets]
        name = self.domain.split(".")[0]
        made = elb.create_load_balancer(Name=name, Subnets=ids)["LoadBalancers"][0]
        group = elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
        certificate = self.aws.client("acm", region).request_certificate(DomainName=self.domain)["CertificateArn"]
        elb.create_listener(
            LoadBalancerArn=made["LoadBalancerArn"],
            Port=443,
            Protocol="HTTPS",
            Certificates=[{"CertificateArn": certificate}],
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}],
        )
        image = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1}
        instance = ec2.run_instances(**image, SubnetId=ids[0])["Instances"][0]["InstanceId"]
        elb.register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=[{"Id": instance}])
        self.record(f"{region}.{self.domain}", f"dualstack.{made['DNSName']}", made["CanonicalHostedZoneId"])
        return group["TargetGroupArn"], instance

    def record(self, name: str, to: str, zone: str, **more: Any) -> None:
        target = {"DNSName": to, "HostedZoneId": zone, "EvaluateTargetHealth": True}
        change = {
            "Action": "CREATE",
            "ResourceRecordSet": {"Name": name, "Type": "A", "AliasTarget": target, **more},
        }
        self.route53.change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch={"Changes": [change]})

    def failover(self, region: str, role: str, check: str) -> None:
        more = {"SetIdentifier": region, "Failover": role, "HealthCheckId": check}
        self.record(self.domain, f"{region}.{self.domain}", self.zone, **more)

    def check(self, **config: Any) -> str:
        reference = f"{self.domain}-{next(NUMBERS)}"
        made = self.route53.create_health_check(CallerReference=reference, HealthCheckConfig=config)
        return str(made["HealthCheck"]["Id"])

    def alarm(self, region: str, **more: Any) -> None:
        settings = {
            "Namespace": "cdk-standby",
            "MetricName": self.domain,
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Statistic": "Maximum",
        }
        cloudwatch = self.aws.client("cloudwatch", region)
        cloudwatch.put_metric_alarm(AlarmName=self.domain, **{**settings, **more})

    def throw(self, value: float) -> None:
        data = [{"MetricName": self.domain, "Value": value}]
        self.aws.client("cloudwatch", RECOVERY).put_metric_data(Namespace="cdk-standby", MetricData=data)

    def answer(self, name: str) -> list[str]:
        told = self.route53.test_dns_answer(HostedZoneId=self.zone, RecordName=name, RecordType="A")
        return list(told["RecordData"])

    def leads_to(self) -> str:
        """The Region whose balancer the domain's answer is."""
        answer = self.answer(self.domain)
        assert answer
        regions = [region for region in (PRIMARY, RECOVERY) if self.answer(f"{region}.{self.domain}") == answer]
        return " and ".join(regions)

    def status(self, check: str) -> str:
        told = self.route53.get_health_check_status(HealthCheckId=check)["HealthCheckObservations"]
        assert len({one["StatusReport"]["Status"] for one in told}) == 1
        return str(told[0]["StatusReport"]["Status"])


@pytest.fixture(scope="module")
def built(aws: LocalAws) -> Shop:
    return Shop(aws)


@pytest.fixture
def shop(built: Shop) -> Iterator[Shop]:
    """Shared, and put right after each test."""
    yield built
    built.aws.come_back()
    built.throw(0)
    group, instance = built.targets[PRIMARY]
    built.aws.client("elbv2", PRIMARY).register_targets(TargetGroupArn=group, Targets=[{"Id": instance}])


def test_traffic_goes_to_the_primary(shop: Shop) -> None:
    assert shop.leads_to() == PRIMARY
    assert len(shop.answer(shop.domain)) == 3  # one address a zone
    assert shop.status(shop.both) == "Success: 2 of 2 children are healthy, 2 needed"


def test_the_switch_moves_traffic_and_holds(shop: Shop) -> None:
    shop.throw(1)
    thrown = (shop.leads_to(), shop.status(shop.switch), shop.status(shop.both))
    shop.throw(0)

    assert thrown == (
        RECOVERY,
        f"Failure: alarm {shop.domain} is ALARM",
        "Failure: 1 of 2 children are healthy, 2 needed",
    )
    assert shop.leads_to() == PRIMARY


def test_a_dark_region_loses_its_traffic_by_itself_and_gets_it_back(shop: Shop) -> None:
    shop.aws.go_dark(PRIMARY)
    dark = shop.leads_to()
    shop.aws.come_back()

    assert (dark, shop.leads_to()) == (RECOVERY, PRIMARY)


def test_a_thrown_switch_keeps_traffic_away_after_the_region_is_back(shop: Shop) -> None:
    shop.aws.go_dark(PRIMARY)
    shop.throw(1)
    shop.aws.come_back()

    assert shop.leads_to() == RECOVERY


def test_when_nobody_is_healthy_the_primary_answers(shop: Shop) -> None:
    shop.aws.go_dark(PRIMARY, RECOVERY)

    assert shop.leads_to() == PRIMARY


def test_a_balancer_without_healthy_targets_is_unhealthy(shop: Shop) -> None:
    group, instance = shop.targets[PRIMARY]

    shop.aws.client("elbv2", PRIMARY).deregister_targets(TargetGroupArn=group, Targets=[{"Id": instance}])

    assert shop.leads_to() == RECOVERY


def test_setting_an_alarm_by_hand_moves_nothing(shop: Shop) -> None:
    shop.aws.client("cloudwatch", RECOVERY).set_alarm_state(
        AlarmName=shop.domain, StateValue="ALARM", StateReason="by hand"
    )

    assert shop.leads_to() == PRIMARY
    assert shop.status(shop.switch) == f"Success: alarm {shop.domain} has no data: LastKnownStatus"


def test_what_data_last_said_holds_though_nobody_asked_then(shop: Shop) -> None:
    shop.throw(1)
    shop.aws.client("cloudwatch", RECOVERY).set_alarm_state(
        AlarmName=shop.domain, StateValue="OK", StateReason="by hand"
    )

    assert shop.leads_to() == RECOVERY
    assert shop.status(shop.switch) == f"Failure: alarm {shop.domain} has no data: LastKnownStatus"


@pytest.mark.parametrize(
    ("config", "status"),
    [
        ({"Disabled": True}, "Success: disabled"),
        ({"Inverted": True, "Disabled": True}, "Failure: inverted: disabled"),
        ({}, "Failure: DNS resolution failed for nowhere.example.com"),
        ({"Inverted": True}, "Success: inverted: DNS resolution failed for nowhere.example.com"),
    ],
)
def test_a_check_is_what_its_settings_make_of_it(shop: Shop, config: dict[str, Any], status: str) -> None:
    check = shop.check(Type="HTTPS", FullyQualifiedDomainName="nowhere.example.com", **config)

    assert shop.status(check) == status


@pytest.mark.parametrize(
    ("wish", "status"), [("Healthy", "Success"), ("Unhealthy", "Failure"), ("LastKnownStatus", "Success")]
)
def test_an_alarm_without_data_counts_as_told(shop: Shop, wish: str, status: str) -> None:
    where = {"Region": PRIMARY, "Name": "nobody"}
    check = shop.check(Type="CLOUDWATCH_METRIC", AlarmIdentifier=where, InsufficientDataHealthStatus=wish)

    assert shop.status(check) == f"{status}: alarm nobody has no data: {wish}"


def refused(shop: Shop, *changes: dict[str, Any]) -> str:
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": change} for change in changes]}
    with pytest.raises(ClientError) as caught:
        shop.route53.change_resource_record_sets(HostedZoneId=shop.zone, ChangeBatch=batch)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}".replace(shop.domain, "DOMAIN")


def test_records_that_cannot_stand_together_are_refused_all_at_once(shop: Shop) -> None:
    plain = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    second = {**plain, "Name": shop.domain, "SetIdentifier": "third", "Failover": "PRIMARY"}

    assert refused(shop, {**plain, "Name": "elsewhere.org"}) == (
        "InvalidChangeBatch: RRSet with DNS name elsewhere.org. is not permitted in zone DOMAIN."
    )
    assert refused(shop, second) == "InvalidChangeBatch: RRSets of DOMAIN., type A have more than one PRIMARY"
    assert refused(shop, {**plain, "Name": f"{PRIMARY}.{shop.domain}"}) == (
        f"InvalidChangeBatch: Tried to create resource record set [name='{PRIMARY}.DOMAIN.', type='A'] but it already "
        "exists"
    )
    assert refused(shop, {**plain, "Name": f"x.{shop.domain}", "HealthCheckId": "none"}) == (
        "NoSuchHealthCheck: No health check exists with the specified ID none"
    )
    fine = {**plain, "Name": f"fine.{shop.domain}"}
    refused(shop, fine, second)
    assert shop.answer(f"fine.{shop.domain}") == []  # all or nothing


def test_route_53_follows_only_simple_alarms(shop: Shop) -> None:
    shop.alarm(PRIMARY, EvaluationPeriods=3, DatapointsToAlarm=2)

    with pytest.raises(ClientError, match="M out of N, high resolution and extended statistics are not supported"):
        shop.check(Type="CLOUDWATCH_METRIC", AlarmIdentifier={"Region": PRIMARY, "Name": shop.domain})


def test_what_is_in_use_stays(shop: Shop) -> None:
    with pytest.raises(ClientError, match="HealthCheckInUse"):
        shop.route53.delete_health_check(HealthCheckId=shop.switch)
    with pytest.raises(ClientError, match="HostedZoneNotEmpty"):
        shop.route53.delete_hosted_zone(Id=shop.zone)


def test_a_zone_that_templates_name_by_id_can_be_made_beforehand(aws: LocalAws) -> None:
    route53 = aws.client("route53")

    route53.create_hosted_zone(Name="known.example.com", CallerReference="local-aws-id:Z0KNOWN")
    route53.update_hosted_zone_features(HostedZoneId="Z0KNOWN", EnableAcceleratedRecovery=True)

    told = route53.get_hosted_zone(Id="Z0KNOWN")["HostedZone"]
    assert (told["Id"], told["Name"]) == ("/hostedzone/Z0KNOWN", "known.example.com.")
    assert told["Features"] == {"AcceleratedRecoveryStatus": "ENABLED"}
    assert "/hostedzone/Z0KNOWN" in [zone["Id"] for zone in route53.list_hosted_zones()["HostedZones"]]
    kinds = [r["Type"] for r in route53.list_resource_record_sets(HostedZoneId="Z0KNOWN")["ResourceRecordSets"]]
    assert kinds == ["NS", "SOA"]
    route53.delete_hosted_zone(Id="Z0KNOWN")
