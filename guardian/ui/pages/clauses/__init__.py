"""The page that shows what a privacy policy or terms document really says."""
