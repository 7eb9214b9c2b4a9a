"""The learned part: linear models over words and letters, summed with numpy alone."""
