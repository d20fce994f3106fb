"""Put checked names into SQL, and hold statements together in one transaction.

Values never pass through here: they travel as parameters or as registered relations. Only identifiers and literals of
the catalog are filled in, quoted, because SQL has no parameters for those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb


def quote(name: str) -> str:
    """Quote an identifier.

    >>> quote("case")
    '"case"'
    """
    return '"' + name.replace('"', '""') + '"'


def table(schema: str, name: str) -> str:
    """Quote a table's full name.

    >>> table("core", "case")
    '"core"."case"'
    """
    return f"{quote(schema)}.{quote(name)}"


def literal(text: str) -> str:
    """Quote a text literal, for statements such as COMMENT that take no parameters.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def listed(names: Iterable[str], prefix: str = "") -> str:
    """List quoted column names, each behind `prefix` (an alias with its dot).

    >>> listed(["a", "b"], "c.")
    'c."a", c."b"'
    """
    return ", ".join(prefix + quote(name) for name in names)


def fill(statement: str, **parts: str) -> str:
    """Fill the named places of a statement with text that `quote`, `table`, `literal` or `listed` made."""
    return statement.format(**parts)


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Run the block in one transaction: all of it is kept, or none."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()
