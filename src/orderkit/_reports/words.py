"""What figures are, in the words of the people who read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orderkit._reports.engine import Metric, Report, ReportProgram

_LABELS: Final[dict[str, tuple[str, str]]] = {
    "hour": ("Hour", "小时"),
    "day": ("Day", "日期"),
    "week": ("Week", "周"),
    "month": ("Month", "月份"),
    "quarter": ("Quarter", "季度"),
    "year": ("Year", "年份"),
    "currency": ("Currency", "币种"),
    "others": ("others", "其他"),
    "channel": ("Channel", "渠道"),
    "state": ("State", "状态"),
    "customer": ("Customer", "客户"),
    "number": ("Order number", "订单号"),
    "external_number": ("Channel's number", "渠道单号"),
    "assigned": ("Assigned to", "负责人"),
    "points": ("Points", "积分"),
    "note": ("Note", "备注"),
    "sku": ("SKU", "SKU"),
    "name": ("Name", "名称"),
    "category": ("Category", "分类"),
    "quantity": ("Quantity", "数量"),
    "txn": ("Transaction", "交易号"),
    "reason": ("Reason", "原因"),
}
_KINDS: Final[dict[str, tuple[str, str]]] = {
    "count": ("number of {grain}", "{grain}数"),
    "sum": ("sum of {field} over {grain}", "{field} 在{grain}上的合计"),
    "average": ("mean of {field} over {grain} that have it", "有 {field} 的{grain}的平均值"),
    "distinct": ("number of different {field} over {grain}", "{grain}中不同 {field} 的个数"),
}
_GRAINS: Final[dict[str, tuple[str, str]]] = {
    "order": ("orders", "订单"),
    "line": ("order lines", "订单行"),
    "payment": ("payments", "收款"),
    "refund": ("refunds paid back", "已退款项"),
}


def label(name: str, lang: str) -> str:
    """Give what people call a standard field or a time grain.

    Args:
        name: Its name.
        lang: `en` or `zh`.

    Returns:
        The label; the name itself where there is none.
    """
    return _said(_LABELS.get(name, (name, name)), lang)


def share_label(metric: str, lang: str) -> str:
    """Name the column of a share.

    Args:
        metric: Label of the metric.
        lang: `en` or `zh`.

    Returns:
        The label.
    """
    return f"{metric}占比" if lang == "zh" else f"{metric}, share"


def definitions(program: ReportProgram, report: Report, lang: str) -> dict[str, str]:
    """Say what each figure of a report is.

    Args:
        program: All metrics.
        report: The report.
        lang: `en` or `zh`.

    Returns:
        A sentence for each metric shown and each one it is made of, by name.
    """
    todo = list(reversed(report.metrics))
    found: dict[str, str] = {}
    while todo:
        metric = program.metrics[todo.pop()]
        if metric.name not in found:
            found[metric.name] = _define(metric, report, lang)
            todo.extend(reversed(metric.of))
    return found


def _define(metric: Metric, report: Report, lang: str) -> str:
    zh = lang == "zh"
    if metric.kind == "ratio":
        above, below = metric.of
        return f"{above} ÷ {below}" + ("，除数为零时为空" if zh else "; empty where the divisor is nothing")
    if metric.formula is not None:
        return metric.formula.text
    field = metric.field.path if metric.field else ""
    said = _said(_KINDS[metric.kind], lang).format(grain=_said(_GRAINS[metric.grain], lang), field=field)
    if metric.condition_text:
        said += f"，仅限 {metric.condition_text}" if zh else f", where {metric.condition_text}"
    at = report.at or metric.at
    if at is not None:
        said += f"，时间按 {at.path}" if zh else f", by {at.path}"
    return said


def filters(report: Report, where: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what a report was filtered by.

    Args:
        report: The report.
        where: What the caller asked for.

    Returns:
        One text for each filter.
    """
    own = (report.condition_text,) if report.condition_text else ()
    return (*own, *(f"{name} == {value!r}" for name, value in where.items()))


def _said(pair: tuple[str, str], lang: str) -> str:
    return pair[1 if lang == "zh" else 0]
