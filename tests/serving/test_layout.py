"""What goes first where there is no room, and what never does."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from serving.channels.layout import KEPT, Layout, fit
from serving.message import Message

AT = datetime(2026, 7, 1, tzinfo=UTC)


def message(number=7, title="题目", lines=(), items=(), page="quality/latest.html#x"):
    return Message(number, "k", "opened", None, "r", "c", title, tuple(lines), tuple(items), page, AT, AT)


def size(layout):
    """As a robot would count: everything that is shown."""
    shown = [layout.title, *(a + b for a, b in layout.lines), *layout.items, *layout.notes, layout.link or ""]
    return len("\n".join(shown).encode())


def test_all_of_a_short_message_is_shown():
    layout = Layout.of(message(lines=[("单位", "兴义市")], items=["一", "二"]), "https://pages.example/")
    assert fit(layout, size, 4096) == layout
    assert layout.title == "【告警 7】题目"
    assert layout.link == "https://pages.example/quality/latest.html#x"
    assert layout.page is None
    assert layout.notes == ()


def test_without_an_address_the_page_is_a_path_and_no_link():
    layout = Layout.of(message(), "")
    assert (layout.link, layout.page) == (None, "pages/quality/latest.html#x")
    nowhere = Layout.of(message(page=None), "https://pages.example")
    assert (nowhere.link, nowhere.page) == (None, None)


def test_a_page_cannot_lead_elsewhere():
    layout = Layout.of(message(page="//evil.example/) [x](y"), "https://pages.example")
    assert layout.link == "https://pages.example/evil.example/%29%20%5Bx%5D%28y"


def test_items_go_first_and_the_message_says_how_many():
    items = [f"第{n}处" for n in range(100)]
    whole = Layout.of(message(lines=[("问题", "多处不符")], items=items), "https://p.example")
    shown = fit(whole, size, 400)
    assert size(shown) <= 400
    assert shown.items == tuple(items[: len(shown.items)])
    assert shown.notes == (f"…另有 {100 - len(shown.items)} 项，见报告页",)
    assert shown.lines == whole.lines
    more = fit(whole, size, size(shown) + 12)
    assert len(more.items) >= len(shown.items)
    assert size(fit(whole, size, size(shown) - 1)) < size(shown)


def test_then_texts_are_shortened_and_what_to_do_by_when_is_not():
    lines = [("问题", "长" * 2000), ("处理办法", "请核对后重新报送"), ("期限", "7月4日前")]
    shown = fit(Layout.of(message(lines=lines, items=["项"] * 3), "https://p.example"), size, 1000)
    assert shown.lines[1:] == tuple(lines[1:])
    assert shown.lines[0][1].endswith("长…")
    assert shown.notes == ("…另有 3 项，见报告页", "（内容较长，已截短）")
    assert shown.link


texts = st.text(max_size=600)
lines = st.lists(st.tuples(st.sampled_from([*KEPT, "单位", "问题", "位置"]) | texts, texts), max_size=30)


@settings(max_examples=60, deadline=None)
@given(texts, lines, st.lists(texts, max_size=60), st.integers(min_value=2400, max_value=6000))
def test_whatever_is_told_fits_and_keeps_what_matters(title, told, items, limit):
    whole = Layout.of(message(title=title, lines=told, items=items), "https://pages.example")
    shown = fit(whole, size, limit)
    assert size(shown) <= limit
    assert shown.title.startswith("【告警 7】")
    assert shown.link == whole.link
    for label in KEPT:
        first = next((text for name, text in whole.lines if name == label), None)
        if first is not None:
            assert any(name == label and first.startswith(text.rstrip("…")) for name, text in shown.lines)
    assert shown == whole or shown.notes
    assert shown.n_more == len(whole.items) - len(shown.items)
