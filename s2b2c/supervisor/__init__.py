"""
Runs the suite on one machine: embedded servers, web, worker, beat, relay and sandbox under one parent.

``python -m s2b2c.supervisor`` is what ``make demo`` starts. The tests use the same modules for their own servers.
"""
