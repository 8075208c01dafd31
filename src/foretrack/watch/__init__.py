"""Tells people what changed: saved searches with conditions, alerts, and their delivery as feed, mail and webhook.

Never decides what somebody may see: it asks as the owner. Begin with `conditions.py`; `actions/` is what one may ask.
"""
