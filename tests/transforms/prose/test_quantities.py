"""Numbers in prose: every spelling of one statement is read alike."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import load
from transforms.prose.healing import heal
from transforms.prose.quantities import find_quantities

UNITS = load().prose.units


def read(text):
    """Value, low, high, qualifier and unit of every number."""
    return [
        (q.count.value, q.count.low, q.count.high, q.qualifier, q.unit) if q.count else (q.wording, q.qualifier, q.unit)
        for q in find_quantities(heal(text).text, UNITS)
    ]


@pytest.mark.parametrize(
    ("words", "value", "low", "high", "qualifier", "unit"),
    [
        ("590人次", 590, 590, 590, "exact", "人次"),
        ("５９０人次", 590, 590, 590, "exact", "人次"),
        ("1,200件", 1200, 1200, 1200, "exact", "件"),
        ("1，200件", 1200, 1200, 1200, "exact", "件"),
        ("二十三条", 23, 23, 23, "exact", "条"),
        ("两百名", 200, 200, 200, "exact", "名"),
        ("两千零三户", 2003, 2003, 2003, "exact", "户"),
        ("壹佰贰拾人", 120, 120, 120, "exact", "人"),
        ("3千人", 3000, 3000, 3000, "exact", "人"),
        ("2.2万人次", 22000, 21500, 22500, "exact", "人次"),
        ("20万人", 200000, 195000, 205000, "exact", "人"),
        ("1.2345万人", 12345, 12345, 12345, "exact", "人"),
        ("两万人", 20000, 15000, 25000, "exact", "人"),
        ("1200余名", 1200, 1200, 1300, "at_least", "名"),
        ("1200多名", 1200, 1200, 1300, "at_least", "名"),
        ("1200名以上", 1200, 1200, 1300, "at_least", "名"),
        ("50人次以上", 50, 50, 60, "at_least", "人次"),
        ("超1200名", 1200, 1200, 1300, "at_least", "名"),
        ("超过了1200名", 1200, 1200, 1300, "at_least", "名"),
        ("逾1200名", 1200, 1200, 1300, "at_least", "名"),
        ("突破1200名", 1200, 1200, 1300, "at_least", "名"),
        ("至少1200名", 1200, 1200, 1300, "at_least", "名"),
        ("不止30次", 30, 30, 40, "at_least", "次"),
        ("2.2万余人次", 22000, 22000, 23000, "at_least", "人次"),
        ("2.2余万人次", 22000, 22000, 23000, "at_least", "人次"),
        ("十余场", 10, 10, 20, "at_least", "场"),
        ("百余人", 100, 100, 200, "at_least", "人"),
        ("千余人", 1000, 1000, 2000, "at_least", "人"),
        ("上千人次", 1000, 1000, 2000, "at_least", "人次"),
        ("过百次", 100, 100, 200, "at_least", "次"),
        ("两万余人次", 20000, 20000, 30000, "at_least", "人次"),
        ("二百三十余件", 230, 230, 240, "at_least", "件"),
        ("5百余人", 500, 500, 600, "at_least", "人"),
        ("近500件", 500, 400, 500, "at_most", "件"),
        ("将近500件", 500, 400, 500, "at_most", "件"),
        ("不到500件", 500, 400, 500, "at_most", "件"),
        ("未满30人", 30, 20, 30, "at_most", "人"),
        ("500件以内", 500, 400, 500, "at_most", "件"),
        ("近1000件", 1000, 900, 1000, "at_most", "件"),
        ("约500件", 500, 450, 550, "about", "件"),
        ("约有500件", 500, 450, 550, "about", "件"),
        ("500件左右", 500, 450, 550, "about", "件"),
        ("500件上下", 500, 450, 550, "about", "件"),
        ("300件之多", 300, 300, 300, "exact", "件"),
        # Those that contradict themselves are approximate.
        ("近500余条", 500, 450, 550, "about", "条"),
        ("约1200余条", 1200, 1150, 1250, "about", "条"),
        ("500余人左右", 500, 450, 550, "about", "人"),
        # Percents
        ("98.5%", 98.5, 98.5, 98.5, "exact", "%"),
        ("９８．５％", 98.5, 98.5, 98.5, "exact", "%"),
        ("百分之九十八点五", 98.5, 98.5, 98.5, "exact", "%"),
        ("百分之98.5", 98.5, 98.5, 98.5, "exact", "%"),
        ("百分之百", 100, 100, 100, "exact", "%"),
        ("98%以上", 98, 98, 99, "at_least", "%"),
        ("百分之八十以上", 80, 80, 90, "at_least", "%"),
        ("近98%", 98, 97, 98, "at_most", "%"),
        # Money keeps the unit that is written: 万 and 亿 belong to it.
        ("5000元", 5000, 5000, 5000, "exact", "元"),
        ("9万余元", 9, 9, 10, "at_least", "万元"),
        ("200多万元", 200, 200, 300, "at_least", "万元"),
        ("1.2亿元", 1.2, 1.15, 1.25, "exact", "亿元"),
        ("5000万元", 5000, 4999.5, 5000.5, "exact", "万元"),
        ("五千余万元", 5000, 5000, 6000, "at_least", "万元"),
        ("近百万元", 100, 90, 100, "at_most", "万元"),
        # Other spellings of units
        ("3万余人（次）", 30000, 30000, 40000, "at_least", "人次"),
        ("12件(次)", 12, 12, 12, "exact", "件次"),
        ("6场(次）", 6, 6, 6, "exact", "场次"),
        ("30人/次", 30, 30, 30, "exact", "人次"),
        ("3大项", 3, 3, 3, "exact", "项"),
        ("15千瓦", 15, 15, 15, "exact", "千瓦"),
        ("300余千米", 300, 300, 400, "at_least", "千米"),
    ],
)  # fmt: skip
def test_a_number_is_read(words, value, low, high, qualifier, unit):
    assert read(f"其间，{words}。") == [(value, low, high, qualifier, unit)]


@pytest.mark.parametrize("words", ["三四十人", "二三人", "0余人", "2.5万亿元", "1" * 31 + "人"])
def test_what_is_no_clear_number_is_found_and_has_no_count(words):
    [(wording, qualifier, _)] = read(f"其间，{words}。")
    assert (wording, qualifier) == (words, "exact")


@pytest.mark.parametrize("words", ["三分之二", "5分之3", "2/3", "近九成", "超六成以上", "9.5成"])
def test_a_fraction_is_one_number_that_is_not_clear(words):
    assert [(one[0], one[-1]) for one in read(f"{words}的代表")] == [(words, None)]


@pytest.mark.parametrize("words", ["一成立就", "第三成员", "成效", "三成都"])
def test_what_only_sounds_like_a_fraction_is_none(words):
    assert read(words) == []


def test_digits_without_a_unit_are_found_and_numerals_without_one_are_not():
    assert read("拨打12345，三农一体化") == [(12345, 12345, 12345, "exact", None)]


@pytest.mark.parametrize("words", ["1万2千人", "1亿2000万元", "3万5000人"])
def test_the_end_of_a_mixed_number_is_no_number_of_its_own(words):
    assert [entry for entry in read(words) if entry[-1] and len(entry) == 5] == []


def test_each_number_has_its_place():
    text = "接待选民2.2万余人次，办结近500余条"
    assert [(text[q.start : q.end], text[slice(*q.digits)]) for q in find_quantities(text, UNITS)] == [
        ("2.2万余人次", "2.2万余"),
        ("近500余条", "500余"),
    ]


@pytest.mark.parametrize(
    ("words", "by_the_way"),
    [("两名", True), ("四处", True), ("十件", True), ("十二件", False), ("2名", False), ("十余件", False)],
)
def test_a_numeral_up_to_ten_is_said_by_the_way(words, by_the_way):
    [quantity] = find_quantities(words, UNITS)
    assert quantity.is_small_talk is by_the_way


# What is stated, and all the ways to spell it

DIGITS, POWERS = "零一二三四五六七八九", ["", "十", "百", "千"]
WIDE = str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")
BEFORE = {
    "at_least": ["超过", "超", "逾", "突破", "突破了", "至少", "不少于", "不低于", "超出", "不止", "不下"],
    "at_most": ["近", "将近", "接近", "不到", "不足", "未满"],
    "about": ["约", "大约", "约有"],
}
BEHIND_DIGITS = {"at_least": ["余", "多"], "at_most": [], "about": []}
BEHIND_UNIT = {"at_least": ["以上"], "at_most": ["以下", "以内"], "about": ["左右", "上下"]}
PLAIN_UNITS = sorted({*UNITS.counted, *UNITS.measured} - {"元", "%"})
LARGE = {"万": 10**4, "亿": 10**8}


def below_wan(number):
    """Spell a number from 1 to 9999 in Chinese."""
    words, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + POWERS[power]
        gap = not digit
    return words


def chinese(number):
    """Spell a number from 1 to 99999999 in Chinese, the ways people do (一十五 and 十五, 二百 and 两百)."""
    high, low = divmod(number, 10**4)
    words = (below_wan(high) + "万" if high else "") + ("零" if high and 0 < low < 1000 else "") + below_wan(low)
    spellings = {words, words.removeprefix("一") if words.startswith("一十") else words}
    if words[0] == "二" and len(words) > 1 and words[1] in "百千万":
        spellings.add("两" + words[1:])
    return sorted(spellings)


def arabic(number):
    """Spell a number with and without separators, in half and in full width."""
    usual = [f"{number:f}", f"{number:,f}"]
    return sorted({*usual, *(spelling.translate(WIDE) for spelling in usual)})


@dataclass(frozen=True)
class Stated:
    """A mantissa, its scale (万, 亿 or none), a qualifier and a unit; and what they mean, by the written convention."""

    mantissa: Decimal
    scale: str
    qualifier: str
    unit: str

    def meaning(self):
        by = 1 if self.unit == "元" else LARGE.get(self.scale, 1)
        shown = Decimal(1).scaleb(self.mantissa.as_tuple().exponent)
        digit = Decimal(1)
        while self.mantissa % (digit * 10) == 0:
            digit *= 10
        while self.mantissa % digit:
            digit /= 10
        finer = digit / 10 if self.mantissa == digit else digit
        below, above = {
            "exact": (shown / 2, shown / 2) if self.scale and shown * LARGE[self.scale] > 1 else (0, 0),
            "at_least": (0, digit),
            "at_most": (finer, 0),
            "about": (finer / 2, finer / 2),
        }[self.qualifier]
        numbers = (float((self.mantissa + change) * by) for change in (0, -below, above))
        return (*numbers, self.qualifier, self.scale + self.unit if self.unit == "元" else self.unit)

    def numbers(self):
        """Spell the number without its qualifier: those spellings that leave the same interval open."""
        spellings = [spelling + self.scale for spelling in arabic(self.mantissa)]
        # 五千瓦 may be 5千瓦 or 5000瓦.
        whole = self.mantissa.as_tuple().exponent == 0 and self.unit[0] != "千"
        if whole and self.scale and self.mantissa < 10**4:
            spellings += [spelling + self.scale for spelling in chinese(int(self.mantissa))]
        if whole and not self.scale and self.mantissa < 10**8 and (self.unit != "元" or self.mantissa < 10**4):
            # 二十万 is said as roughly as 20万; what goes on below 万 is exact.
            spellings += chinese(int(self.mantissa)) if self.mantissa % 10**4 or self.qualifier != "exact" else []
        if self.scale and self.unit != "元" and self.qualifier != "exact":
            spellings += arabic(self.mantissa.normalize() * LARGE[self.scale] // 1)
        return spellings

    def spellings(self):
        for number in self.numbers():
            if self.qualifier == "exact":
                yield number + self.unit
                yield f"{number}{self.unit}之多"
                continue
            yield from (before + number + self.unit for before in BEFORE[self.qualifier])
            yield from (number + behind + self.unit for behind in BEHIND_DIGITS[self.qualifier])
            yield from (number + self.unit + behind for behind in BEHIND_UNIT[self.qualifier])


WHOLE = st.one_of(st.integers(1, 120), st.integers(1, 99_999), st.integers(1, 9999).map(lambda n: n * 100))
DECIMAL = st.builds(lambda n, places: Decimal(n).scaleb(-places), st.integers(1, 9999), st.integers(0, 3))
QUALIFIERS = st.sampled_from(["exact", "at_least", "at_most", "about"])
STATED = st.one_of(
    st.builds(Stated, WHOLE.map(Decimal), st.just(""), QUALIFIERS, st.sampled_from(PLAIN_UNITS)),
    st.builds(Stated, DECIMAL, st.sampled_from(sorted(LARGE)), QUALIFIERS, st.sampled_from(PLAIN_UNITS)),
    st.builds(Stated, st.integers(1, 9999).map(Decimal), st.just(""), QUALIFIERS, st.just("元")),
    st.builds(Stated, DECIMAL, st.sampled_from(sorted(LARGE)), QUALIFIERS, st.just("元")),
)


def agree(found, meaning):
    return found[3:] == meaning[3:] and found[:3] == pytest.approx(meaning[:3], rel=1e-12)


@given(STATED)
def test_every_spelling_of_a_statement_is_read_alike(stated):
    for spelling in stated.spellings():
        [found] = read(f"其间，{spelling}。")
        assert agree(found, stated.meaning()), spelling


@given(st.integers(1, 100), st.integers(0, 99), QUALIFIERS)
def test_every_spelling_of_a_percentage_is_read_alike(whole, hundredths, qualifier):
    number = Decimal(whole) if whole == 100 else (whole + Decimal(hundredths) / 100).normalize()
    meaning = Stated(number, "", qualifier, "%").meaning()
    point = f"{number:f}".partition(".")[2]
    words = chinese(whole)[0].removeprefix("一") if whole == 100 else chinese(whole)[0]
    words += "点" + "".join(DIGITS[int(digit)] for digit in point) if point else ""
    usual = f"{number:f}"
    numbers = [f"{usual}%", f"{usual}％", f"{usual}%".translate(WIDE), f"百分之{usual}", f"百分之{words}"]
    for spelling in numbers:
        befores = BEFORE.get(qualifier, [""])
        behinds = [""] if qualifier == "exact" else BEHIND_UNIT[qualifier]
        for said in [*(before + spelling for before in befores), *(spelling + behind for behind in behinds)]:
            [found] = read(f"其间，{said}。")
            assert agree(found, meaning), said


LEAD = "全市各级人大代表深入村寨社区走访选民听取他们的心声并把群众所思所盼带回站里逐件梳理转交有关部门，"
BLANKS = st.sampled_from(["", "", " ", "  ", "\u3000", "\u200b"])
BREAKS = st.sampled_from(["\n", "\r\n", "\n\n", " \n", "\u2028"])  # a line that is set in begins a paragraph


@given(STATED, st.data())
def test_blanks_and_a_line_break_inside_a_statement_change_nothing(stated, data):
    spelling = data.draw(st.sampled_from(list(stated.spellings())))
    pairs = list(zip("，" + spelling, spelling + "。", strict=True))
    # A blank beside a point or a separator, or between two digits, may as well part two numbers.
    open_to = [at for at, pair in enumerate(pairs) if not (at and set(pair) & set(".,．，"))]
    gaps = {at: data.draw(BLANKS) for at in open_to if not all(map(str.isdigit, pairs[at]))}
    broken = data.draw(st.sampled_from(open_to))
    gaps[broken] = data.draw(BREAKS).strip(" " if all(map(str.isdigit, pairs[broken])) else "")
    torn = LEAD + "".join(gaps.get(at, "") + character for at, (_, character) in enumerate(pairs))
    [found] = read(torn)
    assert agree(found, stated.meaning()), torn


@given(st.integers(1000, 99_999_999), st.sampled_from(["个", "件", "条", "人次", "名", "余场", "户", "万人"]))
def test_a_number_that_was_cut_is_one_number(number, unit):
    for cut in range(1, len(str(number))):
        head, tail = str(number)[:cut], str(number)[cut:]
        if max(len(head), len(tail)) > 3:
            continue
        assert read(f"其间，{head} {tail} {unit}。") == read(f"其间，{number}{unit}。")
        assert read(f"{LEAD}{head}\n{tail}{unit}。") == read(f"其间，{number}{unit}。")
