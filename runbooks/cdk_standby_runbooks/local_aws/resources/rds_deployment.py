"""Blue/green deployments: made and ended by a template; nobody switches them over here."""

from __future__ import annotations

from botocore.exceptions import ClientError

from ._functions import Functions
from ._model import Context, Made, Unsupported
from ._send import Values, code_of, send
from ._tags import set_tags


def _create(context: Context, properties: Values) -> Made:
    told = send(context.client("rds"), "CreateBlueGreenDeployment", properties, context.dropped)["BlueGreenDeployment"]
    id = told["BlueGreenDeploymentIdentifier"]
    arn = f"arn:aws:rds:{context.region}:{context.account}:deployment:{id}"
    shown = {name: told[name] for name in ("Target", "Status")}
    return Made(arn, {"Arn": arn, "BlueGreenDeploymentIdentifier": id, **shown})


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    if before.get("Tags") != after.get("Tags"):
        set_tags(context, "rds", made, before.get("Tags", []), after.get("Tags", []))
    if before["Source"] != after["Source"]:
        raise Unsupported(f"{context.type}: changing Source in place is not modelled here")
    return made


def _delete(context: Context, made: Made, _: Values) -> None:
    id = str(made.attributes["BlueGreenDeploymentIdentifier"])
    try:
        context.client("rds").delete_blue_green_deployment(BlueGreenDeploymentIdentifier=id)
    except ClientError as error:
        if code_of(error) != "BlueGreenDeploymentNotFoundFault":
            raise


DEPLOYMENTS = Functions(_create, _update, _delete)
