"""What a drill on the local AWS proves, and what it does not; printed with every drill."""

from __future__ import annotations

from typing import Final

DEPLOYED: Final = (
    "the templates deploy in the order that the CDK CLI chooses, and their settings arrive at the services' APIs"
)
PROVES: Final = (
    "the runbooks make calls that exist, with the right names and parameters, in the right Region and order",
    "a failover makes no call to the lost Region; a planned move is refused while that Region is dark",
    "each step was proven by the state that AWS's APIs show, not by an answer of 200",
    "there is one writer at every end, and the failback restores the writer, the capacity and the traffic of the start",
)
DOES_NOT_PROVE: Final = (
    "how long anything takes on AWS, or how much would be lost there: the seconds measured here are this machine's",
    "that capacity, quotas and permissions suffice: the local AWS has no limits and asks nobody for permission",
    "that packets get through: no security group, route, certificate or resolver cache was exercised",
    "how Aurora itself behaves under load, or how AWS behaves while a Region is really failing",
)
ADVICE: Final = "a game day in a real account, once a year at least, remains necessary"
