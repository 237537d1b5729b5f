"""Would a test notice if a guard were gone? ``python -m tests.mutations`` removes them one by one and looks."""
