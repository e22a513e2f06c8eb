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
    write(folder, " or ".join(f"order.note == '货号{number}'" for number in range(100)))


def mended(folder: Path) -> None:
    write(folder, "order.note in (" + ", ".join(f"'货号{number}'" for number in range(100)) + ")")
