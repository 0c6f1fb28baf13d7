"""What a bucket is told about its partners, its locks, and the classes that its objects grow cold in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cdk import Aws, Duration, Stack

from .._tokens import is_token


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketReplica:
    """The bucket of another Region with which this one shares its objects; both sides agree on names at synth.

    Args:
        region: where it is.
        bucket_name: its name.
        key: what encrypts the objects there: an alias (``alias/shop``), or the key's ARN, which another account needs.
        account: whose bucket it is; left out: the account of this one.
        replicates_back: False when the bucket there sends nothing here: then nobody waits for what it sends.
    """

    region: str
    bucket_name: str
    key: str
    account: str | None = None
    replicates_back: bool = True

    @property
    def bucket_arn(self) -> str:
        """For rules and permissions."""
        return bucket_arn(self.bucket_name)

    @property
    def by_alias(self) -> bool:
        """Whether the key is named by an alias."""
        return not is_token(self.key) and self.key.startswith("alias/")

    def key_arn(self, stack: Stack) -> str:
        """What S3 is told: the key's ARN, or that of its alias."""
        return self._kms(stack, self.key) if self.by_alias else self.key

    def any_key_arn(self, stack: Stack) -> str:
        """What a permission names: the key, or any key there that has the alias."""
        return self._kms(stack, "key/*") if self.by_alias else self.key

    def _kms(self, stack: Stack, resource: str) -> str:
        return f"arn:{Aws.PARTITION}:kms:{self.region}:{self.account or stack.account}:{resource}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectLock:
    """For how long no version of an object can be deleted or overwritten.

    Args:
        mode: "GOVERNANCE", which those who may bypass it can lift, or "COMPLIANCE", which nobody can.
        retention: how long every new object is locked, in whole days; left out: objects are locked one by one, by
            whoever writes them.
    """

    mode: str = "GOVERNANCE"
    retention: Duration | None = None


def bucket_arn(name: str) -> str:
    """A bucket's ARN, which names neither Region nor account."""
    return f"arn:{Aws.PARTITION}:s3:::{name}"


def role_name(bucket: str) -> str:
    """The role that replicates a bucket to another account, by a name that both sides know."""
    return f"{bucket[:52].rstrip('.-')}-replication"


def as_shown(stack: Stack, text: str) -> str:
    """A text as validators write it: what only a deployment knows stands in angle brackets."""
    resolved = stack.resolve(text)
    if isinstance(resolved, str):
        return resolved
    parts = resolved["Fn::Join"][1] if "Fn::Join" in resolved else [resolved]
    return "".join(part if isinstance(part, str) else f"<{_named(part)}>" for part in parts)


def _named(part: dict[str, Any]) -> str:
    return str(part["Ref"]) if "Ref" in part else ".".join(part.get("Fn::GetAtt", ["?"]))
