"""Lessons for workshops."""
