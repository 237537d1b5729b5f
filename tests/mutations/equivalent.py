"""
Guards whose loss no test can notice, because something else refuses the same with the same words.

Few, and each with a reason that a stranger accepts: (app, module, function, kind, text of the line) -> reason.
"""

EQUIVALENT: dict[tuple[str, str, str, str, str], str] = {}
