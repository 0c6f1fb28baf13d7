"""Certificates: issued at once, for nobody has to prove here that a name is theirs."""

from __future__ import annotations

from ._functions import Functions
from ._model import Context, Handler, Made
from ._send import Values, only, send, without


def _create(context: Context, properties: Values) -> Made:
    acm = context.client("acm")
    parameters = without(properties, "DomainValidationOptions", "CertificateTransparencyLoggingPreference")
    if preference := properties.get("CertificateTransparencyLoggingPreference"):
        parameters["Options"] = {"CertificateTransparencyLoggingPreference": preference}
    # Which zone proves a name is CloudFormation's own affair: it writes the record, ACM only asks for it.
    arn = send(acm, "RequestCertificate", parameters, context.dropped)["CertificateArn"]
    return Made(arn, {"Id": arn})


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    changed = [name for name in {*before, *after} if before.get(name) != after.get(name)]
    if "Tags" in changed:
        context.client("acm").add_tags_to_certificate(CertificateArn=made.physical_id, **only(after, "Tags"))
    return made


def _delete(context: Context, made: Made, _: Values) -> None:
    context.client("acm").delete_certificate(CertificateArn=made.physical_id)


HANDLERS: dict[str, Handler] = {"AWS::CertificateManager::Certificate": Functions(_create, _update, _delete)}
