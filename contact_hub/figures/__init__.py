"""What the recorded segments, cycles and outcomes add up to: counts that are summed, never percentages that are averaged.

Periods say when, facts what the history tells of one ticket, formulas what counts, counting adds up; the backlog is the
state of now, with ages in working days.
"""
