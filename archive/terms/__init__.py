"""Policy terms of work reports: campaigns, programmes and fields of work, by a lexicon of the project's own."""
