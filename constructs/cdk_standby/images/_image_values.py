"""What an image is made of, and the parameter by which every Region finds its own copy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms

from cdk_standby_review.facts import Fact
from cdk_standby_review.facts import images as facts

from .._checks import InvalidOptions, Problem, shown
from .._service_launch import let_group_use
from .._tokens import is_token

_MANAGED = r"[a-z0-9]+(?:[-.][a-z0-9]+)*"
_ARN = r"arn:aws[a-z-]*:imagebuilder:\S+"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageComponent:
    """A step of a build or its tests, as a document of AWS's Task Orchestrator and Executor.

    Args:
        name: unique in its image; the component is called after both.
        document: the YAML, with ``schemaVersion`` and ``phases``: ``build`` and ``validate`` run while the image is
            made, ``test`` on an instance of the finished one.
        parameters: values for the parameters that the document names; left out: their defaults.
    """

    name: str
    document: str
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


def parameter_of(name: str) -> str:
    """The SSM parameter of an image, under the same name in every Region."""
    return f"/cdk-standby/{name}/image"


def golden_image(name: str, *, at_launch: bool = False) -> ec2.IMachineImage:
    """The newest image of this name, for anything that launches instances, in whatever Region it is built.

    The Region's own parameter is read, and nothing of another Region. It exists once the first build has been
    distributed.

    Args:
        name: the `name` of the `GoldenImage`.
        at_launch: True has EC2 read the parameter whenever an instance is launched, so that a new image is in use
            without a deployment, beside instances of the old one. Left out: CloudFormation reads it at each deployment,
            and replaces the instances when it changed; an image that is named so must live until the next one.

    Raises:
        InvalidOptions: no image can be called so.
    """
    if problem := bad_name("golden_image", name):
        raise InvalidOptions([problem])
    read = ec2.MachineImage.resolve_ssm_parameter_at_launch if at_launch else ec2.MachineImage.from_ssm_parameter
    return read(parameter_of(name), os=ec2.OperatingSystemType.LINUX)


def allow_launches(key: kms.IKey) -> None:
    """Let Auto Scaling start instances from images that are encrypted with the key, in the key's own Region.

    A `GoldenImage` does that for its own key. In each recovery Region it is done where the key is made, or by a service
    that is given the same key for its volumes. The policy of an imported key is its owner's affair.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
    """
    let_group_use(key, key)


def bad_name(where: str, name: str) -> Problem | None:
    """What to say about a name that Regions cannot agree on."""
    if not is_token(name) and re.fullmatch(facts.NAMES.value, name):
        return None
    allowed = "3 to 64 lower-case letters, digits and single hyphens, known at synth"
    return _problem(where, "name", shown(name), allowed, facts.NAMES)


def bad_components(where: str, components: Sequence[ImageComponent | str]) -> Iterator[Problem]:
    """Components that Image Builder does not know or does not take."""
    own = [component for component in components if isinstance(component, ImageComponent)]
    names = [component.name for component in own]
    if not components:
        allowed = "one component or more, such as 'update-linux'"
        yield _problem(where, "components", "[]", allowed, facts.INLINE_DOCUMENT)
    if len(set(names)) < len(names):
        yield _problem(where, "components", shown(names), "names that are there once", facts.NAMES)
    for component in own:
        yield from _bad_document(where, component)
    for managed in (component for component in components if isinstance(component, str)):
        if not is_token(managed) and not re.fullmatch(f"{_MANAGED}|{_ARN}", managed):
            allowed = "an ImageComponent, the name of one of AWS such as 'update-linux', or an ARN"
            yield _problem(where, "components", shown(managed), allowed, facts.NAMES)


def _bad_document(where: str, component: ImageComponent) -> Iterator[Problem]:
    option = f"components['{component.name}']"
    if is_token(component.name) or not re.fullmatch(facts.NAMES.value, component.name):
        allowed = "3 to 64 lower-case letters, digits and single hyphens, known at synth"
        yield _problem(where, f"{option}.name", shown(component.name), allowed, facts.NAMES)
    document = component.document
    if is_token(document):
        return
    if len(document) not in facts.INLINE_DOCUMENT.value:
        got = f"{len(document)} characters"
        yield _problem(where, f"{option}.document", got, "1 to 16000 characters", facts.INLINE_DOCUMENT)
    elif not ("schemaVersion" in document and "phases" in document):
        allowed = "YAML with 'schemaVersion' and 'phases'"
        yield _problem(where, f"{option}.document", "a text without them", allowed, facts.INLINE_DOCUMENT)


def managed_arn(kind: str, name: str, region: str, partition: str) -> str:
    """The newest version of what AWS keeps, by its name; an ARN as it is."""
    return name if name.startswith("arn:") else f"arn:{partition}:imagebuilder:{region}:aws:{kind}/{name}/x.x.x"


def is_managed(name: str) -> bool:
    """Whether it is the name of something that AWS keeps."""
    return re.fullmatch(_MANAGED, name) is not None and not name.startswith("ami-")


def _problem(where: str, option: str, got: str, allowed: str, fact: Fact[Any]) -> Problem:
    return Problem(where=where, option=option, got=got, allowed=allowed, why=fact.says, source=fact.source)
