"""The evidence for a month: what it counts, and that no text of a file leaves its code span."""

import re
from datetime import date

import duckdb
import pytest

from serving.month_evidence import month_evidence, quoted

HOSTILE = (
    "# 大标题\n\n[点我](http://evil.example) <script>alert(1)</script> ![图](//evil.example/x.png) | www.evil.example "
    "`@all` \u202egnp.表"
)
_INCIDENT = """
insert into dq.incident_event (
    incident_id, sequence, happened_at, kind, state, root_cause, cause, org_code, period, is_must_fix, n_findings,
    members, title, due_on, owner, actor
)
values ($1, 1, '2026-07-06', 'opened', $2, $1, $3, '522301', $4, $5, 1, '[]', $6, $7, '省人大', '系统')
"""
INCIDENTS = (
    ("I-1", "open", "bad_file", "2026-06", True, HOSTILE, "2026-07-09"),
    ("I-2", "returned", "bad_file", "2026-06", True, "表头缺列", "2026-07-20"),
    ("I-3", "acknowledged", "question", "2026-06", False, "累计数下降", "2026-07-19"),
    ("I-4", "resolved", "bad_file", "2026-06", True, "早已改好", "2026-07-09"),
    ("I-5", "open", "bad_file", "2026-05", True, "上月的事", "2026-07-09"),
)
_REVISION = """
insert into mart.revision (org_code, org_name, level, indicator_code, period, value_before, value_after, change, file)
values ('522301', '兴义市', 'county', 'station_visits', '2026-06', $1, $2, $2 - $1, $3)
"""
_DECISION = """
insert into ops.month_decision (period, sequence, revision, decision, decided_at, actor, note, n_changed)
values ('2026-06', $1, $2, $3, '2026-07-12', 'office', $4, $5)
"""
_FIGURE = """
insert into ops.month_figure values ('2026-06', $1, $2, $3, 'station_visits', $4, $4, $4)
"""


@pytest.fixture
def release(made):
    """June as it stands: 兴义市 reported late and not in full; four incidents of June, one of them ended."""

    def fill(maker):
        maker.report("兴义6月", "522301", "2026-06", "2026-07-08", complete=False)
        maker.cell("兴义6月", "522301001", "station_visits", 120, "B5")
        for incident in INCIDENTS:
            maker.connection.execute(_INCIDENT, incident)

    return made(fill)


def more(path, *statements):
    with duckdb.connect(str(path)) as connection:
        for statement, values in statements:
            connection.execute(statement, values)


def test_it_counts_what_came_and_names_what_did_not(release):
    page = month_evidence(release, "2026-06", date(2026, 7, 20))
    assert "已报 **1** / 88 县，按时 0，报全 0。" in page
    assert "未报 87 县：" in page
    assert "- 黔西南布依族苗族自治州（7）：兴仁市、普安县" in page
    assert "县级数字有值 1 / 88（1.1%；只计至少一县有数的指标）" in page
    assert "| 代表进站履职人次 | 120 人次 | 1 / 88 | 不足以发布 | 0% |" in page
    assert "本月没有重报引起的修订。" in page
    assert "目前状态：**未定稿**。" in page


def test_open_incidents_of_the_month_by_cause(release):
    page = month_evidence(release, "2026-06", date(2026, 7, 20))
    assert "| 文件问题 | 2 | 1 | 2 |" in page
    assert "| 请核实 | 1 | 1 | 0 |" in page
    assert "- `I-2` 兴义市：`表头缺列`" in page
    assert "早已改好" not in page
    assert "上月的事" not in page


def test_a_month_of_which_nothing_is_known_says_so(release):
    page = month_evidence(release, "2026-03", date(2026, 7, 20))
    for line in ("没有任何县报送本月报表。", "没有未了的问题单。", "本月没有可核对的数字。", "全省还没有本月的数字。"):
        assert line in page


def test_nothing_of_a_file_leaves_its_code_span(release):
    more(
        release,
        (_REVISION, [100, 120, HOSTILE]),
        (_DECISION, [1, 0, "rejected", HOSTILE, 0]),
    )
    page = month_evidence(release, "2026-06", date(2026, 7, 20))
    assert page.count("# 大标题") == 3
    assert "| 兴义市 | 代表进站履职人次 | 100 | 120 | `# 大标题" in page
    outside = re.sub(r"`[^`\n]*`", "", page)
    assert not re.search(r"evil|大标题|<|\]\(|@|://|\u202e|script", outside)
    headings = [line for line in outside.splitlines() if line.lstrip().startswith("#")]
    assert headings == [
        "### 报送",
        "### 未了问题单",
        "### 修订最大的数字（县级）",
        "### 三方核对（县级）",
        "### 全省数字",
    ]
    tables = [line for line in outside.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} <= {5, 6}


def test_what_changed_since_it_was_final_is_shown_first(release):
    more(
        release,
        (_FIGURE, [1, "county", "522301", 100]),
        (_FIGURE, [2, "county", "522301", 120]),
        (_FIGURE, [2, "province", "520000", 120]),
        (_DECISION, [1, 1, "approved", None, 0]),
        (_DECISION, [2, 2, "revised", "定稿后有 2 个数字变动", 2]),
    )
    page = month_evidence(release, "2026-06", date(2026, 7, 20))
    assert "目前状态：**已修订待确认**，第 2 版" in page
    assert "| 贵州省 | 代表进站履职人次 | — | 120 |\n| 兴义市 | 代表进站履职人次 | 100 | 120 |" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("表.xlsx", "`表.xlsx`"),
        ("", "—"),
        ("`\n`", "`' '`"),
        ("a|b", "`a｜b`"),
        ("长" * 99, f"`{'长' * 60}…`"),
    ],
)
def test_quoted(text, shown):
    assert quoted(text) == shown
