"""What is kept of a wording: enough to know what was counted, and nobody's name, whatever stands around it."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import load
from transforms.prose.wording import CUT, Quoter

CATALOG = load()
QUOTER = Quoter(CATALOG)


def phrase(text, number, unit):
    """The wording kept around the number `number` of the text."""
    at = text.index(number)
    return QUOTER.phrase(text, 0, len(text), (at, at + len(number)), unit)


@pytest.mark.parametrize(
    ("text", "number", "unit", "kept"),
    [
        ("组织代表进站入室接待选民2.2万余人次。", "2.2万余人次", "人次", "组织代表进站入室接待选民2.2万余人次"),
        ("省人大代表朱国军围绕酒业，推动建成高粱基地12万亩", "12万亩", "亩", "省人大代表…围绕…推动建成高粱基地12万亩"),
        ("带动分红，杨成美的养殖基地提供30余个就业岗位", "30余个", "个", "带动分红…养殖基地提供30余个就业岗位"),
        ("人大代表王敏发现后，推动完成12盏路灯安装", "12盏", "盏", "人大代表…推动完成12盏路灯安装"),
        ("欧阳某甲开展活动 ３９６３ 次", "３９６３ 次", "次", "开展活动3963次"),
        ("收到的182件代表建议全部办结", "182件", "件", "收到的182件代表建议全部办结"),
        ("阿依古丽·买买提13900001234联系群众40户", "40户", "户", "联系群众40户"),
        ("十余名", "十余名", "名", "十余名"),
        ("投入9万余元", "9万余元", "万元", "投入9万余元"),
        ("某甲某乙40户", "40户", "户", "40户"),
    ],
)
def test_a_phrase_keeps_what_was_counted_and_no_name(text, number, unit, kept):
    assert phrase(text, number, unit) == kept


def test_a_phrase_is_short_and_ends_with_its_sentence():
    text = "调解矛盾纠纷60余件。" + "广泛宣传" * 30 + "开展活动12场" + "服务群众" * 30
    kept = phrase(text, "12场", "场")
    assert "纠纷" not in kept
    assert len(kept) < 45


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        (
            "凯里市人大常委会关于2026年6月“高质量发展，代表在行动”活动情况的报告",
            "凯里市人大常委会关于2026年6月“高质量发展，代表在行动”活动情况的报告",
        ),
        ("遵义县2026年第二季度活动情况报告（修改稿）", "遵义县2026年第二季度活动情况报告"),
        ("省人大代表朱国军：围绕红高粱产业", "省人大代表…围绕红高粱产业"),
        ("记者 任莉 王甲乙 摄", ""),
        ("长沙市岳麓区五年来工作总结", "长沙市岳麓区五年来工作总结"),
    ],
)
def test_titles_keep_places_and_dates(title, kept):
    assert QUOTER.words(title) == kept


def test_what_a_report_says_of_a_time_is_kept():
    told = ("今年以来", "自活动开展以来", "五年来", "2025年", "9月初", "第六届人大三次会议期间", "截至2026年6月30日")
    assert [QUOTER.words(words) for words in told] == [*told]


SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任向"
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
NAMES = st.one_of(
    st.builds(str.__add__, st.sampled_from(SURNAMES), st.text(HAN, min_size=1, max_size=2)),
    st.builds(str.__add__, st.sampled_from(["欧阳", "司马", "上官"]), st.text(HAN, min_size=1, max_size=2)),
    st.text(HAN, min_size=3, max_size=4),
)
ROLES = st.sampled_from(["", "省人大代表", "人大代表", "乡人大主席", "记者", "村支书", "农户", "党员", "代表"])
DEEDS = st.sampled_from(["的养殖基地提供", "推动建成高粱基地", "带动群众", "为群众办实事", "在会上提出建议", "建设"])
UNITS = ("人次", "条", "件", "个", "亩", "万元", "户")
WORDS = CATALOG.quotable.all_words


def is_listed(name):
    """Whether the name itself is made of listed words, or is a place: then nothing tells it from them."""
    return QUOTER.words(name) == name


@settings(max_examples=400, deadline=None)
@given(
    role=ROLES,
    names=st.lists(NAMES, min_size=1, max_size=3),
    glue=st.sampled_from(["、", "，", "和", " ", "与"]),
    deed=DEEDS,
    number=st.integers(0, 99999),
    unit=st.sampled_from(UNITS),
)
def test_nobodys_name_is_kept(role, names, glue, deed, number, unit):
    text = f"{role}{glue.join(names)}{deed}{number}{unit}就业岗位"
    kept = phrase(text, f"{number}{unit}", unit)
    titled = QUOTER.words(text)
    assert f"{number}{unit}" in kept
    for name in names:
        if not is_listed(name):
            assert name not in kept
            assert name not in titled


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.one_of(HAN, st.sampled_from("0123456789，。、：“”（） \n·-王建设代表群众的为")), max_size=80))
def test_whatever_is_kept_is_words_places_dates_and_marks(text):
    """No character is kept that stands in no listed word, small word, place or date; no phone number survives."""
    kept = QUOTER.words(text)
    allowed = set("".join(WORDS)) | set(CATALOG.quotable.small) | set("“”‘’（）《》、，：—-+/…0123456789年月日号")
    allowed |= {c for i in CATALOG.indicators.values() for c in f"{i.name_zh}{i.phrases}"} | set(
        "〇零一二三四五六七八九十第届次季度份来"
    )
    rest = "".join(c for c in kept if c not in allowed)
    places = CATALOG.township_names | {org.name for org in (*CATALOG.tree, *CATALOG.elsewhere)}
    assert all(any(c in place for place in places) for c in rest)
    assert not re.search(r"\d{5,}", kept)
    assert len(kept) <= 120
    assert not kept.startswith(CUT)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("兴仁市人大代表周建设走访群众", "兴仁市人大代表…走访群众"),
        ("代表张成功收集意见", "代表…收集意见"),
        ("刘文化代表工作室", "代表工作室"),
        ("代表朱国军围绕群众走访", "代表…围绕群众走访"),
    ],
)
def test_a_given_name_that_is_a_word_goes_with_its_surname(text, kept):
    assert QUOTER.words(text) == kept
