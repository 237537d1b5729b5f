"""Settings of live service."""

from datetime import timedelta

LONGEST_TEXT = 2_000  # characters of one message
LONGEST_NAME = 60
MOST_OPEN = 3  # conversations that one person may have open at once
MOST_A_MINUTE = 20  # messages of one side in one conversation within a minute
PAGE_OF_MESSAGES = 200  # messages that one look at a conversation returns
PRESENCE = timedelta(seconds=90)  # an agent whose page was silent for longer is away
ABSENCE = timedelta(minutes=3)  # an agent whose page was silent for longer loses what they follow to the next one
AFTERTHOUGHT = timedelta(minutes=15)  # after an answer of the agent's in which the customer may still count on them
PATIENCE = timedelta(minutes=5)  # somebody who waited for longer has left a message
TYPING_SECONDS = 6
TICKET_LIFETIME = timedelta(minutes=10)  # of the proof with which a page opens its live connection
BACK_LIFETIME = timedelta(days=14)  # of the link that leads a visitor back to the answer
CHANNEL = "support"  # of PostgreSQL's LISTEN and NOTIFY
