"""Early warning, without Django: taps of "It did not connect" are counted and judged.

blocks.py knows an address block again for ten minutes, tally.py counts in one process's memory,
usual.py says what is usual at an hour of the week, detection.py when a count is above it. Storing,
summing and telling operators is outage/signals; nothing here or there is ever shown in public.
"""
