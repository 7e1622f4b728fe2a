"""How long the laws are tried: LAW_EXAMPLES=2000 looks longer than `make test` does."""

import os

from hypothesis import HealthCheck, Phase, settings

EXAMPLES = int(os.environ.get("LAW_EXAMPLES", "50"))
FIXTURES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]

LAW = settings(
    max_examples=EXAMPLES,
    suppress_health_check=FIXTURES,
    deadline=None,
    report_multiple_bugs=False,
)

# For laws that cost twice as much per example.
HALF_AS_LONG = settings(LAW, max_examples=EXAMPLES // 2)

# For laws that must fail: the first counterexample will do.
UNTIL_IT_FAILS = settings(LAW, max_examples=100, phases=[Phase.generate], derandomize=True)
