"""The smallest files of their kind that office programs and readers accept."""
