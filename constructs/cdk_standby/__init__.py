"""Highly available building blocks for the AWS CDK.

Each name is imported when it is first used, with the AWS modules it needs and no others, so that
``import cdk_standby`` costs next to nothing (https://peps.python.org/pep-0562/).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._checks import InvalidOptions, Problem
    from ._cidrs import check_cidrs_disjoint
    from ._service_values import (
        CapacityReservations,
        InstanceRefresh,
        LifecycleHook,
        MetricTarget,
        PredictiveScaling,
        ScheduledSize,
        Spot,
        WarmPool,
    )
    from .accelerated_zone import AcceleratedZone
    from .access_logs import AccessLogs
    from .alarm_topic import AlarmTopic
    from .audit_trail import AuditTrail
    from .backup_plan import BackupPlan
    from .backups.air_gapped_vault import AirGappedVault
    from .backups.backup_report import BackupReport
    from .backups.restore_place import RestorePlace
    from .backups.restore_testing import RestoreTest, RestoreTesting
    from .backups.vault_access import share_key_for_copies
    from .balancing._application_listeners import Route
    from .balancing._network_ports import NetworkPort
    from .balancing.application_balancer import ApplicationBalancer
    from .balancing.application_targets import ApplicationTargets
    from .balancing.balancer_targets import BalancerTargets
    from .balancing.function_targets import FunctionTargets
    from .balancing.gateway_balancer import GatewayBalancer
    from .balancing.gateway_endpoints import GatewayEndpoints
    from .balancing.hybrid_targets import HybridTargets
    from .balancing.network_balancer import NetworkBalancer
    from .balancing.network_targets import NetworkTargets
    from .caches.global_datastore import GlobalDatastore
    from .caches.memcached_cache import MemcachedCache
    from .caches.memorydb import MemoryDb, MemoryDbMember
    from .caches.memorydb_multi_region import MemoryDbMultiRegion
    from .caches.serverless_cache import ServerlessCache
    from .caches.valkey_cache import CacheUser, GlobalMember, ValkeyCache
    from .capacity import group_size
    from .compute.elastic_ip_failover import ElasticIpFailover, InstancePair
    from .compute.elastic_ip_recovery import InstanceRecovery
    from .compute.fleet import Fleet
    from .compute.hot_spare import HotSpare
    from .compute.persistent_volume import PersistentVolume
    from .compute.zonal_fleets import ZonalFleets
    from .domain_record import DomainRecord
    from .edge._watched import HealthCheck
    from .edge.accelerator import AcceleratorEndpoint, Dials, GlobalAccelerator
    from .edge.answers import (
        Alias,
        CidrAnswer,
        GeolocationAnswer,
        GeoproximityAnswer,
        LatencyAnswer,
        MultivalueAnswer,
        Value,
        WeightedAnswer,
    )
    from .edge.cloudfront import ALL_METHODS, READS, CacheBehavior, CachedSite, SiteOrigin
    from .edge.geo_records import CidrRecords, GeolocationRecords, GeoproximityRecords
    from .edge.health_checks import AlarmCheck, CalculatedCheck, EndpointCheck, RoutingControlCheck
    from .edge.records import LatencyRecords, MultivalueRecords, WeightedRecords
    from .edge.regional_certificate import RegionalCertificate
    from .edge.routing_controls import RoutingControls
    from .edge.uploads import UploadsOrigin
    from .foundations.emr_cluster import EmrCluster
    from .foundations.emr_serverless_application import EmrServerlessApplication
    from .foundations.multi_region import check_multi_region
    from .foundations.site_to_site_vpn import CustomerGateway, SiteToSiteVpn
    from .foundations.subnet_groups import OpenSearchPlace, SubnetGroups
    from .foundations.zonal_autoshift import AutoshiftObserver, ZonalAutoshift
    from .images.ami_strategy import AmiChoice, AmiStrategy, choose_ami_strategy
    from .images.bootstrap import Bootstrap, Launches
    from .images.golden_image import GoldenImage, ImageComponent, ImageCopy, allow_launches, golden_image
    from .images.image_retention import ImageRetention
    from .images.recycle_bin import RecycleBin
    from .images.volume_snapshots import SnapshotCopy, SnapshotSchedule, VolumeSnapshots
    from .keys import DataKey
    from .locked_vault import LockedVault
    from .messaging.queue import Queue
    from .messaging.queue_consumer import QueueConsumer
    from .network import Network
    from .relational._restore import Restore
    from .relational.aurora import AuroraCluster, SecretReplica
    from .relational.aurora_limitless import AuroraLimitless
    from .relational.blue_green import BlueGreen
    from .relational.database_drill import DatabaseDrill
    from .relational.database_events import DatabaseEvents
    from .relational.database_names import DatabaseNames
    from .relational.database_proxy import DatabaseProxy
    from .relational.database_runbooks import DatabaseRunbooks
    from .relational.database_snapshot import DatabaseSnapshot
    from .relational.dsql import DsqlCluster, DsqlEndpoint
    from .relational.global_aurora import GlobalAurora
    from .relational.keep_awake import KeepAwake
    from .relational.multi_az_cluster import MultiAzCluster
    from .relational.multi_az_instance import BackupsTo, DatabaseOption, MultiAzInstance
    from .relational.read_replica import ReadReplica, SourceInstance
    from .relational.region_switch import DatabaseRegionSwitch
    from .relational.stop_schedule import StopSchedule
    from .replacement_guard import ReplacementGuard
    from .resilience.data_steps import AuroraWriter
    from .resilience.fault_experiments import FaultExperiments
    from .resilience.region_switch_plan import RegionSwitchPlan
    from .resilience.resilience_policy import ResiliencePolicy
    from .resilience.switch_functions import GroupSize, SwitchFunctions
    from .resilience.switch_steps import FunctionStep, GroupCapacity, HealthChecks
    from .review_gate import ReviewGate
    from .service import Service
    from .storage._bucket_values import BucketReplica, ObjectLock
    from .storage.app_secret import AppSecret
    from .storage.bucket import Bucket
    from .storage.image_repository import ImageReplicas, ImageReplication, ImageRepository
    from .storage.multi_region_access_point import MultiRegionAccessPoint
    from .tables.dax import DaxCluster
    from .tables.stream_blackout import StreamBlackout
    from .tables.stream_redrive import StreamRedrive
    from .tables.stream_replicator import ReplicationEntrance, ReplicationTarget, StreamReplicator
    from .tables.table import Autoscaled, GlobalIndex, LocalIndex, OnDemand, Provisioned, Replica, Table, WarmThroughput
    from .tables.table_account_replica import TableAccountReplica
    from .tables.table_blackout import TableBlackout
    from .tables.table_follower import TableFollower
    from .tables.table_replica import TableReplica
    from .tables.table_schedule import TableSchedule
    from .traffic import FailoverRecords, FailoverSite, RegionalRecord
    from .traffic_switch import AlarmId, TrafficSwitch

_HOME = {
    "ALL_METHODS": "edge.cloudfront",
    "AcceleratedZone": "accelerated_zone",
    "AcceleratorEndpoint": "edge.accelerator",
    "AccessLogs": "access_logs",
    "AirGappedVault": "backups.air_gapped_vault",
    "AlarmCheck": "edge.health_checks",
    "AlarmId": "traffic_switch",
    "AlarmTopic": "alarm_topic",
    "Alias": "edge.answers",
    "AmiChoice": "images.ami_strategy",
    "AmiStrategy": "images.ami_strategy",
    "AppSecret": "storage.app_secret",
    "ApplicationBalancer": "balancing.application_balancer",
    "ApplicationTargets": "balancing.application_targets",
    "AuditTrail": "audit_trail",
    "AuroraCluster": "relational.aurora",
    "AuroraLimitless": "relational.aurora_limitless",
    "AuroraWriter": "resilience.data_steps",
    "Autoscaled": "tables.table",
    "AutoshiftObserver": "foundations.zonal_autoshift",
    "BackupPlan": "backup_plan",
    "BackupReport": "backups.backup_report",
    "BackupsTo": "relational.multi_az_instance",
    "BalancerTargets": "balancing.balancer_targets",
    "BlueGreen": "relational.blue_green",
    "Bootstrap": "images.bootstrap",
    "Bucket": "storage.bucket",
    "BucketReplica": "storage._bucket_values",
    "CacheBehavior": "edge.cloudfront",
    "CacheUser": "caches.valkey_cache",
    "CachedSite": "edge.cloudfront",
    "CalculatedCheck": "edge.health_checks",
    "CapacityReservations": "_service_values",
    "CidrAnswer": "edge.answers",
    "CidrRecords": "edge.geo_records",
    "CustomerGateway": "foundations.site_to_site_vpn",
    "DataKey": "keys",
    "DatabaseDrill": "relational.database_drill",
    "DatabaseEvents": "relational.database_events",
    "DatabaseNames": "relational.database_names",
    "DatabaseOption": "relational.multi_az_instance",
    "DatabaseProxy": "relational.database_proxy",
    "DatabaseRegionSwitch": "relational.region_switch",
    "DatabaseRunbooks": "relational.database_runbooks",
    "DatabaseSnapshot": "relational.database_snapshot",
    "DaxCluster": "tables.dax",
    "Dials": "edge.accelerator",
    "DomainRecord": "domain_record",
    "DsqlCluster": "relational.dsql",
    "DsqlEndpoint": "relational.dsql",
    "ElasticIpFailover": "compute.elastic_ip_failover",
    "EmrCluster": "foundations.emr_cluster",
    "EmrServerlessApplication": "foundations.emr_serverless_application",
    "EndpointCheck": "edge.health_checks",
    "FailoverRecords": "traffic",
    "FailoverSite": "traffic",
    "FaultExperiments": "resilience.fault_experiments",
    "Fleet": "compute.fleet",
    "FunctionStep": "resilience.switch_steps",
    "FunctionTargets": "balancing.function_targets",
    "GatewayBalancer": "balancing.gateway_balancer",
    "GatewayEndpoints": "balancing.gateway_endpoints",
    "GeolocationAnswer": "edge.answers",
    "GeolocationRecords": "edge.geo_records",
    "GeoproximityAnswer": "edge.answers",
    "GeoproximityRecords": "edge.geo_records",
    "GlobalAccelerator": "edge.accelerator",
    "GlobalAurora": "relational.global_aurora",
    "GlobalDatastore": "caches.global_datastore",
    "GlobalIndex": "tables.table",
    "GlobalMember": "caches.valkey_cache",
    "GoldenImage": "images.golden_image",
    "GroupCapacity": "resilience.switch_steps",
    "GroupSize": "resilience.switch_functions",
    "HealthCheck": "edge._watched",
    "HealthChecks": "resilience.switch_steps",
    "HotSpare": "compute.hot_spare",
    "HybridTargets": "balancing.hybrid_targets",
    "ImageComponent": "images.golden_image",
    "ImageCopy": "images.golden_image",
    "ImageReplicas": "storage.image_repository",
    "ImageReplication": "storage.image_repository",
    "ImageRepository": "storage.image_repository",
    "ImageRetention": "images.image_retention",
    "InstancePair": "compute.elastic_ip_failover",
    "InstanceRecovery": "compute.elastic_ip_recovery",
    "InstanceRefresh": "_service_values",
    "InvalidOptions": "_checks",
    "KeepAwake": "relational.keep_awake",
    "LatencyAnswer": "edge.answers",
    "LatencyRecords": "edge.records",
    "Launches": "images.bootstrap",
    "LifecycleHook": "_service_values",
    "LocalIndex": "tables.table",
    "LockedVault": "locked_vault",
    "MemcachedCache": "caches.memcached_cache",
    "MemoryDb": "caches.memorydb",
    "MemoryDbMember": "caches.memorydb",
    "MemoryDbMultiRegion": "caches.memorydb_multi_region",
    "MetricTarget": "_service_values",
    "MultiAzCluster": "relational.multi_az_cluster",
    "MultiAzInstance": "relational.multi_az_instance",
    "MultiRegionAccessPoint": "storage.multi_region_access_point",
    "MultivalueAnswer": "edge.answers",
    "MultivalueRecords": "edge.records",
    "Network": "network",
    "NetworkBalancer": "balancing.network_balancer",
    "NetworkPort": "balancing._network_ports",
    "NetworkTargets": "balancing.network_targets",
    "ObjectLock": "storage._bucket_values",
    "OnDemand": "tables.table",
    "OpenSearchPlace": "foundations.subnet_groups",
    "PersistentVolume": "compute.persistent_volume",
    "PredictiveScaling": "_service_values",
    "Problem": "_checks",
    "Provisioned": "tables.table",
    "Queue": "messaging.queue",
    "QueueConsumer": "messaging.queue_consumer",
    "READS": "edge.cloudfront",
    "ReadReplica": "relational.read_replica",
    "RecycleBin": "images.recycle_bin",
    "RegionSwitchPlan": "resilience.region_switch_plan",
    "RegionalCertificate": "edge.regional_certificate",
    "RegionalRecord": "traffic",
    "ReplacementGuard": "replacement_guard",
    "Replica": "tables.table",
    "ReplicationEntrance": "tables.stream_replicator",
    "ReplicationTarget": "tables.stream_replicator",
    "ResiliencePolicy": "resilience.resilience_policy",
    "Restore": "relational._restore",
    "RestorePlace": "backups.restore_place",
    "RestoreTest": "backups.restore_testing",
    "RestoreTesting": "backups.restore_testing",
    "ReviewGate": "review_gate",
    "Route": "balancing._application_listeners",
    "RoutingControlCheck": "edge.health_checks",
    "RoutingControls": "edge.routing_controls",
    "ScheduledSize": "_service_values",
    "SecretReplica": "relational.aurora",
    "ServerlessCache": "caches.serverless_cache",
    "Service": "service",
    "SiteOrigin": "edge.cloudfront",
    "SiteToSiteVpn": "foundations.site_to_site_vpn",
    "SnapshotCopy": "images.volume_snapshots",
    "SnapshotSchedule": "images.volume_snapshots",
    "SourceInstance": "relational.read_replica",
    "Spot": "_service_values",
    "StopSchedule": "relational.stop_schedule",
    "StreamBlackout": "tables.stream_blackout",
    "StreamRedrive": "tables.stream_redrive",
    "StreamReplicator": "tables.stream_replicator",
    "SubnetGroups": "foundations.subnet_groups",
    "SwitchFunctions": "resilience.switch_functions",
    "Table": "tables.table",
    "TableAccountReplica": "tables.table_account_replica",
    "TableBlackout": "tables.table_blackout",
    "TableFollower": "tables.table_follower",
    "TableReplica": "tables.table_replica",
    "TableSchedule": "tables.table_schedule",
    "TrafficSwitch": "traffic_switch",
    "UploadsOrigin": "edge.uploads",
    "ValkeyCache": "caches.valkey_cache",
    "Value": "edge.answers",
    "VolumeSnapshots": "images.volume_snapshots",
    "WarmPool": "_service_values",
    "WarmThroughput": "tables.table",
    "WeightedAnswer": "edge.answers",
    "WeightedRecords": "edge.records",
    "ZonalAutoshift": "foundations.zonal_autoshift",
    "ZonalFleets": "compute.zonal_fleets",
    "allow_launches": "images.golden_image",
    "check_cidrs_disjoint": "_cidrs",
    "check_multi_region": "foundations.multi_region",
    "choose_ami_strategy": "images.ami_strategy",
    "golden_image": "images.golden_image",
    "group_size": "capacity",
    "share_key_for_copies": "backups.vault_access",
}

__all__ = [
    "ALL_METHODS",
    "READS",
    "AcceleratedZone",
    "AcceleratorEndpoint",
    "AccessLogs",
    "AirGappedVault",
    "AlarmCheck",
    "AlarmId",
    "AlarmTopic",
    "Alias",
    "AmiChoice",
    "AmiStrategy",
    "AppSecret",
    "ApplicationBalancer",
    "ApplicationTargets",
    "AuditTrail",
    "AuroraCluster",
    "AuroraLimitless",
    "AuroraWriter",
    "Autoscaled",
    "AutoshiftObserver",
    "BackupPlan",
    "BackupReport",
    "BackupsTo",
    "BalancerTargets",
    "BlueGreen",
    "Bootstrap",
    "Bucket",
    "BucketReplica",
    "CacheBehavior",
    "CacheUser",
    "CachedSite",
    "CalculatedCheck",
    "CapacityReservations",
    "CidrAnswer",
    "CidrRecords",
    "CustomerGateway",
    "DataKey",
    "DatabaseDrill",
    "DatabaseEvents",
    "DatabaseNames",
    "DatabaseOption",
    "DatabaseProxy",
    "DatabaseRegionSwitch",
    "DatabaseRunbooks",
    "DatabaseSnapshot",
    "DaxCluster",
    "Dials",
    "DomainRecord",
    "DsqlCluster",
    "DsqlEndpoint",
    "ElasticIpFailover",
    "EmrCluster",
    "EmrServerlessApplication",
    "EndpointCheck",
    "FailoverRecords",
    "FailoverSite",
    "FaultExperiments",
    "Fleet",
    "FunctionStep",
    "FunctionTargets",
    "GatewayBalancer",
    "GatewayEndpoints",
    "GeolocationAnswer",
    "GeolocationRecords",
    "GeoproximityAnswer",
    "GeoproximityRecords",
    "GlobalAccelerator",
    "GlobalAurora",
    "GlobalDatastore",
    "GlobalIndex",
    "GlobalMember",
    "GoldenImage",
    "GroupCapacity",
    "GroupSize",
    "HealthCheck",
    "HealthChecks",
    "HotSpare",
    "HybridTargets",
    "ImageComponent",
    "ImageCopy",
    "ImageReplicas",
    "ImageReplication",
    "ImageRepository",
    "ImageRetention",
    "InstancePair",
    "InstanceRecovery",
    "InstanceRefresh",
    "InvalidOptions",
    "KeepAwake",
    "LatencyAnswer",
    "LatencyRecords",
    "Launches",
    "LifecycleHook",
    "LocalIndex",
    "LockedVault",
    "MemcachedCache",
    "MemoryDb",
    "MemoryDbMember",
    "MemoryDbMultiRegion",
    "MetricTarget",
    "MultiAzCluster",
    "MultiAzInstance",
    "MultiRegionAccessPoint",
    "MultivalueAnswer",
    "MultivalueRecords",
    "Network",
    "NetworkBalancer",
    "NetworkPort",
    "NetworkTargets",
    "ObjectLock",
    "OnDemand",
    "OpenSearchPlace",
    "PersistentVolume",
    "PredictiveScaling",
    "Problem",
    "Provisioned",
    "Queue",
    "QueueConsumer",
    "ReadReplica",
    "RecycleBin",
    "RegionSwitchPlan",
    "RegionalCertificate",
    "RegionalRecord",
    "ReplacementGuard",
    "Replica",
    "ReplicationEntrance",
    "ReplicationTarget",
    "ResiliencePolicy",
    "Restore",
    "RestorePlace",
    "RestoreTest",
    "RestoreTesting",
    "ReviewGate",
    "Route",
    "RoutingControlCheck",
    "RoutingControls",
    "ScheduledSize",
    "SecretReplica",
    "ServerlessCache",
    "Service",
    "SiteOrigin",
    "SiteToSiteVpn",
    "SnapshotCopy",
    "SnapshotSchedule",
    "SourceInstance",
    "Spot",
    "StopSchedule",
    "StreamBlackout",
    "StreamRedrive",
    "StreamReplicator",
    "SubnetGroups",
    "SwitchFunctions",
    "Table",
    "TableAccountReplica",
    "TableBlackout",
    "TableFollower",
    "TableReplica",
    "TableSchedule",
    "TrafficSwitch",
    "UploadsOrigin",
    "ValkeyCache",
    "Value",
    "VolumeSnapshots",
    "WarmPool",
    "WarmThroughput",
    "WeightedAnswer",
    "WeightedRecords",
    "ZonalAutoshift",
    "ZonalFleets",
    "allow_launches",
    "check_cidrs_disjoint",
    "check_multi_region",
    "choose_ami_strategy",
    "golden_image",
    "group_size",
    "share_key_for_copies",
]


def __getattr__(name: str) -> Any:
    try:
        module = _HOME[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(importlib.import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
