"""What builds and delivers: pipelines, builds, repositories of source. No user waits for them."""

from __future__ import annotations

from ..facts import recovery_times as times
from ..graph import Graph, Resource
from ..outcomes import Judgement, lost
from ._judge import Judge
from .managed import Managed, regional

_PIPELINE = regional(
    "CodePipeline spans the zones of a Region", "codepipeline/latest/userguide/disaster-recovery-resiliency.html"
)
_BUILD = regional(
    "CodeBuild runs builds in several zones", "codebuild/latest/userguide/disaster-recovery-resiliency.html"
)
_SOURCE = regional(
    "CodeCommit keeps repositories in several zones", "codecommit/latest/userguide/disaster-recovery-resiliency.html"
)


def _deleted(_graph: Graph, _resource: Resource) -> Judgement:
    return lost("AWS Backup does not know repositories; what no clone holds is gone", times.NO_BACKUP)


JUDGES: dict[str, Judge] = {
    "AWS::CodeBuild::Project": Managed("the project", _BUILD, vital=False),
    "AWS::CodeCommit::Repository": Managed("the repository", _SOURCE, vital=False, deletion=_deleted),
    "AWS::CodePipeline::Pipeline": Managed("the pipeline", _PIPELINE, vital=False),
}
