"""One-to-one meetings at an exhibition: slots, the best schedule, its repair when somebody drops out, tables, calendars.

Pure. Begin with `planning.plan`; `replanning.replan` mends what was published, `calendars` tells it to a calendar.
"""
