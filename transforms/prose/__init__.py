"""Statistics out of Chinese prose (文字报告): a report's text in, figures with unit, indicator, value and period out.

Deterministic and explainable: every figure points at its characters, every number that is passed over has a reason.
Refuses to infer: what is not written is not a figure.
"""

from transforms.prose.extract import extract
from transforms.prose.model import OTHER, Dropped, Extraction, Figure, Place, Timespan

__all__ = ["OTHER", "Dropped", "Extraction", "Figure", "Place", "Timespan", "extract"]
