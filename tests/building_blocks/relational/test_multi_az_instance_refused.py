"""What a Multi-AZ instance refuses: the whole message of every rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from cdk_standby._checks import InvalidOptions
from cdk_standby.alarm_topic import AlarmTopic
from cdk_standby.relational._credentials import SecretReplica
from cdk_standby.relational._restore import Restore
from cdk_standby.relational.multi_az_instance import BackupsTo, DatabaseOption, MultiAzInstance

GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
API = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html"
ENGINES = (
    "'postgres', 'mysql', 'mariadb', 'oracle-ee', 'oracle-ee-cdb', 'oracle-se2', 'oracle-se2-cdb', 'sqlserver-ee', "
    "'sqlserver-se', 'sqlserver-web', 'db2-ae', 'db2-se', 'db2-ce'"
)
KEY = "arn:aws:kms:{}:111111111111:key/12345678-1234-1234-1234-123456789012"
MYSQL = {"engine": "mysql", "version": "8.4.6"}
ORACLE = {"engine": "oracle-ee", "version": "19.0.0.0.ru-2025-07.rur-2025-07.r1"}
SQLSERVER = {"engine": "sqlserver-se", "version": "16.00.4215.2.v1"}
DB2 = {"engine": "db2-se", "version": "11.5.9.0.sb00063198.r1"}
mark = pytest.mark


def given(**options: Any) -> dict[str, Any]:
    return options


CASES = [
    pytest.param(
        given(engine="sqlserver-ex"),
        [
            (
                f"'engine' is 'sqlserver-ex'; allowed: {ENGINES}, because the Express edition has no Multi-AZ "
                f"deployment ({GUIDE}USER_SQLServerMultiAZ.html)"
            )
        ],
        marks=mark.capability("RDS-07"),
    ),
    pytest.param(
        given(engine="sqlserver-dev-ee"),
        [
            (
                f"'engine' is 'sqlserver-dev-ee'; allowed: {ENGINES}, because the Developer edition is not licensed "
                f"for production ({GUIDE}USER_SQLServerMultiAZ.html)"
            )
        ],
        marks=mark.capability("RDS-07"),
    ),
    pytest.param(
        given(engine="vmware"),
        [
            (
                f"'engine' is 'vmware'; allowed: {ENGINES}, because RDS on VMware is retired "
                f"({GUIDE}Concepts.MultiAZSingleStandby.html)"
            )
        ],
        marks=mark.capability("RDS-42"),
    ),
    pytest.param(
        given(engine="aurora-postgresql"),
        [
            (
                f"'engine' is 'aurora-postgresql'; allowed: {ENGINES}, because these are the engines of RDS that have "
                f"a Multi-AZ standby; Aurora has a construct of its own ({GUIDE}Concepts.MultiAZSingleStandby.html)"
            )
        ],
        marks=mark.capability("RDS-02"),
    ),
    pytest.param(
        given(version="17"),
        [
            (
                "'version' is '17'; allowed: a full version such as '17.6', because a version is written in "
                "full, since a prefix means another one every few months "
                f"({GUIDE}USER_UpgradeDBInstance.Upgrading.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(engine="oracle-ee", version="19"),
        [
            (
                "'version' is '19'; allowed: a full version such as '19.0.0.0.ru-2025-07.rur-2025-07.r1', "
                "because a version is written in full, since a prefix means another one every few months "
                f"({GUIDE}USER_UpgradeDBInstance.Upgrading.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(engine="sqlserver-se", version="16.00"),
        [
            (
                "'version' is '16.00'; allowed: a full version such as '16.00.4215.2.v1', because a version "
                "is written in full, since a prefix means another one every few months "
                f"({GUIDE}USER_UpgradeDBInstance.Upgrading.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(version="17.4"),
        [
            (
                "'version' is '17.4'; allowed: '17.5' or newer, or with 'outdated_because', because RDS has "
                "deprecated older versions and makes no new instances of them "
                f"({GUIDE}USER_UpgradeDBInstance.Upgrading.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(version="9.6"),
        [
            (
                "'version' is '9.6'; allowed: a full version such as '17.6', because a version is written in "
                "full, since a prefix means another one every few months "
                f"({GUIDE}USER_UpgradeDBInstance.Upgrading.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(version="10.23"),
        [
            (
                "'version' is '10.23'; allowed: '11.22' or newer, or with 'outdated_because', because RDS has"
                " deprecated older versions and makes no new instances of them "
                f"({GUIDE}USER_UpgradeDBInstance.Upgrading.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(engine="mysql", version="8.0.40"),
        [
            (
                "'version' is '8.0.40'; allowed: '8.0.42' or newer, or with 'outdated_because', because RDS "
                "has deprecated older versions and makes no new instances of them "
                f"({GUIDE}USER_UpgradeDBInstance.Upgrading.html)"
            ),
            (
                "'extended_support' is False; allowed: True with '8.0.40', or a newer major version, because "
                "RDS makes no instance of a major version past its standard support, unless it enters "
                f"Extended Support ({GUIDE}extended-support-creating-db-instance.html)"
            ),
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(engine="sqlserver-se", version="12.00.6449.1.v1"),
        [
            (
                "'version' is '12.00.6449.1.v1'; allowed: '13.00.5216.0' or newer, or with "
                "'outdated_because', because RDS has deprecated older versions and makes no new instances of "
                f"them ({GUIDE}USER_UpgradeDBInstance.Upgrading.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(instance="db.r7g.large"),
        [
            (
                "'instance' is 'db.r7g.large'; allowed: a class of the engine without 'db.', such as "
                "'r7g.large', because Oracle, SQL Server and Db2 run on Intel and AMD classes, the others on "
                f"Graviton too ({GUIDE}Concepts.DBInstanceClass.Support.html)"
            )
        ],
    ),
    pytest.param(
        given(**SQLSERVER, instance="r7g.xlarge"),
        [
            (
                "'instance' is 'r7g.xlarge'; allowed: a class of the engine without 'db.', such as "
                "'r7i.xlarge', because Oracle, SQL Server and Db2 run on Intel and AMD classes, the others on"
                f" Graviton too ({GUIDE}Concepts.DBInstanceClass.Support.html)"
            )
        ],
    ),
    pytest.param(
        given(**MYSQL, instance="t4g.micro"),
        [
            (
                "'instance' is 't4g.micro'; allowed: a class of medium size or more, or with "
                "'no_insights_because', because Database Insights knows neither Db2 nor the micro and small "
                f"classes of MySQL and MariaDB ({GUIDE}USER_DatabaseInsights.Engines.html)"
            )
        ],
        marks=mark.capability("RDS-38"),
    ),
    pytest.param(
        given(zones="a"),
        [
            (
                "'vpc' is 'Test/Vpc'; allowed: isolated (or chosen) subnets in two Availability Zones or "
                "more, because the standby lives in another Availability Zone, and a subnet group covers two "
                f"of them or more ({GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html)"
            )
        ],
        marks=mark.capability("RDS-01"),
    ),
    pytest.param(
        given(zones="a", single_az_because="a lab"),
        [
            (
                "'vpc' is 'Test/Vpc'; allowed: isolated (or chosen) subnets in two Availability Zones or "
                "more, because the standby lives in another Availability Zone, and a subnet group covers two "
                f"of them or more ({GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html)"
            )
        ],
        marks=mark.capability("RDS-01"),
    ),
    pytest.param(
        given(storage=19),
        [
            (
                "'storage' is 19; allowed: 20 to 65536 GiB for postgres on gp3, because storage starts at 20 "
                "GiB, with io1 and io2 at 100 GiB, and ends at 64 TiB; SQL Server's ends at 16 TiB, with io2 "
                f"at 64 TiB ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(storage=70000),
        [
            (
                "'storage' is 70000; allowed: 20 to 65536 GiB for postgres on gp3, because storage starts at "
                "20 GiB, with io1 and io2 at 100 GiB, and ends at 64 TiB; SQL Server's ends at 16 TiB, with "
                f"io2 at 64 TiB ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(**SQLSERVER, storage=20000),
        [
            (
                "'storage' is 20000; allowed: 20 to 16384 GiB for sqlserver-se on gp3, because storage starts"
                " at 20 GiB, with io1 and io2 at 100 GiB, and ends at 64 TiB; SQL Server's ends at 16 TiB, "
                f"with io2 at 64 TiB ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(storage_type="gp2"),
        [
            (
                "'storage_type' is 'gp2'; allowed: 'gp3', 'io1', 'io2', because other types are of the past: "
                f"they end earlier, and burst where these are steady ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(storage_type="io2"),
        [
            (
                "'iops' is not given; allowed: 1000 to 100000 for 100 GiB of io2 for postgres, because io1 "
                "takes half to fifty IOPS for each GiB, one to fifty of SQL Server, io2 half to a thousand, "
                f"also at the size that storage may grow to ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(storage_type="io1", iops=6000),
        [
            (
                "'iops' is 6000; allowed: 1000 to 5000 for 100 GiB of io1 for postgres, because io1 takes "
                "half to fifty IOPS for each GiB, one to fifty of SQL Server, io2 half to a thousand, also at"
                f" the size that storage may grow to ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(storage_type="io1", iops=3000, throughput=500),
        [
            (
                "'throughput' is 500; allowed: left out for 100 GiB of io1 for postgres, because gp3 moves at"
                " most a quarter of its IOPS in MiB/s; gp3 has 3,000 IOPS and 125 MiB/s and no other until it"
                " is striped over four volumes, from 400 GiB on, 200 of Oracle; SQL Server's is adjustable at"
                f" any size, to half an IOPS for each GiB or more ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(iops=12000),
        [
            (
                "'iops' is 12000; allowed: left out for 100 GiB of gp3 for postgres, because gp3 has 3,000 "
                "IOPS and 125 MiB/s and no other until it is striped over four volumes, from 400 GiB on, 200 "
                "of Oracle; SQL Server's is adjustable at any size, to half an IOPS for each GiB or more "
                f"({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(storage=500, iops=3000),
        [
            (
                "'iops' is 3000; allowed: 12000 to 64000 for 500 GiB of gp3 for postgres, because gp3 has "
                "3,000 IOPS and 125 MiB/s and no other until it is striped over four volumes, from 400 GiB "
                "on, 200 of Oracle; SQL Server's is adjustable at any size, to half an IOPS for each GiB or "
                f"more ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(storage=500, throughput=100),
        [
            (
                "'throughput' is 100; allowed: 500 to 3000 for 500 GiB of gp3 for postgres, because gp3 moves"
                " at most a quarter of its IOPS in MiB/s; gp3 has 3,000 IOPS and 125 MiB/s and no other until"
                " it is striped over four volumes, from 400 GiB on, 200 of Oracle; SQL Server's is adjustable"
                f" at any size, to half an IOPS for each GiB or more ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(max_storage=100),
        [
            (
                "'max_storage' is 100; allowed: 110 to 65536 GiB, because RDS takes no limit closer to the "
                "storage than 10 %, since it grows by as much at the least; the IOPS for each GiB have to "
                f"suffice for it too ({GUIDE}USER_PIOPS.Autoscaling.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(max_storage=100000),
        [
            (
                "'max_storage' is 100000; allowed: 110 to 65536 GiB, because RDS takes no limit closer to the"
                " storage than 10 %, since it grows by as much at the least; the IOPS for each GiB have to "
                f"suffice for it too ({GUIDE}USER_PIOPS.Autoscaling.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(max_storage=500, fixed_storage_because="a lab"),
        [
            (
                "'fixed_storage_because' is 'a lab'; allowed: left out with 'max_storage', because storage "
                "that may grow is not fixed"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(instance_identifier="shop--database"),
        [
            (
                "'instance_identifier' is 'shop--database'; allowed: up to 63 letters, digits and single "
                f"hyphens, starting with a letter, because it names the instance in its Region ({API})"
            )
        ],
    ),
    pytest.param(
        given(database_name="1shop"),
        [
            (
                "'database_name' is '1shop'; allowed: up to 63 letters, digits and underscores, starting with"
                " a letter; 8 for Oracle, none for SQL Server, because a database has up to 63 letters, "
                "digits and underscores, an Oracle system 8 letters and digits, and SQL Server makes none "
                f"with the instance ({API})"
            )
        ],
    ),
    pytest.param(
        given(**SQLSERVER, database_name="shop"),
        [
            (
                "'database_name' is 'shop'; allowed: up to 63 letters, digits and underscores, starting with "
                "a letter; 8 for Oracle, none for SQL Server, because a database has up to 63 letters, digits"
                " and underscores, an Oracle system 8 letters and digits, and SQL Server makes none with the "
                f"instance ({API})"
            )
        ],
    ),
    pytest.param(
        given(**ORACLE, database_name="WAREHOUSE"),
        [
            (
                "'database_name' is 'WAREHOUSE'; allowed: up to 63 letters, digits and underscores, starting "
                "with a letter; 8 for Oracle, none for SQL Server, because a database has up to 63 letters, "
                "digits and underscores, an Oracle system 8 letters and digits, and SQL Server makes none "
                f"with the instance ({API})"
            )
        ],
        marks=mark.capability("RDS-43"),
    ),
    pytest.param(
        given(master_username="rdsadmin"),
        [
            (
                "'master_username' is 'rdsadmin'; allowed: up to 16 letters, digits and underscores, starting"
                " with a letter, but no name such as 'admin', because a master user has up to 16 letters, "
                f"digits and underscores, and no name that the engine keeps for itself ({API})"
            )
        ],
    ),
    pytest.param(
        given(**SQLSERVER, master_username="sa"),
        [
            (
                "'master_username' is 'sa'; allowed: up to 16 letters, digits and underscores, starting with "
                "a letter, but no name such as 'admin', because a master user has up to 16 letters, digits "
                f"and underscores, and no name that the engine keeps for itself ({API})"
            )
        ],
    ),
    pytest.param(
        given(ca="rds-ca-2019"),
        [
            (
                "'ca' is 'rds-ca-2019'; allowed: 'rds-ca-rsa2048-g1', 'rds-ca-rsa4096-g1', "
                "'rds-ca-ecc384-g1', because server certificates are signed by one of these authorities, and "
                f"renewed without an outage of most engines ({GUIDE}UsingWithRDS.SSL.html)"
            )
        ],
        marks=mark.capability("RDS-46"),
    ),
    pytest.param(
        given(backup_retention=cdk.Duration.days(36)),
        [
            (
                "'backup_retention' is 36 days; allowed: 1 to 35 days, because RDS keeps automated backups "
                "for 1 to 35 days; without them there is no restore to a moment and no replica "
                f"({GUIDE}USER_WorkingWithAutomatedBackups.BackupRetention.html)"
            )
        ],
        marks=mark.capability("RDS-12"),
    ),
    pytest.param(
        given(backup_retention=cdk.Duration.days(0)),
        [
            (
                "'backup_retention' is 0 days; allowed: 1 to 35 days, because RDS keeps automated backups for"
                " 1 to 35 days; without them there is no restore to a moment and no replica "
                f"({GUIDE}USER_WorkingWithAutomatedBackups.BackupRetention.html)"
            )
        ],
        marks=mark.capability("RDS-12"),
    ),
    pytest.param(
        given(backup_window="03:00-04:00"),
        [
            (
                "'backup_window' is '03:00-04:00'; allowed: 'hh:mm-hh:mm' in UTC, 30 minutes or more, apart "
                "from 'sun:02:30-sun:03:30', because a backup window lasts half an hour or more, and keeps "
                f"clear of the maintenance window ({API})"
            )
        ],
        marks=mark.capability("RDS-46"),
    ),
    pytest.param(
        given(maintenance_window="daily"),
        [
            (
                "'maintenance_window' is 'daily'; allowed: 'ddd:hh:mm-ddd:hh:mm' in UTC, 30 minutes or more, "
                f"such as 'sun:02:30-sun:03:30', because a maintenance window lasts half an hour or more ({API})"
            )
        ],
        marks=mark.capability("RDS-46"),
    ),
    pytest.param(
        given(monitoring_interval=7),
        [
            (
                "'monitoring_interval' is 7; allowed: 0, 1, 5, 10, 15, 30, 60, because enhanced monitoring "
                f"knows these intervals; 0 turns it off ({GUIDE}USER_Monitoring.OS.Enabling.html)"
            )
        ],
        marks=mark.capability("RDS-37"),
    ),
    pytest.param(
        given(monitoring_interval=0),
        [
            (
                "'monitoring_interval' is 0; allowed: 0 together with 'no_monitoring_because', or neither, "
                "because who looks for the cause of an outage misses the figures of the hosts "
                f"({GUIDE}USER_Monitoring.OS.Enabling.html)"
            )
        ],
        marks=mark.capability("RDS-37"),
    ),
    pytest.param(
        given(insights="none"),
        [
            (
                "'insights' is 'none'; allowed: 'advanced', 'standard', because Database Insights knows these"
                " modes; the advanced one keeps 15 months and is paid by the vCPU "
                "(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Database-Insights.html)"
            )
        ],
        marks=mark.capability("RDS-38"),
    ),
    pytest.param(
        given(log_types=["slowquery"]),
        [
            (
                "'log_types' is ['slowquery']; allowed: one or more of 'postgresql', 'upgrade', "
                f"'iam-db-auth-error', because each engine exports logs of these types ({API})"
            )
        ],
        marks=mark.capability("RDS-39"),
    ),
    pytest.param(
        given(log_types=[]),
        [
            (
                "'log_types' is []; allowed: one or more of 'postgresql', 'upgrade', 'iam-db-auth-error', "
                f"because each engine exports logs of these types ({API})"
            )
        ],
        marks=mark.capability("RDS-39"),
    ),
    pytest.param(
        given(**SQLSERVER, license="bring-your-own-license"),
        [
            (
                "'license' is 'bring-your-own-license'; allowed: 'license-included', because each engine "
                f"knows these licence models ({API})"
            )
        ],
    ),
    pytest.param(
        given(**DB2),
        [
            (
                "'ibm_customer_id' is not given; allowed: the number that IBM gave, because whoever brings a "
                "licence of Db2 names customer and site as IBM knows them, in a parameter group "
                f"({GUIDE}db2-licensing.html)"
            ),
            (
                "'ibm_site_id' is not given; allowed: the number that IBM gave, because whoever brings a "
                "licence of Db2 names customer and site as IBM knows them, in a parameter group "
                f"({GUIDE}db2-licensing.html)"
            ),
        ],
        marks=mark.capability("RDS-09"),
    ),
    pytest.param(
        given(**DB2, license="marketplace-license", ibm_customer_id="1", ibm_site_id="2"),
        [
            (
                "'ibm_customer_id' is '1'; allowed: left out, unless a licence of Db2 is brought, because "
                "whoever brings a licence of Db2 names customer and site as IBM knows them, in a parameter "
                f"group ({GUIDE}db2-licensing.html)"
            ),
            (
                "'ibm_site_id' is '2'; allowed: left out, unless a licence of Db2 is brought, because whoever"
                " brings a licence of Db2 names customer and site as IBM knows them, in a parameter group "
                f"({GUIDE}db2-licensing.html)"
            ),
        ],
        marks=mark.capability("RDS-09"),
    ),
    pytest.param(
        given(backups_to=BackupsTo(region="eu-west-1", key=KEY.format("eu-west-1"))),
        [
            (
                "'backups_to' is BackupsTo(region='eu-west-1', "
                "key='arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012', "
                "retention=14 days); allowed: a Region other than eu-west-1, the ARN of a key there, and 1 to"
                " 35 days, because automated backups are copied to one other Region of the partition, "
                f"encrypted there with a key of that Region ({GUIDE}USER_ReplicateBackups.html)"
            )
        ],
        marks=mark.capability("RDS-14"),
    ),
    pytest.param(
        given(backups_to=BackupsTo(region="eu-central-1", key=KEY.format("eu-west-1"))),
        [
            (
                "'backups_to' is BackupsTo(region='eu-central-1', "
                "key='arn:aws:kms:eu-west-1:111111111111:key/12345678-1234-1234-1234-123456789012', "
                "retention=14 days); allowed: a Region other than eu-west-1, the ARN of a key there, and 1 to"
                " 35 days, because automated backups are copied to one other Region of the partition, "
                f"encrypted there with a key of that Region ({GUIDE}USER_ReplicateBackups.html)"
            )
        ],
        marks=mark.capability("RDS-14"),
    ),
    pytest.param(
        given(
            backups_to=BackupsTo(region="eu-central-1", key=KEY.format("eu-central-1"), retention=cdk.Duration.days(36))
        ),
        [
            (
                "'backups_to' is BackupsTo(region='eu-central-1', "
                "key='arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012', "
                "retention=36 days); allowed: a Region other than eu-west-1, the ARN of a key there, and 1 to"
                " 35 days, because automated backups are copied to one other Region of the partition, "
                f"encrypted there with a key of that Region ({GUIDE}USER_ReplicateBackups.html)"
            )
        ],
        marks=mark.capability("RDS-14"),
    ),
    pytest.param(
        given(parameters={"rds.force_ssl": "0"}),
        [
            (
                "'parameters' is {'rds.force_ssl': '0'}; allowed: others than 'rds.force_ssl': "
                "'plaintext_because' is the option for it, because what weakens or binds the database stands "
                "in an option, with its reason or its range"
            )
        ],
        marks=mark.capability("RDS-17"),
    ),
    pytest.param(
        given(**MYSQL, parameters={"default_storage_engine": "MyISAM"}),
        [
            (
                "'parameters' is {'default_storage_engine': 'MyISAM'}; allowed: others than "
                "'default_storage_engine': InnoDB alone comes through a crash whole, and is replicated, "
                "because what weakens or binds the database stands in an option, with its reason or its range"
            )
        ],
        marks=mark.capability("RDS-21"),
    ),
    pytest.param(
        given(options=[DatabaseOption(name="TIMEZONE")]),
        [
            (
                "'options' is [TIMEZONE]; allowed: nothing for PostgreSQL, because PostgreSQL has extensions "
                f"and parameters, and no option groups ({GUIDE}USER_WorkingWithOptionGroups.html)"
            )
        ],
    ),
    pytest.param(
        given(**SQLSERVER, options=[DatabaseOption(name="Mirroring")]),
        [
            (
                "'options' is [Mirroring]; allowed: others than 'Mirroring', because RDS chooses how SQL "
                "Server reaches its standby from edition and version; nobody adds an option for it "
                f"({GUIDE}USER_SQLServerMultiAZ.html)"
            )
        ],
        marks=mark.capability("RDS-07"),
    ),
    pytest.param(
        given(**MYSQL, options=[DatabaseOption(name="MEMCACHED"), DatabaseOption(name="memcached")]),
        [
            (
                "'options' is [MEMCACHED, memcached]; allowed: each option once, because an option group "
                "holds an option once"
            )
        ],
    ),
    pytest.param(
        given(**ORACLE, options=[DatabaseOption(name="SSL", port=2484)]),
        [
            (
                "'options' is [SSL]; allowed: neither 'SSL' nor 'NATIVE_NETWORK_ENCRYPTION', which is set "
                "here, unless with 'plaintext_because', because Oracle encrypts every session when this "
                "option requires it; it excludes the option SSL, which leaves a plain listener open beside "
                f"its own ({GUIDE}Appendix.Oracle.Options.NetworkEncryption.html)"
            )
        ],
        marks=mark.capability("RDS-43"),
    ),
    pytest.param(
        given(character_set="UTF8"),
        [
            (
                "'character_set' is 'UTF8'; allowed: left out, unless the engine is oracle or sqlserver, "
                f"because other engines have a parameter for it, or set it for each database ({API})"
            )
        ],
    ),
    pytest.param(
        given(timezone="Europe/Berlin"),
        [
            (
                "'timezone' is 'Europe/Berlin'; allowed: left out, unless the engine is sqlserver or db2, "
                f"because other engines have a parameter for it, or set it for each database ({API})"
            )
        ],
    ),
    pytest.param(
        given(engine="mariadb", version="11.4.8", extended_support=True),
        [
            (
                "'extended_support' is True; allowed: left out, unless the engine is MySQL or PostgreSQL, "
                "because past its standard support a major version of MySQL or PostgreSQL is supported longer"
                f" for a price, or upgraded by force ({GUIDE}extended-support.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(managed_password=True, secret_name="shop/database"),
        [
            (
                "'secret_name' is 'shop/database'; allowed: nothing with 'managed_password', because RDS "
                f"names the secret that it manages, and keeps it in one Region ({GUIDE}rds-secrets-manager.html)"
            )
        ],
    ),
    pytest.param(
        given(managed_password=True, secret_replicas=(SecretReplica(region="eu-central-1", key="alias/shop"),)),
        [
            (
                "'secret_replicas' is [SecretReplica(region='eu-central-1', key='alias/shop')]; allowed: "
                "nothing with 'managed_password', because RDS names the secret that it manages, and keeps it "
                f"in one Region ({GUIDE}rds-secrets-manager.html)"
            )
        ],
    ),
    pytest.param(
        given(secret_replicas=(SecretReplica(region="eu-west-1", key="alias/shop"),)),
        [
            (
                "'secret_replicas' is [SecretReplica(region='eu-west-1', key='alias/shop')]; allowed: each "
                "other Region of AWS once, because a copy of the credentials is for the day when this Region "
                "is lost (https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html)"
            )
        ],
    ),
    pytest.param(
        given(
            restore=Restore.from_snapshot("shop"),
            secret_replicas=(SecretReplica(region="eu-central-1", key="alias/shop"),),
        ),
        [
            (
                "'secret_replicas' is [SecretReplica(region='eu-central-1', key='alias/shop')]; allowed: left"
                " out with 'restore', because databases and users come with the data that is restored "
                "(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbcluster.html)"
            )
        ],
    ),
    pytest.param(
        given(restore=Restore.from_snapshot("shop"), database_name="shop"),
        [
            (
                "'database_name' is 'shop'; allowed: left out with 'restore', because databases and users "
                "come with the data that is restored "
                "(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbcluster.html)"
            )
        ],
    ),
    pytest.param(
        given(restore=Restore(snapshot="shop", source="other")),
        [
            (
                "'restore' is Restore(snapshot='shop', source='other'); allowed: a snapshot or a source, one "
                "of them, because CloudFormation replaces a restored database by an empty one when it no "
                "longer finds what it was restored from, so that this stays in the template for ever "
                "(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-rds-dbcluster.html)"
            )
        ],
    ),
    pytest.param(
        given(restore=Restore.clone_of("shop")),
        [
            (
                "'restore' is Restore(source='shop', clone=True); allowed: a clone of a cluster, as it is "
                "now, because only Aurora clusters are cloned, as they are now, sharing storage with their "
                "source until either writes "
                "(https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Clone.html)"
            )
        ],
    ),
    pytest.param(
        given(storage_type="io3"),
        [
            (
                "'storage_type' is 'io3'; allowed: 'gp3', 'io1', 'io2', because other types are of the past: "
                f"they end earlier, and burst where these are steady ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(engine="oracle-se2", version="18.0.0.0.ru-2021-01.rur-2021-01.r1"),
        [
            (
                "'version' is '18.0.0.0.ru-2021-01.rur-2021-01.r1'; allowed: '19.0.0.0' or newer, or with "
                "'outdated_because', because RDS has deprecated older versions and makes no new instances of "
                f"them ({GUIDE}USER_UpgradeDBInstance.Upgrading.html)"
            )
        ],
        marks=[mark.capability("RDS-25"), mark.capability("RDS-43")],
    ),
    pytest.param(
        given(backups_to=BackupsTo(region="eu-wset-1", key=KEY.format("eu-wset-1"))),
        [
            (
                "'backups_to' is BackupsTo(region='eu-wset-1', "
                "key='arn:aws:kms:eu-wset-1:111111111111:key/12345678-1234-1234-1234-123456789012', "
                "retention=14 days); allowed: a Region other than eu-west-1, the ARN of a key there, and 1 to"
                " 35 days, because automated backups are copied to one other Region of the partition, "
                f"encrypted there with a key of that Region ({GUIDE}USER_ReplicateBackups.html)"
            )
        ],
        marks=mark.capability("RDS-14"),
    ),
    pytest.param(
        given(**ORACLE, parameters={"rds.ibm_site_id": "1"}),
        [
            (
                "'parameters' is {'rds.ibm_site_id': '1'}; allowed: others than 'rds.ibm_site_id': "
                "'ibm_site_id' is the option for it, because what weakens or binds the database stands in an "
                "option, with its reason or its range"
            )
        ],
        marks=mark.capability("RDS-09"),
    ),
    pytest.param(
        given(throughput=500),
        [
            (
                "'throughput' is 500; allowed: left out for 100 GiB of gp3 for postgres, because gp3 moves at"
                " most a quarter of its IOPS in MiB/s; gp3 has 3,000 IOPS and 125 MiB/s and no other until it"
                " is striped over four volumes, from 400 GiB on, 200 of Oracle; SQL Server's is adjustable at"
                f" any size, to half an IOPS for each GiB or more ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(**DB2, ibm_customer_id="1", ibm_site_id="2", parameters={"DB2COMM": "TCPIP"}),
        [
            (
                "'parameters' is {'DB2COMM': 'TCPIP'}; allowed: others than 'db2comm': 'plaintext_because' is"
                " the option for it, because what weakens or binds the database stands in an option, with its"
                " reason or its range"
            )
        ],
        marks=mark.capability("RDS-09"),
    ),
    pytest.param(
        given(**SQLSERVER, storage=8000, iops=3000),
        [
            (
                "'iops' is 3000; allowed: 4000 to 16000 for 8000 GiB of gp3 for sqlserver-se, because gp3 has"
                " 3,000 IOPS and 125 MiB/s and no other until it is striped over four volumes, from 400 GiB "
                "on, 200 of Oracle; SQL Server's is adjustable at any size, to half an IOPS for each GiB or "
                f"more ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(**MYSQL, storage=500, iops=40000, throughput=600),
        [
            (
                "'throughput' is 600; allowed: 625 to 4000 for 500 GiB of gp3 for mysql, because gp3 moves at"
                " most a quarter of its IOPS in MiB/s; gp3 has 3,000 IOPS and 125 MiB/s and no other until it"
                " is striped over four volumes, from 400 GiB on, 200 of Oracle; SQL Server's is adjustable at"
                f" any size, to half an IOPS for each GiB or more ({GUIDE}CHAP_Storage.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(storage_type="io1", storage=2000, iops=1000, max_storage=3000),
        [
            (
                "'max_storage' is 3000; allowed: left out, or with more 'iops', because RDS takes no limit "
                "closer to the storage than 10 %, since it grows by as much at the least; the IOPS for each "
                f"GiB have to suffice for it too ({GUIDE}USER_PIOPS.Autoscaling.html)"
            )
        ],
        marks=mark.capability("RDS-16"),
    ),
    pytest.param(
        given(engine="mysql", version="8.0.43"),
        [
            (
                "'extended_support' is False; allowed: True with '8.0.43', or a newer major version, because "
                "RDS makes no instance of a major version past its standard support, unless it enters "
                f"Extended Support ({GUIDE}extended-support-creating-db-instance.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
    pytest.param(
        given(version="13.23"),
        [
            (
                "'extended_support' is False; allowed: True with '13.23', or a newer major version, because "
                "RDS makes no instance of a major version past its standard support, unless it enters "
                f"Extended Support ({GUIDE}extended-support-creating-db-instance.html)"
            )
        ],
        marks=mark.capability("RDS-25"),
    ),
]


def build(stack: cdk.Stack, id: str = "Database", *, zones: str = "ab", **options: Any) -> MultiAzInstance:
    vpc = stack.node.try_find_child("Vpc") or ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=[stack.region + zone for zone in zones],
        isolated_subnet_ids=[f"subnet-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
        isolated_subnet_route_table_ids=[f"rtb-0aaaaaaaaaaaaaaa{n}" for n, _ in enumerate(zones)],
    )
    key = stack.node.try_find_child("Key") or kms.Key.from_key_arn(stack, "Key", KEY.format(stack.region))
    usual = {"engine": "postgres", "version": "17.6", "vpc": vpc, "key": key}
    return MultiAzInstance(stack, id, **{**usual, **options})


@pytest.fixture(scope="module")
def refused(make_stack: Callable[..., cdk.Stack]) -> Callable[..., list[str]]:
    """The message for options that cannot work, a line for each problem, without the construct's path."""
    homes = {zones: make_stack() for zones in ("ab", "a")}

    def message(**options: Any) -> list[str]:
        stack = homes[options.get("zones", "ab")]
        with pytest.raises(InvalidOptions) as error:
            build(stack, f"Refused{len(stack.node.children)}", **options)
        return [line.split(": ", 1)[1] for line in str(error.value).splitlines()]

    return message


NAMES = [f"{number}-{'-'.join(case.values[0])}" for number, case in enumerate(CASES)]


@pytest.mark.parametrize(("options", "messages"), CASES, ids=NAMES)
def test_what_cannot_work_is_refused_with_the_reason_and_the_page(refused, options, messages):
    assert refused(**options) == messages


def test_all_problems_are_told_at_once_by_path(make_stack):
    with pytest.raises(InvalidOptions) as error:
        build(make_stack(), version="17", storage=5, ca="none")

    lines = str(error.value).splitlines()
    assert [line.split(" is ")[0] for line in lines] == [
        "Test/Database: 'version'",
        "Test/Database: 'storage'",
        "Test/Database: 'ca'",
    ]


@pytest.mark.capability("RDS-01")
def test_a_network_without_isolated_subnets_is_refused_in_our_words(make_stack):
    stack = make_stack()
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Public", vpc_id="vpc-1", availability_zones=["eu-west-1a"], public_subnet_ids=["subnet-1"]
    )

    with pytest.raises(InvalidOptions) as error:
        build(stack, vpc=vpc)

    assert str(error.value) == (
        "Test/Database: 'vpc' is a VPC without subnets of that kind; allowed: isolated subnets in two Availability "
        "Zones or more, or 'subnets' that exist, because the standby lives in another Availability Zone, and a subnet "
        f"group covers two of them or more ({GUIDE}USER_VPC.WorkingWithRDSInstanceinaVPC.html)"
    )


def test_network_key_and_topic_of_another_region_are_refused(make_stack):
    here = make_stack(name="Here")
    there = make_stack(app=here.node.root, name="There", region="eu-central-1")
    away = kms.Key(there, "Key")

    with pytest.raises(InvalidOptions) as error:
        build(here, key=away, alarms=AlarmTopic(there, "Alarms", key=away))

    assert [line.split(", because")[0] for line in str(error.value).splitlines()] == [
        "Here/Database: 'key' is 'There/Key'; allowed: one of eu-west-1, where the database is",
        "Here/Database: 'alarms' is 'There/Alarms'; allowed: one of eu-west-1, where the database is",
    ]


@pytest.mark.parametrize("option", ["engine", "version", "insights"])
def test_what_resources_are_made_after_has_to_be_known_at_synth(refused, option):
    assert refused(**{option: cdk.Aws.STACK_NAME}) == [
        f"'{option}' is a token; allowed: a value known at synth, because it decides which resources there are, and "
        "how parameters are written"
    ]


@pytest.mark.parametrize("reason", ["single_az_because", "deletable_because", "plaintext_because"])
def test_a_reason_that_says_nothing_is_refused(refused, reason):
    assert refused(**{reason: " "}) == [
        f"'{reason}' is ' '; allowed: a reason in words, because who reads the review must learn "
        "what made it acceptable"
    ]
