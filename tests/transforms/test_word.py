"""The running text of a Word file: paragraphs and table rows in order."""

from __future__ import annotations

import io

import docx

from transforms.documents import read_document


def running_text(document: docx.document.Document) -> str:
    data = io.BytesIO()
    document.save(data)
    return read_document(data.getvalue(), "a.docx").text


def test_paragraphs_and_table_rows_are_lines_in_order_and_merged_cells_come_once() -> None:
    document = docx.Document()
    document.add_heading("兴义市报告")
    document.add_paragraph("　　进站590人次，\n接待4395人次。")
    table = document.add_table(3, 3)
    for row, texts in zip(
        table.rows, [["乡镇", "意见", ""], ["", "收\n集", "办结"], ["黄草街道", "45", "40"]], strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    document.add_paragraph("")
    document.add_paragraph("办结202条。")
    assert running_text(document).split("\n") == [
        "兴义市报告",
        "进站590人次，",
        "接待4395人次。",
        "乡镇\t意见",
        "\t收集\t办结",
        "黄草街道\t45\t40",
        "办结202条。",
    ]


def test_a_table_that_frames_a_report_does_not_join_its_paragraphs() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "一、做法"
    cell.add_paragraph("进站590人次。")
    assert running_text(document) == "一、做法\n进站590人次。"
