"""What Guardian ships about online services: the ways out, what they hold, in which order to go."""
