from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from orderkit._pricing.apportion import apportion, share_out, unit_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


def _ids(values: Sequence[int]) -> list[str]:
    return [f"L{number}" for number in range(1, len(values) + 1)]


@given(weights, st.data())
def test_shares_sum_to_the_amount_and_no_line_gets_more_than_it_costs(
    values: list[int], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, sum(values)))
    shares = apportion(amount, values, _ids(values))
    assert sum(shares) == amount
    assert all(0 <= share <= weight for share, weight in zip(shares, values, strict=True))


@given(weights, st.integers(0, 10**9))
def test_each_share_is_within_one_unit_of_its_exact_part(values: list[int], amount: int) -> None:
    total = sum(values)
    shares = apportion(amount, values, _ids(values))
    if total == 0:
        assert shares == [0] * len(values)
        return
    for share, weight in zip(shares, values, strict=True):
        assert abs(share - Fraction(amount * weight, total)) < 1
        assert weight or not share


@given(weights, st.integers(0, 10**9), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(values: list[int], amount: int, chance: object) -> None:
    ids = _ids(values)
    straight = dict(zip(ids, apportion(amount, values, ids), strict=True))
    places = list(range(len(values)))
    chance.shuffle(places)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    shuffled_ids = [ids[place] for place in places]
    shuffled = apportion(amount, [values[place] for place in places], shuffled_ids)
    assert dict(zip(shuffled_ids, shuffled, strict=True)) == straight


def test_ties_go_to_the_larger_line_then_to_the_smaller_id() -> None:
    assert apportion(1, [3, 3], ["b", "a"]) == [0, 1]
    assert apportion(100, [100, 100, 100], ["1", "2", "3"]) == [34, 33, 33]
    # 1 * 10/20 and 1 * 5/20 ... : the fractions 1/2, 1/4, 1/4; of 3: 1 1/2, 3/4, 3/4
    assert apportion(3, [10, 5, 5], ["1", "2", "3"]) == [1, 1, 1]
    # both fractions are 1/2: the larger weight wins although its id is larger
    assert apportion(2, [1, 3], ["a", "b"]) == [0, 2]


@given(st.integers(0, 10**9), st.integers(1, 200))
def test_the_shares_of_units_sum_to_the_line_and_differ_by_at_most_one(net: int, quantity: int) -> None:
    shares = unit_shares(net, quantity)
    assert len(shares) == quantity
    assert sum(shares) == net
    assert max(shares) - min(shares) <= 1
    for k in range(quantity + 1):
        assert sum(shares[:k]) == net * k // quantity


def test_a_line_without_units_has_no_shares() -> None:
    assert unit_shares(0, 0) == ()


@given(st.lists(st.integers(0, 10**6), max_size=20), st.lists(st.integers(1, 97), min_size=1, max_size=4))
def test_payers_bear_each_row_exactly_and_their_own_part_of_the_whole(
    rows: list[int], parts: list[int]
) -> None:
    payers = [(f"p{number}", part) for number, part in enumerate(parts)]
    shared = share_out(rows, payers)
    assert [sum(row) for row in shared] == rows
    assert all(part >= 0 for row in shared for part in row)
    for place, (_, weight) in enumerate(payers):
        borne = sum(row[place] for row in shared)
        assert abs(borne - Fraction(sum(rows) * weight, sum(parts))) < len(payers)


def test_odd_cents_of_many_rows_do_not_all_fall_on_one_payer() -> None:
    shared = share_out([1, 1, 1, 1], [("platform", 1), ("shop", 1)])
    assert [sum(column) for column in zip(*shared, strict=True)] == [2, 2]
