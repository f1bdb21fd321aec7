"""Plain words -> outcomes and questions, and whether they speak of danger.

Pure: values in, values out. tokens.py cuts words and undoes mutations, vocabulary.py knows what a
word may mean, index.py ranks, danger.py knows the red flags, evidence.py hears how alarming words
sound, finding.py joins them and decides about the emergency panel.
Reading seeds/topics is triage/seeds/topics.py; the first channel of today is
triage/web/context/search_query.py.
Nothing here remembers what was asked.
"""
