"""Faults on live twin routers: whatever dies in the middle of a commit, a router ends in its old or its new
configuration, whole and reachable.
"""
