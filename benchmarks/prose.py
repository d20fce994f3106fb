"""What reading reports in prose costs, beside a plain scan of the same texts for numbers with a unit."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence

import catalog
from transforms.prose import extract

REPORTS, LENGTH, REPEATS = 200, 3_000, 3
_NUMBER = re.compile(r"[0-9]+(?![0-9]*[年月日])")
TITLE = "桐梓县人大常委会2026年上半年“代表在行动”工作情况报告"
# As dense with numbers as reports are: one in some thirty-five characters.
PARAGRAPHS = (
    "一、建好站点，夯实基础",
    "今年以来，桐梓县人大常委会坚持把代表联络站建在群众家门口，按照有场所、有制度、有活动、有成效的要求，组织各级人大代表进站履职560人次，"
    "接待选民群众4300余人次，收集意见建议480条，转交有关部门办理并及时向群众反馈，让代表工作更有温度。",
    "在楚米镇，代表们深入田间地头，与村民面对面交流，围绕产业发展、道路硬化、饮水安全等问题听取意见，帮助解决实际问题32个。"
    "该镇建成联络站12个、代表之家18个，代表说，有了这个平台，大家的心贴得更近了。",
    "6月15日，县人大常委会组织部分代表开展专题调研，先后走访企业、学校和医院，听取有关部门的汇报，与基层干部群众座谈，详细了解政策落实情况，"
    "并就存在的困难和问题提出意见建议26件，要求有关单位认真研究、抓好落实。",
    "二、强化督办，办好实事",
    "全县收到代表建议182件，已办结165件，办结率达90.7%，代表满意率达98.5%。通过领导领衔督办、部门协同督办、代表参与督办，"
    "一批群众反映强烈的问题得到解决，投入资金320万元，惠及群众1.2万人。",
    "花秋镇、木瓜镇分别化解矛盾纠纷12件、9件，举办培训班3期，培训代表230人次。下一步，将继续完善机制，力争年底前再建成联络站5个。",
)


def reports(count: int = REPORTS, length: int = LENGTH) -> list[str]:
    """Return reports of that many characters: an invented one over and over, each time with other numbers."""
    dice = random.Random(0)  # noqa: S311 - the same reports on every machine
    texts = []
    for _ in range(count):
        text = TITLE
        while len(text) < length:
            for paragraph in PARAGRAPHS:
                text += "\n" + _NUMBER.sub(lambda number: _other(number, dice), paragraph)
        texts.append(text[:length])
    return texts


def _other(number: re.Match[str], dice: random.Random) -> str:
    """Return another number of as many digits."""
    return str(dice.randrange(10 ** (len(number[0]) - 1), 10 ** len(number[0])))


def cpu_seconds(works: Sequence[Callable[[], object]]) -> list[float]:
    """Return the CPU seconds of each work's fastest run of `REPEATS`, one after the other in turn."""
    fastest = [float("inf")] * len(works)
    for _ in range(REPEATS):
        for number, work in enumerate(works):
            started = time.process_time()
            work()
            fastest[number] = min(fastest[number], time.process_time() - started)
    return fastest


def prose() -> None:
    """Print the CPU seconds that the reports take on one core, and how many times those of a plain scan that is."""
    facts = catalog.load()
    unit = "|".join(map(re.escape, facts.prose.units.all))
    scan = re.compile(rf"[0-9][0-9,.]*[万亿]?余?(?:{unit})")
    texts = reports()
    figures = sum(len(extract(text, facts).figures) for text in texts)
    ours, plain = cpu_seconds(
        (lambda: [extract(text, facts) for text in texts], lambda: [scan.findall(text) for text in texts])
    )
    print(f"读 {REPORTS} 篇各 {LENGTH} 字的报告 · reading {REPORTS} reports: {ours:.1f} CPU s, {figures} figures")
    print(f"  逐篇正则扫描的倍数 · extract / a plain scan for numbers with a unit = {ours / plain:.0f}")


if __name__ == "__main__":
    prose()
