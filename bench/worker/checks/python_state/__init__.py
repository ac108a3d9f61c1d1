"""Tell what plain Python of the user's the calls of a function change: counters, histories, caches, attributes."""
