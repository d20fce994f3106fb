"""Invented words: names that are nobody's, subjects, departments, titles."""

from __future__ import annotations

import pyarrow as pa

from generator.province import Ints
from generator.values import joined, looked_up

FAMILIES = ("甄", "贾", "欧阳", "纪", "佘", "宫", "尚", "卜", "费", "苗", "童", "游", "郝", "晏", "迟", "冉")
NUMERALS = "零壹贰叁肆伍陆柒捌玖"
CATEGORIES = ("道路交通", "农田水利", "教育", "医疗卫生", "环境卫生", "养老", "供水供电", "产业发展", "社会治安")
DEPARTMENTS = (
    "县交通运输局",
    "县水务局",
    "县教育局",
    "县卫生健康局",
    "县住房城乡建设局",
    "县民政局",
    "县农业农村局",
    "县公安局",
)
MATTERS = ("通村公路硬化", "安置点饮水", "校园食堂", "村卫生室", "垃圾清运", "老年食堂", "路灯安装", "农贸市场改造")
DRAFTS = ("乡村振兴促进条例（草案）", "物业管理条例（草案）", "养老服务条例（草案）", "河道条例（修订草案）")
TOPICS = ("高质量发展", "乡村振兴", "优化营商环境", "民生保障", "生态环境保护", "安全生产", "数字乡村")
LEVELS = ("全国", "省", "市", "县", "乡")


def names(numbers: Ints) -> pa.Array:
    """Return invented names, different ones for different numbers below 16000: 甄示零壹贰.

    >>> import numpy as np
    >>> names(np.array([0, 17])).to_pylist()
    ['甄示零零零', '贾示零零壹']
    """
    count = len(FAMILIES)
    given = tuple(f"示{a}{b}{c}" for a in NUMERALS for b in NUMERALS for c in NUMERALS)
    rest = numbers // count
    return joined(looked_up(numbers % count, FAMILIES), looked_up(rest % len(given), given))
