"""Prices in words: the table of an explanation, the reasons of what was missed, and plain data."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from orderkit.domain.missed import MissReason, fill
from orderkit.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orderkit._diagnostics import Span
    from orderkit.domain.ledger import Adjustment, PricedLine, PriceFacts
    from orderkit.domain.missed import Missed

_WIDTH: Final = 100
"""Columns of a terminal that a table may fill before it continues below."""
_LEAST_COLUMN: Final = 9
_LONGEST_TITLE: Final = 24

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "priced": ("Priced at {at}, {currency}", "计价时间 {at}，{currency}"),
    "list": ("List price", "标价"),
    "net": ("Net", "实价"),
    "all": ("Total", "合计"),
    "shipping": ("Shipping", "运费"),
    "fee": ("Shipping fee", "运费标准"),
    "tax": ("Tax", "税"),
    "total": ("To pay", "应付"),
    "of": ("of {base}", "基数 {base}"),
    "missed": ("Not applied", "未享受的优惠"),
    "asleep": ("Not running at this time: {names}", "此时不在活动时间内：{names}"),
    "gift": ("Gift of {promotion}: {sku} x{quantity}", "{promotion} 赠品：{sku} x{quantity}"),
    "points.pay": ("Paid with points", "积分抵扣"),
    "shipping.free_over": ("Free shipping", "满额包邮"),
    "used": ("Points used: {points}", "使用积分：{points}"),
    "earned": ("Points earned: {points}", "获得积分：{points}"),
    "beyond": ("Not for sale like this", "无法下单"),
    "in": ("Tax, in the prices", "其中税额"),
    "greedy": (
        "Many promotions compete: the best of {explored} choices, not proven best",
        "竞争的活动较多：在 {explored} 种选择中最优，未证明为最优",
    ),
}


def _word(key: str, lang: str, **params: object) -> str:
    return fill(_WORDS[key][lang == "zh"], params)


def explain_price(price: PriceFacts, lang: str) -> str:
    """Tell how a total came about.

    Args:
        price: The price.
        lang: `en` or `zh`.

    Returns:
        A table of lines and promotions with the YAML line of each amount, then what was missed.
    """
    at = price.at.isoformat(sep=" ", timespec="seconds")
    parts = [_word("priced", lang, at=at, currency=price.currency), ""]
    parts += _goods_table(price, lang)
    parts += ["", *_total_table(price, lang)]
    labels = {row.promotion: _name(row, lang) for row in price.adjustments}
    for gift in price.gifts:
        name = labels.get(gift.promotion, gift.promotion)
        parts.append(_word("gift", lang, promotion=name, sku=gift.sku, quantity=gift.quantity))
    parts += [_word("used", lang, points=price.points_used)] if price.points_used else []
    parts += [_word("earned", lang, points=price.points_earned)] if price.points_earned else []
    if price.refused:
        parts += ["", _word("beyond", lang)]
        parts += [
            f"  {_titled(one.promotion, one.label)}  {one.text(lang)}  {_place(one.span)}"
            for one in price.refused
        ]
    if not price.proven:
        parts += ["", _word("greedy", lang, explored=price.explored)]
    parts += _missed_list(price, lang)
    return "\n".join(line.rstrip() for line in parts) + "\n"


def _goods_table(price: PriceFacts, lang: str) -> list[str]:
    groups = _by_promotion(row for row in price.adjustments if row.line is not None)
    names = [_word("list", lang), *(_name(rows[0], lang) for rows in groups), _word("net", lang)]
    first = max(_width(name) for name in names) + 1
    columns = [_line_column(line, groups) for line in price.lines]
    total = [
        _word("all", lang),
        _figure(price.subtotal),
        *(_figure(_sum(rows)) for rows in groups),
        _figure(price.subtotal - price.discount),
    ]
    notes = ["", "", *(_note(rows, lang) for rows in groups), ""]
    blocks = list(_blocks([*columns, total], first))
    lines: list[str] = []
    for number, block in enumerate(blocks):
        if number:
            lines.append("")
        last = number == len(blocks) - 1
        lines += _rows(["", *names], block, notes if last else [""] * len(notes), first)
    return lines


def _line_column(line: PricedLine, groups: Sequence[Sequence[Adjustment]]) -> list[str]:
    title = f"{_shortened(f'{line.sku} {line.name}'.strip())} x{line.quantity}"
    column = [title, _figure(line.list)]
    for rows in groups:
        own = [row for row in rows if row.line == line.id]
        column.append(_figure(_sum(own)) if own else "-")
    return [*column, _figure(line.net)]


def _total_table(price: PriceFacts, lang: str) -> list[str]:
    goods = price.subtotal - price.discount
    entries = [(_word("net", lang), _figure(goods), "")]
    groups = _by_promotion(row for row in price.adjustments if row.line is None)
    if price.fee or groups:
        entries.append((_word("fee", lang), _figure(price.fee), _place(price.shipping_span)))
        entries += [(_name(rows[0], lang), _figure(_sum(rows)), _note(rows, lang)) for rows in groups]
    if price.tax and not price.tax_included:
        entries.append((_word("tax", lang), _figure(price.tax), _place(price.tax_span)))
    entries.append((_word("total", lang), _figure(price.total), ""))
    if price.tax and price.tax_included:
        entries.append((_word("in", lang), _figure(price.tax), _place(price.tax_span)))
    first = max(_width(name) for name, _, _ in entries) + 1
    column = ["", *(figure for _, figure, _ in entries)]
    names = ["", *(name for name, _, _ in entries)]
    return _rows(names, [column], ["", *(note for _, _, note in entries)], first)[1:]


def _missed_list(price: PriceFacts, lang: str) -> list[str]:
    awake = [one for one in price.missed if one.reason is not MissReason.PERIOD]
    asleep = [one for one in price.missed if one.reason is MissReason.PERIOD]
    if not price.missed:
        return []
    lines = ["", _word("missed", lang)]
    told = [(_titled(one.promotion, one.label), one.text(lang), _place(one.span)) for one in awake]
    first = max((_width(name) for name, _, _ in told), default=0)
    second = max((_width(text) for _, text, _ in told), default=0)
    lines += [f"  {_left(name, first)}  {_left(text, second)}  {place}" for name, text, place in told]
    if asleep:
        names = ", ".join(one.promotion or one.label for one in asleep)
        lines.append("  " + _word("asleep", lang, names=names))
    return lines


def _by_promotion(rows: Iterable[Adjustment]) -> list[list[Adjustment]]:
    groups: dict[tuple[str, str, str], list[Adjustment]] = {}
    for row in rows:
        groups.setdefault((row.stage, row.promotion, row.label), []).append(row)
    return list(groups.values())


def _note(rows: Sequence[Adjustment], lang: str) -> str:
    """Give the YAML line, the rate, the base and the deciding figures of one promotion's rows."""
    base = sum((row.base for row in rows[1:]), rows[0].base)
    rate = rows[0].rate
    figures = [f"{(rate * 100).normalize():f}%"] if rate is not None else []
    figures.append(_word("of", lang, base=_figure(base)))
    figures += dict.fromkeys(row.note for row in rows if row.note)
    if len(rows) == 1 and rows[0].exact is not None:
        figures.append(f"{rows[0].exact.normalize():f} → {_figure(rows[0].amount)}")
    return f"{_place(rows[0].span)}  ({', '.join(figures)})".strip()


def _name(row: Adjustment, lang: str) -> str:
    """Name a row; those that belong to no promotion of the project have a word of their own."""
    if not row.promotion and row.label in _WORDS:
        return _word(row.label, lang)
    return _titled(row.promotion, row.label)


def _titled(name: str, label: str) -> str:
    return name if name and label in ("", name) else f"{name} {label}".strip()


def _place(span: Span | None) -> str:
    return f"{span.file}:{span.line}" if span is not None and span.file else ""


def _sum(rows: Sequence[Adjustment]) -> Money:
    return sum((row.amount for row in rows[1:]), rows[0].amount)


def _figure(money: Money) -> str:
    return f"{money.amount:,f}"


def _blocks(columns: Sequence[list[str]], first: int) -> Iterable[list[list[str]]]:
    """Part the columns so that each block fits the width; a block holds at least one."""
    block: list[list[str]] = []
    used = first
    for column in columns:
        width = _column_width(column)
        if block and used + width > _WIDTH:
            yield block
            block, used = [], first
        block.append(column)
        used += width
    yield block


def _column_width(column: Sequence[str]) -> int:
    return max(_LEAST_COLUMN, *(_width(cell) for cell in column)) + 2


def _rows(
    names: Sequence[str], columns: Sequence[Sequence[str]], notes: Sequence[str], first: int
) -> list[str]:
    widths = [_column_width(column) for column in columns]
    lines = []
    for index, name in enumerate(names):
        cells = "".join(_right(column[index], width) for column, width in zip(columns, widths, strict=True))
        note = f"   {notes[index]}" if notes[index] else ""
        lines.append(_left(name, first) + cells + note)
    return lines


def _width(text: str) -> int:
    """Count terminal columns: Chinese characters and full-width forms take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _left(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _right(text: str, width: int) -> str:
    return " " * (width - _width(text)) + text


def _shortened(text: str) -> str:
    if _width(text) <= _LONGEST_TITLE:
        return text
    kept = ""
    for char in text:
        if _width(kept + char) >= _LONGEST_TITLE:
            break
        kept += char
    return kept.rstrip() + "…"


def price_to_dict(price: PriceFacts) -> dict[str, Any]:
    """Spell a price out as plain data.

    Args:
        price: The price.

    Returns:
        A new nested dict that JSON can hold; amounts are exact texts in the price's currency.
    """
    names = ("subtotal", "discount", "shipping", "tax", "total")
    return {
        "currency": price.currency,
        "at": price.at.isoformat(),
        "lines": [_line_dict(line) for line in price.lines],
        **{name: _plain(getattr(price, name)) for name in names},
        "adjustments": [_row_dict(row) for row in price.adjustments],
        "promotions": list(price.promotions),
        "missed": [_missed_dict(one) for one in price.missed],
        "gifts": [
            {"promotion": one.promotion, "sku": one.sku, "quantity": one.quantity, "span": _where(one.span)}
            for one in price.gifts
        ],
        "tax_included": price.tax_included,
        "points": {"used": price.points_used, "earned": price.points_earned},
        "refused": [_missed_dict(one) for one in price.refused],
        "proven": price.proven,
        "explored": price.explored,
    }


def _line_dict(line: PricedLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "price": f"{line.price:f}",
        "list": _plain(line.list),
        "discount": _plain(line.discount),
        "net": _plain(line.net),
        "tax": None if line.tax is None else _plain(line.tax),
        "shares": [_plain(share) for share in line.shares],
    }


def _row_dict(row: Adjustment) -> dict[str, Any]:
    return {
        "promotion": row.promotion,
        "label": row.label,
        "span": _where(row.span),
        "stage": row.stage,
        "line": row.line,
        "base": _plain(row.base),
        "rate": None if row.rate is None else f"{row.rate:f}",
        "amount": _plain(row.amount),
        "units": row.units,
        "exact": None if row.exact is None else f"{row.exact:f}",
        "paid_by": {payer: _plain(part) for payer, part in row.paid_by},
        "note": row.note,
    }


def _missed_dict(missed: Missed) -> dict[str, Any]:
    short = missed.short_by
    return {
        "promotion": missed.promotion,
        "label": missed.label,
        "reason": missed.reason.value,
        "short_by": _plain(short) if isinstance(short, Money) else short,
        "span": _where(missed.span),
        "text": {"en": missed.text("en"), "zh": missed.text("zh")},
    }


def _plain(money: Money) -> str:
    return f"{money.amount:f}"


def _where(span: Span | None) -> str | None:
    return str(span) if span is not None and span.file else None
