"""Judge frames as the pipeline does: the records of an export lie in an engine, everything else in frames."""

from __future__ import annotations

import pandas as pd

import expectations
from catalog import Catalog
from expectations import Verdict
from warehouse.scratch import scratch


def validate(dataset: str, frames: dict[str, pd.DataFrame], catalog: Catalog) -> Verdict:
    if "records" not in frames:
        return expectations.validate(dataset, frames, catalog)
    with scratch() as rows:
        rows.give("record", typed(frames["records"], dataset, catalog))
        return expectations.validate(dataset, {"header": frames["header"]}, catalog, rows)


def typed(records: pd.DataFrame, dataset: str, catalog: Catalog) -> pd.DataFrame:
    """Give the columns the types that the parser gives them: a test may have put bare None into them."""
    types = {"date": "datetime64[us]", "datetime": "datetime64[us]", "count": "Int64", "year": "Int64"}
    types |= {"amount": "float64", "flag": "boolean"}
    if dataset not in catalog.exports:
        return records
    wanted = {c.name: types.get(c.type, "str") for c in catalog.exports[dataset].stored_columns}
    wanted |= {name: "str" for name in records.columns if name.endswith("_state")}
    wanted |= {"delivery_id": "str", "table_id": "str", "source_ref": "str", "line": "int64"}
    return records.astype({name: kind for name, kind in wanted.items() if name in records.columns})
