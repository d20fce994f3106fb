"""The organisation tree: what it holds, and which unit a spelling means."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from catalog import Org, OrgTree, load
from catalog.comparable import Comparable

TREE = load().tree


def test_it_holds_the_province():
    counts = {level: len(TREE.at_level(level)) for level in ("province", "prefecture", "county", "township")}
    assert counts == {"province": 1, "prefecture": 9, "county": 88, "township": 1510}


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("兴义市", "522301"),
        ("兴义", "522301"),
        ("兴义市人大常委会", "522301"),
        ("黔西南州兴义市", "522301"),
        ("贵州省黔西南布依族苗族自治州兴义市人民代表大会常务委员会", "522301"),
        ("５２２３０１", "522301"),
        ("522301000000", "522301"),
        ("黔西南州", "522300"),
        ("黔西南", "522300"),
        ("道真县", "520325"),
        ("道真自治县", "520325"),
        ("三都", "522732"),
        ("六枝", "520203"),
        ("贵阳贵安", "520100"),
        ("遵义", "520300"),
        ("全省", "520000"),
        # units that ended, and those they became
        ("遵义县", "520304"),
        ("520321", "520304"),
        ("盘县", "520281"),
        ("兴仁县", "522302"),
        ("水城县", "520204"),
        ("毕节市黔西县", "520581"),
        ("黔西", "520581"),
    ],
)
def test_any_spelling_finds_the_unit_in_force(spelling, code):
    assert TREE.resolve(spelling).code == code


@pytest.mark.parametrize("spelling", ["", "县", "某某县", "兴义县城", "999999", "贵阳市兴义市", "遵义市盘州市"])
def test_what_fits_no_unit_is_nobodys(spelling):
    assert TREE.resolve(spelling) is None


@pytest.mark.parametrize(
    ("spelling", "county", "code"),
    [
        ("桔山街道", "522301", "522301003"),
        ("桔山", "522301", "522301003"),
        ("桔山街道办事处", "522301", "522301003"),
        ("兴义市桔山街道", "522301", "522301003"),
        ("桔山街道人大工委", "522301", "522301003"),
        ("郑屯镇人大主席团", "522301", "522301112"),
        ("桔山街道办", "522301", "522301003"),
        ("平正仡佬族乡人大主席团", "520304", "520304200"),
        ("平正仡佬族乡人民政府", "520304", "520304200"),
        ("平正乡", "520304", "520304200"),
        ("平正仡佬族乡", "520304", "520304200"),
        ("鸡场坪", "520281", "520281126"),
    ],
)
def test_a_township_is_found_in_its_county(spelling, county, code):
    assert TREE.resolve(spelling, level="township", within=county).code == code


def test_a_township_of_another_county_is_not_found():
    assert TREE.resolve("桔山街道", level="township", within="520304") is None


def test_a_township_is_never_looked_for_in_the_whole_province():
    assert TREE.resolve("桔山街道") is None


def test_every_unit_is_found_by_its_own_name():
    for county in TREE.at_level("county"):
        assert TREE.resolve(county.name) == county
        for township in TREE.children(county.code):
            assert TREE.resolve(township.name, level="township", within=county.code) == township


def test_a_successor_is_in_force_from_the_day_after():
    old, new = TREE["520321"], TREE["520304"]
    assert new.valid_from.toordinal() == old.valid_to.toordinal() + 1


def test_ancestors():
    assert TREE.ancestor("522301003", "prefecture").code == "522300"
    assert TREE.ancestor("520321", "county").code == "520304"
    assert TREE.ancestor("520000", "county") is None


def test_a_name_that_fits_two_units_is_nobodys():
    tree = OrgTree(
        current=[
            Org(code="520000", name="贵州省", level="province"),
            Org(code="520100", name="甲市", level="prefecture", parent="520000"),
            Org(code="520101", name="乙区", level="county", parent="520100"),
            Org(code="520101001", name="丙镇", level="township", parent="520101"),
            Org(code="520101002", name="丙乡", level="township", parent="520101"),
        ],
        ended=[],
        aliases={},
    )
    assert tree.resolve("丙", level="township", within="520101") is None
    assert tree.resolve("丙乡", level="township", within="520101").code == "520101002"


def test_a_successor_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"no such unit.*520199"):
        tree_with(county("520198", "丁县", "merged", "520199"))


YESTERDAY = date(2025, 12, 31)
CURRENT = [
    Org(code="520000", name="贵州省", level="province"),
    Org(code="520100", name="甲市", level="prefecture", parent="520000"),
    Org(code="520200", name="乙市", level="prefecture", parent="520000"),
    Org(code="520101", name="新区", level="county", parent="520100"),
    Org(code="520201", name="旧县", level="county", parent="520200"),
    Org(code="520101001", name="城关镇", level="township", parent="520101"),
    Org(code="520101002", name="河口镇", level="township", parent="520101"),
    Org(code="520101003", name="城东镇", level="township", parent="520101"),
    Org(code="520201001", name="城关镇", level="township", parent="520201"),
]


def county(code, name, change, *successors, until=YESTERDAY, parent="520100"):
    given = {"successor": successors[0]} if len(successors) == 1 else {"successors": dict.fromkeys(successors)}
    return Org(code=code, name=name, level="county", parent=parent, valid_to=until, change=change, **given)


def township(code, name, change, *successors, until=YESTERDAY):
    given = {"successor": successors[0]} if len(successors) == 1 else {"successors": dict.fromkeys(successors)}
    return Org(code=code, name=name, level="township", parent=code[:6], valid_to=until, change=change, **given)


def tree_with(*ended):
    return OrgTree(current=CURRENT, ended=ended, aliases={})


MERGED = tree_with(
    county("520190", "东县", "merged", "520101"),
    county("520191", "西县", "renamed", "520192", until=date(2020, 6, 30)),
    county("520192", "西山县", "merged", "520101"),
    township("520190001", "城关镇", "moved", "520101003"),
    township("520101101", "城关乡", "merged", "520101001"),
    township("520101102", "小河镇", "absorbed", "520101002"),
    township("520201101", "河口镇", "moved", "520101002", until=date(2024, 12, 31)),
)


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("东县人大常委会", "520190"),
        ("520190", "520190"),
        ("西山县", "520192"),
        ("西县", "520192"),  # renamed, then merged: found as it last was
        ("甲市西县", "520192"),
        ("新区", "520101"),
    ],
)
def test_what_was_merged_is_itself_as_it_last_was(spelling, code):
    assert MERGED.resolve(spelling, level="county").code == code


@pytest.mark.parametrize(
    ("spelling", "within", "code"),
    [
        ("小河镇", "520101", "520101102"),
        ("城关镇", "520101", "520101001"),
        ("城关", "520101", "520101001"),  # 城关镇 is in force, 城关乡 is not
        ("城关乡", "520101", "520101101"),
        ("河口镇", "520201", "520201101"),  # in an old file of the county that it left
        ("河口镇", "520101", "520101002"),  # in a new file
        ("520201101", "520101", "520101002"),  # in a new file by its old code
        ("城关镇", "520190", "520190001"),
    ],
)
def test_townships_of_old_and_new_files(spelling, within, code):
    assert MERGED.resolve(spelling, level="township", within=within).code == code


def test_a_merged_unit_lies_where_it_lay_and_has_heirs():
    assert MERGED.ancestor("520190001", "county").code == "520190"
    assert [heir.code for heir in MERGED.heirs("520191")] == ["520101"]


def test_a_county_that_moved_is_found_as_it_is_today_under_either_prefecture():
    tree = tree_with(county("520291", "新县", "moved", "520101", parent="520200"))
    assert {tree.resolve(name).code for name in ("新县", "乙市新县", "甲市新区", "520291")} == {"520101"}


LONG_AGO = date(2020, 1, 1)
EAST, WEST = "520190", "520191"


@pytest.mark.parametrize(
    ("ended", "message"),
    [
        ([county("520101", "东县", "merged", "520201")], "ended and in force"),
        ([county(EAST, "东县", "upgraded", "520101"), county(WEST, "西县", "renamed", "520101")], "they merge"),
        ([county(EAST, "东县", "merged", "520101"), county(EAST, "东县", "merged", "520201")], "ended twice"),
        ([county(EAST, "东县", "renamed", WEST), county(WEST, "西县", "renamed", EAST)], "after its successor"),
        (
            [county(EAST, "东县", "merged", "520101"), county(WEST, "西县", "merged", "520101", until=LONG_AGO)],
            "founded twice",
        ),
        ([county("520101", "东县", "merged", "520101")], "its own successor"),
        ([township("520101101", "东乡", "upgraded", "520101")], "level"),
    ],
)
def test_a_history_that_contradicts_itself_is_refused(ended, message):
    with pytest.raises(ValueError, match=message):
        tree_with(*ended)


@pytest.mark.parametrize(
    "row",
    [
        {"change": "merged"},
        {"successor": "520101"},
        {"change": "split", "successor": "520101"},
        {"change": "merged", "successors": {"520101": None, "520201": None}},
        {"change": "split", "successors": {"520101": None}},
        {"change": "split", "successors": {"520101": "0.5", "520201": "0.4"}},
        {"change": "split", "successors": {"520101": "0.5", "520201": None}},
        {"change": "split", "successors": {"520101": "0.33333", "520201": "0.66667"}},
    ],
)
def test_an_entry_that_says_too_little_or_too_much_is_refused(row):
    with pytest.raises(ValidationError):
        Org(code="520190", name="东县", level="county", parent="520100", valid_to=YESTERDAY, **row)


def test_shares_of_more_than_four_decimals_are_refused():
    halves = {"520191": "0.3333", "520101": "0.6667"}
    with pytest.raises(ValueError, match="four decimals"):
        tree_with(
            county("520190", "东县", "split", "520191", "520101", until=date(2020, 1, 1)).model_copy(
                update={"successors": {code: Decimal(share) for code, share in halves.items()}}
            ),
            county("520191", "西县", "split", "520201", "520101").model_copy(
                update={"change": "absorbed", "successors": {"520201": Decimal("0.5"), "520101": Decimal("0.5")}}
            ),
        )


@st.composite
def histories(draw):
    """Draw a tree of counties in force, and ended ones, each with successors that are in force or ended later."""
    number = draw(st.integers(1, 8))
    in_force = [f"5201{n:02d}" for n in range(1, 9)]
    codes = [f"5201{90 - n}" for n in range(number)]
    ended, taken, founded = [], set(), {}
    for n, code in enumerate(codes):  # the last ended first
        until = date(2020 - n, 6, 30)
        later = [*in_force, *codes[:n]]
        change = draw(st.sampled_from(["renamed", "moved", "merged", "absorbed", "split"]))
        free = [c for c in later if c not in taken and c not in founded]
        if change == "absorbed" or len(free) < 2:
            change, given = "absorbed", {"successor": draw(st.sampled_from(later))}
        elif change == "split":
            pair = draw(st.permutations(free))[:2]
            weights = draw(st.sampled_from([(None, None), (Decimal("0.5"), Decimal("0.5"))]))
            given = {"successors": dict(zip(pair, weights, strict=True))}
            founded.update(dict.fromkeys(pair))
        else:
            given = {"successor": draw(st.sampled_from(free))}
            taken.add(given["successor"])
            founded.update({given["successor"]: None})
        row = Org(code=code, name=f"县{n}", level="county", parent="520100", valid_to=until, change=change, **given)
        ended.append(row)
    current = [*CURRENT[:3], *(Org(code=c, name=f"区{c}", level="county", parent="520100") for c in in_force)]
    return current, ended


@given(histories(), st.one_of(st.none(), st.dates(date(2008, 1, 1), date(2026, 1, 1))))
def test_whatever_the_history_nothing_is_lost_and_nothing_doubled(history, on):
    try:
        tree = OrgTree(*history, aliases={})
    except ValueError as error:  # a part that was absorbed before it was founded, or shares too fine to write down
        assert any(word in str(error) for word in ("before it began", "four decimals"))  # noqa: PT017
        return
    rows = {row["code"]: row for row in Comparable(tree.history, on).org_rows()}
    for code in rows:
        shares = tree.history.shares(code, on)
        assert sum(shares.values()) == 1
        for unit in shares:
            at = tree.history.on_day(unit, on).code
            assert rows[at]["unit_code"] == at, "a unit that others count for counts for itself"
        if rows[code]["is_on_tree"]:
            assert shares == {tree.history.series(code): 1}
        assert rows[code]["prefecture_code"] == (
            None if code == "520000" else "520200" if code == "520200" else "520100"
        )
