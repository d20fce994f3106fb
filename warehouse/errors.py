"""What every error of this package is: a sentence in Chinese that says what is wrong and what to do."""

from __future__ import annotations


class WarehouseError(RuntimeError):
    """Base of the errors that a person can act on; whoever shows one shows its message and no traceback."""


class WarehouseLostError(WarehouseError):
    """There are releases, and no warehouse that they could have come from."""
