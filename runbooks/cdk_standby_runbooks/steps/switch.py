"""Move traffic: throw the switch that the primary record's health check watches, in a Region that is alive.

Only data planes are used: a metric in the recovery Region, health checks that exist, records that nobody edits.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cdk_standby_review.facts import Fact, Range, role_changes

from ..clients import ApiError
from ..errors import NotReady
from ..plan import Traffic
from ..run import Run
from ._model import Found, Need, Proof

# The alarm takes the maximum of a minute: a 0 in the same minute as a 1 is not seen, so it is said again.
REPEAT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SwitchTraffic:
    """Say 1 (traffic leaves the primary) or 0 (it may return), and prove alarm and DNS answer."""

    run: Run
    traffic: Traffic
    said: list[float] = field(default_factory=list[float])

    @property
    def title(self) -> str:
        """Names the step in the journal."""
        return "switch traffic"

    @property
    def says(self) -> str:
        """What it will do."""
        return f"send the traffic of {self.traffic.domain} to {self.run.to}, by the switch metric in {self._held_in}"

    @property
    def calls(self) -> tuple[str, ...]:
        """The call, as it will be sent."""
        switch = self.traffic.switch
        return (
            f"cloudwatch:PutMetricData in {self._held_in} (Namespace={switch.namespace}, {switch.metric}={self._value},"
            f" Workload={self.run.plan.workload}, Region={switch.leaves})",
        )

    @property
    def takes(self) -> Fact[Range]:
        """How long AWS takes."""
        return role_changes.TRAFFIC

    @property
    def beside(self) -> bool:
        """It starts when it is sent."""
        return False

    @property
    def limit(self) -> float:
        """Ten minutes: several alarm periods, health checks and a resolver's memory."""
        return 600.0

    def check(self) -> Found:
        """How the switch stands."""
        state = self._alarm()
        return Found(Need.DONE if state == self._wanted else Need.ACT, f"alarm {self.traffic.switch.alarm} is {state}")

    def act(self) -> None:
        """Say it; safe to repeat."""
        switch = self.traffic.switch
        self.run.clients.cloudwatch(self._held_in).put_metric_data(
            Namespace=switch.namespace,
            MetricData=[
                {
                    "MetricName": switch.metric,
                    "Dimensions": [
                        {"Name": "Workload", "Value": self.run.plan.workload},
                        {"Name": "Region", "Value": switch.leaves},
                    ],
                    "Value": float(self._value),
                }
            ],
        )
        self.said.append(self.run.clock.elapsed())

    def prove(self) -> Proof:
        """The alarm first, then what DNS answers, as far as its API can be reached."""
        state = self._alarm()
        alarm = f"alarm {self.traffic.switch.alarm} is {state}"
        if state != self._wanted:
            if self.said and self.run.clock.elapsed() - self.said[-1] >= REPEAT_SECONDS:
                self.act()
            return Proof(False, alarm)
        answer = self._dns()
        return Proof(answer.holds, f"{alarm}; {answer.says}")

    @property
    def _held_in(self) -> str:
        return self.traffic.switch.held_in

    @property
    def _value(self) -> int:
        return 0 if self.run.to == self.traffic.switch.leaves else 1

    @property
    def _wanted(self) -> str:
        return "ALARM" if self._value else "OK"

    def _alarm(self) -> str:
        name = self.traffic.switch.alarm
        found = self.run.clients.cloudwatch(self._held_in).describe_alarms(AlarmNames=[name]).get("MetricAlarms", [])
        if not found:
            raise NotReady(
                f"{self._held_in} has no alarm {name}; deploy the stacks, or give the plan of this deployment"
            )
        return str(found[0]["StateValue"])

    def _dns(self) -> Proof:
        domain, site = self.traffic.domain, self.traffic.sites[self.run.to]
        if not self.traffic.hosted_zone_id:
            return Proof(True, "DNS not asked: the plan names no hosted zone")
        try:
            answered, expected = self._resolve(domain), self._resolve(site)
        except ApiError as error:
            if error.reachable:
                raise
            return Proof(True, "DNS not asked: the API of Route 53 does not answer")
        if not answered & expected:
            return Proof(False, f"{domain} answers {_some(answered)}, {site} is {_some(expected)}")
        return Proof(True, f"{domain} answers with {site}")

    def _resolve(self, name: str) -> set[str]:
        answer = self.run.clients.route53().test_dns_answer(
            HostedZoneId=self.traffic.hosted_zone_id, RecordName=name, RecordType="A"
        )
        return set(answer["RecordData"])


def _some(addresses: set[str]) -> str:
    return ", ".join(sorted(addresses)) or "nothing"
