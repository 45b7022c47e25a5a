"""What the screens have in common with the counter: each flow names work and tells its outcome.

A flow outlives the screens that show it; it draws nothing.
"""
