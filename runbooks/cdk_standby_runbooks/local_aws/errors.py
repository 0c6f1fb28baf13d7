"""Errors that a service of ours answers with, in any protocol."""

from __future__ import annotations


class ServiceError(Exception):
    """An error of the AWS API: a code that clients match on, and a message for people.

    Args:
        code: as the service documents it, such as `DBClusterNotFoundFault`.
        message: one sentence.
        status: the HTTP status. Left out: 400.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class NotModelled(ServiceError):  # noqa: N818  it reads as what it says
    """The operation exists on AWS and not here; 501 is a status that no SDK retries."""

    def __init__(self, service: str, operation: str, why: str = "this local AWS does not model it") -> None:
        super().__init__("NotModelledLocally", f"{service}:{operation} is refused: {why}", 501)
