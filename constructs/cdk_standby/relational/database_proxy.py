"""RDS Proxy: connections that outlive a failover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, Fn
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_standby_review.facts import rds_proxy as facts

from .._alarms import add_alarms
from .._checks import InvalidOptions, Problem, check, shown
from .._reasons import weakened
from .._tokens import is_token
from ..alarm_topic import AlarmTopic
from . import _parts as parts
from . import _proxy_parts as proxies
from ._access import ClusterAccess, DatabaseAccess, InstanceAccess
from ._events import proxy_events
from ._place import Place
from ._proxy_alarms import proxy_alarms
from ._proxy_rules import RULES, one_too_many, placed, remember
from ._proxy_target import Target

_TAGGED = "CloudFormation takes tags on a target group; the schema that comes with the CDK does not know them yet"


class DatabaseProxy(DatabaseAccess):
    """A proxy that keeps clients connected while the database behind it fails over.

    Instance or zone loss: the proxy finds the new writer itself, without DNS, and clients keep their connections; what
    was in a transaction is rolled back. Region loss: not survived, and needs no handling: each Region of a global
    database has a proxy of its own with its own cluster behind it, which takes writes once that cluster does.
    Deletion: it holds no data and goes with its stack; its log is kept.

    Who is let in with `connections` reaches the proxy, never the database; `grant_connect` says as which database user.
    """

    proxy: rds.CfnDBProxy
    target_group: rds.CfnDBProxyTargetGroup
    endpoints: Mapping[str, rds.CfnDBProxyEndpoint]
    """Further endpoints, by ``"Writer"`` and ``"Reader"``."""
    role: iam.Role
    log_group: logs.LogGroup
    proxy_name: str
    users: tuple[str, ...]
    """As whom clients and proxy log in by IAM from end to end; empty: the proxy logs in with secrets."""
    alarms: dict[str, cloudwatch.Alarm]

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        database: InstanceAccess | ClusterAccess,
        vpc: ec2.IVpc,
        subnets: ec2.SubnetSelection | None = None,
        proxy_name: str | None = None,
        read_only: bool = False,
        all_zones: bool = False,
        secrets: Sequence[secretsmanager.ISecret] | None = None,
        end_to_end_users: Sequence[str] = (),
        passwords_because: str | None = None,
        client_password_type: str | None = None,
        plaintext_because: str | None = None,
        connections_percent: int | None = None,
        idle_connections: int | None = None,
        borrow_timeout: Duration | None = None,
        idle_client_timeout: Duration | None = None,
        pinning_filters: Sequence[str] = (),
        init_query: str | None = None,
        debug_logging_because: str | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.THREE_MONTHS,
        deletable_because: str | None = None,
        alarms: AlarmTopic | None = None,
        alarm_thresholds: Mapping[str, float] | None = None,
        alarms_off_because: Mapping[str, str] | None = None,
    ) -> None:
        """Build the proxy.

        Args:
            scope: the parent; the stack of the database, or one that follows it.
            id: unique among the parent's children.
            database: a `MultiAzInstance`, `MultiAzCluster` or `AuroraCluster` of PostgreSQL, MySQL, MariaDB or SQL
                Server, in the same VPC.
            vpc: the VPC of the database, with subnets in two zones or more.
            subnets: where the proxy stands; left out: the isolated subnets. Others replace the proxy, and its endpoints
                with it.
            proxy_name: its name, up to 63 letters, digits and hyphens; left out: made of the construct path and the
                subnets. Another one replaces the proxy; with a name of yours, change it together with `subnets`, since
                AWS makes the new proxy first.
            read_only: True makes a second endpoint that leads to the readers of a cluster; left out: False. Nothing
                splits reads from writes by itself.
            all_zones: True makes a read/write endpoint in all zones of the subnets, to which `endpoint` then leads;
                left out: False, and `endpoint` is the default one, which stands in two of them.
            secrets: credentials of the database users that the proxy logs in as, 1 to 200; left out: the database's
                own.
            end_to_end_users: database users as which both the clients and the proxy log in by IAM, without any
                password; left out: clients log in by IAM, and the proxy with `secrets`.
            passwords_because: why clients may log in with a password in place of IAM.
            client_password_type: how they prove it, such as ``"POSTGRES_SCRAM_SHA_256"``; with `passwords_because`.
                Left out: the strongest that AWS knows for the engine.
            plaintext_because: why clients may connect without TLS; left out: they may not.
            connections_percent: how many of the connections that the database allows the proxy may open, 1 to 100 %;
                left out: 90, which leaves room for administrators, and 10 of SQL Server.
            idle_connections: how many of them (%) it may keep open unused, at most `connections_percent`; left out:
                half of that.
            borrow_timeout: how long a client waits for a connection of the pool, 0 to 300 seconds; left out: 2 minutes,
                which most failovers fit in.
            idle_client_timeout: after which silence a client is hung up on, 1 minute to 8 hours; left out: 30 minutes.
            pinning_filters: ``"EXCLUDE_VARIABLE_SETS"`` keeps statements that set variables from pinning, for MySQL and
                MariaDB; left out: none is kept from it.
            init_query: statements to run on every new connection; whoever may see the proxy may read them. Left out:
                none.
            debug_logging_because: why the proxy should log the text of statements, which may hold personal data; AWS
                turns it off after a day.
            log_retention: how long the log is kept; left out: three months.
            deletable_because: why the log may go with the stack, in a lab.
            alarms: who is told of alarms and events; left out: alarms exist, but notify nobody.
            alarm_thresholds: other thresholds by name: Availability, Pinned, PoolUsage (%), BorrowLatency,
                ResponseLatency (microseconds), FailedLogins (in 5 minutes).
            alarms_off_because: alarms to leave out, by name, with reasons.

        Raises:
            InvalidOptions: with every option that cannot work, and the AWS page that says so
                (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy.html).
        """
        super().__init__(scope, id)
        target, place = Target.of(database), Place.of(self, vpc, subnets)
        own = [] if database.secret is None or end_to_end_users else [database.secret]
        known = own if secrets is None else list(secrets)
        percent = _share(target) if connections_percent is None else connections_percent
        options = {
            **locals(),
            "connections_percent": percent,
            "zones": place.zones,
            "logins": len(known),
            "end_to_end_users": ["a token" if is_token(user) else user for user in end_to_end_users],
            **placed(self, vpc, database, alarms),
        }
        check(self, RULES, options, also=one_too_many(self))
        remember(self)
        reasons = {k.removesuffix("_because"): v for k, v in options.items() if k.endswith("_because")}
        reasons.pop("alarms_off")
        for option, because in reasons.items():
            weakened(self, option, because)

        family = str(target.family)
        self.key, self.secret, self.port = database.key, known[0] if known else None, facts.PORTS.value[family]
        self.users, self._passwords = tuple(end_to_end_users), passwords_because is not None
        self.proxy_name = name = proxies.name_of(self, proxy_name, family, place.subnets)
        self.security_group = proxies.security_group(self, vpc, database)
        self.log_group = proxies.log_group(self, name, database.key, log_retention, deletable_because)
        self.role = proxies.role(self)
        grants = [
            *proxies.let_read(self.role, known, database.key),
            *proxies.let_connect(self.role, database, end_to_end_users),
        ]
        auth = proxies.logins(database, known, passwords=self._passwords, password_type=client_password_type)
        self.proxy = rds.CfnDBProxy(
            self,
            "Proxy",
            db_proxy_name=name,
            engine_family=family,
            role_arn=self.role.role_arn,
            vpc_subnet_ids=list(place.subnets),
            vpc_security_group_ids=[self.security_group.security_group_id],
            require_tls=plaintext_because is None,
            default_auth_scheme="IAM_AUTH" if end_to_end_users else "NONE",
            auth=auth or None,
            idle_client_timeout=(idle_client_timeout or Duration.minutes(30)).to_seconds(),
            debug_logging=debug_logging_because is not None,
        )
        self.proxy.node.add_dependency(self.log_group)
        for grant in grants:
            grant.apply_before(self.proxy)
        pool = proxies.pool(
            percent,
            idle_percent=idle_connections,
            borrow_timeout=borrow_timeout or Duration.minutes(2),
            pinning_filters=pinning_filters,
            init_query=init_query,
        )
        self.target_group = self._targets(target, pool)
        roles = {"Writer": "READ_WRITE"} if all_zones else {}
        roles |= {"Reader": "READ_ONLY"} if read_only else {}
        self.endpoints = {name: self._endpoint(name, role, place.subnets) for name, role in roles.items()}
        proxies.shorten_tags({**reasons, **(alarms_off_because or {})}, self.proxy, *self.endpoints.values())
        if alarms is not None:
            proxy_events(self, [self.proxy.ref], alarms)
        specs = proxy_alarms(name, self.metric, in_global=target.in_global)
        self.alarms = add_alarms(self, specs, topic=alarms, thresholds=alarm_thresholds, off_because=alarms_off_because)

    def _targets(
        self, target: Target, pool: rds.CfnDBProxyTargetGroup.ConnectionPoolConfigurationInfoFormatProperty
    ) -> rds.CfnDBProxyTargetGroup:
        group = rds.CfnDBProxyTargetGroup(
            self,
            "Targets",
            db_proxy_name=self.proxy.ref,
            target_group_name="default",
            db_cluster_identifiers=list(target.clusters) or None,
            db_instance_identifiers=list(target.instances) or None,
            connection_pool_configuration_info=pool,
        )
        group.node.add_dependency(*target.members)
        parts.accept(group, _TAGGED, "CloudFormation-Validate::F3002")
        return group

    def _endpoint(self, id: str, role: str, subnets: Sequence[str]) -> rds.CfnDBProxyEndpoint:
        return rds.CfnDBProxyEndpoint(
            self,
            id,
            db_proxy_name=self.proxy.ref,
            db_proxy_endpoint_name=proxies.endpoint_name(self.proxy_name, id.lower()),
            target_role=role,
            vpc_subnet_ids=list(subnets),
            vpc_security_group_ids=[self.security_group.security_group_id],
        )

    @property
    def endpoint(self) -> rds.Endpoint:
        """Leads to the writer, whichever instance that is."""
        wide = self.endpoints.get("Writer")
        return rds.Endpoint(wide.attr_endpoint if wide else self.proxy.attr_endpoint, self.port)

    @property
    def reader_endpoint(self) -> rds.Endpoint | None:
        """Leads to the readers, in turn; None without `read_only`."""
        reader = self.endpoints.get("Reader")
        return rds.Endpoint(reader.attr_endpoint, self.port) if reader else None

    @property
    def resource_id(self) -> str:
        """What IAM calls the proxy: the last part of its ARN."""
        return Fn.select(6, Fn.split(":", self.proxy.attr_db_proxy_arn))

    @property
    def dimensions(self) -> Mapping[str, str]:
        """By what CloudWatch knows the proxy."""
        return {"ProxyName": self.proxy_name}

    def grant_connect(self, grantee: iam.IGrantable, user: str | None = None) -> None:
        """Let somebody connect to the proxy by IAM as a database user; where passwords are on, with the first secret.

        Raises:
            InvalidOptions: no `user`, where clients log in by IAM; or one that the proxy does not log in as.
        """
        if not is_token(user) and (problem := self._unknown(user)):
            raise InvalidOptions([problem])
        if user is None:
            proxies.let_read(grantee, [self.secret] if self.secret else [], self.key)
        else:
            super().grant_connect(grantee, user)

    def _unknown(self, user: str | None) -> Problem | None:
        if user is None and self._passwords:
            return None
        if user is not None and not self._passwords and (not self.users or user in self.users):
            return None
        return Problem(
            where=self.node.path,
            option="user",
            got=shown(user),
            allowed=_users(self.users, passwords=self._passwords),
            why="the proxy passes on only those whom it can log in as",
            source=facts.END_TO_END.source,
        )


def _users(users: Sequence[str], *, passwords: bool) -> str:
    if passwords:
        return "nothing: clients log in with the credentials, as 'passwords_because' says"
    return ", ".join(map(shown, users)) or "the database user of one of the secrets"


def _share(target: Target) -> int:
    """Leaves room for administrators, and for writes that are forwarded."""
    return facts.SQLSERVER_CONNECTIONS.value if target.family == "SQLSERVER" else facts.USUAL_CONNECTIONS.value
