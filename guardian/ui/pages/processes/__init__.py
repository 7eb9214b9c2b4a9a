"""The page about running programs: which of them deserve a question, and everything that runs."""
