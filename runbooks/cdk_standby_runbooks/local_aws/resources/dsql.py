"""Aurora DSQL clusters."""

from __future__ import annotations

import json
from typing import Any

from ._functions import Functions
from ._model import Context, Handler, Made, Unsupported
from ._send import Values, input_of, send, small, without
from ._tags import pairs

POLICY = "PolicyDocument"
NOT_HERE = ("Tags", POLICY, "VpcEndpoint")


def _create(context: Context, properties: Values) -> Made:
    dsql = context.client("dsql")
    given = {**without(properties, *NOT_HERE), "tags": pairs(properties.get("Tags", []))}
    if POLICY in properties:
        given["policy"] = _text(properties[POLICY])
    told = send(dsql, "CreateCluster", small(input_of(dsql, "CreateCluster"), given), context.dropped)
    return _made(context, told["identifier"])


def _made(context: Context, identifier: str) -> Made:
    dsql = context.client("dsql")
    told: Any = dsql.get_cluster(identifier=identifier)
    private: Any = dsql.get_vpc_endpoint_service_name(identifier=identifier)
    attributes = {
        "Identifier": identifier,
        "ResourceArn": told["arn"],
        "Endpoint": told["endpoint"],
        "Status": told["status"],
        "CreationTime": told["creationTime"].isoformat(),
        "VpcEndpoint": private["clusterVpcEndpoint"],
        "VpcEndpointServiceName": private["serviceName"],
    }
    return Made(identifier, attributes)


def _text(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    dsql = context.client("dsql")
    if "MultiRegionProperties" in before and "MultiRegionProperties" not in after:
        raise Unsupported(f"{context.type}: taking MultiRegionProperties away is not modelled here")
    given = without(after, *NOT_HERE)
    if given != without(before, *NOT_HERE):
        sent = small(input_of(dsql, "UpdateCluster"), given)
        send(dsql, "UpdateCluster", {**sent, "identifier": made.physical_id}, context.dropped)
    if before.get(POLICY) != after.get(POLICY):
        if POLICY in after:
            dsql.put_cluster_policy(identifier=made.physical_id, policy=_text(after[POLICY]))
        else:
            dsql.delete_cluster_policy(identifier=made.physical_id)
    if after.get("Tags"):
        dsql.tag_resource(resourceArn=made.attributes["ResourceArn"], tags=pairs(after["Tags"]))
    return _made(context, made.physical_id)


def _delete(context: Context, made: Made, _: Values) -> None:
    context.client("dsql").delete_cluster(identifier=made.physical_id)


HANDLERS: dict[str, Handler] = {"AWS::DSQL::Cluster": Functions(_create, _update, _delete)}
