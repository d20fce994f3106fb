"""Files that come to nothing, as landing folders have them: cut short, empty, foreign, pictures."""

from __future__ import annotations

from generator.sheets import Page, csv_text, xlsx

_MENU = Page([["菜名", "单价"], ["酸汤鱼", 38], ["丝娃娃", 12], ["豆腐圆子", 8]], name="菜单")


def strays() -> dict[str, bytes]:
    """Return the bytes of each stray file by its name; all of them are rejected."""
    return {
        "其他/传输中断的统计表.xlsx": xlsx(_MENU)[:900],
        "其他/空文件.csv": b"\xef\xbb\xbf\r\n\r\n",
        "其他/机关食堂菜单.xlsx": xlsx(_MENU),
        "其他/活动照片.xlsx": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64),
    }


def without_a_column() -> tuple[str, bytes]:
    """Return a training export that lacks 参训人次: no record of it can be used."""
    rows = [
        ["培训编号", "所属县区", "主办单位", "日期", "主题"],
        ["PX-QL-1", "兴义市", "市人大常委会", "2026-01-05", "预算审查"],
    ]
    return "联络站系统/学习培训_缺列.csv", csv_text(Page(rows), "utf-8")
