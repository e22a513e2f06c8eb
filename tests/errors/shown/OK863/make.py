from pathlib import Path

HEAD = "编号,金额,时间\n"


def wrong(folder: Path) -> None:
    with (folder / "orders.csv").open("wb") as file:
        file.write(HEAD.encode())
        file.truncate(513 * 1024 * 1024)


def mended(folder: Path) -> None:
    (folder / "orders.csv").write_text(HEAD + "a1,5,2026-06-18 10:00\n", encoding="utf-8")
