"""Whole sentences as reports write them: what each number counts, and whose it is."""

import pytest

from catalog import load
from transforms.prose import extract

COUNTS = [
    (
        "交办代表建议215件，涉及42个承办单位，目前已全部答复。",
        {"bills_submitted": [215], "bills_closed": [215], "other": [42]},
    ),
    ("将182件代表建议交由36个部门办理。", {"bills_submitted": [182], "other": [36]}),
    ("288件代表建议已办结251件。", {"bills_submitted": [288], "bills_closed": [251]}),
    (
        "提出建议213件，其中会上186件，闭会期间27件，已全部办理答复。",
        {"bills_submitted": [213, 186, 27], "bills_closed": [213]},
    ),
    ("提出审议意见26条。", {"other": [26]}),
    ("交办问题46个，转办问题120个。", {"other": [46, 120]}),
    ("查摆问题26个。", {"other": [26]}),
    ("推动出台政策文件12个。", {"other": [12]}),
    ("来自全县14个乡镇的36名代表参加培训。", {"other": [14], "training_attendees": [36]}),
    ("受理来信来访32件次，已办结30件次，办结率93.8%。", {"other": [32, 30, 93.8]}),
    ("收集意见1260条，办结率93%。", {"opinions_collected": [1260], "other": [93]}),
    (
        "收到代表建议86件，办结率100%，满意率98.8%。",
        {"bills_submitted": [86], "bills_closed_rate": [100], "satisfaction_rate": [98.8]},
    ),
    (
        "邀请65名代表列席常委会会议，组织130余名代表参加视察。",
        {"activity_participants": [65], "inspection_participants": [130]},
    ),
    ("共有7件代表建议被评为优秀建议。", {"awards": [7]}),
    ("开展视察12次，参加代表764人次。", {"inspections": [12], "inspection_participants": [764]}),
    ("举办培训班6期，参加代表980人次。", {"training_sessions": [6], "training_attendees": [980]}),
    ("接待选民：1200人次\n收集意见建议：320条", {"voters_received": [1200], "opinions_collected": [320]}),
    ("全县15个乡镇全面推行票决制，票决民生实事项目132个。", {"other": [15], "livelihood_projects": [132]}),
    ("组织代表进站590人次，组织代表进站入室接待选民2.2万人次。", {"station_visits": [590], "voters_received": [22000]}),
    ("带动86户206人增收。", {"other": [86], "beneficiaries": [206]}),
]

OWNERS = [
    ("全县共接待选民1.2万人次。大桥镇接待选民620人次。", ["", "大桥镇"]),
    (
        "嘉兴市人大常委会工作报告\n海宁市代表联络站接待群众320人次。\n今年全市共办理代表建议265件。",
        ["海宁市", "嘉兴市"],
    ),
    ("义乌市人大工作情况\n组织代表赴江苏省昆山市学习考察2次。", ["义乌市"]),
    ("仓前街道人大工委\n仓前街道现有代表62名，其中杭州市代表5名、余杭区代表57名。", ["仓前街道"] * 3),
    ("江岸区、江汉区共建代表联络站30个。", [""]),
    ("肥西县人大\n花岗镇、三河镇分别接待群众412人次和387人次，收集意见96条和81条。", ["花岗镇", "三河镇"] * 2),
    ("安吉县人大\n在报福镇，代表开展调研3次。县人大常委会接待群众5人次。", ["报福镇", "安吉县"]),
    ("大方县人大\n某代表在安乐乡时带动360户农户增收，接待群众20人次。", ["安乐乡", "大方县"]),
    ("招堤街道接待群众9人次。新寨大山乡接待群众7人次。", ["招堤街道", "新寨大山乡"]),
    ("大方县人大\n组织红旗街道代表接待群众7人次。", ["红旗街道"]),
    ("裕华区人大常委会裕兴街道工作委员会：打造“履职圈”\n今年接待群众7人次。", ["裕兴街道"]),
    ("东台市人大\n“门敞开了。”时堰镇人大主席说。该镇接待群众486人次。", ["时堰镇"]),
]


@pytest.mark.parametrize(("text", "counted"), COUNTS)
def test_what_a_sentence_counts(text, counted):
    read = {}
    for figure in extract(f"某某县人大\n{text}", load()).figures:
        read.setdefault(figure.indicator_code, []).append(figure.value)
    assert read == counted


@pytest.mark.parametrize(("text", "owners"), OWNERS)
def test_whose_the_figures_are(text, owners):
    assert [figure.place.name for figure in extract(text, load()).figures] == owners


def test_a_time_within_a_clause_holds_for_what_follows():
    report = extract("发布时间：2025-07-15\n区人大上半年组织执法检查2次，专题调研7次。去年的建议已办结9件。", load())
    assert [figure.period.phrase for figure in report.figures] == ["上半年", "上半年", ""]
