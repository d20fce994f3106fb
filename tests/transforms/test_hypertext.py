"""The running text of a page: what it says of itself, in order, without what surrounds it."""

from __future__ import annotations

import pytest

from transforms.documents import read_document


def running_text(page: str, name: str = "a.html") -> str:
    return read_document(page.encode(), name).text


def test_blocks_breaks_and_table_rows_are_lines_in_order() -> None:
    page = (
        "<html><head><title>站名</title></head><body><article><h1>兴义市 人大&nbsp;报告</h1><p>进站<b>590</b>人次，<br>"
        "接待4395人次。</p><table><tr><th rowspan=2>乡镇</th><th colspan=2>意见</th></tr><tr><th>收<br>集</th><th>办结"
        "</th></tr><tr><td>黄草街道</td><td></td><td>40</td></tr></table><ul><li>一是&lt;实&gt;</li><li>二是</li></ul>"
        "<section>段一<div>段二</div>段三</section></article></body></html>"
    )
    assert running_text(page).split("\n") == [
        "兴义市 人大 报告",
        "进站590人次，",
        "接待4395人次。",
        "乡镇\t意见",
        "\t收集\t办结",
        "黄草街道\t\t40",
        "一是<实>",
        "二是",
        "段一",
        "段二",
        "段三",
    ]


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav>首页</nav>",
        "<aside>接待1人次。</aside>",
        "<header>贵州人大网</header>",
        "<footer>访问量1人次。</footer>",
        "<div role=navigation>首页</div>",
        "<p style='color:red; display : none'>接待1人次。</p>",
        "<p hidden>接待1人次。</p>",
        "<select><option>接待1人次。</option></select>",
        "<script>接待()</script><style>p{}</style><template>接待1人次。</template>",
        "<!-- 接待1人次。 -->",
        "<ul><li><a href='b.html'>播州区收集意见建议2300余条</a> 06-12</li></ul>",
        "<p>上一篇：<a href='b.html'>播州区收集意见建议2300余条</a></p>",
    ],
)
def test_furniture_hidden_things_and_lines_of_links_are_left_out(furniture: str) -> None:
    assert running_text(f"<html><body>{furniture}<p>前。</p>{furniture}后</body></html>") == "前。\n后"


@pytest.mark.parametrize(
    ("kept", "line"),
    [
        ("<article><header>2026年6月</header></article>", "2026年6月"),
        ("<header><h1>兴义市报告</h1></header>", "兴义市报告"),
        ("<h1><a href='.'>兴义市报告</a></h1>", "兴义市报告"),
        ("<p><a href='.'>进站590人次。</a></p>", "进站590人次。"),
        ("<p>据<a href='.'>市统计局</a>统计，进站590人次</p>", "据市统计局统计，进站590人次"),
        ("<table><tr><td><a href='.'>黄草街道</a></td><td>45</td></tr></table>", "黄草街道\t45"),
        ("<p>面积3m<sup>2</sup>，接待590<sup>[1]</sup>人次</p>", "面积3m2，接待590人次"),
        ("<pre>进站590人次，\n接待4395人次。</pre>", "进站590人次，\n接待4395人次。"),
    ],
)
def test_what_belongs_to_the_text_stays(kept: str, line: str) -> None:
    assert running_text(f"<html><body>{kept}</body></html>") == line


def test_a_table_that_frames_paragraphs_does_not_join_them() -> None:
    page = "<table><tr><td>导航</td><td><p>一、做法</p><p>进站590人次。</p><p>接待4395人次。</p></td></tr></table>"
    assert running_text(page).split("\n") == ["导航", "一、做法", "进站590人次。", "接待4395人次。"]


def test_a_page_of_nothing_but_links_keeps_them() -> None:
    assert running_text("<html><body><a href='.'>兴义市报告</a></body></html>") == "兴义市报告"


def test_fragments_of_pages_are_pages_but_markdown_may_begin_with_a_tag() -> None:
    fragment = "<h2>报告</h2><p>进站590人次。</p>"
    assert running_text(fragment, "a.txt") == "报告\n进站590人次。"
    document = read_document(fragment.encode(), "a.md")
    assert (document.format, document.text) == ("md", fragment)
    assert read_document(b"<!doctype html><html><p>a", "a.md").format == "html"


def test_what_the_form_reader_sees_is_the_whole_page() -> None:
    page = "<body><nav>首页</nav><p>填报单位：<a href=x>兴义市</a></p><table><tr><td>a<td>b</table></body>"
    document = read_document(page.encode(), "a.html")
    assert list(document.paragraphs) == ["首页", "填报单位：兴义市"]
    assert list(document.grids[0].before) == ["首页", "填报单位：兴义市"]
