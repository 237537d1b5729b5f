"""
What every table of the back office can do, whichever app registered it.

Views that are saved and columns that are chosen, export of what is shown, actions that ask first and answer row by row,
and the history of every object in words.
"""

from apps.portals.staff.house.dressing import HouseAdmin, dress_admins

__all__ = ["HouseAdmin", "dress_admins"]
