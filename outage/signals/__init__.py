"""Early warning: counts of taps are stored, summed and judged, and operators are told.

Counting is triage/signals, in each process's memory. Nothing here changes a word that the public
reads, opens an incident, or is shown in public.
"""
