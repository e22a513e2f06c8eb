from pathlib import Path

HEAD = "project: {name: 小店, language: 1, currency: CNY, timezone: Asia/Shanghai}\n"


def wrong(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(
        HEAD + "templates: {" + "满" * 201 + ": {text: 已发货}}\n", encoding="utf-8"
    )


def mended(folder: Path) -> None:
    (folder / "orderkit.yaml").write_text(HEAD + "templates: {发货: {text: 已发货}}\n", encoding="utf-8")
