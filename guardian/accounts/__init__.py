"""The accounts pillar: which accounts this computer knows of, and how long they lie unused."""
