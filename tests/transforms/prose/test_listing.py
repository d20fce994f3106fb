"""Lists: a number whose verb, noun or unit was said with an earlier one, and a number that states two facts."""

import pytest


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        # The noun is said once. Several figures of one indicator in a sentence are none of them the total.
        ("组织代表进站213次，3241人次。", ["-station_visits 213次", "-station_visits 3241人次"]),
        ("开展培训37批、112人次。", ["training_sessions 37批", "training_attendees 112人次"]),
        ("收集意见1100条，办结986条。", ["opinions_collected 1100条", "opinions_resolved 986条"]),
        ("收集意见建议226条，办结205件。", ["opinions_collected 226条", "opinions_resolved 205件"]),
        ("收到代表建议132件，办结120件。", ["bills_submitted 132件", "bills_closed 120件"]),
        ("甲站接待20人次，乙站接待30人次。", ["-voters_received 20人次", "-voters_received 30人次"]),
        # So is the verb, and what is said behind.
        ("建成联络站64个、联络室120个。", ["station_count 64个", "room_count 120个"]),
        ("217条社情民意和34条意见建议得到办理。", ["-opinions_resolved 217条", "-opinions_resolved 34条"]),
        # A whole sentence of them
        (
            "建成联络站64个、代表之家18个，接待选民3200人次，收集意见560条，办结430条，惠及群众5000余人。",
            [
                "station_count 64个", "room_count 18个", "voters_received 3200人次", "opinions_collected 560条",
                "opinions_resolved 430条", "beneficiaries 5000人",
            ],
        ),
        # From … to: the numbers count the same.
        ("2025年，联络站由12个增至30个。", ["station_count 12个", "station_count 30个"]),
        ("代表建议办结率从2024年的84.6%提升至93.9%。", ["bills_closed_rate 84.6%", "bills_closed_rate 93.9%"]),
        # What the share is of was said before.
        ("对办理结果满意的121件，占99.2%。", ["other 121件", "satisfaction_rate 99.2%"]),
    ],
)  # fmt: skip
def test_what_was_said_once_holds_for_the_list(counted, sentence, told):
    assert counted(sentence) == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("收到的182件代表建议全部办结。", ["bills_closed 182件", "bills_submitted 182件"]),
        ("收到代表建议182件，全部办结。", ["bills_closed 182件", "bills_submitted 182件"]),
        ("收到代表建议182件，转有关部门。", ["bills_submitted 182件"]),
        ("182件代表建议全部办结。", ["bills_closed 182件"]),
    ],
)
def test_a_number_may_state_two_facts(counted, sentence, told):
    assert sorted(counted(sentence)) == told


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("述职代表386名，其中县代表75名。", ["deputies_reporting 386名", "-deputies_reporting 75名"]),
        (
            "收集群众意见320条，其中交通类92条、教育类41条。",
            ["opinions_collected 320条", "-opinions_collected 92条", "-opinions_collected 41条"],
        ),
        ("接待选民640人次，其中老人120人次。", ["voters_received 640人次", "-voters_received 120人次"]),
        (
            "收集意见40余条（其中市级12条），办结30条。",
            ["opinions_collected 40条", "-opinions_collected 12条", "opinions_resolved 30条"],
        ),
        ("收集群众意见320条。其中交通类92条。", ["opinions_collected 320条", "-opinions_collected 92条"]),
    ],
)
def test_a_part_of_a_total_is_marked(counted, sentence, told):
    assert counted(sentence) == told


@pytest.mark.parametrize(
    "sentence",
    [
        "收集意见40条。召开会议8次。",
        "收集意见40条，修路12公里。",
        "收集意见40条，正在办理12条。",
        "收集意见40条，B类答复12条。",
    ],
)
def test_what_another_number_counts_is_not_handed_on_by_chance(counted, sentence):
    first, second = counted(sentence)
    assert first == "opinions_collected 40条"
    assert second.startswith("other ")
