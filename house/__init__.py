"""What commands, service and demo share: the store opened as the settings want it, everything open
around polls, and what is published after. Only rooms.py and visits.py know the crawler, so that
what needs no visit starts without it."""
