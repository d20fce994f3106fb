"""Write the answers: true figures, planted faults, what becomes of every file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

FIGURES = ("level", "org_code", "indicator_code", "period", "source", "value", "records_value")
MARTS = ("mart", "org_code", "period", "column", "value")
FAULTS = ("file", "place", "rule", "severity")


@dataclass(frozen=True)
class Delivered:
    """What is expected of one file.

    `status` is one of the ledger's, or `unseen`: the same bytes are known under a name that sorts before. Of the files
    of a `group` any one may be the one that is loaded; the others are duplicates.
    """

    file: str
    dataset: str
    status: str
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    group: str = ""


class Answers:
    """The files in a folder, written as the province is made."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._faults: IO[str] = (folder / "faults.csv").open("w", encoding="utf-8", newline="")
        self._writer: Any = csv.writer(self._faults, lineterminator="\n")
        self._writer.writerow(FAULTS)
        self.files: list[Delivered] = []
        self.faults = 0

    def __enter__(self) -> Answers:
        """Return the answers, ready to be written."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file of faults and write that of the files."""
        self._faults.close()
        names = [field.name for field in fields(Delivered)]
        self._write("deliveries.csv", names, (astuple(one) for one in sorted(self.files, key=lambda one: one.file)))

    def fault(self, file: str, place: str, rule: str, severity: str = "") -> None:
        """Note one fault; `rule` is the name of the rule, or the status of a file that comes to nothing."""
        self.faults += 1
        self._writer.writerow((file, place, rule, severity))

    def many_faults(self, file: str, places: pa.Array, rule: str, severity: str) -> None:
        """Note one rule's faults in many places."""
        self.faults += len(places)
        self._writer.writerows((file, place, rule, severity) for place in places.to_pylist())

    def write_figures(self, rows: Iterable[tuple[str, ...]]) -> int:
        """Write the true figures; return how many there are."""
        return self._write("figures.csv", FIGURES, rows)

    def write_systems(self, rows: Iterable[tuple[str, ...]]) -> int:
        """Write what tables of single systems must show; return how many figures there are."""
        return self._write("marts.csv", MARTS, rows)

    def _write(self, name: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> int:
        count = 0
        with (self._folder / name).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(columns)
            for row in rows:
                writer.writerow(row)
                count += 1
        return count
