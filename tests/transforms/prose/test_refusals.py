"""What is no statistic: for every kind in the catalog a number that it refuses, beside one like it that is kept."""

import pytest

from catalog import load
from transforms.prose.healing import heal
from transforms.prose.quantities import find_quantities
from transforms.prose.refusals import Refusals

PROSE = load().prose
REFUSALS = Refusals(PROSE.refusals)

# reason, a sentence whose number in 【】 is refused, and a near miss: one whose number is kept
TABLE = [
    ("date", "【2025】年收集意见40条", "收集年票【2025张】"),
    ("date", "全市【6】月收集意见40条", "全市月均收集意见【6条】"),
    ("date", "自2025-【06】-12起收集意见", "收集意见【12条】"),
    ("date", "会期至2025年5月—【8】日", "办结5月意见【8条】"),
    ("date", "截至2026/【6】共收集意见40条", "截至2026年6月共收集意见【6条】"),
    ("date", "【2025】，全市办结意见", "全市办结意见【2025条】"),
    ("date", "上午【9】时开会", "上午开会【9次】"),
    ("date", "上午9时【30分】开会", "上午得分【30分】"),
    ("session", "在【14】届人大任期内", "在本届人大任期内联络【14户】"),
    ("session", "县十九届人大【三次】会议召开", "县人大开会【三次】，听取汇报"),
    ("session", "县人大常委会【三十二次】会议召开", "县人大常委会召开【三十二次】会议"),
    ("session", "县十九届人大第【3次】会议召开", "召开【8次】常委会会议"),
    ("session", "县委十四届【3次】全会召开", "县十四届人大以来召开【16次】主任会议"),
    ("session", "开展第【12次】集体学习", "开展【12次】集体学习"),
    ("session", "宣讲党的【20】大精神", "宣讲【20场】精神"),
    ("ordinal", "排在第【3位】", "其中代表【3位】"),
    ("ordinal", "办结率名列前【3位】", "走访前来反映情况的选民【3位】"),
    ("ordinal", "获得【2】等奖", "获得奖项【2个】"),
    ("hotline", "拨打【12345】热线", "收集意见【12345条】"),
    ("hotline", "登记为【85500123】", "登记意见【855条】"),
    ("hotline", "联系电话：【8812】", "接听热线电话【88次】"),
    ("address", "走访民主路【35】号院", "走访民主路选民【35户】"),
    ("address", "黔府发〔2025〕【12】印发", "黔府发文【12份】"),
    ("address", "型号为A【12】", "其中A类件【12件】"),
    ("address", "登录【12】abc查询", "登录查询【12次】"),
    ("formula", "构建“1+【3】”格局", "构建代表之家【3个】"),
    ("formula", "构建“【1】+3”格局", "构建代表之家【1个】"),
    ("formula", "构建【1个】中心站+12个联络站", "构建【1个】中心站和12个联络站"),
    ("formula", "构建1个中心站+【12个】联络站", "构建1个中心站、【12个】联络站"),
    ("slogan", "做到“六个【1】”", "做到办结【1件】"),
    ("slogan", "实施【8】大工程", "实施项目【8个】"),
    ("slogan", "做到【三个】不松劲", "做到【三个】满意"),
    ("slogan", "落实“【四个】机关”要求", "落实机关食堂【四个】"),
    ("named_by_number", "围绕【十件】民生实事开展督办", "票决【十件】民生实事"),
    ("named_by_number", "跟踪全县【10件】民生实事", "跟踪完成全县【10件】民生实事"),
    ("age", "看望【75】岁的老党员", "看望老党员【75人】"),
    ("age", "看望年龄不一、高龄【60】的代表", "看望【近60名】代表"),
    ("fraction", "【三分之一】的代表到场", "每次记积分，得【三分】"),
    ("fraction", "【4分之3】的代表到场", "到场代表【3名】"),
    ("fraction", "【2/3】的代表到场", "到场【3人/次】"),
    ("fraction", "【近九成】群众满意", "建【九处】凉亭，成为去处"),
    ("fraction", "【六成以上】的意见办结", "意见办结【六件以上】"),
    ("comparison", "提高【2.5个百分点】", "打造示范站【5个】"),
    ("comparison", "较上年增长【12%】", "满意率达【92%】"),
    ("comparison", "提高【2.5】和3.1个百分点", "打造站点2个和展室【3个】"),
    ("comparison", "满意率提高【2百分点】", "在百分制考评中记【90分】"),
    ("comparison", "比上年多【15件】", "比学赶超中办结【15件】"),
    ("comparison", "较去年提高【15件】", "提出较高质量的建议【36条】"),
    ("comparison", "比往年多【36个】", "群众反映比较多的问题【36个】"),
    ("comparison", "对比去年高出【96件】", "好评占比高达【96%】"),
    ("comparison", "同比多了【15件】", "同期办结【15件】"),
    ("range", "每站【3】～5人", "该站【3人】"),
    ("range", "每站3～【5人】", "由3人增至【5人】"),
    ("norm", "每名代表联系【5户】", "每名代表都有任务，累计联系【5户】"),
    ("norm", "在每个村设立代表联络点【2个】", "在每个村设立代表联络点【136个】"),
    ("norm", "每周接待选民【32人次】", "每周三接待日接待选民【320人次】"),
    ("norm", "每月接待选民【32人次】", "每月15日接待日接待选民【320人次】"),
    ("norm", "代表小组活动【不少于3次】", "代表小组活动【3次】"),
    ("norm", "不少于每周【3次】", "每周都有活动，共【3次】"),
    ("norm", "按照【5人】的标准配备", "按照标准配备【5人】"),
    ("norm", "在【15个】工作日答复", "答复【15个】工作组的来信"),
    ("norm", "实现达到【90%】的目标", "实现办结率【90%】"),
    ("norm", "规范化率要达到【95%以上】", "规范化率已达到【95%以上】"),
    ("norm", "出席会议分值【3分】", "全年得【3分】"),
    ("plan", "力争建成联络站【20个】", "建成联络站【20个】"),
    ("plan", "明年建成联络站【20个】", "去年建成联络站【20个】"),
    ("plan", "计划收集意见【20条】", "已列入计划【20条】"),
    ("plan", "将新建联络站【20个】", "将群众反映的问题列入清单【20个】"),
    ("plan", "未来联络站【12个】", "建成未来社区代表联络站【12个】"),
    ("plan", "年度计划投资【4.5亿元】", "实际完成投资【4.8亿元】"),
    ("duration", "学习【3个】月", "学习小组【3个】"),
    ("duration", "学习【3天】", "仅用【3天】就修好水管"),
    ("idiom", "【一人】牵头负责", "【十一人】牵头负责"),
    ("idiom", "逐【一件】件研究", "研究【十一件】"),
    ("structure", "主要有【3个】方面", "主要有站点【3个】"),
    ("structure", "实现【三个】“转变”", "建成【三个】站点"),
    ("structure", "分【3批】走访", "分别为【3批】人"),
    ("structure", "围绕【3个】主题", "开展【3个】主题实践活动"),
    ("structure", "突出【3个】主题", "开展【3个】主题党日"),
    ("vague", "走访数【十户】", "走访【十户】"),
    ("vague", "走访好几【十户】", "走访【两百户】"),
    ("threshold", "收集意见【10条以上】的代表", "收集意见【10条以上】"),
    ("threshold", "承办【10件以上】的单位", "【1200人次以上】代表参加活动"),
    ("threshold", "有【3人以上】人大代表的村", "【5000人次以上】的群众受益"),
    ("threshold", "【10人以上】代表参加的活动", "【10人以上】代表参加活动"),
    ("threshold", "【不足10人】的小组", "【不足10人】到场"),
    ("background", "全县下辖【12个】乡镇", "全县直辖站点【12个】"),
    ("background", "全县人口【1.2万人】", "项目覆盖人口【1.2万人】"),
    ("background", "面积【3000余平方公里】", "改造面积后的耕地【3000亩】"),
    ("slogan", "实行“双【8条】”做法", "代表说：“今年我们一共办了【8条】，大家伙儿个个都说好得很”"),
    ("no_unit", "网格【305】由代表包联", "网格【305个】由代表包联"),
    ("unclear", "走访【三四十户】", "走访【三十四户】"),
]  # fmt: skip


def refused(marked, refusals=REFUSALS):
    """The reason why the number in 【】 is refused, None where it is not."""
    before, number = marked.split("】")[0].split("【")
    text = heal(f"经了解，{marked.replace('【', '').replace('】', '')}。").text
    at = len(f"经了解，{before}")
    [quantity] = [one for one in find_quantities(text, PROSE.units) if one.start == at]
    assert quantity.wording == number
    verdict = refusals.refuse(text, quantity)
    return verdict and verdict.reason


@pytest.mark.parametrize(("reason", "sentence", "near_miss"), TABLE)
def test_a_number_is_refused_and_one_like_it_is_not(reason, sentence, near_miss):
    assert (refused(sentence), refused(near_miss)) == (reason, None)


def test_every_kind_of_the_catalog_refuses_a_sentence_of_the_table():
    sentences = [sentence for _, sentence, _ in TABLE]
    idle = [
        kind for kind in PROSE.refusals if not any(refused(one, Refusals([kind])) == kind.reason for one in sentences)
    ]
    assert [(kind.reason, kind.before, kind.number, kind.after, kind.clause) for kind in idle] == []


def test_every_reason_tells_a_reader_why():
    told = {kind.reason: kind.zh for kind in PROSE.refusals}
    assert all(kind.zh == told[kind.reason] for kind in PROSE.refusals if kind.reason not in ("formula", "slogan"))
