"""What a proxy refuses, in whole messages, and that it takes any other options."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replacement import Together, described, in_place

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational._access import ClusterAccess, DatabaseAccess, InstanceAccess
from cdk_standby.relational._aurora_known import KnownAurora
from cdk_standby.relational.database_proxy import DatabaseProxy
from cdk_standby_review.facts import rds_proxy as facts

KEY = "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012"
GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
POOL = f"({API}API_ConnectionPoolConfiguration.html)"
QUOTAS = f"({GUIDE}rds-proxy.html)"
CREATE_ONLY = ("DBProxyName", "EngineFamily", "VpcSubnetIds")


class _Bare(DatabaseAccess):
    """A database with no more than a proxy needs, which synthesizes in no time."""

    def __init__(self, scope: cdk.Stack, id: str, vpc: ec2.IVpc, *, with_secret: bool = True) -> None:
        super().__init__(scope, id)
        self.port, self.key = 5432, kms.Key.from_key_arn(self, "Key", KEY)
        self.security_group = ec2.SecurityGroup(self, "SecurityGroup", vpc=vpc, allow_all_outbound=False)
        secret = secretsmanager.CfnSecret(self, "Secret") if with_secret else None
        self.secret = (
            secretsmanager.Secret.from_secret_complete_arn(self, "Credentials", secret.ref) if secret else None
        )


class Instance(_Bare, InstanceAccess):
    def __init__(self, scope: cdk.Stack, id: str, vpc: ec2.IVpc, engine: str, **options: Any) -> None:
        super().__init__(scope, id, vpc, with_secret=options.pop("with_secret", True))
        self.instance = rds.CfnDBInstance(
            self, "Instance", engine=engine, enable_iam_database_authentication="sqlserver" not in engine, **options
        )


class Cluster(_Bare, ClusterAccess):
    def __init__(
        self, scope: cdk.Stack, id: str, vpc: ec2.IVpc, engine: str, *, members: int = 2, **options: Any
    ) -> None:
        super().__init__(scope, id, vpc)
        aurora = engine.startswith("aurora")
        self.cluster = rds.CfnDBCluster(
            self, "Cluster", engine=engine, enable_iam_database_authentication=aurora or None, **options
        )
        self.instances = tuple(
            rds.CfnDBInstance(self, f"Instance{number}", db_cluster_identifier=self.cluster.ref)
            for number in range(members)
        )


def vpc_of(stack: cdk.Stack, zones: tuple[str, ...] = ("eu-west-1a", "eu-west-1b"), id: str = "Vpc") -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        id,
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=list(zones),
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{number}" for number, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{number}" for number, _ in enumerate(zones)],
    )


@pytest.fixture(scope="module")
def site(make_stack: Callable[..., cdk.Stack]) -> cdk.Stack:
    """Where refused proxies leave nothing behind."""
    stack = make_stack()
    vpc = vpc_of(stack)
    for engine in ("postgres", "mysql", "oracle-ee", "db2-se", "sqlserver-se"):
        Instance(stack, engine, vpc, engine)
    Instance(stack, "restored", vpc, "postgres", with_secret=False)
    Instance(stack, "replica", vpc, "mysql", source_db_instance_identifier="source")
    for engine in ("aurora-postgresql", "aurora-mysql", "mysql"):
        Cluster(stack, f"cluster-{engine}", vpc, engine)
    Cluster(stack, "alone", vpc, "aurora-mysql", members=1)
    Cluster(stack, "headless", vpc, "aurora-mysql", members=0)
    pausing = rds.CfnDBCluster.ServerlessV2ScalingConfigurationProperty(min_capacity=0, max_capacity=8)
    Cluster(stack, "pausing", vpc, "aurora-mysql", serverless_v2_scaling_configuration=pausing)
    Cluster(stack, "forwarding", vpc, "aurora-mysql", enable_global_write_forwarding=True)
    return stack


def refused(site: cdk.Stack, database: str | DatabaseAccess = "postgres", **options: Any) -> str:
    behind = site.node.find_child(database) if isinstance(database, str) else database
    site.node.try_remove_child("Proxy")
    given = {"database": behind, "vpc": site.node.find_child("Vpc"), **options}
    with pytest.raises(InvalidOptions) as found:
        DatabaseProxy(site, "Proxy", **given)
    site.node.try_remove_child("Proxy")
    return str(found.value)


# Databases


@pytest.mark.capability("RDS-34")
@pytest.mark.parametrize("engine", ["oracle-ee", "db2-se"])
def test_no_proxy_speaks_oracle_or_db2(site, engine):
    assert refused(site, engine) == (
        f"Test/Proxy: 'database' is 'Test/{engine}'; allowed: one of PostgreSQL, MySQL, MariaDB, SQL Server or Aurora, "
        f"not of '{engine}', because a proxy speaks the protocols of MySQL, PostgreSQL and SQL Server, and no other "
        f"({API}API_CreateDBProxy.html)"
    )


def test_a_proxy_stands_before_the_source_of_a_replica(site):
    assert refused(site, "replica") == (
        "Test/Proxy: 'database' is 'Test/replica'; allowed: the source of the replica, or a replica that was promoted, "
        "because a proxy stands before the instance that writes, not before its read replica "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html)"
    )


def test_a_cluster_that_pauses_would_not_with_a_proxy(site):
    assert refused(site, "pausing") == (
        "Test/Proxy: 'database' is 'Test/pausing'; allowed: a serverless cluster that keeps 0.5 capacity units or "
        f"more, because a proxy holds a connection to every instance, so that none ever pauses "
        f"({GUIDE}aurora-serverless-v2-auto-pause.html)"
    )


def test_a_cluster_without_instances_has_nobody_to_answer(site):
    assert refused(site, "headless", read_only=True) == (
        "Test/Proxy: 'database' is 'Test/headless'; allowed: a cluster with an instance; the proxy comes with the "
        "first one, because a read-only endpoint leads to the readers of a cluster; of a single instance there are "
        f"none ({GUIDE}rds-proxy-endpoints.html)"
    )


def test_a_cluster_of_another_app_has_its_proxy_there(site):
    group = ec2.SecurityGroup.from_security_group_id(site, "Group", "sg-0123456789abcdef0")
    key = kms.Key.from_key_arn(site, "Key", KEY)
    known = KnownAurora(
        site, "Known", engine="aurora-mysql", cluster_identifier="shop", security_group=group, key=key, secret_name="a"
    )

    assert refused(site, known) == (
        "Test/Proxy: 'database' is 'Test/Known'; allowed: a database that this app builds, because a proxy stands in "
        f"the network of its database {QUOTAS}"
    )


@pytest.mark.capability("RDS-35")
@pytest.mark.parametrize("database", ["postgres", "alone"])
def test_reads_need_a_reader(site, database):
    assert refused(site, database, read_only=True) == (
        "Test/Proxy: 'read_only' is True; allowed: False, or a cluster with a reader beside its writer, because a "
        "read-only endpoint leads to the readers of a cluster; of a single instance there are none "
        f"({GUIDE}rds-proxy-endpoints.html)"
    )


# Places


@pytest.mark.capability("RDS-34")
def test_a_proxy_needs_two_zones(site):
    one = vpc_of(site, ("eu-west-1a",), "OneZone")

    assert refused(site, vpc=one) == (
        "Test/Proxy: 'vpc' is 'Test/OneZone'; allowed: isolated (or chosen) subnets in two Availability Zones or more, "
        f"because a proxy has subnets in two Availability Zones or more {QUOTAS}"
    )


def test_zones_without_proxies_are_refused_where_their_ids_are_known(site):
    closed = vpc_of(site, ("use1-az1", "use1-az3"), "Closed")

    assert refused(site, vpc=closed) == (
        "Test/Proxy: 'vpc' is 'Test/Closed'; allowed: zones other than use1-az3 and usw1-az2, because there are no "
        f"proxies in these zones, which each account knows by another name {QUOTAS}"
    )


def test_a_proxy_stands_in_the_network_of_its_database(site):
    other = ec2.Vpc.from_vpc_attributes(
        site,
        "Other",
        vpc_id="vpc-0fedcba9876543210",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        isolated_subnet_ids=["subnet-0aaaaaaaaaaaaaaa8", "subnet-0aaaaaaaaaaaaaaa9"],
        isolated_subnet_route_table_ids=["rtb-0aaaaaaaaaaaaaaa8", "rtb-0aaaaaaaaaaaaaaa9"],
    )

    assert refused(site, vpc=other) == (
        "Test/Proxy: 'vpc' is 'Test/Other'; allowed: the VPC of the database, vpc-0123456789abcdef0, because a proxy "
        f"stands in the network of its database {QUOTAS}"
    )


def test_a_network_of_dedicated_hosts_has_no_proxies(make_stack):
    stack = make_stack()
    vpc = ec2.Vpc(
        stack,
        "Vpc",
        default_instance_tenancy=ec2.DefaultInstanceTenancy.DEDICATED,
        availability_zones=["eu-west-1a", "eu-west-1b"],
        nat_gateways=0,
        subnet_configuration=[
            ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
        ],
    )

    assert refused(stack, Instance(stack, "Database", vpc, "mysql")) == (
        "Test/Proxy: 'vpc' is 'Test/Vpc'; allowed: a VPC of default tenancy, because there are no proxies in a VPC of "
        f"dedicated tenancy {QUOTAS}"
    )


def test_database_and_topic_are_of_the_same_region(make_stack):
    here = make_stack()
    there = make_stack(app=here.node.root, name="There", region="eu-central-1")
    database = Instance(there, "Database", vpc_of(there), "mysql")
    vpc_of(here)

    message = refused(here, database, alarms=AlarmTopic(there, "Alarms"))

    topics = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.monitoring.html"
    assert message == (
        "Test/Proxy: 'database' is 'There/Database'; allowed: one of eu-west-1, where the proxy is, because a proxy "
        f"stands in the network of its database {QUOTAS}\n"
        "Test/Proxy: 'alarms' is 'There/Alarms'; allowed: one of eu-west-1, where the proxy is, because alarms and "
        f"events tell topics of their own Region only ({topics})"
    )


@pytest.mark.capability("RDS-34")
def test_an_account_has_twenty_proxies_in_a_region(make_stack):
    stack = make_stack()
    vpc = vpc_of(stack)
    database = Instance(stack, "Database", vpc, "mysql")
    for number in range(facts.PROXIES.value):
        DatabaseProxy(stack, f"Proxy{number}", database=database, vpc=vpc)

    assert refused(stack, database) == (
        "Test/Proxy: 'database' is behind proxy number 21 of 111111111111 in eu-west-1; allowed: 20 proxies, because "
        f"an account has 20 proxies in a Region unless AWS was asked for more {QUOTAS}"
    )


# Logins


@pytest.mark.capability("RDS-34")
def test_a_proxy_needs_credentials(site):
    assert refused(site, "restored") == (
        "Test/Proxy: 'secrets' is not given; allowed: 1 to 200 secrets, or 'end_to_end_users', or a database with "
        f"credentials of its own, because a proxy knows the credentials of 1 to 200 database users {QUOTAS}"
    )


@pytest.mark.capability("RDS-34")
def test_a_proxy_knows_two_hundred_users(site):
    secret = site.node.find_child("mysql").secret

    message = refused(site, secrets=[secret] * 201)

    assert message.endswith(
        "; allowed: 1 to 200 secrets, or 'end_to_end_users', or a database with credentials of its own, because a "
        f"proxy knows the credentials of 1 to 200 database users {QUOTAS}"
    )


@pytest.mark.capability("RDS-34")
@pytest.mark.parametrize("database", ["sqlserver-se", "cluster-mysql"])
def test_a_database_without_iam_users_is_not_logged_in_to_by_iam(site, database):
    assert refused(site, database, end_to_end_users=["app"]) == (
        "Test/Proxy: 'end_to_end_users' is ['app']; allowed: nothing for this database, which the proxy logs in to "
        "with 'secrets', because a proxy logs in by IAM where the database knows IAM users: MySQL, MariaDB and "
        f"PostgreSQL, but no Multi-AZ cluster ({GUIDE}rds-proxy-iam-setup.html)"
    )


def test_not_even_as_a_user_that_only_the_deployment_knows(site):
    message = refused(site, "sqlserver-se", end_to_end_users=[cdk.Aws.STACK_NAME])

    assert message.startswith("Test/Proxy: 'end_to_end_users' is ['a token']; allowed: nothing for this database")


def test_nobody_may_be_every_user(site):
    assert refused(site, end_to_end_users=["*"]) == (
        "Test/Proxy: 'end_to_end_users' is ['*']; allowed: database users by name, because whoever may be any user may "
        f"be the administrator ({GUIDE}rds-proxy-iam-setup.html)"
    )


def test_with_iam_from_end_to_end_passwords_make_no_sense(site):
    assert refused(site, end_to_end_users=["app"], passwords_because="an old driver") == (
        "Test/Proxy: 'end_to_end_users' is ['app']; allowed: nothing with 'secrets' or 'passwords_because', because "
        f"with IAM from end to end there is no password anywhere ({GUIDE}rds-proxy-iam-setup.html)"
    )


@pytest.mark.parametrize(
    ("database", "given", "known"),
    [
        ("postgres", "POSTGRES_MD5", "'POSTGRES_SCRAM_SHA_256' or 'POSTGRES_MD5'"),
        ("mysql", "POSTGRES_MD5", "'MYSQL_CACHING_SHA2_PASSWORD' or 'MYSQL_NATIVE_PASSWORD'"),
    ],
)
def test_a_way_to_prove_passwords_needs_passwords(site, database, given, known):
    reason = None if database == "postgres" else "an old driver"

    assert refused(site, database, client_password_type=given, passwords_because=reason) == (
        f"Test/Proxy: 'client_password_type' is '{given}'; allowed: {known} together with 'passwords_because', because "
        f"each family has its own ways for clients to prove a password ({API}API_UserAuthConfig.html)"
    )


def test_a_reason_says_something(site):
    assert refused(site, passwords_because=" ") == (
        "Test/Proxy: 'passwords_because' is ' '; allowed: a reason in words, because who reads the review must learn "
        "what made it acceptable"
    )


# The pool


@pytest.mark.capability("RDS-34")
@pytest.mark.parametrize("percent", [0, 101])
def test_the_pool_is_a_share_of_the_connections(site, percent):
    assert refused(site, connections_percent=percent, idle_connections=0) == (
        f"Test/Proxy: 'connections_percent' is {percent}; allowed: 1 to 100, because a proxy opens up to this share of "
        f"the connections that its database allows {POOL}"
    )


def test_forwarded_writes_need_connections_of_their_own(site):
    assert refused(site, "forwarding", connections_percent=91) == (
        "Test/Proxy: 'connections_percent' is 91; allowed: 1 to 90, since the database forwards writes, because write "
        "forwarding has connections of its own, a tenth unless aurora_fwd_writer_max_connections_pct says otherwise, "
        f"which the proxy has to leave free ({GUIDE}rds-proxy-gdb.html)"
    )


@pytest.mark.capability("RDS-34")
@pytest.mark.parametrize("idle", [-1, 91])
def test_idle_connections_are_some_of_all(site, idle):
    assert refused(site, idle_connections=idle) == (
        f"Test/Proxy: 'idle_connections' is {idle}; allowed: 0 to 90, which is 'connections_percent', because a proxy "
        f"keeps idle connections open up to a share that is no larger than that of all {POOL}"
    )


@pytest.mark.capability("RDS-34")
@pytest.mark.parametrize(
    ("timeout", "shown"),
    [
        (cdk.Duration.hours(1), "1 hour"),
        (cdk.Duration.seconds(301), "5 minutes 1 second"),
        (cdk.Duration.millis(1500), "1 second 500 millis"),
    ],
)
def test_a_client_waits_for_five_minutes_at_most(site, timeout, shown):
    assert refused(site, borrow_timeout=timeout) == (
        f"Test/Proxy: 'borrow_timeout' is {shown}; allowed: 0 to 300 seconds, in whole seconds, because a client waits "
        f"for a connection of the pool for up to five minutes {POOL}"
    )


@pytest.mark.parametrize(
    ("timeout", "shown"), [(cdk.Duration.seconds(59), "59 seconds"), (cdk.Duration.hours(9), "9 hours")]
)
def test_a_silent_client_is_hung_up_on_after_a_minute_to_eight_hours(site, timeout, shown):
    assert refused(site, idle_client_timeout=timeout) == (
        f"Test/Proxy: 'idle_client_timeout' is {shown}; allowed: 1 minute to 8 hours, in whole seconds, because a "
        "client may be silent for one minute to eight hours before the proxy hangs up "
        f"({GUIDE}rds-proxy-connections.html)"
    )


@pytest.mark.capability("RDS-34")
@pytest.mark.parametrize(("database", "filter"), [("postgres", "EXCLUDE_VARIABLE_SETS"), ("mysql", "EXCLUDE_ALL")])
def test_only_variables_of_mysql_are_kept_from_pinning(site, database, filter):
    assert refused(site, database, pinning_filters=[filter]) == (
        f"Test/Proxy: 'pinning_filters' is ['{filter}']; allowed: 'EXCLUDE_VARIABLE_SETS', for MySQL and MariaDB, "
        "because statements that set variables can be kept from pinning a session, for MySQL and MariaDB only "
        f"({GUIDE}rds-proxy-pinning.html)"
    )


def test_a_statement_says_something(site):
    assert refused(site, init_query=" ") == (
        "Test/Proxy: 'init_query' is ' '; allowed: statements such as 'SET TIME ZONE UTC', or left out, because the "
        f"proxy runs it on every connection that it opens {POOL}"
    )


@pytest.mark.parametrize("name", ["1shop", "shop--proxy", "shop-", "shop_proxy", "s" * 64, ""])
def test_a_name_is_one_that_rds_takes(site, name):
    assert refused(site, proxy_name=name) == (
        f"Test/Proxy: 'proxy_name' is '{name}'; allowed: up to 63 letters, digits and single hyphens, starting with a "
        "letter, because the name of a proxy holds letters, digits and single hyphens, starting with a letter "
        f"({API}API_CreateDBProxy.html)"
    )


def test_an_alarm_that_does_not_exist_is_not_left_out(site):
    message = refused(site, alarms_off_because={"Pining": "reports pin"})

    assert message == (
        "Test/Proxy: 'alarms_off_because['Pining']' is 'reports pin'; allowed: Availability, Pinned, BorrowLatency, "
        "PoolUsage, ResponseLatency, FailedLogins, because these are the alarms of this construct"
    )


def test_all_problems_are_told_at_once(site):
    message = refused(site, "oracle-ee", connections_percent=120, borrow_timeout=cdk.Duration.hours(1))

    assert [line.split("'")[1] for line in message.splitlines()] == [
        "database",
        "connections_percent",
        "borrow_timeout",
    ]


# Any options

durations = st.none() | st.integers(0, 40_000).map(cdk.Duration.seconds) | st.just(cdk.Duration.millis(1500))
reasons = st.sampled_from([None, "a lab"])
anything = st.fixed_dictionaries(
    {},
    optional={
        "proxy_name": st.sampled_from([None, "shop", "Shop-Proxy", "1shop", "s" * 63, "s" * 64, cdk.Aws.STACK_NAME]),
        "read_only": st.booleans(),
        "all_zones": st.booleans(),
        "end_to_end_users": st.lists(st.sampled_from(["app", "report", "*", "", cdk.Aws.STACK_NAME]), max_size=2),
        "passwords_because": reasons,
        "client_password_type": st.sampled_from([None, "POSTGRES_MD5", "MYSQL_NATIVE_PASSWORD", "PLAIN"]),
        "plaintext_because": reasons,
        "connections_percent": st.none() | st.integers(-1, 101),
        "idle_connections": st.none() | st.integers(-1, 101),
        "borrow_timeout": durations,
        "idle_client_timeout": durations,
        "pinning_filters": st.lists(st.sampled_from(["EXCLUDE_VARIABLE_SETS", "ALL"]), max_size=1),
        "init_query": st.sampled_from([None, "", "SET x = 1", cdk.Aws.STACK_NAME]),
        "debug_logging_because": reasons,
        "deletable_because": reasons,
    },
)
databases = st.sampled_from(["postgres", "mysql", "sqlserver-se", "oracle-ee", "aurora-postgresql", "aurora-mysql"])


@pytest.fixture(scope="module")
def attempt(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any]) -> Callable[..., dict[str, Any] | None]:
    """The template of a proxy with these options, or None when they were refused."""

    def build(engine: str, options: dict[str, Any], zones: str = "ab") -> dict[str, Any] | None:
        stack = make_stack()
        vpc = vpc_of(stack, tuple(f"eu-west-1{zone}" for zone in zones))
        kind = Cluster if engine.startswith("aurora") else Instance
        try:
            DatabaseProxy(stack, "Proxy", database=kind(stack, "Database", vpc, engine), vpc=vpc, **options)
        except InvalidOptions as refused:
            return None if refused.problems else {}
        return dict(template(stack))

    return build


def of_type(template: dict[str, Any], wanted: str) -> list[dict[str, Any]]:
    return [r["Properties"] for r in template["Resources"].values() if r["Type"] == wanted]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(engine=databases, options=anything)
def test_any_options_are_built_or_refused(attempt, engine, options):
    built = attempt(engine, options)

    if built is not None:
        promises_are_kept(built, engine, options)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    engine=databases.filter(lambda engine: engine != "oracle-ee"),
    percent=st.integers(2, 100),
    timeout=st.integers(0, 300).map(cdk.Duration.seconds),
)
def test_reasonable_options_are_built(attempt, engine, percent, timeout):
    options = {"connections_percent": percent, "idle_connections": percent // 2, "borrow_timeout": timeout}

    built = attempt(engine, options)

    assert built is not None
    promises_are_kept(built, engine, options)


def promises_are_kept(template: dict[str, Any], engine: str, options: dict[str, Any]) -> None:
    [proxy], [targets] = (of_type(template, f"AWS::RDS::{kind}") for kind in ("DBProxy", "DBProxyTargetGroup"))
    pool = targets["ConnectionPoolConfigurationInfo"]
    by_password = bool(options.get("passwords_because"))

    assert proxy["RequireTLS"] is not bool(options.get("plaintext_because"))
    assert len(proxy["VpcSubnetIds"]) == 2
    assert {one["IAMAuth"] for one in proxy.get("Auth", [])} <= {"DISABLED" if by_password else "REQUIRED"}
    assert ("Auth" in proxy) is (proxy["DefaultAuthScheme"] == "NONE")
    assert 0 <= pool["MaxIdleConnectionsPercent"] <= pool["MaxConnectionsPercent"] <= 100
    assert 0 <= pool["ConnectionBorrowTimeout"] <= 300
    assert ("DBClusterIdentifiers" in targets) is engine.startswith("aurora")
    names = [
        proxy["DBProxyName"],
        *(one["DBProxyEndpointName"] for one in of_type(template, "AWS::RDS::DBProxyEndpoint")),
    ]
    assert all(isinstance(name, dict) or len(name) <= 63 for name in names)


@pytest.mark.parametrize(
    "option", ["proxy_name", "client_password_type", "init_query", "connections_percent", "idle_connections"]
)
def test_what_only_a_deployment_knows_is_taken_as_it_is(attempt, option):
    number = cdk.Token.as_number({"Ref": "Parameter"})
    value = number if "connections" in option else cdk.Aws.STACK_NAME
    reason = {"passwords_because": "an old driver"} if option == "client_password_type" else {}

    built = attempt("postgres", {option: value, **reason})

    assert built is not None
    assert "${Token[" not in str(built)
    assert "e+2" not in str(built)  # half of a token


# What a change replaces

CHANGES: dict[str, Any] = {
    "proxy_name": "other",
    "read_only": True,
    "all_zones": True,
    "end_to_end_users": ["app"],
    "passwords_because": "an old driver",
    "client_password_type": Together(client_password_type="MYSQL_NATIVE_PASSWORD", passwords_because="an old driver"),
    "plaintext_because": "an old driver",
    "connections_percent": 50,
    "idle_connections": 5,
    "borrow_timeout": cdk.Duration.seconds(5),
    "idle_client_timeout": cdk.Duration.hours(1),
    "pinning_filters": ["EXCLUDE_VARIABLE_SETS"],
    "init_query": "SET x = 1",
    "debug_logging_because": "to see what pins",
    "log_retention": logs.RetentionDays.ONE_WEEK,
    "deletable_because": "a lab",
    "alarm_thresholds": {"Pinned": 80},
    "alarms_off_because": {"Pinned": "reports pin"},
    "subnets": ec2.SubnetSelection(availability_zones=["eu-west-1a", "eu-west-1c"]),
}
PARTS = {
    "Proxy": "AWS::RDS::DBProxy",
    "ProxyTargets": "AWS::RDS::DBProxyTargetGroup",
    "ProxyRole": "AWS::IAM::Role",
    "ProxySecurityGroup": "AWS::EC2::SecurityGroup",
    "ProxyLog": "AWS::Logs::LogGroup",
}
"""What every proxy is made of, by logical id without its hash."""


@pytest.fixture(scope="module")
def changed(attempt) -> Callable[..., dict[str, Any]]:
    """The template with one option changed; each is built once."""

    @functools.cache
    def build(option: str | None) -> dict[str, Any]:
        value = None if option is None else CHANGES[option]
        options = value if isinstance(value, Together) else {option: value} if option else {}
        built = attempt("aurora-mysql", options, "abc")
        assert built is not None
        return built

    return lambda **options: build(next(iter(options), None))


def test_every_option_is_changed_but_those_that_are_other_constructs():
    options = set(described(DatabaseProxy)) - {"scope", "id"}

    assert options - set(CHANGES) == {"database", "vpc", "secrets", "alarms"}


def test_no_change_of_a_proxy_replaces_its_database(changed):
    assert in_place(changed, {}, CHANGES) == {option: [] for option in CHANGES}


def test_the_options_that_replace_the_proxy_say_so(changed):
    def fixed(template: dict[str, Any]) -> dict[str, Any]:
        [proxy] = of_type(template, "AWS::RDS::DBProxy")
        return {name: proxy[name] for name in CREATE_ONLY}

    before = fixed(changed())
    replacing = {option for option, value in CHANGES.items() if fixed(changed(**{option: value})) != before}

    texts = described(DatabaseProxy)
    said = {option for option, text in texts.items() if "replace the proxy" in text or "replaces the proxy" in text}
    assert replacing == said


@pytest.mark.parametrize("option", CHANGES)
def test_no_option_renames_a_part(changed, option):
    def parts(template: dict[str, Any]) -> dict[str, str]:
        named = {name: resource["Type"] for name, resource in template["Resources"].items()}
        return {name: kind for name, kind in named.items() if PARTS.get(name[:-8]) == kind}

    assert parts(changed(**{option: CHANGES[option]})) == parts(changed())
    assert {name[:-8] for name in parts(changed())} == set(PARTS)
