"""A mistake in one formula is told once, however the others lead through its field."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    "formula",
    [
        "order.a",
        "not order.a",
        "order.a and order.paid > 1",
        "order.a if order.a else true",
        "order.a == true",
    ],
)
def test_a_formula_over_a_field_in_error_adds_no_finding(
    findings: Callable[..., list[str]], formula: str
) -> None:
    text = f"fields: {{order: {{a: {{type: boolean, formula: order.zzz > 1}}, b: {{type: boolean, formula: {formula}}}}}}}"
    assert findings(text) == ["OK331|zzz"]
