"""Buckets: each setting is a call of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ._functions import Functions, again
from ._model import Context, Handler, Made
from ._send import Values, only, send


def _create(context: Context, properties: Values) -> Made:
    s3 = context.client("s3")
    name = properties.get("BucketName") or context.name(63)
    where = (
        {} if context.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": context.region}}
    )
    locked = {"ObjectLockEnabledForBucket": True} if properties.get("ObjectLockEnabled") else {}
    s3.create_bucket(Bucket=name, **where, **locked)
    _apply(context, name, properties)
    return Made(name, _attributes(context, name))


def _attributes(context: Context, name: str) -> dict[str, Any]:
    return {
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "RegionalDomainName": f"{name}.s3.{context.region}.amazonaws.com",
        "DualStackDomainName": f"{name}.s3.dualstack.{context.region}.amazonaws.com",
        "WebsiteURL": f"http://{name}.s3-website-{context.region}.amazonaws.com",
    }


def _apply(context: Context, bucket: str, properties: Values) -> None:
    for name, value in properties.items():
        if name in SETTINGS:
            operation, shape = SETTINGS[name]
            send(context.client("s3"), operation, {"Bucket": bucket, **shape(value)}, context.dropped)
        elif name not in ("BucketName", "ObjectLockEnabled"):
            context.dropped(name)


def _encryption(value: Values) -> Values:
    rules = [
        {
            "ApplyServerSideEncryptionByDefault": rule.get("ServerSideEncryptionByDefault"),
            **only(rule, "BucketKeyEnabled", "BlockedEncryptionTypes"),
        }
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _lifecycle(value: Values) -> Values:
    return {"LifecycleConfiguration": {"Rules": [_rule(rule, at) for at, rule in enumerate(value["Rules"])]}}


def _rule(rule: Values, at: int) -> Values:
    """CloudFormation's flat form of a lifecycle rule, in the API's nested one."""
    made: Values = {"ID": rule.get("Id", f"rule-{at}"), "Status": rule["Status"]}
    tags = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in rule.get("TagFilters", [])]
    made["Filter"] = (
        {"And": {"Prefix": rule.get("Prefix", ""), "Tags": tags}} if tags else {"Prefix": rule.get("Prefix", "")}
    )
    if "ExpirationInDays" in rule or "ExpirationDate" in rule:
        made["Expiration"] = {"Days": rule.get("ExpirationInDays"), "Date": rule.get("ExpirationDate")}
    elif "ExpiredObjectDeleteMarker" in rule:
        made["Expiration"] = {"ExpiredObjectDeleteMarker": rule["ExpiredObjectDeleteMarker"]}
    if "NoncurrentVersionExpirationInDays" in rule:
        made["NoncurrentVersionExpiration"] = {"NoncurrentDays": rule["NoncurrentVersionExpirationInDays"]}
    made |= only(rule, "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")
    for name in ("Transitions", "NoncurrentVersionTransitions"):
        if name in rule:
            days = "Days" if name == "Transitions" else "NoncurrentDays"
            made[name] = [
                {"StorageClass": step["StorageClass"], days: step.get("TransitionInDays")} for step in rule[name]
            ]
    return made


def _logging(value: Values) -> Values:
    enabled = {"TargetBucket": value.get("DestinationBucketName"), "TargetPrefix": value.get("LogFilePrefix", "")}
    return {"BucketLoggingStatus": {"LoggingEnabled": enabled}}


def _ownership(value: Values) -> Values:
    return {"OwnershipControls": {"Rules": value["Rules"]}}


def _as(name: str) -> Callable[[Any], Values]:
    return lambda value: {name: value}


CANNED = {
    "Private": "private",
    "PublicRead": "public-read",
    "PublicReadWrite": "public-read-write",
    "AuthenticatedRead": "authenticated-read",
    "BucketOwnerRead": "bucket-owner-read",
    "BucketOwnerFullControl": "bucket-owner-full-control",
    "LogDeliveryWrite": "log-delivery-write",
}

SETTINGS: dict[str, tuple[str, Callable[[Any], Values]]] = {
    "VersioningConfiguration": ("PutBucketVersioning", _as("VersioningConfiguration")),
    "BucketEncryption": ("PutBucketEncryption", _encryption),
    "PublicAccessBlockConfiguration": ("PutPublicAccessBlock", _as("PublicAccessBlockConfiguration")),
    "LifecycleConfiguration": ("PutBucketLifecycleConfiguration", _lifecycle),
    "LoggingConfiguration": ("PutBucketLogging", _logging),
    "ObjectLockConfiguration": ("PutObjectLockConfiguration", _as("ObjectLockConfiguration")),
    "OwnershipControls": ("PutBucketOwnershipControls", _ownership),
    "AccessControl": ("PutBucketAcl", lambda value: {"ACL": CANNED.get(value, value)}),
    "Tags": ("PutBucketTagging", lambda value: {"Tagging": {"TagSet": value}}),
}


def _update(context: Context, made: Made, before: Values, after: Values) -> Made:
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    _apply(context, made.physical_id, changed)
    return made


def _delete(context: Context, made: Made, _: Values) -> None:
    context.client("s3").delete_bucket(Bucket=made.physical_id)


def _policy(context: Context, properties: Values) -> Made:
    document = json.dumps(properties["PolicyDocument"])
    context.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=document)
    return Made(properties["Bucket"])


def _delete_policy(context: Context, made: Made, _: Values) -> None:
    context.client("s3").delete_bucket_policy(Bucket=made.physical_id)


HANDLERS: dict[str, Handler] = {
    "AWS::S3::Bucket": Functions(_create, _update, _delete),
    "AWS::S3::BucketPolicy": Functions(_policy, again(_policy), _delete_policy),
}
