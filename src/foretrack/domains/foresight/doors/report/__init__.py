"""The report: one self-contained HTML file that works from a folder, prints, and needs no network.

Begin with `page.py` (what it holds) and `report.html.j2` (how it looks); `charts.py` draws.
"""
