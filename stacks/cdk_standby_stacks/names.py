"""The names that Regions agree on at synth, so that no template has to ask another Region for one.

A name holds the workload, the tier and the Region; never a strategy, a role or an index, since all
of those change while the data stays (docs/decisions/0004).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """Every name of one deployment."""

    workload: str
    account: str

    def global_cluster(self, tier: str, restored_in: str | None = None) -> str:
        """The Aurora global cluster that the clusters of all Regions join; one made of a restored cluster is another.

        Args:
            tier: its name.
            restored_in: the Region of the cluster that it was made of. Left out: its first member was born into it.
        """
        return f"{self.workload}-{tier}" + (f"-from-{restored_in}" if restored_in else "")

    def cluster(self, tier: str, region: str) -> str:
        """One Region's database cluster."""
        return f"{self.workload}-{tier}-{region}"

    def cluster_arn(self, tier: str, region: str) -> str:
        """The same, for what asks for an ARN."""
        return f"arn:{partition(region)}:rds:{region}:{self.account}:cluster:{self.cluster(tier, region)}"

    def instance(self, tier: str, region: str, number: int = 1) -> str:
        """One database instance: from the second one on, each that was born as a replica of the one before counts."""
        return f"{self.workload}-{tier}-{region}" + (f"-{number}" if number > 1 else "")

    def dsql(self, tier: str) -> str:
        """What the members of an Aurora DSQL cluster are tagged with in every Region."""
        return f"{self.workload}-{tier}"

    def secret(self, tier: str) -> str:
        """The credentials of a tier: the same name in every Region that holds a replica."""
        return f"{self.workload}/{tier}"

    def table(self, tier: str) -> str:
        """A DynamoDB table, with all its replicas."""
        return f"{self.workload}-{tier}"

    def cache(self, tier: str, region: str) -> str:
        """One Region's cache."""
        return f"{self.workload}-{tier}-{region}"

    def bucket(self, tier: str, region: str) -> str:
        """One Region's bucket: unique in the world, since the account is part of it."""
        return f"{self.workload}-{tier}-{self.account}-{region}"

    def queue(self, tier: str, region: str, *, fifo: bool) -> str:
        """One Region's queue."""
        return f"{self.workload}-{tier}-{region}" + (".fifo" if fifo else "")

    def repository(self, tier: str) -> str:
        """Container images, under the same name in every Region."""
        return f"{self.workload}/{tier}"

    def repository_uri(self, tier: str, region: str) -> str:
        """Where images of a Region are pulled from."""
        suffix = "amazonaws.com.cn" if partition(region) == "aws-cn" else "amazonaws.com"
        return f"{self.account}.dkr.ecr.{region}.{suffix}/{self.repository(tier)}"

    def restored_secret(self, tier: str, region: str) -> str:
        """The credentials of a tier that was restored: a replica of the old ones still holds their name there."""
        return f"{self.workload}/{tier}/{region}"

    def group(self, tier: str, region: str) -> str:
        """One Region's Auto Scaling group."""
        return f"{self.workload}-{tier}-{region}"

    def data_key_alias(self, region: str) -> str:
        """The alias of the key that encrypts a Region's data."""
        return f"alias/{self.workload}-{region}-data"

    def data_key_alias_arn(self, region: str) -> str:
        """The same, for what asks for an ARN."""
        return f"arn:{partition(region)}:kms:{region}:{self.account}:{self.data_key_alias(region)}"

    def vault(self, region: str) -> str:
        """A Region's locked backup vault."""
        return f"{self.workload}-{region}"

    def vault_arn(self, region: str) -> str:
        """The same, as the target of a copy from another Region."""
        return f"arn:{partition(region)}:backup:{region}:{self.account}:backup-vault:{self.vault(region)}"

    def air_gapped_vault(self, region: str) -> str:
        """A Region's vault that nobody can empty."""
        return f"{self.workload}-{region}-air-gapped"

    def air_gapped_arn(self, region: str) -> str:
        """The same, as the target of a copy."""
        return f"{self.vault_arn(region)}-air-gapped"

    def regional_domain(self, domain: str, region: str) -> str:
        """The name that always leads to one Region, whoever is active."""
        return f"{region}.{domain}"

    def failover_domain(self, domain: str) -> str:
        """The failover records behind the name that users call."""
        return f"failover.{domain}"

    def shared_domain(self, domain: str) -> str:
        """The weighted records behind the name that users call."""
        return f"shared.{domain}"

    def nearest_domain(self, domain: str) -> str:
        """The latency records behind the name that users call."""
        return f"nearest.{domain}"

    @property
    def plan_parameter(self) -> str:
        """The SSM parameter that holds the recovery plan, in every Region."""
        return f"/cdk-standby/{self.workload}/plan"


def partition(region: str) -> str:
    """The part of AWS that a Region belongs to: ARNs of China and GovCloud start differently."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rsplit("-", 2)[0], "aws")
