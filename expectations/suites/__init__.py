"""The suites, one module a dataset, found by its name; nothing is registered by hand."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from catalog import PROSE, Catalog
from expectations.rules import RecordSuite, Suite


def suites_of(dataset: str, catalog: Catalog) -> tuple[Suite | RecordSuite, ...]:
    """Return what `expectations/suites/<dataset>.py` makes of the catalog with its function `suites(catalog)`.

    Raises LookupError when the catalog declares no such form or export, or the module is missing.
    """
    if dataset not in {*catalog.forms, PROSE, *catalog.exports}:
        raise LookupError(f"目录中没有名为 {dataset} 的报表或导出，请先在 catalog/ 中登记。")
    module = f"{__name__}.{dataset}"
    if find_spec(module) is None:
        raise LookupError(f"{dataset} 还没有检查规则，请新建 expectations/suites/{dataset}.py。")
    suites: tuple[Suite | RecordSuite, ...] = import_module(module).suites(catalog)
    return suites
