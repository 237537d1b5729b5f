"""Settings of test drives."""

HOME_MINUTES = 105  # of a drive at the customer's home: the way there and back is in it
MOST_OPEN = 5  # drives one person may have ahead
PURPOSE = "test_drive"
DAYS_SHOWN = 14
"""Days of slots that pages show."""
