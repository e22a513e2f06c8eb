"""What authors of adapters test with: the checks that every store has to pass.

A store of one's own is held to the contract with pytest like this::

    from orderkit.testing import store_checks

    @pytest.mark.parametrize("check", store_checks().values(), ids=store_checks())
    def test_contract(check, tmp_path):
        check(lambda: MyStore(tmp_path / "orders"))

Each check opens a fresh, empty store, prepares it, and closes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderkit.testing import goods_checks, order_checks, record_checks, transaction_checks
from orderkit.testing.samples import COLUMNS, rich_order, sample_order

if TYPE_CHECKING:
    from orderkit.testing.samples import Check

__all__ = ["COLUMNS", "rich_order", "sample_order", "store_checks"]


def store_checks() -> dict[str, Check]:
    """Give the checks of the store contract.

    Returns:
        Checks by name; each takes a function that gives a fresh store, and raises AssertionError.
    """
    every = (
        *order_checks.CHECKS,
        *goods_checks.CHECKS,
        *record_checks.CHECKS,
        *transaction_checks.CHECKS,
    )
    return {check.__name__: check for check in every}
