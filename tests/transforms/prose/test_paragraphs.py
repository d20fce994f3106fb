"""Paragraphs worth comparing: those that tell figures of their own, alike whatever their blanks, widths and lines."""

from datetime import UTC, datetime

import pytest

from catalog import load
from transforms.grids import Document
from transforms.prose.frames import parse_prose

CATALOG = load()
TITLE = "兴义市人大常委会关于2026年6月活动情况的报告"
TOLD = "6月，全市各级人大代表进站履职300余人次，接待选民群众2100余人次，收集意见建议95条，已办结80条。"
SLOGAN = "我们坚持以人民为中心的发展思想，不断丰富载体、完善机制、创新方式，推动代表工作再上新的台阶。"


def paragraphs(*told, key=b"k", title=TITLE):
    document = Document("txt", "utf-8", text="\n".join([title, *told]))
    frames, _ = parse_prose(
        document,
        delivery_id="d",
        name="报告.txt",
        received_at=datetime(2026, 7, 6, 2, tzinfo=UTC),
        catalog=CATALOG,
        mask_key=key,
    )
    return frames["paragraphs"]


def digests(*told, **rest):
    return paragraphs(*told, **rest)["digest"].tolist()


def test_a_paragraph_is_a_hash_with_its_place_and_nothing_of_its_text():
    (row,) = paragraphs(SLOGAN, TOLD).to_dict("records")
    assert len(row.pop("digest")) == 16
    assert row == {
        "delivery_id": "d",
        "table_id": "d#1",
        "paragraph_number": 3,
        "source_ref": f"chars {len(TITLE) + len(SLOGAN) + 2}-{len(TITLE) + len(SLOGAN) + len(TOLD) + 2}",
        "characters": len(TOLD),
    }


@pytest.mark.parametrize(
    "same",
    [
        TOLD.replace("300", "３００").replace("，", ","),
        f"　　{TOLD.replace('2100', ' 2100 ')}",
        TOLD.replace("收集", "\n收集"),
        TOLD.replace("接待", "\u200b接待"),
    ],
)
def test_blanks_widths_and_lines_make_no_other_paragraph(same):
    assert digests(same) == digests(TOLD)


def test_another_number_or_another_key_makes_another():
    assert digests(TOLD.replace("95", "96")) != digests(TOLD)
    assert digests(TOLD, key=b"other") != digests(TOLD)


@pytest.mark.parametrize(
    "left_out",
    [
        SLOGAN,
        "6月，代表进站履职300余人次，接待群众2100余人次。",
        "2021年11月，省人大常委会作出决议，在全省各级人大代表中开展以高质量发展为主题的活动，动员代表立足岗位建功立业。",
        "全省各级人大代表进站履职5万余人次，接待选民群众40余万人次，收集意见建议9万余条，已办结7万余条。",
        "全州各级人大代表进站履职5000余人次，接待选民群众4万余人次，收集意见建议9000余条，已办结7000余条。",
        "乡镇（街道）\t代表进站履职人次300\t接待选民群众人次2100\t收集意见建议条数95\t办结条数80\t化解矛盾纠纷12件",
    ],
)
def test_short_ones_slogans_tables_and_figures_of_units_above_are_left_out(left_out):
    assert digests(left_out) == []


def test_figures_of_units_below_or_of_others_are_kept():
    below = TOLD.replace("全市各级人大代表", "黄草街道各级人大代表")
    other = TOLD.replace("全市各级人大代表", "播州区各级人大代表")
    above = TOLD.replace("全市各级人大代表", "全省各级人大代表") + "其中我市代表进站履职40人次。"
    assert [len(digests(told)) for told in (below, other, above)] == [1, 1, 1]
    assert len(digests(TOLD, title="关于2026年6月活动情况的报告")) == 1
