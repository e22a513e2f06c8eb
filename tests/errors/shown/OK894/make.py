from pathlib import Path


def wrong(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "products.csv").write_bytes(b"PK\x03\x04 what Excel writes into products.xlsx")


def mended(folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "products.csv").write_text("sku,name,price\nA100,可乐,3\n", encoding="utf-8")
