"""Keeping: landing, archive, migrations, load, roll-up runner and releases.

The only package that opens DuckDB or moves a delivered file. It judges nothing and reads no county's spreadsheet: what
it stores was parsed and validated before it came here.
"""
