"""Work that is done later: a queue in the registry's own database that survives kill -9, its worker, its clockwork.

Never knows what a job is about. Begin with `declaring.py` (a job), `queueing.py` (enqueue it) and `worker.py`.
"""
