"""Mentions of organisations in sentences: what is found, how far it reaches, which unit it is, what part it plays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import load
from transforms.prose.gazetteer import Gazetteer
from transforms.prose.mentions import MentionFinder

GAZETTEER = Gazetteer(load())
FINDER = MentionFinder(GAZETTEER)


def found(text, **given_):
    return [text[mention.start : mention.end] for mention in FINDER.find(text, **given_)]


def only(text, **given_):
    mentions = FINDER.find(text, **given_)
    assert len(mentions) == 1, mentions
    return mentions[0]


# Known units


def test_a_county_has_its_official_name_and_code():
    mention = only("习水县人大常委会开展大走访")
    assert (mention.name, mention.code, mention.level, mention.kind) == ("习水县", "520330", "county", "named")
    assert "习水县人大常委会开展大走访"[: mention.organ_end] == "习水县人大常委会"


def test_an_old_name_is_the_unit_in_force():
    assert only("遵义县人大常委会开展活动").name == "播州区"


@pytest.mark.parametrize(
    ("text", "chain", "name", "code"),
    [
        ("遵义市播州区人大常委会", "遵义市播州区", "播州区", "520304"),
        ("在大方县安乐乡营脚村", "大方县安乐乡", "安乐彝族仡佬族乡", "520521212"),
        ("浙江省湖州市德清县人大常委会", "浙江省湖州市德清县", "德清县", None),
        ("北京市朝阳区人大常委会", "北京市朝阳区", "朝阳区", None),
        ("贵州遵义播州区人大常委会", "贵州遵义播州区", "播州区", "520304"),
        ("德清县新市镇人大主席团", "德清县新市镇", "新市镇", None),
        ("该县青杠坪乡人大", "该县青杠坪乡", "青杠坪乡", None),
    ],
)
def test_a_chain_is_one_mention_of_its_lowest_unit(text, chain, name, code):
    mention = only(text)
    assert (text[mention.start : mention.end], mention.name, mention.code) == (chain, name, code)


def test_what_a_unit_lies_in_is_told_by_a_list_or_by_the_text():
    text = "薛家湾镇人大开会。地址：准格尔旗薛家湾镇，北京市朝阳区甲乙街道"
    mentions = FINDER.find(text)
    chains = [[unit.name for unit in GAZETTEER.chain(mention.holder)] for mention in mentions]
    banner = ["准格尔旗", "鄂尔多斯市", "内蒙古自治区"]
    assert chains == [banner, banner, ["朝阳区", "北京市"]]
    assert [unit.name for unit in GAZETTEER.chain(only("德清县人大").key)] == ["德清县", "湖州市", "浙江省"]


def test_counties_that_do_something_apart_are_counties():
    names = [mention.name for mention in FINDER.find("武侯区、锦江区、青羊区分别收集意见，黄埔区、增城区分批建站")]
    assert names == ["武侯区", "锦江区", "青羊区", "黄埔区", "增城区"]
    assert found("贵阳市不能区分开来") == found("贵阳市")


def test_two_counties_of_one_name_are_told_apart_by_what_they_lie_in():
    assert only("贵阳市白云区人大常委会").code == "520113"
    assert only("广州市白云区人大常委会").code is None
    assert only("白云区人大常委会", within="520100").code == "520113"


def test_a_short_spelling_counts_before_an_organ_and_behind_a_preposition():
    assert only("仁怀人大探索一站多用").code == "520382"
    assert only("代表在习水召开座谈会").code == "520330"
    assert found("习水豆腐很好") == []


def test_a_short_spelling_that_is_a_word_needs_the_full_name_in_the_report():
    assert found("他们待人大方，办事公平正安") == []
    assert found("大方县人大常委会会议指出，代表在大方设立联络站") == ["大方县", "大方"]


def test_a_township_is_known_inside_the_county_that_the_report_names():
    names = {mention.name: mention.code for mention in FINDER.find("大方县人大指出，黄泥塘镇收集建议27条。")}
    assert names == {"大方县": "520521", "黄泥塘镇": "520521105"}
    assert only("黄泥塘镇收集建议27条", within="520521").code == "520521105"


def test_a_township_whose_county_nobody_names_has_no_code():
    assert only("新场镇收集建议27条").code is None
    assert only("太平镇收集建议27条").name == "太平镇"


def test_a_county_that_two_provinces_have_goes_with_the_counties_beside_it():
    codes = {mention.name: mention.code for mention in FINDER.find("开阳县人大、乌当区人大、白云区人大联动")}
    assert codes == {"开阳县": "520121", "乌当区": "520112", "白云区": "520113"}
    assert only("白云区人大联动").code is None


def test_a_bare_name_is_the_city_though_a_county_bore_it_once():
    assert [mention.name for mention in FINDER.find("遵义人大常委会、播州区人大常委会联动")] == ["遵义市", "播州区"]


def test_a_heading_or_a_clause_may_begin_with_a_short_name():
    assert only("禹州：代表投票").name == "禹州市"
    assert only("五年来，广西推进混合编组").name == "广西壮族自治区"
    assert found("平安：人人有责") == []


def test_short_names_may_be_listed_behind_a_preposition():
    assert [mention.name for mention in FINDER.find("赴浙江、江苏考察学习")] == ["浙江省", "江苏省"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("贵阳经开区人大工委组织代表", "贵阳经开区"),
        ("遵义市新蒲新区人大工委", "新蒲新区"),
        ("雄安新区的代表", "雄安新区"),
        ("高新区人大工委", "高新区"),
        ("杭州市甲乙区人大常委会", "甲乙区"),
    ],
)
def test_zones_and_new_districts_are_known_by_organ_or_higher_unit(text, name):
    mention = only(text)
    assert (mention.name, mention.level, mention.code) == (name, "county", None)


# Townships by their form


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("组织红旗街道代表", "红旗街道"),
        ("代表们来到安乐乡", "安乐乡"),
        ("走进双龙镇", "双龙镇"),
        ("指导新场镇人大", "新场镇"),
        ("和黄泥塘镇", "黄泥塘镇"),
        ("由青杠坪镇牵头", "青杠坪镇"),
        ("和平街道人大工委", "和平街道"),
        ("今年以来，向阳镇人大", "向阳镇"),
        ("督促磨刀湾乡整改", "磨刀湾乡"),
        ("巴彦温都尔苏木人大", "巴彦温都尔苏木"),
        ("古龙岗镇人大", "古龙岗镇"),
        ("今年初.重固镇人大", "重固镇"),
    ],
)
def test_townships_are_cut_free_from_the_words_before_them(text, name):
    assert found(text) == [name]


# fmt: off
NO_UNITS = [
    "各乡镇", "20个乡镇", "城镇建设", "小城镇", "特色小镇", "村镇银行", "集镇", "工业重镇", "街道干净", "返乡创业",
    "送戏下乡", "老乡",
    "城乡融合", "县乡联动", "市县乡", "各街道", "各乡镇街道", "社区街道", "美丽乡村", "产业园区", "景区", "社区",
    "全国人大",
    "推动乡村振兴", "3个镇", "该乡镇", "乡镇人大", "依托镇综治中心",
    "全部交镇政府", "带到镇里", "33个镇人大主席团", "园区人大", "特色镇域经济", "16个县市人大常委会", "小镇代表联络站",
]
# fmt: on


@pytest.mark.parametrize("text", NO_UNITS)
def test_words_that_end_like_a_unit_are_none(text):
    assert found(text) == []


# Generic mentions


@pytest.mark.parametrize(
    ("text", "written", "scope", "levels"),
    [
        ("全市共建成联络站", "全市", "whole", ("prefecture", "county", "province")),
        ("我县收集建议", "我县", "own", ("county",)),
        ("本镇代表", "本镇", "own", ("township",)),
        ("该街道建成", "该街道", "that", ("township",)),
        ("市人大常委会组织", "市", "own", ("prefecture", "county", "province")),
        ("全街道", "全街道", "whole", ("township",)),
        ("自治区人大常委会组织", "自治区", "own", ("province",)),
        ("镇人大代表联络站接待选民", "镇", "own", ("township",)),
    ],
)
def test_generic_mentions_say_what_they_can_mean(text, written, scope, levels):
    mention = only(text)
    assert text[mention.start : mention.end] == written
    assert (mention.kind, mention.scope, mention.levels, mention.code) == ("generic", scope, levels, None)


# fmt: off
NO_OWN_UNITS = [
    "市人大代表余绍伟", "县、乡人大代表", "省人大代表朱国军", "全国人大代表", "市、县两级人大代表", "安全市场",
    "全区域",
    "自我区分", "基本市场", "应该市场化", "各县(市、区)人大常委会", "各级人大代表", "全市场",
]
# fmt: on


@pytest.mark.parametrize("text", NO_OWN_UNITS)
def test_deputies_levels_and_lookalikes_are_no_units(text):
    assert found(text) == []


def test_the_county_of_a_deputy_is_kept_and_marked():
    mention = only("桐梓县人大代表杨彬常年扎根一线")
    assert (mention.name, mention.is_attribute_of_deputy) == ("桐梓县", True)
    assert not only("桐梓县人大代表联络站").is_attribute_of_deputy


@pytest.mark.parametrize(
    "text",
    [
        "全市各级人大",
        "全市人大系统",
        "市县乡三级人大",
        "贵阳贵安的代表在贵阳贵安",
        "遵义市各级人大及其常委会",
        "大方县县乡两级人大",
        "各级人大",
    ],
)
def test_a_unit_with_all_below_it_is_inclusive(text):
    assert all(mention.inclusive for mention in FINDER.find(text + "。贵阳市人大")[:1])


# No mentions


# fmt: off
OTHER_NAMES = [
    "贵州珍酒公司", "据贵阳日报报道", "在贵州人大网公布", "到北京大学学习", "中国人大网", "在南京路", "在重庆路",
    "赴遵义会议会址", "遵义市精科信检测有限公司", "《贵阳市人大代表联络站管理暂行办法》",
    "打造“文昌阁街道实践基地”",
]
# fmt: on


@pytest.mark.parametrize("text", OTHER_NAMES)
def test_names_of_other_things_are_passed_over(text):
    assert found(text) == []


def test_a_quoted_speech_is_read():
    assert found("他说：“习水县人大常委会办得好，群众都满意。”") == ["习水县"]


# Parts in the sentence


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("习水县人大常委会组织代表", "subject"),
        ("今年以来，习水县组织代表", "subject"),
        ("今年以来习水县组织代表", "subject"),
        ("2025年习水县组织代表", "subject"),
        ("黄泥塘镇：践行民本理念", "subject"),
        ("一是习水县组织代表", "subject"),
        ("代表在习水县调研", "locative"),
        ("来到习水县调研", "locative"),
        ("赴习水县调研", "locative"),
        ("他说：“好。”习水县人大表示", "subject"),
        ("收到习水县来信", "other"),
        ("大盛镇至花桥公路改造", "other"),
        ("依托习水县人大", "other"),
        ("由习水县人大牵头", "other"),
        ("按照习水县部署", "other"),
        ("习水县的变化更让人惊喜", "subject"),
        ("经多方协调，习水县的代表", "other"),
    ],
)
def test_the_part_that_a_mention_plays(text, role):
    assert only(text).role == role


def test_towns_with_their_numbers_play_one_part():
    text = "其中，长江镇收集36件、白蒲镇收集27件"
    assert [mention.role for mention in FINDER.find(text)] == ["subject", "subject"]


def test_where_a_unit_lies_is_no_locative():
    assert [mention.role for mention in FINDER.find("屯子镇在浚县西北")] == ["subject", "other"]
    assert [mention.role for mention in FINDER.find("湄潭县在兴隆镇试点")] == ["subject", "locative"]
    assert [mention.role for mention in FINDER.find("毕节市人大在大方县设立")] == ["subject", "locative"]


def test_an_enumeration_plays_one_part():
    assert [mention.role for mention in FINDER.find("习水县、仁怀市和赤水市人大常委会组织代表")] == ["subject"] * 3
    assert [mention.role for mention in FINDER.find("代表到习水县、仁怀市调研")] == ["locative"] * 2


# For every text

# fmt: off
PIECES = [
    "遵义市", "习水县", "大方", "安乐乡", "红旗街道", "全市", "我县", "市人大", "人大代表", "各级", "贵阳贵安", "的",
    "在", "和", "、", "，", "。", "\n", "“", "”",
    "《", "》", "镇", "乡", "县", "市", "区", "组织", "代表", "12个",
]
# fmt: on


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_mentions_stand_in_order_and_never_overlap(text):
    mentions = FINDER.find(text)
    ends = [0]
    for mention in mentions:
        assert ends[-1] <= mention.start < mention.end <= mention.organ_end <= len(text)
        ends.append(mention.end)


@given(st.text(max_size=60))
def test_no_text_is_refused(text):
    for mention in FINDER.find(text):
        assert mention.name


# fmt: off
HOSTILE = [
    "镇", "乡镇", "遵义市", "区县市", "人大", "在", "全市各级", "“习水县", "《习水县", "贵州一二三四五六七八九十",
    "召开县人大", "和平镇",
    "新场镇大方县", "市、", "甲乙丙丁",
]
# fmt: on


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece):
    text = piece * (1_000_000 // len(piece.encode()))
    began = time.process_time()
    FINDER.find(text)
    assert time.process_time() - began < 8
