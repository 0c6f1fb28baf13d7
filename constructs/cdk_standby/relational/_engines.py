"""What differs between the engines of RDS."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cdk_standby_review.facts import rds_engines as facts

TLS_PORT_OF_DB2 = 50443


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One engine, as RDS calls it, and what is made differently for it."""

    name: str
    port: int
    log_types: tuple[str, ...]
    """What is exported unless told otherwise."""
    instance: str = "r7g.large"
    """The class unless told otherwise, the smallest that suits production."""
    major: str
    """A pattern: what of a version stands in the names of families, ``17`` or ``8.4``."""
    joint: str = ""
    """What stands between engine and major version in the name of a family."""
    defaults: Mapping[str, str] = field(default_factory=dict[str, str])
    """Parameters that every instance is made with."""
    has_options: bool = True
    """Whether there are option groups."""
    username: str = "clusteradmin"
    deny: frozenset[str] = frozenset()
    """Names that no master user may have."""
    named_database: bool = True
    """Whether a first database can be made with the instance."""

    replica_modes: tuple[str, ...] = ()
    """What a replica may be told to be; empty: it has no mode, and is readable."""
    replica_multi_az: bool = True

    @property
    def family_of(self) -> str:
        """Postgres, mysql, mariadb, oracle, sqlserver or db2, whatever the edition."""
        return self.name.split("-")[0]

    @property
    def open(self) -> bool:
        """Whether the engine is open source, with one licence."""
        return self.family_of in ("postgres", "mysql", "mariadb")

    @property
    def known_log_types(self) -> tuple[str, ...]:
        """All that can be exported."""
        return facts.LOG_TYPES.value[self.name]

    @property
    def licenses(self) -> tuple[str, ...]:
        """The licence models, the usual one first."""
        return facts.LICENSES.value[self.name]

    @property
    def tls(self) -> tuple[str, str, str] | None:
        """The parameter that requires TLS, its value when it does, and when it does not; None: it takes an option."""
        return facts.FORCED_TLS.value.get(self.name)

    @property
    def password_length(self) -> int:
        """Of a generated password."""
        lengths = facts.PASSWORD_LENGTH.value
        return lengths.get(self.family_of, lengths["others"])

    @property
    def iam(self) -> bool:
        """Whether users may come by IAM."""
        return self.name in facts.IAM_ENGINES.value

    @property
    def lifecycle(self) -> bool:
        """Whether the engine has Extended Support."""
        return self.name in facts.LIFECYCLES.value

    def major_of(self, version: str) -> str:
        """The major version, as families are named after it: ``17`` of 17.6, ``16.00`` of 16.00.4215.2.v1."""
        found = re.match(self.major, version)
        return found[0] if found else version

    def family(self, version: str) -> str:
        """The parameter group family: postgres17, mysql8.4, oracle-se2-19, sqlserver-se-16.0, db2-se-11.5."""
        return self.name + self.joint + self.major_of(version).replace(".00", ".0")

    def parameters(self, given: Mapping[str, str], *, plaintext: bool) -> dict[str, str]:
        """What the parameter group holds."""
        forced = {self.tls[0]: self.tls[2 if plaintext else 1]} if self.tls else {}
        return {**forced, **self.defaults, **given}

    @staticmethod
    def of(name: str) -> Engine:
        """The engine as RDS calls it."""
        return ENGINES[name]


_SLOW = {"slow_query_log": "1", "log_output": "FILE", "default_storage_engine": "InnoDB"}
_MYSQL_LOGS = ("error", "slowquery")
_ORACLE_LOGS = ("alert", "audit", "listener", "trace")
_RESERVED = frozenset({"admin", "rdsadmin", "rdsproxyadmin"})
_MODES = ("open-read-only", "mounted")


def _oracle(name: str, *, replicates: bool) -> Engine:
    return Engine(
        name=name,
        port=1521,
        log_types=_ORACLE_LOGS,
        instance="r6i.large",
        major=r"\d+",
        joint="-",
        deny=_RESERVED | {"sys", "system"},
        replica_modes=_MODES if replicates else (),
    )


def _sqlserver(name: str) -> Engine:
    return Engine(
        name=name,
        port=1433,
        log_types=("error", "agent"),
        instance="r7i.xlarge",
        major=r"\d+\.\d+",
        joint="-",
        deny=_RESERVED | {"sa"},
        named_database=False,
        replica_multi_az=False,
    )


def _db2(name: str) -> Engine:
    return Engine(
        name=name,
        port=50000,
        log_types=("diag.log", "notify.log"),
        instance="r6i.large",
        major=r"\d+\.\d+",
        joint="-",
        defaults={"SSL_SVCENAME": str(TLS_PORT_OF_DB2)},
        deny=_RESERVED,
        replica_modes=_MODES,
    )


ENGINES: Mapping[str, Engine] = {
    engine.name: engine
    for engine in (
        Engine(
            name="postgres",
            port=5432,
            log_types=("postgresql", "upgrade"),
            major=r"\d+",
            defaults={"log_min_duration_statement": "1000"},
            has_options=False,
            deny=_RESERVED,
        ),
        Engine(
            name="mysql",
            port=3306,
            log_types=_MYSQL_LOGS,
            major=r"\d+\.\d+",
            defaults=_SLOW,
            deny=_RESERVED,
        ),
        Engine(
            name="mariadb",
            port=3306,
            log_types=_MYSQL_LOGS,
            major=r"\d+\.\d+",
            defaults=_SLOW,
            deny=_RESERVED,
        ),
        _oracle("oracle-ee", replicates=True),
        _oracle("oracle-ee-cdb", replicates=True),
        _oracle("oracle-se2", replicates=False),
        _oracle("oracle-se2-cdb", replicates=False),
        _sqlserver("sqlserver-ee"),
        _sqlserver("sqlserver-se"),
        _sqlserver("sqlserver-web"),
        _db2("db2-ae"),
        _db2("db2-se"),
        _db2("db2-ce"),
    )
}
