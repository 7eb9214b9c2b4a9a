"""Fits the weights that ship in assets/clauses; needs scikit-learn, which the app does not."""
