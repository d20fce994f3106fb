"""The program behind the sample landing folder: facts in, files and answers out.

It imports nothing of the pipeline: what it says about the figures is a second opinion, not an echo.
"""
