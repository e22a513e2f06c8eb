from pathlib import Path

HEAD = "project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}\n"


def wrong(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(HEAD + "fields: {order: {b\u043enus: text}}\n", encoding="utf-8")


def mended(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(HEAD + "fields: {order: {bonus: text}}\n", encoding="utf-8")
