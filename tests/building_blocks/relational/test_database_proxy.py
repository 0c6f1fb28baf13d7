"""A proxy before a database: what it is made of, who gets in, what it rings for."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.keys import DataKey
from cdk_standby.relational._access import DatabaseAccess
from cdk_standby.relational.aurora import AuroraCluster
from cdk_standby.relational.database_proxy import DatabaseProxy
from cdk_standby.relational.multi_az_cluster import MultiAzCluster
from cdk_standby.relational.multi_az_instance import MultiAzInstance

PROXY = "AWS::RDS::DBProxy"
TARGETS = "AWS::RDS::DBProxyTargetGroup"
ENDPOINT = "AWS::RDS::DBProxyEndpoint"
ALARM = "AWS::CloudWatch::Alarm"
LOG = "AWS::Logs::LogGroup"
INLINE = "NIST.800.53.R5::NIST.800.53.R5-IAMNoInlinePolicy"
SUBNETS = ["subnet-0aaaaaaaaaaaaaaa0", "subnet-0aaaaaaaaaaaaaaa1"]
AURORA = {"engine": "aurora-postgresql", "version": "17.4", "readers": 1}
POSTGRES = {"engine": "postgres", "version": "17.6"}
MYSQL = {"engine": "mysql", "version": "8.4.6"}


def vpc_of(stack: cdk.Stack, zones: str = "ab") -> ec2.IVpc:
    """Somebody else's network."""
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{number}" for number, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{number}" for number, _ in enumerate(zones)],
    )


def before(database: DatabaseAccess, **options: Any) -> DatabaseProxy:
    stack = cdk.Stack.of(database)
    return DatabaseProxy(stack, "Proxy", database=database, vpc=stack.node.find_child("Vpc"), **options)


def use(proxy: DatabaseProxy, user: str | None) -> None:
    """Somebody who connects through the proxy."""
    stack = cdk.Stack.of(proxy)
    role = iam.Role(stack, "App", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
    proxy.grant_connect(role, user)
    group = ec2.SecurityGroup(stack, "Peer", vpc=stack.node.find_child("Vpc"), allow_all_outbound=False)
    proxy.connections.allow_default_port_from(group, "the app")
    cdk.Validations.of(role).acknowledge(cdk.Acknowledgment(id=INLINE, reason="the policy is the app's affair"))


def app_user(stack: cdk.Stack) -> secretsmanager.ISecret:
    """Credentials that somebody else keeps, with a key of their own."""
    key = kms.Key.from_key_arn(stack, "Other", f"arn:aws:kms:{stack.region}:111111111111:key/12345678")
    arn = f"arn:aws:secretsmanager:{stack.region}:111111111111:secret:shop/app-AbCdEf"
    return secretsmanager.Secret.from_secret_attributes(stack, "AppUser", secret_complete_arn=arn, encryption_key=key)


@pytest.fixture(scope="module")
def world(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], flags: str) -> SimpleNamespace:
    """The three ways to log in, before three kinds of database; synthesized once per set of flags."""
    usual = make_stack(flags=flags, name="Usual")
    app = usual.node.root
    stacks = {"usual": usual, **{name: make_stack(app=app, name=name.capitalize()) for name in ("iam", "lab")}}
    given = {name: {"vpc": vpc_of(stack), "key": DataKey(stack, "Key").key} for name, stack in stacks.items()}
    alarms = AlarmTopic(usual, "Alarms", key=given["usual"]["key"])
    cluster = AuroraCluster(usual, "Database", **AURORA, **given["usual"], secret_name="shop/database")
    instance = MultiAzInstance(stacks["iam"], "Database", **POSTGRES, **given["iam"])
    lab = MultiAzInstance(stacks["lab"], "Database", **MYSQL, **given["lab"], instance="r7g.large")
    proxies = {
        "usual": before(cluster, alarms=alarms, read_only=True, all_zones=True, alarm_thresholds={"PoolUsage": 60}),
        "iam": before(instance, end_to_end_users=["app", "report"]),
        "lab": before(
            lab,
            proxy_name="Shop-Lab",
            secrets=[app_user(stacks["lab"]), lab.secret],
            passwords_because="an old driver, which knows no token and " * 5,
            client_password_type="MYSQL_NATIVE_PASSWORD",
            plaintext_because="an old driver",
            connections_percent=60,
            idle_connections=10,
            borrow_timeout=cdk.Duration.seconds(5),
            idle_client_timeout=cdk.Duration.hours(8),
            pinning_filters=["EXCLUDE_VARIABLE_SETS"],
            init_query="SET time_zone = '+00:00'",
            debug_logging_because="to see what pins",
            deletable_because="a lab",
            alarms_off_because={"Pinned": "reports pin"},
        ),
    }
    for name, user in (("usual", "app"), ("iam", "app"), ("lab", None)):
        use(proxies[name], user)
    templates = {name: template(stack) for name, stack in stacks.items()}
    return SimpleNamespace(app=app, stacks=stacks, proxies=proxies, **templates)


@pytest.fixture(scope="module")
def only(resources: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The properties of the one resource of a type."""

    def one(template: dict[str, Any], type: str) -> dict[str, Any]:
        (properties,) = resources(template, type).values()
        return dict(properties)

    return one


def own(template: dict[str, Any], type: str) -> dict[str, dict[str, Any]]:
    """The proxy's own resources of a type, by logical id."""
    return {name: r for name, r in template["Resources"].items() if name.startswith("Proxy") and r["Type"] == type}


def alarm(template: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (r["Properties"] for key, r in own(template, ALARM).items() if key.startswith(f"Proxy{name}"))
    return dict(found)


def statements(template: dict[str, Any], id: str) -> list[dict[str, Any]]:
    """What a role of that id may do."""
    (policy,) = (
        r["Properties"]["PolicyDocument"]
        for name, r in template["Resources"].items()
        if r["Type"] == "AWS::IAM::Policy" and name.startswith(f"{id}DefaultPolicy")
    )
    return list(policy["Statement"])


def text(value: Any) -> str:
    """A value as CloudFormation will put it together; what only it knows in angle brackets."""
    match value:
        case {"Fn::Join": [between, parts]}:
            return str(between).join(map(text, parts))
        case {"Ref": "AWS::Partition"}:
            return "aws"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case _:
            return str(value)


def allowed(template: dict[str, Any], id: str) -> list[tuple[list[str], list[str]]]:
    """The actions and resources of each statement, sorted."""
    listed = [
        [one[key] if isinstance(one[key], list) else [one[key]] for key in ("Action", "Resource")]
        for one in statements(template, id)
    ]
    return [(sorted(actions), [text(resource) for resource in resources]) for actions, resources in listed]


def test_the_validators_find_nothing(world, findings, lint):
    assert findings(world.app) == []
    for name in world.stacks:
        assert lint(getattr(world, name)) == []


# What is built


@pytest.mark.capability("RDS-03")
@pytest.mark.capability("RDS-34")
def test_a_proxy_with_tls_stands_before_a_cluster_in_two_zones(world, only):
    proxy, targets = only(world.usual, PROXY), only(world.usual, TARGETS)

    assert proxy["RequireTLS"] is True
    assert proxy["EngineFamily"] == "POSTGRESQL"
    assert proxy["VpcSubnetIds"] == SUBNETS
    assert proxy["IdleClientTimeout"] == 1800
    assert proxy["DebugLogging"] is False
    assert targets["DBClusterIdentifiers"] == [{"Ref": "DatabaseClusterC6094C50"}]
    assert "DBInstanceIdentifiers" not in targets
    assert targets["TargetGroupName"] == "default"
    assert targets["ConnectionPoolConfigurationInfo"] == {
        "ConnectionBorrowTimeout": 120,
        "MaxConnectionsPercent": 90,
        "MaxIdleConnectionsPercent": 45,
    }


@pytest.mark.capability("RDS-34")
def test_the_targets_are_registered_once_the_instances_are_there(world):
    (targets,) = own(world.usual, TARGETS).values()

    assert targets["DependsOn"] == ["DatabaseInstance1844F58FD", "DatabaseInstance2AA380DEE"]


@pytest.mark.capability("RDS-34")
def test_a_proxy_stands_before_an_instance_too(world, only):
    targets = only(world.lab, TARGETS)

    [instance] = [name for name, r in world.lab["Resources"].items() if r["Type"] == "AWS::RDS::DBInstance"]
    assert targets["DBInstanceIdentifiers"] == [{"Ref": instance}]
    assert "DBClusterIdentifiers" not in targets
    assert only(world.lab, PROXY)["EngineFamily"] == "MYSQL"


@pytest.mark.capability("RDS-34")
def test_the_pool_is_what_was_asked_for(world, only):
    proxy, targets = only(world.lab, PROXY), only(world.lab, TARGETS)

    assert proxy["IdleClientTimeout"] == 28800
    assert targets["ConnectionPoolConfigurationInfo"] == {
        "ConnectionBorrowTimeout": 5,
        "InitQuery": "SET time_zone = '+00:00'",
        "MaxConnectionsPercent": 60,
        "MaxIdleConnectionsPercent": 10,
        "SessionPinningFilters": ["EXCLUDE_VARIABLE_SETS"],
    }


@pytest.mark.capability("RDS-35")
def test_reads_have_an_endpoint_of_their_own(world):
    endpoints = own(world.usual, ENDPOINT)

    roles = {name[5:11]: r["Properties"]["TargetRole"] for name, r in endpoints.items()}
    assert roles == {"Writer": "READ_WRITE", "Reader": "READ_ONLY"}
    assert {tuple(r["Properties"]["VpcSubnetIds"]) for r in endpoints.values()} == {tuple(SUBNETS)}


@pytest.mark.capability("RDS-35")
def test_endpoints_lead_to_the_widest_way_there_is(world):
    resolve = world.stacks["usual"].resolve
    usual, lab = world.proxies["usual"], world.proxies["lab"]
    ids = {name[5:11]: name for name in own(world.usual, ENDPOINT)}

    assert resolve(usual.endpoint.hostname) == {"Fn::GetAtt": [ids["Writer"], "Endpoint"]}
    assert resolve(usual.reader_endpoint.hostname) == {"Fn::GetAtt": [ids["Reader"], "Endpoint"]}
    assert resolve(lab.endpoint.hostname) == {"Fn::GetAtt": [*own(world.lab, PROXY), "Endpoint"]}
    assert lab.reader_endpoint is None
    assert (usual.endpoint.port, lab.endpoint.port) == (5432, 3306)


# Who gets in


@pytest.mark.capability("RDS-34")
def test_clients_log_in_by_iam_and_the_proxy_with_the_databases_credentials(world, only):
    proxy = only(world.usual, PROXY)

    [secret] = [name for name, r in world.usual["Resources"].items() if r["Type"] == "AWS::SecretsManager::Secret"]
    assert proxy["DefaultAuthScheme"] == "NONE"
    assert proxy["Auth"] == [{"AuthScheme": "SECRETS", "IAMAuth": "REQUIRED", "SecretArn": {"Ref": secret}}]


def test_the_proxy_may_read_its_credentials_and_nothing_else(world):
    [key] = [name for name in world.usual["Resources"] if name.startswith("Key") and "Policy" not in name]
    [role] = own(world.usual, "AWS::IAM::Role")

    assert world.usual["Resources"][role]["Properties"]["AssumeRolePolicyDocument"]["Statement"] == [
        {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "rds.amazonaws.com"}}
    ]
    assert allowed(world.usual, "ProxyRole") == [
        (
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            ["arn:aws:secretsmanager:eu-west-1:111111111111:secret:shop/database-??????"],
        ),
        (["kms:Decrypt"], [f"<{key}.Arn>"]),
    ]
    assert statements(world.usual, "ProxyRole")[1]["Condition"] == {
        "StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
    }


def test_the_proxy_waits_for_its_permissions_and_its_log(world):
    (proxy,) = own(world.usual, PROXY).values()

    waited_for = {world.usual["Resources"][name]["Type"] for name in proxy["DependsOn"]}
    assert waited_for == {"AWS::IAM::Policy", LOG}


def test_a_client_is_granted_one_database_user_of_the_proxy(world):
    [proxy] = own(world.usual, PROXY)
    last_of_its_arn = {"Fn::Select": [6, {"Fn::Split": [":", {"Fn::GetAtt": [proxy, "DBProxyArn"]}]}]}

    assert allowed(world.usual, "App") == [
        (["rds-db:connect"], [f"arn:aws:rds-db:eu-west-1:111111111111:dbuser:{last_of_its_arn}/app"])
    ]


@pytest.mark.capability("RDS-34")
def test_with_iam_from_end_to_end_there_is_no_password(world, only):
    proxy = only(world.iam, PROXY)
    [instance] = [name for name, r in world.iam["Resources"].items() if r["Type"] == "AWS::RDS::DBInstance"]

    assert proxy["DefaultAuthScheme"] == "IAM_AUTH"
    assert "Auth" not in proxy
    users = f"arn:aws:rds-db:eu-west-1:111111111111:dbuser:<{instance}.DbiResourceId>"
    assert allowed(world.iam, "ProxyRole") == [(["rds-db:connect"], [f"{users}/app", f"{users}/report"])]


def test_passwords_and_plaintext_cost_reasons_that_are_written_down(world, only):
    proxy = only(world.lab, PROXY)
    tags = {tag["Key"].removeprefix("cdk-standby:weakened:"): tag["Value"] for tag in proxy["Tags"]}

    assert proxy["RequireTLS"] is False
    assert proxy["DebugLogging"] is True
    assert {(one["IAMAuth"], one["ClientPasswordAuthType"]) for one in proxy["Auth"]} == {
        ("DISABLED", "MYSQL_NATIVE_PASSWORD")
    }
    assert tags == {
        "Pinned": "reports pin",
        "debug_logging": "to see what pins",
        "deletable": "a lab",
        "passwords": ("an old driver which knows no token and " * 5)[:128].strip(),
        "plaintext": "an old driver",
    }


def test_a_reason_is_cut_for_a_proxys_tags_and_whole_in_the_metadata(world):
    reasons = world.lab["Metadata"]["cdk-standby:weakened"]["Lab/Proxy"]

    assert reasons["passwords"] == "an old driver, which knows no token and " * 5


def test_credentials_of_several_users_are_read_with_their_own_keys(world, only):
    proxy = only(world.lab, PROXY)
    [secret] = [name for name, r in world.lab["Resources"].items() if r["Type"] == "AWS::SecretsManager::Secret"]
    [key] = [name for name, r in world.lab["Resources"].items() if r["Type"] == "AWS::KMS::Key"]
    other = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:shop/app-AbCdEf"

    assert [one["SecretArn"] for one in proxy["Auth"]] == [other, {"Ref": secret}]
    readable = {arn for actions, arns in allowed(world.lab, "ProxyRole") for arn in arns}
    assert readable == {
        str({"Ref": secret}),
        other,
        f"<{key}.Arn>",
        "arn:aws:kms:eu-west-1:111111111111:key/12345678",
    }


def test_with_passwords_a_client_reads_the_first_of_the_secrets_with_its_key(world):
    assert allowed(world.lab, "App") == [
        (
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            ["arn:aws:secretsmanager:eu-west-1:111111111111:secret:shop/app-AbCdEf"],
        ),
        (["kms:Decrypt"], ["arn:aws:kms:eu-west-1:111111111111:key/12345678"]),
    ]


def test_only_peers_reach_the_proxy_and_only_the_proxy_is_let_in_to_the_database(world):
    doors = {
        kind: [r["Properties"] for r in world.usual["Resources"].values() if r["Type"] == f"AWS::EC2::{kind}"]
        for kind in ("SecurityGroupIngress", "SecurityGroupEgress")
    }
    of = {name[: -len("########")]: f"<{name}.GroupId>" for name in world.usual["Resources"]}
    database, proxy, peer = of["DatabaseSecurityGroup"], of["ProxySecurityGroup"], of["Peer"]

    ways_in = {
        (text(one["SourceSecurityGroupId"]), text(one["GroupId"]), one["FromPort"], one["ToPort"])
        for one in doors["SecurityGroupIngress"]
    }
    ways_out = {(text(one["GroupId"]), text(one["DestinationSecurityGroupId"])) for one in doors["SecurityGroupEgress"]}
    assert ways_in == {(peer, proxy, 5432, 5432), (proxy, database, 5432, 5432)}
    assert ways_out == {(peer, proxy), (proxy, database)}


# What it leaves, and what it tells


def test_the_log_is_owned_encrypted_and_kept(world):
    (log,) = own(world.usual, LOG).values()

    [key] = [name for name in world.usual["Resources"] if name.startswith("Key") and "Policy" not in name]
    name = world.usual["Resources"][next(iter(own(world.usual, PROXY)))]["Properties"]["DBProxyName"]
    assert log["Properties"]["LogGroupName"] == f"/aws/rds/proxy/{name}"
    assert log["Properties"]["KmsKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    assert log["Properties"]["RetentionInDays"] == 90
    assert (log["DeletionPolicy"], log["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_in_a_lab_the_log_goes_with_the_stack(world):
    (log,) = own(world.lab, LOG).values()

    assert log["Properties"]["LogGroupName"] == "/aws/rds/proxy/shop-lab"
    assert (log["DeletionPolicy"], log["UpdateReplacePolicy"]) == ("Delete", "Delete")


def test_the_proxy_holds_no_data_and_goes_with_its_stack(world):
    (proxy,) = own(world.usual, PROXY).values()

    assert "DeletionPolicy" not in proxy


@pytest.mark.capability("RDS-36")
def test_the_alarms_watch_the_proxy_by_its_name(world):
    [name] = [r["Properties"]["DBProxyName"] for r in own(world.usual, PROXY).values()]
    by_name = [{"Name": "ProxyName", "Value": name}]

    watched = {
        metric: (alarm(world.usual, one)["MetricName"], alarm(world.usual, one)["Dimensions"])
        for one, metric in (("BorrowLatency", "borrow"), ("ResponseLatency", "response"), ("FailedLogins", "logins"))
    }
    assert watched == {
        "borrow": ("DatabaseConnectionsBorrowLatency", by_name),
        "response": ("QueryDatabaseResponseLatency", by_name),
        "logins": ("ClientConnectionsSetupFailedAuth", by_name),
    }
    assert alarm(world.usual, "Availability")["Dimensions"] == [
        *by_name,
        {"Name": "TargetGroup", "Value": "default"},
        {"Name": "TargetRole", "Value": "READ_WRITE"},
    ]
    assert alarm(world.usual, "Availability")["TreatMissingData"] == "breaching"


@pytest.mark.capability("RDS-36")
@pytest.mark.parametrize(
    ("name", "part", "whole", "threshold"),
    [
        ("Pinned", "DatabaseConnectionsCurrentlySessionPinned", "DatabaseConnections", 50),
        ("PoolUsage", "DatabaseConnectionsCurrentlyBorrowed", "MaxDatabaseConnectionsAllowed", 60),
    ],
)
def test_shares_of_connections_are_alarmed_in_percent(world, name, part, whole, threshold):
    metrics = {one["Id"]: one for one in alarm(world.usual, name)["Metrics"]}

    assert metrics["expr_1"]["Expression"] == "100 * m1 / m2"
    assert metrics["m1"]["MetricStat"]["Metric"]["MetricName"] == part
    assert metrics["m2"]["MetricStat"]["Metric"]["MetricName"] == whole
    assert {metrics[one]["MetricStat"]["Stat"] for one in ("m1", "m2")} == {"Sum"}
    assert alarm(world.usual, name)["Threshold"] == threshold


@pytest.mark.capability("RDS-36")
def test_every_alarm_tells_the_topic_and_each_can_be_left_out_with_a_reason(world):
    [topic] = [name for name, r in world.usual["Resources"].items() if r["Type"] == "AWS::SNS::Topic"]

    names = {key[5:-8] for key in own(world.usual, ALARM)}
    assert names == {"Availability", "BorrowLatency", "FailedLogins", "Pinned", "PoolUsage", "ResponseLatency"}
    assert {str(r["Properties"]["AlarmActions"]) for r in own(world.usual, ALARM).values()} == {str([{"Ref": topic}])}
    assert {key[5:-8] for key in own(world.lab, ALARM)} == names - {"Pinned"}


@pytest.mark.capability("RDS-06")
def test_what_rds_says_of_the_proxy_is_told_to_the_topic(world):
    (events,) = own(world.usual, "AWS::RDS::EventSubscription").values()

    assert events["Properties"]["SourceType"] == "db-proxy"
    assert events["Properties"]["SourceIds"] == [{"Ref": next(iter(own(world.usual, PROXY)))}]


# Its name


def test_a_name_follows_the_path_and_what_replaces_the_proxy(make_stack):
    def name_in(zones: str) -> str:
        stack = make_stack()
        vpc = vpc_of(stack, zones)
        database = MultiAzInstance(stack, "Database", **MYSQL, vpc=vpc, key=kms.Key(stack, "Key"))
        return before(database).proxy_name

    two, again, three = name_in("ab"), name_in("ab"), name_in("abc")

    assert two == again
    assert two != three
    assert two.rsplit("-", 1)[0] == three.rsplit("-", 1)[0]


# Other databases


@pytest.fixture(scope="module")
def others(make_stack: Callable[..., cdk.Stack], template: Callable[..., Any], lint: Any) -> dict[str, Any]:
    """What a proxy is before a Multi-AZ cluster and a SQL Server, whose stack is another than the proxy's."""
    stack = make_stack(name="Data")
    clients = make_stack(name="Clients", app=stack.node.root)
    vpc, key = vpc_of(stack, "abc"), kms.Key(stack, "Key")
    databases = {
        "cluster": MultiAzCluster(stack, "Cluster", **POSTGRES, vpc=vpc, key=key),
        "sqlserver": MultiAzInstance(
            stack,
            "SqlServer",
            engine="sqlserver-se",
            version="16.00.4185.3.v1",
            vpc=vpc,
            key=key,
            managed_password=True,
        ),
    }
    DatabaseProxy(clients, "Cluster", database=databases["cluster"], vpc=vpc, read_only=True)
    DatabaseProxy(clients, "SqlServer", database=databases["sqlserver"], vpc=vpc)
    built = template(clients)
    assert lint(built) == []
    return built


@pytest.mark.capability("RDS-35")
def test_the_standbys_of_a_multi_az_cluster_are_read_through_the_proxy(others, resources):
    (endpoint,) = resources(others, ENDPOINT).values()

    assert endpoint["TargetRole"] == "READ_ONLY"


@pytest.mark.capability("RDS-34")
def test_sql_server_gets_the_share_of_connections_that_aws_advises(others, resources):
    families = {proxy["EngineFamily"] for proxy in resources(others, PROXY).values()}
    [targets] = [r for name, r in resources(others, TARGETS).items() if name.startswith("SqlServer")]

    assert families == {"POSTGRESQL", "SQLSERVER"}
    assert targets["ConnectionPoolConfigurationInfo"]["MaxConnectionsPercent"] == 10


def test_a_password_that_rds_manages_is_read_from_its_secret(others, resources):
    [proxy] = [r for name, r in resources(others, PROXY).items() if name.startswith("SqlServer")]

    assert "MasterUserSecretSecretArn" in str(proxy["Auth"][0]["SecretArn"])


def test_the_door_of_the_database_is_opened_in_the_proxys_stack(others, resources):
    opened = resources(others, "AWS::EC2::SecurityGroupIngress").values()

    assert {rule["FromPort"] for rule in opened} == {5432, 1433}


# Grants that cannot be


def refused_grant(proxy: DatabaseProxy, user: str | None) -> str:
    role = iam.Role.from_role_arn(proxy, f"Role{user}", "arn:aws:iam::111111111111:role/app")
    with pytest.raises(InvalidOptions) as refused:
        proxy.grant_connect(role, user)
    return str(refused.value)


def test_a_client_of_a_proxy_with_iam_needs_a_database_user(world):
    assert refused_grant(world.proxies["usual"], None) == (
        "Usual/Proxy: 'user' is not given; allowed: the database user of one of the secrets, because the proxy passes "
        "on only those whom it can log in as (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/"
        "rds-proxy-iam-setup.html)"
    )


def test_a_user_that_the_proxy_cannot_be_is_refused(world):
    assert refused_grant(world.proxies["iam"], "admin") == (
        "Iam/Proxy: 'user' is 'admin'; allowed: 'app', 'report', because the proxy passes on only those whom it can "
        "log in as (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html)"
    )


def test_where_passwords_are_allowed_nobody_is_granted_to_be_a_user(world):
    assert refused_grant(world.proxies["lab"], "app") == (
        "Lab/Proxy: 'user' is 'app'; allowed: nothing: clients log in with the credentials, as 'passwords_because' "
        "says, because the proxy passes on only those whom it can log in as "
        "(https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-iam-setup.html)"
    )
