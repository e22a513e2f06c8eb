"""What is wrong with metrics and reports is said at load, at its place."""

from __future__ import annotations

from typing import Any

import pytest

from orderkit._diagnostics.catalog.reports import CODES

METRICS = """metrics:
  orders:  {count: order}
  gmv:     {sum: order.total}
  units:   {sum: line.quantity}
  refunds: {sum: refund.amount}
  buyers:  {distinct: order.customer}
  aov:     {ratio: [gmv, orders]}
"""

MISTAKES = [
    ("metrics: {x: {label: nothing}}", ["OK901@1:11"]),
    ("metrics: {x: {sum: {a: 1}}, y: {ratio: [x, x]}, z: {formula: x * 2}}", ["OK203@1:20"]),
    ("metrics: {x: {count: order, sum: order.total}}", ["OK901@1:11"]),
    ("metrics: {x: {count: orders}}", ["OK902@1:22 order"]),
    ("metrics: {x: {sum: order.total - order.tax}}", ["OK903@1:20"]),
    ("metrics: {x: {sum: vars.dear}}", ["OK903@1:20"]),
    ("metrics: {x: {sum: order.number}}", ["OK904@1:20"]),
    ("metrics: {x: {average: order.placed_at}}", ["OK904@1:24"]),
    ("metrics: {x: {sum: order.totl}}", ["OK331@1:26 total"]),
    ("metrics: {x: {sum: order.weight}}", ["OK906@1:20"]),
    ("metrics: {x: {distinct: order.tags}}", ["OK906@1:25"]),
    ("metrics: {x: {distinct: order.customer.id}}", ["OK906@1:25"]),
    ("metrics: {x: {count: order, if: order.total * 2 > 10}}", ["OK905@1:33"]),
    ("metrics: {x: {count: order, if: 'startswith(order.number, ''A'')'}}", ["OK905@1:34"]),
    ("metrics: {x: {count: order, if: '''vip'' in order.tags'}}", ["OK905@1:34"]),
    ("metrics: {x: {count: order, if: order.weight > 1.5}}", ["OK907@1:33"]),
    ("metrics: {x: {count: order, if: count(order.lines) > 1}}", ["OK905@1:33"]),
    ("metrics: {x: {count: order, if: order.total > 10.005}}", ["OK908@1:47"]),
    ("metrics: {x: {count: order, if: order.boxes > 1.5}}", ["OK908@1:47"]),
    ("metrics: {x: {count: order, if: order.stat == 'paid'}}", ["OK331@1:39 state"]),
    ("metrics: {x: {count: order, if: line.quantity > 1}}", ["OK330@1:33"]),
    ("metrics: {x: {ratio: [a]}}", ["OK909@1:22"]),
    ("metrics: {a: {count: order}, x: {ratio: [a, b]}}", ["OK301@1:45"]),
    ("metrics: {a: {count: order}, x: {ratio: [a, a], if: order.gift}}", ["OK910@1:49"]),
    ("metrics: {a: {count: order}, x: {formula: a * 2, at: order.paid_at}}", ["OK910@1:50"]),
    ("metrics: {x: {count: order, at: order.state}}", ["OK914@1:33"]),
    ("metrics: {x: {count: order, at: payment.at}}", ["OK330@1:33"]),
    ("metrics: {a: {formula: b + 1}, b: {formula: a + 1}}", ["OK922@1:32"]),
    ("metrics: {x: {formula: 1 + 1}}", ["OK921@1:24"]),
    ("metrics: {a: {count: order}, x: {formula: a > 1}}", ["OK921@1:43"]),
    ("metrics: {a: {count: order}, g: {sum: order.total}, x: {formula: a + g}}", ["OK404@1:66"]),
    ("metrics: {a: {count: order}, g: {sum: order.total}, x: {ratio: [a, g]}}", ["OK920@1:68"]),
    ("metrics: {a: {count: order}, b: {count: order, label: B}}", ["OK918@1:30"]),
    ("metrics: {a: {count: order}, p: {sum: payment.amount}, x: {ratio: [p, a]}}", ["OK917@1:67"]),
    ("metrics: {x: {count: order, spread: line.net}}", ["OK206@1:29"]),
    (METRICS + "reports: {r: {metrics: []}}", ["OK919@8:15"]),
    (METRICS + "reports: {r: {metrics: [gnv]}}", ["OK301@8:25 gmv"]),
    (METRICS + "reports: {r: {metrics: [gmv], by: line.sku}}", ["OK911@8:35"]),
    (METRICS + "reports: {r: {metrics: [aov, units], by: [state, line.sku]}}", ["OK911@8:50", "OK911@8:50"]),
    (METRICS + "reports: {r: {metrics: [gmv], time: {at: refund.at}}}", ["OK911@8:42"]),
    (METRICS + "reports: {r: {metrics: [gmv], time: {at: order.number}}}", ["OK914@8:42"]),
    (METRICS + "reports: {r: {metrics: [gmv], time: {by: [weak]}}}", ["OK215@8:43 week"]),
    (METRICS + "reports: {r: {metrics: [gmv], by: chanel}}", ["OK912@8:35 channel"]),
    (METRICS + "reports: {r: {metrics: [units], by: sku}}", ["OK912@8:37 line.sku"]),
    (METRICS + "reports: {r: {metrics: [gmv], by: order.placed_at}}", ["OK913@8:35"]),
    (METRICS + "reports: {r: {metrics: [gmv], by: weight}}", ["OK913@8:35"]),
    (METRICS + "reports: {r: {metrics: [gmv], by: order.phone}}", ["OK923@8:35"]),
    (METRICS + "reports: {r: {metrics: [gmv], by: phone}}", ["OK923@8:35"]),
    (METRICS + "reports: {r: {metrics: [gmv], by: state, share: orders}}", ["OK915@8:49"]),
    (METRICS + "reports: {r: {metrics: [aov], by: state, share: aov}}", ["OK915@8:49"]),
    (METRICS + "reports: {r: {metrics: [gmv], share: gmv}}", ["OK916@8:31"]),
    (METRICS + "reports: {r: {metrics: [gmv], top: 5}}", ["OK916@8:31"]),
    (METRICS + "reports: {r: {metrics: [gmv], by: state, others: true}}", ["OK916@8:42"]),
    (METRICS + "reports: {r: {metrics: [gmv, units], if: line.wrap}}", ["OK330@8:42"]),
    (METRICS + "reports: {r: {type: rfm, segments: {a: r >= 4}}}", ["OK206@8:15"]),
    (METRICS + "reports: {r: {type: rfm, metrics: [gmv], segments: {}}}", ["OK206@8:15", "OK204@8:26"]),
    (METRICS + "reports: {r: {type: rfmm, segments: {}}}", ["OK215@8:21 rfm"]),
    (METRICS + "reports: {r: {type: rfm, segments: {a: x >= 4}}}", ["OK206@8:15", "OK330@8:40"]),
    (
        METRICS + "reports: {r: {type: funnel, steps: [order.placed, order.payd]}}",
        ["OK206@8:15", "OK301@8:51 order.paid"],
    ),
    (METRICS + "reports: {r: {type: repurchase, customer: order.buyer}}", ["OK206@8:15", "OK331@8:49"]),
    (
        METRICS + "reports: {r: {type: promotion_effect, promotion: m3, baseline: 4w}}",
        ["OK206@8:15", "OK301@8:50"],
    ),
    (
        METRICS + "reports: {r: {type: promotion_effect, promotion: any, baseline: long}}",
        ["OK206@8:15", "OK653@8:65"],
    ),
    (METRICS + "reports: {r: {type: bought_together, item: line.skus}}", ["OK206@8:15", "OK331@8:49 sku"]),
    (METRICS + "dashboards: {d: {title: T, rows: [[{kpi: gnv}]]}}", ["OK206@8:1", "OK301@8:42 gmv"]),
    (
        METRICS + "dashboards: {d: {title: T, rows: [[{kpi: gmv, report: r}]]}}",
        ["OK206@8:1", "OK924@8:36", "OK301@8:55"],
    ),
]


@pytest.mark.parametrize(
    ("text", "expected"), MISTAKES, ids=[text.replace(METRICS, "") for text, _ in MISTAKES]
)
def test_a_mistake_is_told_at_its_place(findings: Any, text: str, expected: list[str]) -> None:
    assert findings(text) == expected


def test_every_code_of_reports_is_told_by_some_mistake() -> None:
    told = {one.partition("@")[0] for _, expected in MISTAKES for one in expected}
    assert {code.id for code in CODES} <= told


def test_a_metric_with_a_mistake_is_told_once_and_not_again_by_its_reports(findings: Any) -> None:
    text = "metrics: {x: {sum: order.number}, y: {ratio: [x, x]}}\nreports: {r: {metrics: [x, y]}}"
    assert findings(text) == ["OK904@1:20"]
