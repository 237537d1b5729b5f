"""Pure rules of scheduling: which hours a day has, where slots begin, what a calendar file says."""
