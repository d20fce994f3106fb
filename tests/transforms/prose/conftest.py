"""Reading a sentence or a report with the project's own catalog."""

import pytest

from catalog import load
from transforms.prose import extract


@pytest.fixture(scope="session")
def facts():
    return load()


@pytest.fixture(scope="session")
def report(facts):
    """Return a function that reads a whole report."""
    return lambda text, **known: extract(text, facts, **known)


@pytest.fixture(scope="session")
def counted(report):
    """Return a function that tells what each number of a text counts: indicator and value, `-` before parts."""

    def read(text):
        return [
            f"{'-' if figure.is_breakdown else ''}{figure.indicator_code} {figure.value:g}{figure.unit}"
            for figure in report(text).figures
        ]

    return read


@pytest.fixture(scope="session")
def owned(report):
    """Return a function that tells whose each number of a text is: the unit's name and the value."""
    return lambda text, **known: [f"{figure.place.name} {figure.value:g}" for figure in report(text, **known).figures]
