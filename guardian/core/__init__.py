"""The ground floor: what every pillar stands on, knowing none of them."""
