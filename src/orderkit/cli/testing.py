"""The command that plays analysts' cases."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from orderkit.cli.context import common, console, print_json

if TYPE_CHECKING:
    from orderkit._runner.cases import CaseResult, Coverage
    from orderkit.cli.context import Settings


@click.command(epilog="Examples:  orderkit test    orderkit test 退款    orderkit test --format json")
@click.argument("pattern", default="")
@common("human", "json")
def test(settings: Settings, pattern: str) -> int:
    """Play the project's cases in simulated time; PATTERN picks those whose name holds it."""
    from orderkit._runner.cases import Touched, coverage, play

    project = settings.load()
    picked = [case for case in project.cases.values() if pattern in case.name]
    if not picked:
        if settings.language(project.locale) == "zh":
            message = f"没有名字含“{pattern}”的用例" if pattern else "项目没有用例"
        else:
            message = f"no case matches {pattern!r}" if pattern else "the project has no cases"
        raise click.UsageError(message)
    touched = Touched()
    began = time.perf_counter()
    results = [play(project, case, touched) for case in picked]
    seconds = time.perf_counter() - began
    rest = coverage(project, touched)
    failed = sum(not one.passed for one in results)
    if settings.as_json:
        print_json("cases", [_data(one) for one in results])
    else:
        _show(results, rest, seconds, zh=settings.language(project.locale) == "zh", whole=not pattern)
    return 1 if failed else 0


def _data(result: CaseResult) -> dict[str, object]:
    return {
        "name": result.case.name,
        "passed": result.passed,
        "at": str(result.case.span),
        "failures": [
            {"at": str(one.span), "what": one.what, "expected": one.expected, "got": one.got}
            for one in result.failures
        ],
    }


def _show(results: list[CaseResult], rest: Coverage, seconds: float, *, zh: bool, whole: bool) -> None:
    from rich.markup import escape

    out = console()
    for result in results:
        mark = "[green]✓[/]" if result.passed else "[red]✗[/]"
        out.print(f"{mark} {escape(result.case.name)}")
        for one in result.failures:
            expected, got = ("应为", "实为") if zh else ("expected", "got")
            out.print(f"    [dim]{one.span}[/] {escape(one.what)}", soft_wrap=True)
            out.print(f"      {expected}: [green]{escape(one.expected)}[/]", soft_wrap=True)
            out.print(f"      {got}: [red]{escape(one.got)}[/]", soft_wrap=True)
    failed = sum(not one.passed for one in results)
    passed = len(results) - failed
    out.print()
    if zh:
        out.print(f"{passed} 个用例通过，{failed} 个失败，用时 {seconds:.2f} 秒；覆盖率 {rest.share:.0%}")
    else:
        out.print(f"{passed} passed, {failed} failed in {seconds:.2f} s; coverage {rest.share:.0%}")
    if whole:
        for en, cn, names in (
            ("actions no case fires", "没有用例触发的动作", rest.actions),
            ("promotions no case uses", "没有用例用到的促销", rest.promotions),
            ("rules no case runs", "没有用例运行的规则", rest.rules),
        ):
            if names:
                out.print(f"  [dim]{cn if zh else en}:[/] {escape(', '.join(names))}")
