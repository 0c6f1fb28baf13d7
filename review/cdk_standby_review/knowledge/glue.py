"""Types without a fate of their own: they configure, connect or allow, and stand or fall with what they belong to."""

from __future__ import annotations

from collections.abc import Mapping

_PARTS: Mapping[str, str] = {
    "ACMPCA": "Certificate CertificateAuthorityActivation Permission",
    "ARCRegionSwitch": "Plan",
    "ARCZonalShift": "AutoshiftObserverNotificationStatus ZonalAutoshiftConfiguration",
    "AmazonMQ": "Configuration ConfigurationAssociation",
    "ApiGateway": (
        "Account ApiKey Authorizer BasePathMapping BasePathMappingV2 ClientCertificate Deployment "
        "DocumentationPart DocumentationVersion DomainName DomainNameAccessAssociation DomainNameV2 "
        "GatewayResponse Method Model RequestValidator Resource Stage UsagePlan UsagePlanKey VpcLink"
    ),
    "ApiGatewayV2": (
        "ApiGatewayManagedOverrides ApiMapping Authorizer Deployment DomainName Integration IntegrationResponse "
        "Model Route RouteResponse RoutingRule Stage"
    ),
    "AppMesh": "GatewayRoute Mesh Route VirtualGateway VirtualNode VirtualRouter VirtualService",
    "AppRunner": "AutoScalingConfiguration ObservabilityConfiguration VpcConnector VpcIngressConnection",
    "AppSync": (
        "ApiKey ChannelNamespace DataSource DomainName DomainNameApiAssociation FunctionConfiguration "
        "GraphQLSchema Resolver SourceApiAssociation"
    ),
    "ApplicationAutoScaling": "ScalableTarget ScalingPolicy",
    "Athena": "NamedQuery PreparedStatement WorkGroup",
    "AutoScaling": "LaunchConfiguration LifecycleHook ScalingPolicy ScheduledAction WarmPool",
    "Backup": (
        "BackupPlan BackupSelection Framework ReportPlan RestoreTestingPlan RestoreTestingSelection "
        "TieringConfiguration"
    ),
    "Batch": "ConsumableResource JobDefinition JobQueue SchedulingPolicy ServiceEnvironment",
    "CDK": "Metadata",
    "Cassandra": "Keyspace Type",
    "CertificateManager": "Certificate",
    "CloudFormation": (
        "HookDefaultVersion HookTypeConfig HookVersion Macro ModuleDefaultVersion ModuleVersion PublicTypeVersion "
        "Publisher ResourceDefaultVersion ResourceVersion Stack TypeActivation WaitCondition WaitConditionHandle"
    ),
    "CloudFront": (
        "AnycastIpList CachePolicy CloudFrontOriginAccessIdentity ConnectionGroup ContinuousDeploymentPolicy "
        "Function KeyGroup MonitoringSubscription OriginAccessControl OriginRequestPolicy PublicKey "
        "RealtimeLogConfig ResponseHeadersPolicy VpcOrigin"
    ),
    "CloudTrail": "Trail",
    "CloudWatch": "AlarmMuteRule AnomalyDetector Dashboard InsightRule MetricStream",
    "CodeArtifact": "PackageGroup",
    "CodeBuild": "Fleet ReportGroup SourceCredential",
    "CodeConnections": "Connection",
    "CodeDeploy": "Application DeploymentConfig DeploymentGroup",
    "CodePipeline": "CustomActionType Webhook",
    "Cognito": (
        "IdentityPool IdentityPoolPrincipalTag IdentityPoolRoleAttachment LogDeliveryConfiguration "
        "ManagedLoginBranding Terms UserPoolClient UserPoolDomain UserPoolGroup UserPoolIdentityProvider "
        "UserPoolRegionalConfigurationAttachment UserPoolReplica UserPoolResourceServer "
        "UserPoolRiskConfigurationAttachment UserPoolUICustomizationAttachment UserPoolUser "
        "UserPoolUserToGroupAttachment"
    ),
    "DAX": "ParameterGroup SubnetGroup",
    "DLM": "LifecyclePolicy",
    "DMS": (
        "Certificate DataProvider Endpoint EventSubscription InstanceProfile MigrationProject "
        "ReplicationSubnetGroup ReplicationTask"
    ),
    "DocDB": "DBClusterParameterGroup DBSubnetGroup EventSubscription GlobalCluster",
    "EC2": (
        "ClientVpnAuthorizationRule ClientVpnRoute ClientVpnTargetNetworkAssociation CustomerGateway DHCPOptions "
        "EIP EIPAssociation EgressOnlyInternetGateway FlowLog GatewayRouteTableAssociation InternetGateway KeyPair "
        "LaunchTemplate LocalGatewayRouteTableVPCAssociation NetworkAcl NetworkAclEntry NetworkInsightsAccessScope "
        "NetworkInsightsAccessScopeAnalysis NetworkInsightsAnalysis NetworkInsightsPath NetworkInterface "
        "NetworkInterfaceAttachment PlacementGroup PrefixList Route RouteTable SecurityGroup SecurityGroupEgress "
        "SecurityGroupIngress SecurityGroupVpcAssociation Subnet SubnetCidrBlock SubnetNetworkAclAssociation "
        "SubnetRouteTableAssociation TransitGatewayRoute TransitGatewayRouteTable "
        "TransitGatewayRouteTableAssociation TransitGatewayRouteTablePropagation VPC VPCCidrBlock "
        "VPCDHCPOptionsAssociation VPCEndpointConnectionNotification VPCEndpointService "
        "VPCEndpointServicePermissions VPCGatewayAttachment VPCPeeringConnection VPNConnectionRoute VPNGateway "
        "VPNGatewayRoutePropagation VolumeAttachment"
    ),
    "ECR": (
        "PullThroughCacheRule RegistryPolicy RegistryScanningConfiguration ReplicationConfiguration "
        "RepositoryCreationTemplate"
    ),
    "ECS": "CapacityProvider Cluster ClusterCapacityProviderAssociations PrimaryTaskSet TaskDefinition",
    "EFS": "AccessPoint",
    "EKS": "AccessEntry Addon Capability IdentityProviderConfig PodIdentityAssociation",
    "EMR": "SecurityConfiguration",
    "ElastiCache": (
        "GlobalReplicationGroup ParameterGroup SecurityGroup SecurityGroupIngress SubnetGroup User UserGroup"
    ),
    "ElasticBeanstalk": "Application ApplicationVersion ConfigurationTemplate",
    "ElasticLoadBalancingV2": "Listener ListenerCertificate ListenerRule TargetGroup TrustStore TrustStoreRevocation",
    "Events": "ApiDestination Connection EventBusPolicy Rule",
    "FIS": "ExperimentTemplate",
    "FSx": "DataRepositoryAssociation S3AccessPointAttachment Snapshot StorageVirtualMachine Volume",
    "Glue": (
        "Classifier Connection Crawler DataCatalogEncryptionSettings DataQualityRuleset Job SecurityConfiguration "
        "Trigger Workflow"
    ),
    "ImageBuilder": (
        "Component DistributionConfiguration ImagePipeline ImageRecipe InfrastructureConfiguration LifecyclePolicy"
    ),
    "IoT": "Policy PolicyPrincipalAttachment RoleAlias ThingPrincipalAttachment TopicRule TopicRuleDestination",
    "KMS": "Alias",
    "Kinesis": "ResourcePolicy StreamConsumer",
    "KinesisAnalyticsV2": "ApplicationCloudWatchLoggingOption ApplicationOutput ApplicationReferenceDataSource",
    "Lambda": (
        "Alias CodeSigningConfig EventInvokeConfig EventSourceMapping LayerVersion LayerVersionPermission "
        "Permission Url Version"
    ),
    "Logs": (
        "AccountPolicy Delivery DeliveryDestination DeliverySource Destination LogAnomalyDetector LogStream "
        "MetricFilter QueryDefinition ResourcePolicy SubscriptionFilter Transformer"
    ),
    "MSK": "BatchScramSecret ClusterPolicy Configuration Replicator Topic VpcConnection",
    "MemoryDB": "ACL MultiRegionCluster ParameterGroup SubnetGroup User",
    "Neptune": "DBClusterParameterGroup DBParameterGroup DBSubnetGroup EventSubscription GlobalCluster",
    "NeptuneGraph": "PrivateGraphEndpoint",
    "NetworkFirewall": "FirewallPolicy LoggingConfiguration RuleGroup TLSInspectionConfiguration",
    "OpenSearch": "DataSource",
    "OpenSearchServerless": (
        "AccessPolicy CollectionGroup CollectionIndex Index LifecyclePolicy SecurityConfig SecurityPolicy VpcEndpoint"
    ),
    "OpenSearchService": "Application",
    "Pipes": "Pipe",
    "RDS": (
        "DBClusterEndpoint DBClusterParameterGroup DBParameterGroup DBProxyTargetGroup DBSecurityGroup "
        "DBSecurityGroupIngress DBSubnetGroup Deployment EventSubscription GlobalCluster Integration OptionGroup"
    ),
    "Rbin": "Rule",
    "Redshift": (
        "ClusterParameterGroup ClusterSecurityGroup ClusterSecurityGroupIngress ClusterSubnetGroup EndpointAccess "
        "EndpointAuthorization EventSubscription Integration ScheduledAction SnapshotSchedule"
    ),
    "ResilienceHub": "App ResiliencyPolicy",
    "ResilienceHubV2": "Policy Service",
    "Route53": "DNSSEC KeySigningKey",
    "Route53Resolver": (
        "FirewallDomainList FirewallRuleGroup FirewallRuleGroupAssociation ResolverConfig ResolverDNSSECConfig "
        "ResolverQueryLoggingConfig ResolverQueryLoggingConfigAssociation ResolverRule ResolverRuleAssociation"
    ),
    "S3": (
        "AccessGrant AccessGrantsInstance AccessGrantsLocation AccessPoint BucketPolicy "
        "MultiRegionAccessPointPolicy StorageLens StorageLensGroup"
    ),
    "S3Express": "AccessPoint BucketPolicy",
    "S3ObjectLambda": "AccessPoint AccessPointPolicy",
    "S3Tables": "Namespace Table TableBucketPolicy TablePolicy",
    "S3Vectors": "Index VectorBucketPolicy",
    "SES": "ConfigurationSet ConfigurationSetEventDestination ReceiptFilter ReceiptRule ReceiptRuleSet Template",
    "SNS": "Subscription TopicInlinePolicy TopicPolicy",
    "SQS": "QueueInlinePolicy QueuePolicy",
    "SSM": (
        "Association Document MaintenanceWindow MaintenanceWindowTarget MaintenanceWindowTask PatchBaseline "
        "ResourceDataSync ResourcePolicy"
    ),
    "Scheduler": "Schedule ScheduleGroup",
    "SecretsManager": "ResourcePolicy RotationSchedule SecretTargetAttachment",
    "Serverless": "Application Connector LayerVersion",
    "ServiceCatalog": (
        "AcceptedPortfolioShare CloudFormationProduct LaunchNotificationConstraint LaunchRoleConstraint "
        "LaunchTemplateConstraint Portfolio PortfolioPrincipalAssociation PortfolioProductAssociation "
        "PortfolioShare ResourceUpdateConstraint ServiceAction ServiceActionAssociation StackSetConstraint "
        "TagOption TagOptionAssociation"
    ),
    "StepFunctions": "Activity StateMachineAlias StateMachineVersion",
    "Timestream": "Database ScheduledQuery",
    "VpcLattice": (
        "AccessLogSubscription AuthPolicy Listener ResourcePolicy Rule ServiceNetworkServiceAssociation "
        "ServiceNetworkVpcAssociation TargetGroup"
    ),
}
"""By service, the names of the types."""
_SERVICES = (
    "AccessAnalyzer AppConfig ApplicationInsights AuditManager Budgets CE Chatbot CodeStarConnections "
    "CodeStarNotifications Config ControlTower Detective FMS GuardDuty IAM Inspector InspectorV2 InternetMonitor "
    "LakeFormation Macie Notifications NotificationsContacts Oam Organizations RAM ResourceExplorer2 "
    "ResourceGroups RolesAnywhere SSMContacts SSMGuiConnect SSMIncidents SSO SecurityHub "
    "ServiceCatalogAppRegistry ServiceDiscovery Shield Signer SupportApp Synthetics WAF WAFRegional WAFv2 XRay"
)
"""Services that only watch, allow, name or group: none of their types has a fate."""
_CUSTOM = (
    "CrossRegionExportReader CrossRegionExportWriter LogRetention S3AutoDeleteObjects S3BucketNotifications "
    "VpcRestrictDefaultSG"
)
"""What the CDK makes to set something up during a deployment."""

GLUE = frozenset(
    [
        *(f"AWS::{service}::{part}" for service, parts in _PARTS.items() for part in parts.split()),
        *(f"Custom::{name}" for name in _CUSTOM.split()),
    ]
)
_ALL_OF = tuple(f"AWS::{service}::" for service in _SERVICES.split())


def is_glue(type: str) -> bool:
    """Whether a type is known to have no fate of its own."""
    return type in GLUE or type.startswith(_ALL_OF)
