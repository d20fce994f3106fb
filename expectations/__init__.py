"""Judging: Great Expectations suites in Python, with a name, a severity and a Chinese reason for every rule.

`validate()` takes the frames of all deliveries of one dataset and returns a `Verdict`. Nothing here reads a file,
changes a row or decides what becomes of it; values are judged as the parser masked them.
"""

from expectations.validation import validate
from expectations.verdict import Verdict

__all__ = ["Verdict", "validate"]
