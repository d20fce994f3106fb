"""`daibiao incident`: list incidents, show one with its history, and say what an office did about it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.printing import print_json, print_table
from pipeline.problems import told
from pipeline.settings import Settings

app = typer.Typer(
    help="List incidents (问题单), show one, and acknowledge, explain, return or resolve it.",
    no_args_is_help=True,
)

Number = Annotated[str, typer.Argument(help="The incident's number, e.g. 2026-00012.", show_default=False)]
Home = Annotated[
    Path | None, typer.Option(help="The data folder; default DAIBIAO_HOME, else ./data.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
Who = Annotated[str, typer.Option(help="The office that does it, never a person: 兴义市人大办.", show_default=False)]
Note = Annotated[str, typer.Option(help="What is said about it, in a sentence; no names of persons.")]

_LIST = """
select
    incident_id, org_name, title, file, cause, state, is_must_fix, n_findings, owner, opened_at, due_on, resolved_at,
    hours_to_fix
from dq.incident
where $everything or state <> 'resolved'
order by due_on, incident_id
"""
_ONE = "from dq.incident where incident_id = ?"
_HISTORY = """
select sequence, happened_at, kind, state, actor, note, n_findings
from dq.incident_event
where incident_id = ?
order by sequence
"""


@app.command("list")
def list_incidents(
    home: Home = None,
    everything: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
    as_json: Json = False,
) -> None:
    """List the incidents that are open, the most urgent first."""
    with told(home):
        from serving.naming import CAUSES, STATES

        answer = _ask(home, _LIST, {"everything": everything})
        if as_json:
            print_json(answer)
            return
        rows = [
            [
                found["incident_id"],
                STATES[found["state"]],
                CAUSES[found["cause"]],
                "必须改正" if found["is_must_fix"] else "请核实",
                found["title"],
                found["file"] or "",
                str(found["due_on"]),
                found["owner"],
            ]
            for found in answer
        ]
        print_table(
            f"问题单 {len(rows)} 件", ["编号", "状态", "类别", "要求", "问题", "文件", "期限", "责任单位"], rows
        )


@app.command()
def show(incident: Number, home: Home = None, as_json: Json = False) -> None:
    """Show an incident: what it holds, and everything that has happened to it."""
    with told(home):
        from serving.moments import guizhou
        from serving.naming import STATES

        found = _ask(home, _ONE, [incident])
        if not found:
            raise LookupError(f"没有问题单 {incident}：请用 daibiao incident list --all 查看编号。(No such incident.)")
        members, history = json.loads(found[0]["members"]), _ask(home, _HISTORY, [incident])
        if as_json:
            print_json(found[0] | {"members": members, "history": history})
            return
        typer.echo(f"{incident} {found[0]['title']}（{STATES[found[0]['state']]}，期限 {found[0]['due_on']}）")
        for member in members:
            typer.echo("  " + " ".join(part for part in (member["unit"], member["place"], member["message"]) if part))
        rows = [
            [
                f"{guizhou(event['happened_at']):%Y-%m-%d %H:%M}",
                event["kind"],
                STATES[event["state"]],
                event["actor"],
                event["note"] or "",
            ]
            for event in history
        ]
        print_table("经过", ["时间", "事项", "状态", "经办", "备注"], rows)


@app.command()
def acknowledge(incident: Number, who: Who, note: Note = "", home: Home = None) -> None:
    """Say that an office knows of an incident and sees to it."""
    _do(incident, "acknowledged", who, note, home)


@app.command()
def explain(
    incident: Number,
    who: Who,
    note: Note,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day on which it holds; default a year.", show_default=False),
    ] = None,
    home: Home = None,
) -> None:
    """Explain what need not be fixed: that ends the incident, and travels with the figure until it expires."""
    _do(incident, "explained", who, note, home, until)


@app.command("return")
def return_incident(incident: Number, who: Who, note: Note, home: Home = None) -> None:
    """Send an explanation or a solution back as not good enough; the incident is open again."""
    _do(incident, "returned", who, note, home)


@app.command()
def resolve(incident: Number, who: Who, note: Note, home: Home = None) -> None:
    """Close by hand what no file can end, such as a file that is no report; it opens again when something changes."""
    _do(incident, "resolved", who, note, home)


def _do(incident: str, kind: str, who: str, note: str, home: Path | None, until: datetime | None = None) -> None:
    with told(home):
        from pipeline.attending import intervene
        from serving.naming import STATES

        done = intervene(
            Settings.read(home=home), incident, kind, who, note or None, datetime.now(UTC), until and until.date()
        )
        why = f"（{done.last.note}）" if done.last.note else ""
        typer.echo(f"{incident} {done.matter.title}：{STATES[done.last.state]}{why}")


def _ask(home: Path | None, sql: str, params: Sequence[object] | Mapping[str, object]) -> list[dict[str, Any]]:
    from pipeline.published import published
    from warehouse.query import query

    answer = query(published(Settings.read(home=home)).path, sql, params)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
