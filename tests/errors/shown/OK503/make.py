from pathlib import Path

HEAD = """\
project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}
rules:
  提醒:
    when: {event: order.placed}
    if: %s
    do: [tag: 新]
"""


def write(folder: Path, condition: str) -> None:
    (folder / "orderkit.yaml").write_text(HEAD % condition, encoding="utf-8")


def wrong(folder: Path) -> None:
    write(folder, "(" * 40 + "order.total > 100" + ")" * 40)


def mended(folder: Path) -> None:
    write(folder, "(order.total > 100)")
