"""What a number counts: for every indicator sentences that state it, and what speaks of something else."""

import pytest

from catalog import load

CATALOG = load()
SPOKEN = [
    ("activity_count", "全县组织代表开展活动45场次。", "45场次"),
    ("activity_count", "全县开展接访活动45次。", "45次"),
    ("activity_count", "开展“代表夜话”活动16场。", "16场"),
    ("activity_count", "举办院坝会、恳谈会33场。", "33场"),
    ("activity_participants", "组织人大代表1200人次参加活动。", "1200人次"),
    ("activity_participants", "共有860人次代表参加。", "860人次"),
    ("station_count", "建成代表联络站64个。", "64个"),
    ("station_count", "已建代表家站27个。", "27个"),
    ("room_count", "设立代表之家18个。", "18个"),
    ("room_count", "打造代表工作室7个。", "7个"),
    ("model_station_count", "创建市级示范站9个。", "9个"),
    ("model_station_count", "有6个联络站被评为示范站。", "6个"),
    ("station_visits", "代表进站履职1560人次。", "1560人次"),
    ("station_visits", "代表轮流驻站值班320人次。", "320人次"),
    ("voters_received", "接待选民群众3240人次。", "3240人次"),
    ("voters_received", "走访群众820户。", "820户"),
    ("voters_received", "组织代表进站接待群众1560人次。", "1560人次"),
    ("opinions_collected", "收集群众意见建议560条。", "560条"),
    ("opinions_collected", "梳理社情民意218条。", "218条"),
    ("opinions_resolved", "办结群众意见建议430条。", "430条"),
    ("opinions_resolved", "218条社情民意得到办理。", "218条"),
    ("disputes_mediated", "化解矛盾纠纷76件。", "76件"),
    ("disputes_mediated", "调解邻里纠纷31起。", "31起"),
    ("disputes_resolution_rate", "矛盾纠纷化解率97%。", "97%"),
    ("disputes_resolution_rate", "调解成功率达98.6%。", "98.6%"),
    ("problems_solved", "解决民生难题142个。", "142个"),
    ("problems_solved", "帮助群众办实事390件。", "390件"),
    ("problems_solved", "推动解决实际问题88个。", "88个"),
    ("bills_submitted", "收到代表建议132件。", "132件"),
    ("bills_submitted", "代表提出意见建议75件。", "75件"),
    ("bills_submitted", "人大代表提出议案8件。", "8件"),
    ("bills_closed", "办结代表建议120件。", "120件"),
    ("bills_closed", "其间120件代表建议得到办理。", "120件"),
    ("bills_closed_rate", "代表建议办结率100%。", "100%"),
    ("bills_closed_rate", "建议答复率达100%。", "100%"),
    ("bills_class_a", "办结A类件96件。", "96件"),
    ("bills_class_a", "代表建议中有96件转为A类。", "96件"),
    ("bills_class_a_rate", "代表建议中所提问题已经解决或者采纳的（A类件）占75%。", "75%"),
    ("bills_class_a_rate", "建议中A类答复占82%。", "82%"),
    ("satisfaction_rate", "代表满意率96.5%。", "96.5%"),
    ("satisfaction_rate", "群众满意度达99%。", "99%"),
    ("training_sessions", "举办代表履职培训班12期。", "12期"),
    ("training_sessions", "组织专题讲座6场。", "6场"),
    ("training_attendees", "培训代表680人次。", "680人次"),
    ("training_attendees", "组织代表参加培训230人次。", "230人次"),
    ("legislative_contact_points", "设立基层立法联系点5个。", "5个"),
    ("legislative_opinions", "对条例草案提出修改意见41条。", "41条"),
    ("legislative_opinions", "征集立法建议36条。", "36条"),
    ("inspections", "开展专题调研17次。", "17次"),
    ("inspections", "组织执法检查4次。", "4次"),
    ("inspection_participants", "组织代表420人次参加视察调研。", "420人次"),
    ("inspection_participants", "邀请代表150人次参加执法检查。", "150人次"),
    ("court_hearings", "组织代表旁听庭审22场。", "22场"),
    ("livelihood_projects", "票决民生实事项目10个。", "10个"),
    ("livelihood_projects", "票决产生民生实事项目8件。", "8件"),
    ("funds_wan", "安排代表建议办理专项资金600万元。", "600万元"),
    ("investment_wan", "投入资金320万元建站。", "320万元"),
    ("investment_wan", "项目总投资1.8亿元。", "1.8亿元"),
    ("investment_wan", "代表捐款5000元。", "5000元"),
    ("fund_projects", "代表建议办理专项资金支持实施项目26个。", "26个"),
    ("beneficiaries", "惠及群众5.2万人。", "52000人"),
    ("beneficiaries", "带动农户310户增收。", "310户"),
    ("deputies", "全县共有各级人大代表1136名。", "1136名"),
    ("deputies", "全市1.1万余名人大代表立足岗位。", "11000名"),
    ("deputies_reporting", "述职代表210名。", "210名"),
    ("deputies_reporting", "组织210名代表向选民述职。", "210名"),
    ("performance_points", "代表人均履职积分86分。", "86分"),
    ("performance_points", "他得履职积分92分。", "92分"),
    ("awards", "表彰优秀代表35名。", "35名"),
    ("awards", "12名人大代表获得省级表彰。", "12名"),
]


@pytest.mark.parametrize(("indicator", "sentence", "number"), SPOKEN)
def test_an_indicator_is_read(counted, indicator, sentence, number):
    assert counted(sentence) == [f"{indicator} {number}"]


def test_every_indicator_that_is_reported_by_itself_is_read_somewhere():
    reported = {code for code, indicator in CATALOG.indicators.items() if not indicator.is_part}
    assert reported - {indicator for indicator, _, _ in SPOKEN} == set()


def test_every_indicator_that_is_reported_by_itself_has_a_sense():
    reported = {code for code, indicator in CATALOG.indicators.items() if not indicator.is_part}
    assert {sense.indicator for sense in CATALOG.prose.lexicon.senses} == reported


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        # The unit decides between neighbours.
        ("代表进站213次，接待3241人次。", ["station_visits 213次", "voters_received 3241人次"]),
        ("开展活动45场，代表参加1200人次。", ["activity_count 45场", "activity_participants 1200人次"]),
        ("举办培训班3期，培训代表230人次。", ["training_sessions 3期", "training_attendees 230人次"]),
        # So does what stands before and behind.
        ("开展视察12次，参加代表764人次。", ["inspections 12次", "inspection_participants 764人次"]),
        ("收集意见226条，办结205件。", ["opinions_collected 226条", "opinions_resolved 205件"]),
        ("办结代表建议32件，群众意见41条已办结。", ["bills_closed 32件", "opinions_resolved 41条"]),
        # The head of a noun phrase stands last.
        ("建成人大代表联络站64个。", ["station_count 64个"]),
        ("建成立法联系点3个、代表联系点5个。", ["legislative_contact_points 3个", "room_count 5个"]),
        # What is countable and fits no indicator is kept as such.
        ("修建机耕道12公里。", ["other 12公里"]),
        ("召开常委会会议8次。", ["other 8次"]),
        ("捐赠图书300余册。", ["other 300册"]),
        # An average is nobody's total.
        ("带动农户户均增收8000元。", ["other 8000元"]),
        # Lawmaking, citizens and deputies speak of 意见 and 建议 alike.
        ("征求群众意见40条。", ["opinions_collected 40条"]),
        ("征求对法规草案的意见40条。", ["legislative_opinions 40条"]),
        ("代表提出建议40条。", ["bills_submitted 40条"]),
    ],
)
def test_neighbours_are_told_apart(counted, sentence, told):
    assert counted(sentence) == told


def test_income_is_no_investment(counted):
    assert counted("合作社实现销售收入320万元。") == ["other 320万元"]


def test_deputies_of_the_citizens_are_no_deputies(counted):
    assert counted("邀请选民代表、村民代表60名。") == ["other 60名"]
