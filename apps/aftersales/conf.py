"""Settings of service."""

from datetime import timedelta

PURPOSE = "service"
DAYS_SHOWN = 14  # days of slots that pages show
LONGEST_VISIT = 480  # minutes a bay is booked for at most
GRID = 30  # minutes to which a visit's length is rounded up
MOST_OPEN = 5  # visits one person may have ahead
MOST_VEHICLES = 10  # cars one person may have here
MOST_PHOTOS = 10  # pictures of one finding
REGRET_DAYS = 7  # so long an unused package is paid back whole: the shop's own promise
TRANSFER_LIVES = timedelta(days=7)
TRANSFER_ATTEMPTS = 5
BILL_PREFIX = "SV"  # before a visit's number, what payments calls its bill; orders begin otherwise
PAYMENT_MINUTES = 120  # how long an opened payment of a bill can be paid
LEAST_DAYS = 30  # days between the hand-over and a reading before kilometres a day are worked out from them
