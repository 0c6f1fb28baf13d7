"""What DynamoDB Accelerator (DAX) allows, and how long it takes to come back."""

from __future__ import annotations

from types import MappingProxyType

from ._model import Confidence, Fact, Range

_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
_API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_dax_CreateCluster.html"
_CLUSTER = _GUIDE + "DAX.concepts.cluster.html"
_MANAGEMENT = _GUIDE + "DAX.cluster-management.html"
_ACCESS = _GUIDE + "DAX.access-control.html"
_DATE = "2026-11-21"

NODES = Fact(
    value=Range(1, 11),
    unit="nodes",
    says="a cluster has one primary and at most ten read replicas",
    source=_CLUSTER,
    date=_DATE,
)
NODES_OF_THE_API = Fact(
    value=10,
    unit="nodes",
    says="the text of the API still ends at ten nodes, where the guide ends at eleven",
    source=_API,
    date=_DATE,
)
FAULT_TOLERANT = Fact(
    value=3,
    unit="nodes",
    says="AWS calls a cluster fault tolerant from three nodes on, in several zones",
    source=_CLUSTER,
    date=_DATE,
)
ZONES = Fact(
    value=Range(2, 6),
    unit="zones",
    says="a cluster survives the loss of a zone when its nodes are in two or more",
    source=_CLUSTER,
    date=_DATE,
)
NODE_TYPES = Fact(
    value=MappingProxyType(
        {
            "r7i": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"),
            "r5": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"),
            "r4": ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"),
            "t3": ("small", "medium"),
            "t2": ("small", "medium"),
        }
    ),
    unit="node types",
    says="a node type is one of a current family and size",
    # The families and sizes that the schema of CloudFormation lists, as cfn-lint ships it.
    source=_CLUSTER,
    date=_DATE,
)
NAMES = Fact(
    value=r"(?!.*(sudo|grep))[a-z](?:-?[a-z0-9]){0,19}",
    unit="pattern",
    says="a name has 1 to 20 letters, digits and single hyphens, starts with a letter, ends with none, and holds "
    "neither 'sudo' nor 'grep'",
    source=_API,
    date=_DATE,
)
NAMES_ARE_PUBLIC = Fact(
    value="certificate transparency",
    unit="log",
    says="the certificate of an encrypted endpoint names the cluster, and stands in public logs",
    source=_ACCESS,
    date=_DATE,
)
PORTS = Fact(
    value=MappingProxyType({"TLS": 9111, "NONE": 8111}),
    unit="ports",
    says="nodes listen on 9111 with TLS, and on 8111 without",
    source=_GUIDE + "DAX.create-cluster.cli.configure-inbound-rules.html",
    date=_DATE,
)
EGRESS = Fact(
    value="none",
    unit="rules",
    says="the guide asks for rules about incoming connections only: DAX reaches DynamoDB by itself",
    source=_GUIDE + "DAX.create-cluster.cli.configure-inbound-rules.html",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
TABLES = Fact(
    value=500, unit="tables", says="a cluster caches at most 500 tables of its Region", source=_CLUSTER, date=_DATE
)
TTL = Fact(
    value=300_000,
    unit="milliseconds",
    says="items and the results of queries are kept for five minutes, unless a parameter group says otherwise; with 0 "
    "they stay until memory is short, and changes made past the cluster are not seen",
    source=_MANAGEMENT + "#DAX.cluster-management.custom-settings.ttl",
    date=_DATE,
)
GROUPS_IN_USE = Fact(
    value="another group",
    unit="group",
    says="a parameter group that a running node uses cannot be changed: other values take another group",
    source=_MANAGEMENT + "#DAX.cluster-management.custom-settings",
    date=_DATE,
)
MAINTENANCE_WINDOW = Fact(
    value=60,
    unit="minutes",
    says="maintenance happens in a weekly window of at least 60 minutes, in UTC",
    source=_API,
    date=_DATE,
)
TOPICS = Fact(
    value="dax.amazonaws.com",
    unit="principal",
    says="DAX tells one topic of its own account and Region",
    # The guide names the topic, and nobody that publishes to it: the principal is that of the service's role.
    source=_API,
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
CONSISTENCY = Fact(
    value="eventual",
    unit="consistency",
    says="DAX is an eventually consistent cache; strongly consistent reads pass it by and are not cached",
    source=_GUIDE + "DAX.consistency.html",
    date=_DATE,
)
FAILOVER = Fact(
    value=Range(0, 60),
    unit="seconds",
    says="DAX promotes a read replica when the primary is lost, and clients go to the nodes that are left",
    source="assumed: the guide says automatically, and gives no time (" + _CLUSTER + ")",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
NODE_REPLACED = Fact(
    value=Range(300, 1800),
    unit="seconds",
    says="DAX replaces a lost node by itself, and the new one is empty",
    source="assumed: minutes to half an hour, the guide gives no time (" + _CLUSTER + ")",
    date=_DATE,
    confidence=Confidence.ASSUMED,
)
