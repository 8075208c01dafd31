"""Calls and their review: a window, submissions, eligibility, recommendation, drawn and assigned reviewers, scores,
decision.

`kinds.py` declares the two kinds of record, a call and a submission, with every state that they may reach. What is handed
in is a record of another kind (a product, a scenario, an enterprise): the submission carries it through the call, and the
record moves along. `assigning/` and `scoring/` think and touch nothing; `actions/` do, each with an entry in the log;
`doors/` are pages, routes and commands.
"""
