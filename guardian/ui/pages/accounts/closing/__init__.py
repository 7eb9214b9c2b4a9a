"""The walk through the case of one account, until it is really closed."""
