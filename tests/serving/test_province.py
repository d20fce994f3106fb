"""The provincial table: people of whom only bounds are known are told as bounds."""

from serving.province import province_table


def test_a_cell_is_a_figure_or_bounds_or_a_dash(made):
    def fill(maker):
        for name, county, town in (("a", "522301", "522301001"), ("b", "520302", "520302001")):
            maker.report(name, county, "2026-06")
            maker.cell(name, town, "deputies_reporting", 9, "表!C6")
            maker.cell(name, town, "disputes_mediated", 0, "表!D6")
            maker.cell(name, town, "disputes_settled", 0, "表!E6")

    table = province_table(made(fill))
    assert table.months == ("2026-06",)
    cells = {name: cell for name, _, cell in table.rows}
    assert cells["述职代表人数"] == "9～18* (2/88)"
    assert cells["化解矛盾纠纷件数"] == "0* (2/88)"
    assert cells["矛盾纠纷化解率"].startswith("—")
    assert "不足 60%，不足以发布" in table.note
