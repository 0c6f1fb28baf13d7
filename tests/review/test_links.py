"""What goes from one Region to another, and the way of a request."""

from __future__ import annotations

from cdk_standby_review.graph import Graph
from cdk_standby_review.links import links
from cdk_standby_review.user_paths import user_path

HERE, THERE = "eu-west-1", "eu-central-1"


def told(*templates) -> list[tuple[str, str, str, str | None, bool]]:
    return [
        (str(link.kind), link.source.logical_id, link.region, link.target and link.target.name, link.both_ways)
        for link in links(Graph(templates))
    ]


def hops(*templates) -> list[tuple[str, str]]:
    return [
        (hop.source.name.partition("/")[2], hop.target.name.partition("/")[2]) for hop in user_path(Graph(templates))
    ]


def test_a_warm_standby_has_its_database_its_secret_and_its_backups_in_both_regions(make):
    assert told(*make.warm_standby()) == [
        ("backup copies", "Db", HERE, None, False),
        ("backup copies", "Db", THERE, None, False),
        ("global database", "Db", THERE, "Shop-eu-central-1/Db", False),
        ("secret replica", "Secret", THERE, None, False),
    ]


def test_copies_lead_to_the_vault_of_the_same_deployment(make):
    vault = {"Vault": make.resource("AWS::Backup::BackupVault", BackupVaultName="shop")}
    home = make.network() | make.rds() | make.backup({"Ref": "Db"})

    found = told(
        make.template(home, workload="shop"),
        make.template(vault, region=THERE, name="another", workload="another"),
        make.template(vault, region=THERE, name="ours", workload="shop"),
    )

    assert found == [("backup copies", "Db", THERE, "ours/Vault", False)]


def test_a_global_table_is_written_in_all_its_regions_and_one_elsewhere_is_named(make):
    table = make.resource("AWS::DynamoDB::GlobalTable", Replicas=[{"Region": HERE}, {"Region": THERE}])

    assert told(make.template({"Orders": table})) == [("global table", "Orders", THERE, None, True)]


def test_replicas_buckets_files_keys_images_and_members_are_found(make):
    rule = {"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::copy"}}
    off = {"Status": "Disabled", "Destination": {"Bucket": "arn:aws:s3:::copy"}}
    peer = "arn:aws:dsql:{}:111111111111:cluster/x"
    images = {"Rules": [{"Destinations": [{"Region": THERE, "RegistryId": "111111111111"}]}]}
    home = {
        "Objects": make.resource("AWS::S3::Bucket", ReplicationConfiguration={"Rules": [rule]}),
        "Silent": make.resource("AWS::S3::Bucket", ReplicationConfiguration={"Rules": [off]}),
        "Files": make.resource(
            "AWS::EFS::FileSystem", ReplicationConfiguration={"Destinations": [{"Region": THERE}]}
        ),
        "Images": make.resource("AWS::ECR::Repository", RepositoryName="shop"),
        "Registry": make.resource("AWS::ECR::ReplicationConfiguration", ReplicationConfiguration=images),
        "Sql": make.resource("AWS::DSQL::Cluster", MultiRegionProperties={"Clusters": [peer.format(THERE)]}),
        "Db": make.resource("AWS::RDS::DBInstance", DBInstanceIdentifier="first", Engine="postgres"),
        "Cache": make.resource("AWS::ElastiCache::ReplicationGroup"),
        "Store": make.resource(
            "AWS::ElastiCache::GlobalReplicationGroup",
            GlobalReplicationGroupIdSuffix="shop",
            Members=[{"ReplicationGroupId": {"Ref": "Cache"}, "ReplicationGroupRegion": HERE, "Role": "PRIMARY"}],
        ),
        "Memory": make.resource("AWS::MemoryDB::Cluster", MultiRegionClusterName="virxk-shop"),
    }  # fmt: skip
    away = {
        "Copy": make.resource("AWS::S3::Bucket", BucketName="copy"),
        "Sql": make.resource("AWS::DSQL::Cluster", MultiRegionProperties={"Clusters": [peer.format(HERE)]}),
        "Replica": make.resource(
            "AWS::RDS::DBInstance", SourceDBInstanceIdentifier=f"arn:aws:rds:{HERE}:111111111111:db:first"
        ),
        "Cache": make.resource("AWS::ElastiCache::ReplicationGroup", GlobalReplicationGroupId="sgaui-shop"),
        "Memory": make.resource("AWS::MemoryDB::Cluster", MultiRegionClusterName="virxk-shop"),
    }

    assert told(make.template(home, name="home"), make.template(away, region=THERE, name="away")) == [
        ("multi-Region cluster", "Memory", HERE, "home/Memory", True),
        ("multi-Region cluster", "Sql", HERE, "home/Sql", True),
        ("global datastore", "Cache", THERE, "away/Cache", False),
        ("read replica", "Db", THERE, "away/Replica", False),
        ("file replication", "Files", THERE, None, False),
        ("image replication", "Images", THERE, None, False),
        ("object replication", "Objects", THERE, "away/Copy", False),
    ]


def test_what_stays_in_its_region_is_no_link(make):
    home = make.rds(DBInstanceIdentifier="first") | {
        "Replica": make.resource("AWS::RDS::DBInstance", SourceDBInstanceIdentifier={"Ref": "Db"})
    }

    assert told(make.template(home)) == []


def test_a_request_goes_from_the_name_through_the_balancer_to_the_service_and_its_stores(make):
    allowed = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": {"Fn::GetAtt": ["Orders", "Arn"]}}]}
    opened = {"GroupId": {"Ref": "DbDoor"}, "SourceSecurityGroupId": {"Ref": "Door"}}
    resources = make.network() | make.balancer() | {
        "Name": make.resource(
            "AWS::Route53::RecordSet", Name="shop.example.com",
            AliasTarget={"DNSName": {"Fn::GetAtt": ["Balancer", "DNSName"]}},
        ),
        "Listener": make.resource(
            "AWS::ElasticLoadBalancingV2::Listener", LoadBalancerArn={"Ref": "Balancer"},
            DefaultActions=[{"TargetGroupArn": {"Ref": "Targets"}}],
        ),
        "Targets": make.resource("AWS::ElasticLoadBalancingV2::TargetGroup"),
        "Service": make.resource(
            "AWS::AutoScaling::AutoScalingGroup", TargetGroupARNs=[{"Ref": "Targets"}],
            LaunchTemplate={"LaunchTemplateId": {"Ref": "Launched"}},
        ),
        "Launched": make.resource(
            "AWS::EC2::LaunchTemplate",
            LaunchTemplateData={
                "SecurityGroupIds": [{"Ref": "Door"}], "IamInstanceProfile": {"Arn": {"Ref": "Profile"}}
            },
        ),
        "Profile": make.resource("AWS::IAM::InstanceProfile", Roles=[{"Ref": "Role"}]),
        "Role": make.resource("AWS::IAM::Role"),
        "Policy": make.resource("AWS::IAM::Policy", Roles=[{"Ref": "Role"}], PolicyDocument=allowed),
        "Orders": make.resource("AWS::DynamoDB::Table"),
        "Elsewhere": make.resource("AWS::DynamoDB::Table"),
        "Door": make.resource("AWS::EC2::SecurityGroup"),
        "DbDoor": make.resource("AWS::EC2::SecurityGroup"),
        "LetIn": make.resource("AWS::EC2::SecurityGroupIngress", **opened),
        "Db": make.resource("AWS::RDS::DBInstance", VPCSecurityGroups=[{"Ref": "DbDoor"}]),
    }  # fmt: skip

    assert sorted(hops(make.template(resources))) == [
        ("Balancer", "Service"),
        ("Name", "Balancer"),
        ("Service", "Db"),
        ("Service", "Orders"),
    ]


def test_names_lead_to_names_of_their_own_deployment_only(make):
    def named(name: str, to: str):
        return make.resource("AWS::Route53::RecordSet", Name=name, AliasTarget={"DNSName": to})

    ours = {"Public": named("shop.example.com", "eu.shop.example.com."), "Inner": named("eu.shop.example.com", "x")}
    theirs = {"Inner": named("eu.shop.example.com", "y")}

    assert hops(make.template(ours, workload="a"), make.template(theirs, name="other", workload="b")) == [
        ("Public", "Inner")
    ]
