"""Building blocks of the pages; they know no pillar."""
