"""Names of a database in a private zone: where they lead, how long, and that nothing moves them in a failover."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_route53 as route53
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import in_place

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational._access import ClusterAccess, InstanceAccess
from cdk_standby.relational.database_names import DatabaseNames
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.read_replica import ReadReplica

RECORD = "AWS::Route53::RecordSet"
CHECK = "AWS::Route53::HealthCheck"
POSTGRES = {"engine": "postgres", "version": "17.6"}


class Instance(InstanceAccess):
    """A database with no more than names need, which synthesizes in no time."""

    def __init__(self, scope: cdk.Stack, id: str, *, source: str | None = None) -> None:
        super().__init__(scope, id)
        self.port = 5432
        self.instance = rds.CfnDBInstance(self, "Instance", engine="postgres", source_db_instance_identifier=source)


class Cluster(ClusterAccess):
    """As little of a cluster."""

    def __init__(self, scope: cdk.Stack, id: str) -> None:
        super().__init__(scope, id)
        self.port = 3306
        self.cluster = rds.CfnDBCluster(self, "Cluster", engine="aurora-mysql")


def vpc_of(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[f"{stack.region}a", f"{stack.region}b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa0", "rtb-0aaaaaaaaaaaaaaa1"],
    )


def zone_of(stack: cdk.Stack, vpc: ec2.IVpc | None = None) -> route53.PrivateHostedZone:
    return route53.PrivateHostedZone(stack, "Zone", zone_name="shop.internal", vpc=vpc or vpc_of(stack))


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """Names of an instance with replicas, synthesized once per set of flags."""
    stack = make_stack(flags=flags)
    vpc, key = vpc_of(stack), kms.Key(stack, "Key", enable_key_rotation=True)
    zone = zone_of(stack, vpc)
    instance = MultiAzInstance(stack, "Database", **POSTGRES, vpc=vpc, key=key)
    replicas = [ReadReplica(stack, f"Replica{number}", source=instance, vpc=vpc, key=key) for number in (1, 2)]
    names = DatabaseNames(
        stack, "Names", zone=zone, database=instance, writer="database", reader="reads", replicas=replicas
    )
    built = template(stack)
    return SimpleNamespace(app=stack.node.root, stack=stack, names=names, template=built)


@pytest.fixture(scope="module")
def clusters(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> SimpleNamespace:
    """Names of a cluster, short ones and one in full."""
    stack = make_stack()
    cluster, zone = Cluster(stack, "Database"), zone_of(stack)
    names = DatabaseNames(
        stack, "Names", zone=zone, database=cluster, writer="db", reader="ro", ttl=cdk.Duration.seconds(1)
    )
    whole = DatabaseNames(
        stack, "Whole", zone=zone, database=cluster, writer="Shop.shop.internal.", ttl=cdk.Duration.minutes(1)
    )
    return SimpleNamespace(names=names, whole=whole, template=template(stack))


def one(template: dict[str, Any], start: str, type: str) -> str:
    """The logical id of the one resource of a type that starts so."""
    (found,) = (name for name, r in template["Resources"].items() if name.startswith(start) and r["Type"] == type)
    return found


def records(template: dict[str, Any], names: str = "Names") -> dict[str, dict[str, Any]]:
    """By construct id: the records of some names."""
    return {
        name.removeprefix(names)[:-8]: r["Properties"]
        for name, r in template["Resources"].items()
        if r["Type"] == RECORD and name.startswith(names)
    }


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    assert lint(world.template) == []


# Where names lead


@pytest.mark.capability("RDS-11")
def test_writer_and_readers_of_a_cluster_have_names_that_lead_to_its_endpoints(clusters):
    zone = one(clusters.template, "Zone", "AWS::Route53::HostedZone")
    cluster = one(clusters.template, "Database", "AWS::RDS::DBCluster")
    common = {"HostedZoneId": {"Ref": zone}, "TTL": "1", "Type": "CNAME"}

    assert records(clusters.template) == {
        "Writer": {
            **common,
            "Name": "db.shop.internal.",
            "ResourceRecords": [{"Fn::GetAtt": [cluster, "Endpoint.Address"]}],
        },
        "Reader": {
            **common,
            "Name": "ro.shop.internal.",
            "ResourceRecords": [{"Fn::GetAtt": [cluster, "ReadEndpoint.Address"]}],
        },
    }


@pytest.mark.capability("RDS-11")
def test_replicas_of_an_instance_share_a_name_while_they_follow(world):
    found = records(world.template)

    writer = found.pop("Writer")
    assert writer["TTL"] == "5"
    assert writer["ResourceRecords"] == [
        {"Fn::GetAtt": [one(world.template, "DatabaseInstance", "AWS::RDS::DBInstance"), "Endpoint.Address"]}
    ]
    assert found == {
        f"Reader{replica}": {
            "HealthCheckId": {"Ref": one(world.template, f"NamesFollows{replica}", CHECK)},
            "HostedZoneId": writer["HostedZoneId"],
            "Name": "reads.shop.internal.",
            "ResourceRecords": [
                {"Fn::GetAtt": [one(world.template, replica, "AWS::RDS::DBInstance"), "Endpoint.Address"]}
            ],
            "SetIdentifier": replica,
            "TTL": "5",
            "Type": "CNAME",
            "Weight": 1,
        }
        for replica in ("Replica1", "Replica2")
    }


def test_a_replica_that_lags_or_says_nothing_gets_no_more_reads(world):
    check = world.template["Resources"][one(world.template, "NamesFollowsReplica1", CHECK)]["Properties"]
    alarm = one(world.template, "Replica1ReplicaLag", "AWS::CloudWatch::Alarm")

    assert check["HealthCheckConfig"] == {
        "AlarmIdentifier": {"Name": {"Ref": alarm}, "Region": "eu-west-1"},
        "InsufficientDataHealthStatus": "Unhealthy",
        "Type": "CLOUDWATCH_METRIC",
    }


@pytest.mark.capability("RDS-11")
def test_a_name_may_be_given_in_full_and_live_for_a_minute(clusters):
    [record] = records(clusters.template, "Whole").values()

    assert record["Name"] == "Shop.shop.internal."
    assert record["TTL"] == "60"


@pytest.mark.capability("RDS-11")
def test_no_name_leads_to_an_address(world, clusters):
    found = [*records(world.template).values(), *records(clusters.template).values()]

    assert {record["Type"] for record in found} == {"CNAME"}
    assert {next(iter(value)) for record in found for value in record["ResourceRecords"]} == {"Fn::GetAtt"}


def test_names_are_known_in_full(clusters):
    assert (clusters.names.writer, clusters.names.reader) == ("db.shop.internal", "ro.shop.internal")
    assert (clusters.whole.writer, clusters.whole.reader) == ("Shop.shop.internal", None)


# What clients are told


@pytest.mark.capability("AUR-10")
def test_clients_are_told_names_port_and_how_long_to_keep_an_address(world):
    assert world.names.client_environment() == {
        "DATABASE_WRITER": "database.shop.internal",
        "DATABASE_READER": "reads.shop.internal",
        "DATABASE_PORT": "5432",
        "DNS_TTL": "5",
    }


@pytest.mark.capability("AUR-10")
def test_a_jvm_is_told_in_its_own_words(clusters):
    assert clusters.whole.client_environment(jvm=True) == {
        "DATABASE_WRITER": "Shop.shop.internal",
        "DATABASE_PORT": "3306",
        "DNS_TTL": "60",
        "JAVA_TOOL_OPTIONS": "-Dsun.net.inetaddr.ttl=60",
    }


# What is refused


@pytest.fixture(scope="module")
def site(make_stack: Callable[..., cdk.Stack]) -> SimpleNamespace:
    """Databases and a zone, where refused names leave nothing behind."""
    stack = make_stack()
    return SimpleNamespace(
        stack=stack,
        zone=zone_of(stack),
        public=route53.PublicHostedZone(stack, "Public", zone_name="shop.example.com"),
        instance=Instance(stack, "Instance"),
        cluster=Cluster(stack, "Cluster"),
        replica=Instance(stack, "Replica", source="Instance"),
        promoted=Instance(stack, "Promoted"),
    )


def refused(site: SimpleNamespace, **options: Any) -> str:
    given = {"zone": site.zone, "database": site.instance, "writer": "database", **options}
    site.stack.node.try_remove_child("Names")
    with pytest.raises(InvalidOptions) as found:
        DatabaseNames(site.stack, "Names", **given)
    return str(found.value)


@pytest.mark.capability("RDS-11")
@pytest.mark.parametrize(
    ("ttl", "shown"),
    [
        (cdk.Duration.seconds(0), "0 seconds"),
        (cdk.Duration.seconds(61), "1 minute 1 second"),
        (cdk.Duration.millis(5500), "5 seconds 500 millis"),
    ],
)
def test_a_name_is_kept_for_a_minute_at_most(site, ttl, shown):
    assert refused(site, ttl=ttl) == (
        f"Test/Names: 'ttl' is {shown}; allowed: 1 to 60 seconds, in whole seconds, because a client that keeps an old "
        "address does not see a failover, so that a name is cached for a minute at most "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_BestPractices.html)"
    )


@pytest.mark.capability("RDS-11")
def test_an_instance_without_replicas_has_no_readers_to_name(site):
    assert refused(site, reader="reads") == (
        "Test/Names: 'reader' is 'reads'; allowed: left out, or with 'replicas', or for a database with an endpoint "
        "for its readers, because a cluster has an endpoint for its readers; replicas of an instance have one each "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html)"
    )


def test_replicas_share_the_name_of_the_readers(site):
    assert refused(site, replicas=[site.replica]) == (
        "Test/Names: 'replicas' is ['Replica']; allowed: none, or replicas of an instance together with 'reader', "
        "because a cluster has an endpoint for its readers; replicas of an instance have one each "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html)"
    )


def test_a_promoted_replica_is_another_database(site):
    assert refused(site, reader="reads", replicas=[site.promoted]) == (
        "Test/Names: 'replicas' is ['Promoted']; allowed: replicas that follow a source; one that was promoted is a "
        "'database', because what is read under one name has to be the same data "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html)"
    )


def test_each_replica_is_named_once(site):
    assert refused(site, reader="reads", replicas=[site.replica, site.replica]) == (
        "Test/Names: 'replicas' is ['Replica', 'Replica']; allowed: constructs with different ids, because weighted "
        "records of one name have different identifiers and share the answers between them "
        "(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html)"
    )


@pytest.mark.capability("RDS-11")
def test_names_of_databases_are_not_for_everybody(site):
    assert refused(site, zone=site.public) == (
        "Test/Names: 'zone' is 'Test/Public'; allowed: a private zone of the VPC, because a private zone answers "
        "inside its VPCs only, so that each Region can answer the same name its own way "
        "(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html)"
    )


@pytest.mark.parametrize("writer", ["", "10.0.0.1:5432", "data base", "*", "-db", "a" * 64, "a..b"])
def test_a_name_is_one_that_dns_takes(site, writer):
    assert refused(site, writer=writer) == (
        f"Test/Names: 'writer' is '{writer}'; allowed: a name such as 'database', inside of the zone or in full, "
        "because a name has labels of up to 63 letters, digits and hyphens with dots between them, 255 characters in "
        "all (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html)"
    )


def test_the_zone_itself_is_no_name_for_a_database(site):
    assert refused(site, writer="shop.internal.") == (
        "Test/Names: 'writer' is 'shop.internal.'; allowed: a name below 'shop.internal', because a CNAME record "
        "cannot have the name of its zone itself "
        "(https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat)"
    )


def test_writer_and_readers_have_different_names(site):
    assert refused(site, database=site.cluster, writer="db", reader="DB.shop.internal") == (
        "Test/Names: 'reader' is 'DB.shop.internal'; allowed: another name than 'writer' has, because one name leads "
        "to one place (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat)"
    )


def test_a_name_is_given_once(site):
    DatabaseNames(site.stack, "First", zone=site.zone, database=site.instance, writer="taken")

    assert refused(site, writer="Taken.shop.internal") == (
        "Test/Names: 'writer' is 'Taken.shop.internal'; allowed: a name that Test/First has not taken, because one "
        "name leads to one place (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html)"
    )


# Any options

labels = st.sampled_from(
    ["db", "DB", "reads", "db.shop.internal", "shop.internal", "a.b", "", "*", "10.0.0.1", "_x", "é"]
)
anything = st.fixed_dictionaries(
    {"writer": labels},
    optional={
        "reader": st.none() | labels | st.just(cdk.Aws.STACK_NAME),
        "ttl": st.none() | st.integers(0, 70).map(cdk.Duration.seconds) | st.just(cdk.Duration.millis(500)),
    },
)


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The records of names with these options, or None when they were refused."""

    def build(kind: type[Instance | Cluster], options: dict[str, Any]) -> dict[str, Any] | None:
        stack = make_stack()
        zone = route53.PrivateHostedZone.from_hosted_zone_attributes(
            stack, "Zone", hosted_zone_id="Z0123456789ABCDEFGHIJ", zone_name="shop.internal"
        )
        try:
            DatabaseNames(stack, "Names", zone=zone, database=kind(stack, "Database"), **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return records(template(stack))

    return build


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(options=anything, kind=st.sampled_from([Instance, Cluster]))
def test_any_options_are_built_or_refused(attempt, options, kind):
    found = attempt(kind, options)

    if found is not None:
        assert set(found) == ({"Writer", "Reader"} if options.get("reader") else {"Writer"})
        assert all(1 <= int(record["TTL"]) <= 60 for record in found.values())
        assert all(".shop.internal." in str(record["Name"]) for record in found.values())


@pytest.mark.parametrize("option", ["writer", "reader", "ttl"])
def test_what_only_a_deployment_knows_is_taken_as_it_is(attempt, option):
    value = cdk.Duration.seconds(cdk.Token.as_number({"Ref": "Ttl"})) if option == "ttl" else cdk.Aws.STACK_NAME

    found = attempt(Cluster, {"writer": "db", "reader": "ro", option: value})

    record = found["Reader" if option == "reader" else "Writer"]
    assert record["TTL"] == {"Ref": "Ttl"} if option == "ttl" else "AWS::StackName" in str(record["Name"])


def test_no_change_of_the_names_replaces_a_database(make_stack, template):
    def build(ttl: int = 5, **names: str) -> dict[str, Any]:
        stack = make_stack()
        options = {"writer": "db", "reader": "ro", **names, "ttl": cdk.Duration.seconds(ttl)}
        DatabaseNames(stack, "Names", zone=zone_of(stack), database=Cluster(stack, "Database"), **options)
        return template(stack)

    found = in_place(build, {}, {"writer": "other", "reader": "others", "ttl": 60})

    assert found == {"writer": [], "reader": [], "ttl": []}
