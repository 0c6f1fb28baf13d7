"""What a read replica cannot be: each message whole, and the last replica that still can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_standby._checks import InvalidOptions
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.multi_az_cluster import MultiAzCluster
from cdk_standby.relational.multi_az_instance import MultiAzInstance
from cdk_standby.relational.read_replica import ReadReplica, SourceInstance
from cdk_standby_review.facts import rds_engines

HOME, AWAY = "eu-west-1", "eu-central-1"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html"
CASCADING = GUIDE + "USER_PostgreSQL.Replication.ReadReplicas.Cascading.html"
CHAINS = (
    "of MySQL, MariaDB and, from 14.1 on, PostgreSQL up to three replicas follow one another; of Oracle, SQL Server "
    "and "
    "Db2 none follows a replica; PostgreSQL has replicas of replicas, and backups of replicas, from 14.1 on "
    f"({CASCADING})"
)
AHEAD = (
    "a version is written in full, since a prefix means another one every few months; a replica is upgraded before its "
    "source and never runs an older version; by a major version only replicas of MySQL and MariaDB can be ahead, those "
    f"of other engines follow their source block by block ({GUIDE}USER_UpgradeDBInstance.MySQL.ReadReplicas.html)"
)
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
SINGLE = {"single_az_because": "reads only", "zone": HOME + "a"}
IBM = {"ibm_customer_id": "12345", "ibm_site_id": "67890"}
OF_ENGINE: dict[str, dict[str, Any]] = {"sqlserver-ee": SINGLE, "db2-ae": IBM, "db2-se": IBM}


def place(stack: cdk.Stack) -> dict[str, Any]:
    """Somebody else's network and key, made once."""
    found = stack.node.try_find_child("Vpc"), stack.node.try_find_child("Key")
    zones = "abc"
    vpc = found[0] or ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
    )
    return {"vpc": vpc, "key": found[1] or kms.Key.from_key_arn(stack, "Key", KEY.format(stack.region))}


def source(engine: str = "postgres", **known: Any) -> SourceInstance:
    usual = {"identifier": "shop", "region": HOME, "engine": engine, "version": rds_engines.EXAMPLES.get(engine, "1")}
    return SourceInstance(**{**usual, **known})


def replica(stack: cdk.Stack, of: Any, id: str = "Replica", **options: Any) -> ReadReplica:
    return ReadReplica(stack, id, source=of, **{**place(stack), **options})


def said(invalid: pytest.ExceptionInfo[InvalidOptions]) -> str:
    return str(invalid.value)


# Sources


SOURCES = [
    pytest.param(
        source("oracle-se2"),
        "'shop' (oracle-se2 19.0.0.0.ru-2025-07.rur-2025-07.r1); allowed: a source of another edition, because read "
        f"replicas need Oracle Enterprise Edition ({GUIDE}USER_ReadRepl.html)",
        id="Oracle Standard Edition",
        marks=[pytest.mark.capability("RDS-19"), pytest.mark.capability("RDS-43")],
    ),
    pytest.param(
        source("sqlserver-se"),
        "'shop' (sqlserver-se 16.00.4215.2.v1); allowed: a source of another edition, because read replicas need SQL "
        f"Server Enterprise Edition ({GUIDE}USER_ReadRepl.html)",
        id="SQL Server Standard Edition",
        marks=pytest.mark.capability("RDS-19"),
    ),
    pytest.param(
        source("sqlserver-web"),
        "'shop' (sqlserver-web 16.00.4215.2.v1); allowed: a source of another edition, because read replicas need SQL "
        f"Server Enterprise Edition ({GUIDE}USER_ReadRepl.html)",
        id="SQL Server Web Edition",
        marks=pytest.mark.capability("RDS-19"),
    ),
    pytest.param(
        source("aurora-mysql"),
        "'shop' (aurora-mysql 1); allowed: a source of 'postgres', 'mysql', 'mariadb', 'oracle-ee', 'oracle-ee-cdb', "
        "'sqlserver-ee', 'db2-ae', 'db2-se', 'db2-ce', because an instance has at most 15 read replicas, of Oracle 5, "
        f"of Db2 3 ({API})",
        id="Aurora",
    ),
    pytest.param(
        source("mysql", backup_retention=cdk.Duration.days(0)),
        "'shop' (mysql 8.4.6); allowed: a source that keeps backups, because RDS makes a replica from a backup of its "
        f"source, which has to keep backups for a day or more, also when it is a replica itself ({API})",
        id="no backups",
        marks=[pytest.mark.capability("RDS-18"), pytest.mark.capability("RDS-21"), pytest.mark.capability("RDS-24")],
    ),
    pytest.param(
        source(managed_password=True),
        "'shop' (postgres 17.6); allowed: a source without 'managed_password'; a secret of its own has copies in other "
        "Regions, because RDS does not manage the password of an instance that has read replicas, SQL Server apart, or "
        f"that a blue/green deployment upgrades ({GUIDE}rds-secrets-manager.html)",
        id="managed password",
    ),
    pytest.param(
        source(version="17"),
        "'shop' (postgres 17); allowed: a source whose version is written in full, as '17.6', because a version is "
        "written in full, since a prefix means another one every few months "
        f"({GUIDE}USER_UpgradeDBInstance.Upgrading.html)",
        id="prefix of a version",
    ),
    pytest.param(
        source(depth=3),
        f"'shop' (postgres 17.6); allowed: a source that follows 2 other databases at most, because {CHAINS}",
        id="PostgreSQL, a fourth in a row",
        marks=[pytest.mark.capability("RDS-22"), pytest.mark.capability("RDS-23")],
    ),
    pytest.param(
        source(version="13.20", depth=1),
        f"'shop' (postgres 13.20); allowed: a source that follows no other databases at most, because {CHAINS}",
        id="PostgreSQL 13, a second in a row",
        marks=pytest.mark.capability("RDS-23"),
    ),
    pytest.param(
        source("oracle-ee", depth=1),
        "'shop' (oracle-ee 19.0.0.0.ru-2025-07.rur-2025-07.r1); allowed: a source that follows no other databases at "
        f"most, because {CHAINS}",
        id="Oracle, a second in a row",
        marks=pytest.mark.capability("RDS-43"),
    ),
    pytest.param(
        source(depth=1, regions=("us-east-1", "eu-north-1")),
        "'shop' (postgres 17.6); allowed: a replica in us-east-1 or eu-north-1 or eu-west-1, because a chain of "
        "PostgreSQL replicas spans two Regions at most, and four levels with its source "
        f"({GUIDE}USER_ReadRepl.XRgn.html)",
        id="three Regions in a chain",
        marks=pytest.mark.capability("RDS-23"),
    ),
    pytest.param(
        source(region=AWAY, cluster=True),
        "'shop' (postgres 17.6); allowed: a cluster of eu-west-1, or an instance of another Region, because a Multi-AZ "
        f"DB cluster has read replicas in its own Region only ({API})",
        id="cluster of another Region",
        marks=pytest.mark.capability("RDS-27"),
    ),
    pytest.param(
        source(version="14.6", cluster=True),
        "'shop' (postgres 14.6); allowed: a cluster of a newer version, because a Multi-AZ DB cluster has read "
        "replicas "
        "from PostgreSQL 13.10, 14.7 and 15.2 on, in its own Region "
        f"({GUIDE}multi-az-db-clusters-create-instance-read-replica.html)",
        id="old cluster",
    ),
    pytest.param(
        source(account="222222222222"),
        "'shop' (postgres 17.6); allowed: a source of account 111111111111, because a replica lives in the account of "
        f"its source ({GUIDE}USER_ReadRepl.XRgn.html)",
        id="another account",
    ),
]


@pytest.mark.parametrize(("of", "message"), SOURCES)
def test_a_source_that_has_no_replicas_is_refused(make_stack, of, message):
    with pytest.raises(InvalidOptions) as invalid:
        replica(make_stack(), of)

    assert f"Test/Replica: 'source' is {message}" in said(invalid).splitlines()


@pytest.mark.capability("RDS-27")
def test_a_source_of_another_region_needs_a_name(make_stack):
    home = make_stack(name="Home")
    away = make_stack(name="Away", region=AWAY, app=home.node.root)
    nameless = MultiAzInstance(home, "Database", engine="postgres", version="17.6", **place(home))

    with pytest.raises(InvalidOptions) as invalid:
        replica(away, nameless)

    assert said(invalid) == (
        "Away/Replica: 'source' is 'Home/Database' (postgres 17.6); allowed: a source with an 'instance_identifier' in "
        "words, because a replica names a source of another Region by its ARN, which both Regions have to know "
        "beforehand (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
        "aws-resource-rds-dbinstance.html)"
    )


@pytest.mark.capability("RDS-18")
def test_a_source_of_another_stack_is_named_in_words(make_stack):
    home = make_stack(name="Home")
    neighbour = make_stack(name="Neighbour", app=home.node.root)
    nameless = MultiAzCluster(home, "Database", engine="postgres", version="17.6", **place(home))

    with pytest.raises(InvalidOptions) as invalid:
        replica(neighbour, nameless)

    assert said(invalid) == (
        "Neighbour/Replica: 'source' is 'Home/Database' (postgres 17.6); allowed: a source of this stack, or with an "
        "identifier in words, because CloudFormation promotes a replica when the property that names its source goes, "
        "and "
        "nothing undoes that; an export of another stack would hold that up "
        "(https://docs.aws.amazon.com/AWSCloudFormation/"
        "latest/TemplateReference/aws-resource-rds-dbinstance.html)"
    )


def test_a_source_of_no_region_is_found_nowhere(make_stack):
    with pytest.raises(InvalidOptions) as invalid:
        replica(make_stack(), source(region="eu-wset-1"))

    assert said(invalid) == (
        "Test/Replica: 'source' is 'eu-wset-1'; allowed: a Region of AWS; did you mean eu-west-1 or us-west-1 or "
        "eu-west-3?, because what cannot be found can neither be deployed to nor failed over to "
        "(https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)"
    )


def test_a_source_is_given_by_its_identifier(make_stack):
    with pytest.raises(InvalidOptions) as invalid:
        replica(make_stack(), source(identifier="arn:aws:rds:eu-west-1:111111111111:db:shop"))

    assert said(invalid) == (
        "Test/Replica: 'source' is 'arn:aws:rds:eu-west-1:111111111111:db:shop' (postgres 17.6); allowed: a source by "
        "its identifier, not its ARN or address, because identifiers hold up to 63 letters, digits and hyphens, "
        "starting with a letter (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html)"
    )


def test_a_cluster_of_aurora_has_readers_of_its_own(make_stack):
    stack = make_stack()
    aurora = AuroraCluster(stack, "Database", engine="aurora-postgresql", version="17.4", **place(stack))

    with pytest.raises(InvalidOptions) as invalid:
        replica(stack, aurora)

    assert said(invalid) == (
        "Test/Replica: 'source' is an AuroraCluster; allowed: a MultiAzInstance, a MultiAzCluster, a ReadReplica or a "
        "SourceInstance, because Aurora has readers and a global database of its own, and others are no sources "
        f"({API})"
    )


@pytest.mark.capability("RDS-27")
def test_a_key_of_the_sources_region_opens_nothing_elsewhere(make_stack):
    stack = make_stack(region=AWAY)
    key = kms.Key.from_key_arn(stack, "Elsewhere", KEY.format(HOME))

    with pytest.raises(InvalidOptions) as invalid:
        replica(stack, source(), key=key)

    assert said(invalid) == (
        "Test/Replica: 'key' is 'Test/Elsewhere'; allowed: one of eu-central-1, where the database is, because a key "
        f"encrypts in its own Region only ({GUIDE}Overview.Encryption.html)"
    )


@pytest.mark.capability("RDS-27")
def test_a_stack_that_may_be_anywhere_does_not_know_whether_its_source_is_elsewhere(make_stack):
    with pytest.raises(InvalidOptions) as invalid:
        replica_anywhere(make_stack(region=None))

    assert said(invalid) == (
        "Test/Replica: 'source' is 'shop' (postgres 17.6); allowed: a stack whose Region is stated, because a replica "
        "names a source of another Region by its ARN, which both Regions have to know beforehand "
        "(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html)"
    )


def replica_anywhere(stack: cdk.Stack) -> ReadReplica:
    vpc = ec2.Vpc(stack, "Vpc", subnet_configuration=[isolated()])
    return ReadReplica(stack, "Replica", source=source(), vpc=vpc, key=kms.Key(stack, "Key"))


def isolated() -> ec2.SubnetConfiguration:
    return ec2.SubnetConfiguration(name="data", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)


@pytest.mark.capability("RDS-18")
def test_a_managed_password_of_the_source_is_seen_where_it_is_built(make_stack):
    stack = make_stack()
    managed = MultiAzInstance(stack, "Database", engine="mysql", version="8.4.6", managed_password=True, **place(stack))

    with pytest.raises(InvalidOptions) as invalid:
        replica(stack, managed)

    assert said(invalid) == (
        "Test/Replica: 'source' is 'Test/Database' (mysql 8.4.6); allowed: a source without 'managed_password'; a "
        "secret "
        "of its own has copies in other Regions, because RDS does not manage the password of an instance that has read "
        f"replicas, SQL Server apart, or that a blue/green deployment upgrades ({GUIDE}rds-secrets-manager.html)"
    )


def test_sql_server_keeps_its_managed_password(make_stack):
    built = replica(make_stack(), source("sqlserver-ee", managed_password=True), **SINGLE)

    assert built.depth == 1


# Options


OPTIONS = [
    pytest.param(
        source(),
        {"version": "17"},
        "'version' is '17'; allowed: '17.6' as the source has it, or a newer one of postgres 17, because " + AHEAD,
        id="prefix",
    ),
    pytest.param(
        source(),
        {"version": "17.5"},
        "'version' is '17.5'; allowed: '17.6' as the source has it, or a newer one of postgres 17, because " + AHEAD,
        id="older than its source",
    ),
    pytest.param(
        source(),
        {"version": "18.1", "major_upgrades": True},
        "'version' is '18.1'; allowed: '17.6' as the source has it, or a newer one of postgres 17, because " + AHEAD,
        id="a major version ahead",
    ),
    pytest.param(
        source("mysql", version="8.0.42"),
        {"version": "8.4.6"},
        "'version' is '8.4.6'; allowed: '8.0.42' as the source has it, or a newer one of mysql 8.0, or with "
        "'major_upgrades' of a later one, because " + AHEAD,
        id="a major version ahead by accident",
    ),
    pytest.param(
        source("db2-se"),
        {"version": "12.1.1.0.sb00070000.r1", **IBM},
        "'version' is '12.1.1.0.sb00070000.r1'; allowed: '11.5.9.0.sb00063198.r1' as the source has it, or a newer one "
        "of db2-se 11.5, because " + AHEAD,
        id="Db2 a major version ahead",
        marks=pytest.mark.capability("RDS-44"),
    ),
    pytest.param(
        source("sqlserver-ee"),
        {},
        "'single_az_because' is not given; allowed: a reason, for a replica of this engine, because a replica of SQL "
        f"Server has no standby until it is promoted ({GUIDE}SQLServer.ReadReplicas.Limitations.html)",
        id="SQL Server with a standby",
        marks=pytest.mark.capability("RDS-26"),
    ),
    pytest.param(
        source(),
        {"zone": HOME + "a"},
        "'zone' is 'eu-west-1a'; allowed: left out, or with 'single_az_because', because RDS chooses the zones of a "
        f"replica that has a standby; one without lives where it is told to ({API})",
        id="zone with a standby",
        marks=pytest.mark.capability("RDS-26"),
    ),
    pytest.param(
        source(),
        {"single_az_because": "reads only"},
        "'zone' is not given; allowed: with 'single_az_because' one of 'eu-west-1a', 'eu-west-1b', 'eu-west-1c', "
        f"because where it is not said, two replicas may share a zone, and are lost together ({API})",
        id="no zone without a standby",
        marks=pytest.mark.capability("RDS-32"),
    ),
    pytest.param(
        source(),
        {"single_az_because": "reads only", "zone": AWAY + "a"},
        "'zone' is 'eu-central-1a'; allowed: with 'single_az_because' one of 'eu-west-1a', 'eu-west-1b', 'eu-west-1c', "
        f"because where it is not said, two replicas may share a zone, and are lost together ({API})",
        id="zone of another Region",
    ),
    pytest.param(
        source(maintenance_window="mon:03:00-mon:04:00"),
        {"maintenance_window": "mon:02:30-mon:03:30"},
        "'maintenance_window' is 'mon:02:30-mon:03:30'; allowed: apart from 'mon:03:00-mon:04:00', when the source is "
        "maintained, because reads go on while a source is maintained, if its replicas are maintained at another time "
        f"({GUIDE}USER_ReadRepl.html)",
        id="maintained together",
        marks=pytest.mark.capability("RDS-29"),
    ),
    pytest.param(
        source(),
        {"replica_mode": "mounted"},
        "'replica_mode' is 'mounted'; allowed: left out for postgres, because a replica of Oracle or Db2 is readable, "
        "or "
        "mounted (a standby) for recovery alone, which takes fewer licences; those of other engines are readable "
        f"({API})",
        id="mode of another engine",
        marks=pytest.mark.capability("RDS-43"),
    ),
    pytest.param(
        source("oracle-ee"),
        {"replica_mode": "open"},
        "'replica_mode' is 'open'; allowed: 'open-read-only', 'mounted', because a replica of Oracle or Db2 is "
        "readable, "
        "or mounted (a standby) for recovery alone, which takes fewer licences; those of other engines are readable "
        f"({API})",
        id="no such mode",
        marks=pytest.mark.capability("RDS-43"),
    ),
    pytest.param(
        source("db2-se"),
        {"ibm_site_id": "67890"},
        "'ibm_customer_id' is not given; allowed: the number that IBM gave, because whoever brings a licence of Db2 "
        f"names customer and site as IBM knows them, in a parameter group ({GUIDE}db2-licensing.html)",
        id="Db2 without its licence",
        marks=pytest.mark.capability("RDS-44"),
    ),
    pytest.param(
        source("sqlserver-ee"),
        {**SINGLE, "backup_retention": cdk.Duration.days(7)},
        "'backup_retention' is 7 days; allowed: left out until the replica is promoted, because SQL Server makes no "
        "backups of a replica, PostgreSQL does from 14.1 on, the others always "
        f"({GUIDE}USER_ReadRepl.Overview.Differences.html)",
        id="backups of SQL Server",
    ),
    pytest.param(
        source(version="13.20"),
        {"backup_retention": cdk.Duration.days(7)},
        "'backup_retention' is 7 days; allowed: left out until the replica is promoted, because SQL Server makes no "
        "backups of a replica, PostgreSQL does from 14.1 on, the others always "
        f"({GUIDE}USER_ReadRepl.Overview.Differences.html)",
        id="backups of PostgreSQL 13",
        marks=pytest.mark.capability("RDS-25"),
    ),
    pytest.param(
        source(),
        {"backup_retention": cdk.Duration.days(0)},
        "'backup_retention' is 0 days; allowed: 1 to 35 days, because RDS keeps automated backups for 1 to 35 days; "
        "without them there is no restore to a moment and no replica "
        f"({GUIDE}USER_WorkingWithAutomatedBackups.BackupRetention.html)",
        id="no backups by accident",
    ),
    pytest.param(
        source(),
        {"promoted_because": "the source is lost", "no_backups_because": "reads only"},
        "'no_backups_because' is 'reads only'; allowed: left out with 'backup_retention' and with 'promoted_because', "
        "because a database that stands for itself is not left without backups, nor one that is told how long to keep "
        f"them ({API})",
        id="promoted without backups",
        marks=pytest.mark.capability("RDS-28"),
    ),
    pytest.param(
        source(),
        {"promoted_by_api": True},
        "'promoted_by_api' is True; allowed: left out, or with 'promoted_because', because RDS promotes a replica "
        "once: "
        "when that was done by API, CloudFormation would fail to do it again, and goes on only with a template that "
        "names the source still "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_PromoteReadReplica.html)",
        id="promoted without a reason",
        marks=pytest.mark.capability("RDS-28"),
    ),
    pytest.param(
        source(),
        {"insights": "advanced"},
        "'insights' is 'advanced'; allowed: 'standard', because RDS takes no mode of Database Insights for a replica "
        f"that it makes; once it is promoted, it takes any ({API})",
        id="advanced insights",
    ),
    pytest.param(
        source(),
        {"option_group": "audit"},
        "'option_group' is 'audit'; allowed: left out, because a replica of SQL Server has the option group of its "
        f"source, PostgreSQL has none ({API})",
        id="option group",
    ),
    pytest.param(
        source(),
        {"instance_identifier": "Shop"},
        "'instance_identifier' is 'Shop'; allowed: another name than the source's, because a name stands for one "
        "instance of a Region (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html)",
        id="the name of its source",
        marks=pytest.mark.capability("RDS-18"),
    ),
    pytest.param(
        source(),
        {"version": cdk.Aws.STACK_NAME},
        "'version' is a token; allowed: a value known at synth, because it decides which resources there are, and what "
        "they hold",
        id="version known late",
    ),
]


@pytest.mark.parametrize(("of", "options", "message"), OPTIONS)
def test_an_option_that_cannot_work_is_refused_with_the_page_that_says_so(make_stack, of, options, message):
    with pytest.raises(InvalidOptions) as invalid:
        replica(make_stack(), of, **options)

    assert said(invalid) == f"Test/Replica: {message}"


def test_users_of_oracle_do_not_come_by_iam(make_stack):
    stack = make_stack()
    built = replica(stack, source("oracle-ee"))
    role = iam.Role(stack, "App", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))

    with pytest.raises(InvalidOptions) as invalid:
        built.grant_connect(role, user="app")

    assert said(invalid) == (
        "Test/Replica: 'user' is 'app'; allowed: left out: the grantee reads the credentials instead, because MariaDB, "
        f"MySQL and PostgreSQL let users in by IAM ({GUIDE}UsingWithRDS.IAMDBAuth.html)"
    )


# How many, how deep, and where


@pytest.fixture(scope="module")
def count(make_stack: Callable[..., cdk.Stack]) -> Callable[[str, int], tuple[int, str]]:
    """How many replicas of a source are built, beside those of other apps, and what is said of the next."""

    def build(engine: str, elsewhere: int) -> tuple[int, str]:
        stack = make_stack()
        of, options, built = source(engine, replicas=elsewhere), OF_ENGINE.get(engine, {}), 0
        while built < 20:
            zone = {"zone": HOME + "abc"[built % 3]} if "zone" in options else {}
            try:
                replica(stack, of, f"Replica{built + 1}", **{**options, **zone})
            except InvalidOptions as invalid:
                return built, str(invalid)
            built += 1
        return built, ""

    return build


@pytest.mark.capability("RDS-20")
@pytest.mark.parametrize(
    ("engine", "elsewhere", "most"),
    [
        pytest.param("postgres", 0, 15),
        pytest.param("mysql", 13, 15),
        pytest.param("mariadb", 13, 15, marks=pytest.mark.capability("RDS-24")),
        pytest.param("oracle-ee", 0, 5, marks=pytest.mark.capability("RDS-43")),
        pytest.param("sqlserver-ee", 13, 15),
        pytest.param("db2-se", 0, 3, marks=pytest.mark.capability("RDS-44")),
    ],
)
def test_a_source_has_as_many_replicas_as_its_engine_allows_and_not_one_more(count, engine, elsewhere, most):
    built, refusal = count(engine, elsewhere)

    assert built == most - elsewhere
    assert refusal == (
        f"Test/Replica{built + 1}: 'source' is 'shop' ({engine} {rds_engines.EXAMPLES[engine]}), which has {most} "
        f"replicas; allowed: a source with fewer than {most}, because an instance has at most 15 read replicas, of "
        f"Oracle 5, of Db2 3 ({API})"
    )


@pytest.mark.capability("RDS-22")
@pytest.mark.capability("RDS-23")
@pytest.mark.parametrize(
    ("engine", "version"),
    [
        pytest.param("postgres", "17.6"),
        pytest.param("mysql", "8.4.6", marks=pytest.mark.capability("RDS-21")),
        pytest.param("mariadb", "11.4.8", marks=pytest.mark.capability("RDS-24")),
    ],
)
def test_three_replicas_follow_one_another_and_a_fourth_does_not(make_stack, template, resources, engine, version):
    stack = make_stack()
    last: Any = MultiAzInstance(stack, "Database", engine=engine, version=version, **place(stack))
    for name in ("First", "Second", "Third"):
        last = replica(stack, last, name)

    with pytest.raises(InvalidOptions) as invalid:
        replica(stack, last, "Fourth")

    assert said(invalid) == (
        f"Test/Fourth: 'source' is 'Test/Third' ({engine} {version}); allowed: a source that follows 2 other databases "
        f"at most, because {CHAINS}"
    )
    built = {name.split("Instance")[0]: i for name, i in resources(template(stack), "AWS::RDS::DBInstance").items()}
    chain = {
        name: i["SourceDBInstanceIdentifier"]["Ref"].split("Instance")[0]
        for name, i in built.items()
        if "Sou" in str(i)
    }
    assert chain == {"First": "Database", "Second": "First", "Third": "Second"}
    assert {i["BackupRetentionPeriod"] for i in built.values()} == {14}
    assert len({i["PreferredMaintenanceWindow"] for i in built.values()}) == 4


@pytest.mark.capability("RDS-22")
def test_a_replica_without_backups_is_nobodys_source(make_stack):
    stack = make_stack()
    idle = replica(stack, source("mysql"), "First", no_backups_because="reads only")

    with pytest.raises(InvalidOptions) as invalid:
        replica(stack, idle, "Second")

    assert said(invalid) == (
        "Test/Second: 'source' is 'Test/First' (mysql 8.4.6); allowed: a source that keeps backups, because RDS makes "
        "a "
        "replica from a backup of its source, which has to keep backups for a day or more, also when it is a replica "
        f"itself ({API})"
    )


@pytest.mark.capability("RDS-23")
def test_a_chain_of_postgresql_reaches_two_regions_and_no_third(make_stack):
    home = make_stack(name="Home")
    away = make_stack(name="Away", region=AWAY, app=home.node.root)
    third = make_stack(name="Third", region="us-east-1", app=home.node.root)
    near = replica(home, source(region=HOME), instance_identifier="near")
    far = replica(away, near, instance_identifier="far")

    with pytest.raises(InvalidOptions) as invalid:
        replica(third, far)

    assert far.regions == (HOME, HOME, AWAY)
    assert said(invalid) == (
        "Third/Replica: 'source' is 'Away/Replica' (postgres 17.6); allowed: a replica in eu-west-1 or eu-central-1, "
        "because a chain of PostgreSQL replicas spans two Regions at most, and four levels with its source "
        f"({GUIDE}USER_ReadRepl.XRgn.html)"
    )


@pytest.mark.capability("RDS-32")
def test_replicas_without_a_standby_are_spread_over_the_zones(make_stack, template, resources):
    stack = make_stack()
    single = {"single_az_because": "reads only"}
    first = replica(stack, source(), "First", **single, zone=HOME + "b")

    with pytest.raises(InvalidOptions) as invalid:
        replica(stack, source(), "Second", **single, zone=HOME + "b")
    for number, zone in enumerate("acb"):  # all taken: any will do
        replica(stack, source(), f"Other{number}", **single, zone=HOME + zone)

    assert said(invalid) == (
        f"Test/Second: 'zone' is 'eu-west-1b', where {first.node.path} is; allowed: 'eu-west-1a', 'eu-west-1c', "
        "because "
        f"replicas in one zone are lost together ({GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html)"
    )
    zones = [i["AvailabilityZone"] for i in resources(template(stack), "AWS::RDS::DBInstance").values()]
    assert sorted(zones) == [HOME + zone for zone in "abbc"]


def test_the_replicas_of_a_region_live_in_one_network(make_stack):
    stack = make_stack()
    replica(stack, source(), "First")
    other = ec2.Vpc.from_vpc_attributes(
        stack,
        "Other",
        vpc_id="vpc-0fedcba9876543210",
        availability_zones=[HOME + "a", HOME + "b"],
        isolated_subnet_ids=["subnet-0bbbbbbbbbbbbbbb0", "subnet-0bbbbbbbbbbbbbbb1"],
        isolated_subnet_route_table_ids=["rtb-0bbbbbbbbbbbbbbb0", "rtb-0bbbbbbbbbbbbbbb1"],
    )

    with pytest.raises(InvalidOptions) as invalid:
        replica(stack, source(), "Second", vpc=other)

    assert said(invalid) == (
        "Test/Second: 'vpc' is 'vpc-0fedcba9876543210'; allowed: 'vpc-0123456789abcdef0', where Test/First is, because "
        f"all replicas that one source has in a Region live in one VPC ({API})"
    )


@pytest.mark.capability("RDS-33")
def test_a_replica_of_mysql_may_be_ahead_by_a_major_version_when_that_is_said(make_stack, template, resources):
    stack = make_stack()
    replica(stack, source("mysql", version="8.0.42"), version="8.4.6", major_upgrades=True)

    [built] = resources(template(stack), "AWS::RDS::DBInstance").values()
    [group] = resources(template(stack), "AWS::RDS::DBParameterGroup").values()
    assert (built["EngineVersion"], built["AllowMajorVersionUpgrade"]) == ("8.4.6", True)
    assert group["Family"] == "mysql8.4"


@pytest.mark.capability("RDS-21")
def test_replicas_of_mysql_store_with_innodb(make_stack, template, resources):
    stack = make_stack()
    replica(stack, source("mysql"))

    [group] = resources(template(stack), "AWS::RDS::DBParameterGroup").values()
    assert group["Parameters"]["default_storage_engine"] == "InnoDB"


@pytest.mark.capability("RDS-10")
def test_a_managed_password_of_a_cluster_excludes_replicas(make_stack):
    stack = make_stack()
    cluster = MultiAzCluster(stack, "Database", engine="mysql", version="8.4.6", managed_password=True, **place(stack))

    with pytest.raises(InvalidOptions) as invalid:
        replica(stack, cluster)

    assert "'source' is 'Test/Database' (mysql 8.4.6); allowed: a source without 'managed_password'" in said(invalid)
