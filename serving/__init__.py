"""Telling: what people read of the warehouse, as rows and plain text; never anything but a release is read.

Refuses to compute: every figure told here stands in the release as it is told.
"""
