"""Settings of scheduling, with the value each has unless the environment's settings say otherwise."""

from datetime import timedelta

# How long before an appointment the customer is reminded, farthest first.
REMIND_BEFORE = (timedelta(hours=24), timedelta(hours=2))
# How long somebody on the waitlist has to take a slot that became free.
OFFER_LASTS = timedelta(minutes=30)
# A slot that begins sooner than this is offered to nobody: there is no time left to answer.
LEAST_OFFER = timedelta(minutes=10)
MOST_DAYS = 62  # of slots asked for at once
