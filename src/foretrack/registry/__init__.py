"""Records that people decide on: kinds declared once, revisions only ever added, who may do what, the audit log.

Never knows a page, a list or a target. Begin with `declaring/kind.py` (what a kind is) and `actions/` (what one may ask).
"""
