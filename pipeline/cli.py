"""The command line `daibiao` (代表).

Exit codes: 0 done; 1 done, but something was rejected or quarantined, or a correction no longer fits; 2 usage or system
error; 130 interrupted; 141 nobody read on (`| head`). Never a traceback: a sentence says what, and what to do;
`<home>/error.log` keeps the rest.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_outbox import outbox
