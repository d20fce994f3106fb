"""The organisation tree: what it holds, and which unit a spelling means."""

import pytest

from catalog import Org, OrgTree, load

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
    with pytest.raises(ValueError, match="520199"):
        OrgTree(
            current=[Org(code="520000", name="贵州省", level="province")],
            ended=[Org(code="520198", name="丁县", level="county", parent="520000", successor="520199")],
            aliases={},
        )
