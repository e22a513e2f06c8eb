from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from orderkit.domain.price import Price


def _shop(*promotions: str, stage: str = "shop") -> str:
    body = "".join(f"  p{number}: {{stage: {stage}, {one}}}\n" for number, one in enumerate(promotions))
    return f"promotions:\n{body}"


def test_one_of_two_for_the_same_goods_wins_and_the_other_says_which(priced: Callable[..., Price]) -> None:
    price = priced(_shop("minus: 10", "name: 大促, percent_off: 20"), ("A", 1, "100"))
    assert (price.promotions, price.total.minor, price.proven) == (("p1",), 8000, True)
    assert price.missed[0].text("en") == "大促 saves more"


def test_promotions_for_different_goods_both_apply(priced: Callable[..., Price]) -> None:
    text = _shop("goods: {sku: A}, minus: 10", "goods: {sku: B}, spend: 50, minus: 5")
    price = priced(text, ("A", 1, "100"), ("B", 1, "50"))
    assert (price.promotions, price.total.minor) == (("p0", "p1"), 13500)


def test_each_takes_what_earlier_ones_left_and_is_judged_on_that_only(priced: Callable[..., Price]) -> None:
    # p0 alone saves 30; p1 first takes A, and B alone still reaches 100 of p0: together 30 + 20.
    text = _shop("spend: 100, minus: 30", "goods: {sku: A}, minus: 20")
    price = priced(text, ("A", 1, "100"), ("B", 1, "100"))
    assert (price.promotions, price.total.minor) == (("p1", "p0"), 15000)
    assert [(row.promotion, row.line) for row in price.adjustments] == [("p1", "L1"), ("p0", "L2")]
    # Now B is too cheap for p0 after p1 took A: one of them, the larger.
    price = priced(text, ("A", 1, "100"), ("B", 1, "99"))
    assert (price.promotions, price.total.minor) == (("p0",), 16900)


def test_ties_go_to_fewer_then_to_the_earlier_end_then_to_file_order(priced: Callable[..., Price]) -> None:
    fewer = _shop("goods: {sku: A}, minus: 5", "goods: {sku: B}, minus: 5", "spend: 100, minus: 10")
    assert priced(fewer, ("A", 1, "50"), ("B", 1, "50")).promotions == ("p2",)
    ends = _shop("minus: 5", "active: .. 2026-07-02, minus: 5", "active: .. 2026-07-01, minus: 5")
    assert priced(ends, ("A", 1, "50")).promotions == ("p2",)
    assert priced(_shop("minus: 5", "minus: 5"), ("A", 1, "50")).promotions == ("p0",)


def test_together_all_applies_beside_the_winner(priced: Callable[..., Price]) -> None:
    text = _shop("minus: 20", "minus: 10", "percent_off: 10, together: all")
    price = priced(text, ("A", 1, "100"))
    assert (price.promotions, price.total.minor) == (("p0", "p2"), 7200)


def test_the_largest_single_saving_may_be_the_wrong_beginning(priced: Callable[..., Price]) -> None:
    # p0 (A and B) blocks two smaller ones that save more together.
    text = _shop(
        "goods: {sku: [A, B]}, spend: 100, minus: 10",
        "goods: {sku: [A, C]}, spend: 100, minus: 8",
        "goods: {sku: [B, D]}, spend: 100, minus: 8",
    )
    price = priced(text, *((sku, 1, "50") for sku in "ABCD"))
    assert (price.promotions, price.discount.minor) == (("p1", "p2"), 1600)


def test_many_entangled_rivals_are_settled_greedily_and_that_is_said(priced: Callable[..., Price]) -> None:
    goods = [f"S{number}" for number in range(16)]
    rivals = [f"goods: {{sku: [{one}, {two}]}}, minus: 1" for one, two in combinations(goods, 2)]
    price = priced(_shop(*rivals), *((sku, 1, "10") for sku in goods))
    assert (len(price.promotions), price.proven) == (15, False)
    assert "not proven best" in price.explain()
    few = priced(_shop(*(f"minus: {number}" for number in range(1, 30))), ("A", 1, "100"))
    assert (few.promotions, few.proven) == (("p28",), True)
    assert few.explored > 29


_RULES = st.tuples(
    st.sets(st.sampled_from("ABCD"), min_size=1, max_size=4).map(sorted),
    st.integers(0, 120),
    st.one_of(st.integers(1, 60).map("minus: {}".format), st.integers(1, 90).map("percent_off: {}".format)),
)


def _saving(rule: tuple[list[str], int, str], left: dict[str, int]) -> tuple[int, set[str]]:
    """Judge one rule by hand, in minor units: what it saves on the goods left, and which it takes."""
    goods, spend, benefit = rule
    taken = {sku for sku in goods if sku in left}
    base = sum(left[sku] for sku in taken)
    if not taken or base < spend * 100:
        return 0, set()
    key, figure = benefit.split(": ")
    off = int(figure) * 100 if key == "minus" else (base * int(figure) * 2 + 100) // 200
    return min(off, base), taken


def _best(rules: list[tuple[list[str], int, str]], prices: dict[str, int]) -> int:
    top = 0
    for order in permutations(rules):
        left, saved = dict(prices), 0
        for rule in order:
            off, taken = _saving(rule, left)
            if off:
                saved += off
                left = {sku: price for sku, price in left.items() if sku not in taken}
        top = max(top, saved)
    return top


@settings(max_examples=60, deadline=None)
@given(st.lists(_RULES, min_size=1, max_size=4), st.lists(st.integers(1, 9999), min_size=4, max_size=4))
def test_the_choice_saves_as_much_as_the_best_order_of_all(
    priced: Callable[..., Price], rules: list[tuple[list[str], int, str]], cents: list[int]
) -> None:
    text = _shop(
        *(
            f"goods: {{sku: [{', '.join(goods)}]}}, spend: {spend}, {benefit}"
            for goods, spend, benefit in rules
        )
    ).replace("spend: 0, ", "")
    prices = dict(zip("ABCD", cents, strict=True))
    lines: list[Any] = [(sku, 1, f"{price / 100:.2f}") for sku, price in prices.items()]
    price = priced(text, *lines)
    assert price.proven
    assert price.discount.minor == max(
        _best(list(subset), prices) for size in range(len(rules) + 1) for subset in combinations(rules, size)
    )
