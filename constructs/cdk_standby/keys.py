"""Encryption keys for data."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from constructs import Construct


class DataKey(Construct):
    """A customer managed KMS key for the data of one Region: rotated every year and never deleted with its stack."""

    key: kms.Key

    def __init__(self, scope: Construct, id: str, *, alias: str | None = None) -> None:
        super().__init__(scope, id)
        self.key = kms.Key(
            self,
            "Key",
            alias=alias,
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
