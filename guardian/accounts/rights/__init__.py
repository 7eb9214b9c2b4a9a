"""The law behind a letter: rules, dates, authorities, and the letters themselves."""
