"""Plain words -> outcomes, questions and pages, and whether they speak of danger.

Pure: values in, values out. reading.py cuts a message into words and clauses, features.py numbers
their pieces, model.py says how likely each outcome is, finding.py joins them and decides about the
emergency panel, explaining.py says which words led there, training.py learns (never in the site).
Reading seeds/says is triage/seeds/says.py; the first channel of today is
triage/web/context/search_query.py.
Nothing here remembers what was asked.
"""
