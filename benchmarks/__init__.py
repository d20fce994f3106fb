"""Speed on this machine, as ratios: seconds differ from machine to machine, what costs how many times what does not.

Refuses to judge: there is no threshold here, and nothing fails because a machine is slow.
"""
