"""Whether a vault is as Guardian wrote it, and putting right what is not."""
