"""Launch templates: what an Auto Scaling group starts."""

from __future__ import annotations

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, send


def _create(context: Context, properties: Values) -> Made:
    name = properties.get("LaunchTemplateName") or context.name(125, lower=False)
    parameters: Values = {
        "LaunchTemplateName": name,
        "LaunchTemplateData": properties["LaunchTemplateData"],
        "VersionDescription": properties.get("VersionDescription"),
        "TagSpecifications": properties.get("TagSpecifications"),
    }
    template = send(context.client("ec2"), "CreateLaunchTemplate", parameters, context.dropped)["LaunchTemplate"]
    return _made(template)


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    parameters: Values = {
        "LaunchTemplateId": made.physical_id,
        "LaunchTemplateData": after["LaunchTemplateData"],
        "VersionDescription": after.get("VersionDescription"),
    }
    ec2 = context.client("ec2")
    send(ec2, "CreateLaunchTemplateVersion", parameters, context.dropped)
    return _made(ec2.describe_launch_templates(LaunchTemplateIds=[made.physical_id])["LaunchTemplates"][0])


def _delete(context: Context, made: Made, _: Values) -> None:
    context.client("ec2").delete_launch_template(LaunchTemplateId=made.physical_id)


def _made(template: Values) -> Made:
    id = template["LaunchTemplateId"]
    attributes = {
        "LaunchTemplateId": id,
        "DefaultVersionNumber": str(template["DefaultVersionNumber"]),
        "LatestVersionNumber": str(template["LatestVersionNumber"]),
    }
    return Made(id, attributes)


HANDLERS: dict[str, Handler] = {"AWS::EC2::LaunchTemplate": Functions(_create, _update, _delete)}
