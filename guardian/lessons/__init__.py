"""Lessons for workshops: eight short packs, quizzes counted by hands, handouts, an agenda."""
