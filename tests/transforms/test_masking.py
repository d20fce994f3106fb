"""Numbers that point at a person go, in whatever way they are written; counts and codes stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.masking import MASK, keyed_hash, points_at_a_person, scrub

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
NUMBERS = [
    "19900001234",
    "199-0000-1234",
    "199 0000 1234",
    "1990 000 1234",
    "1 9 9 0 0 0 0 1 2 3 4",
    "+86 199 0000 1234",
    "8619900001234",
    "0851-87654321",
    "(0859)3223344",
    "（0859）3223344",
    "085187654321",
    "522301190001019994",
    "52230119000101123X",
    "52230119000101123x",
    "522301 19000101 9994",
    "522301-1900-01-01-9994",
    "522301900101999",
    "6222 0000 1111 2222 333",
    "6222000011112222333",
    "6222-0000-1111-2222",
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("frame", ["{}", "请联系{}，谢谢", "王某{}（身份证）", "共3件，{}，5人"])
@pytest.mark.parametrize("wide", [False, True])
def test_personal_numbers_are_masked(number: str, frame: str, wide: bool) -> None:
    shown = number.translate(FULL_WIDTH) if wide else number
    assert scrub(frame.format(shown)) == frame.format(MASK)


@pytest.mark.parametrize("text", ["电话87654321", "联系方式：3223344", "手机 1234567"])
def test_a_number_called_a_telephone_is_masked(text: str) -> None:
    assert MASK in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "接待1250人次",
        "2.2万余人次",
        "1,234,567",
        "12345678",
        "522301001000",
        "522301001",
        "GD2026060001",
        "JZ20260600010001",
        "2026-06-01 09:00:00",
        "2026年6月1日至2026年6月30日",
        "20260601090000",
        "进站590 接待4395 收集225",
        "12345热线",
        "2026.6.1—2026.6.30",
        "",
    ],
)
def test_counts_dates_and_codes_stay(text: str) -> None:
    assert scrub(text) == text


@given(
    st.text(max_size=60), st.sampled_from(["19900001234", "52230119000101123X"]), st.text("，。人民 \n", max_size=10)
)
def test_no_surroundings_hide_a_number(before: str, number: str, after: str) -> None:
    text = f"{before}，{number}，{after}"
    assert number not in scrub(text)


@given(st.text())
def test_text_without_digits_is_left_alone(text: str) -> None:
    words = "".join(character for character in text if not character.isdecimal())
    assert scrub(words) == words


def test_a_keyed_hash_ignores_width_and_blanks_and_depends_on_the_key() -> None:
    # HMAC-SHA256 of 王小明 under the key "k", worked out with openssl.
    assert keyed_hash("王小明", b"k") == "7eedc3464597bc3b"
    assert keyed_hash(" 王　小明\n", b"k") == "7eedc3464597bc3b"
    assert keyed_hash("王小明", b"other") != "7eedc3464597bc3b"


@pytest.mark.parametrize(
    "code", ["2026060112345678", "20260601120000123", "522301001001001", "522301202606010001", "GD2026060001", "0012"]
)
def test_a_records_own_number_is_nobodys(code: str) -> None:
    assert not points_at_a_person(code)


@pytest.mark.parametrize("code", ["13900001234", "１３９００００１２３４", "+8613900001234", "52230119900115001X"])
def test_a_number_of_a_person_is_no_records(code: str) -> None:
    assert points_at_a_person(code)
