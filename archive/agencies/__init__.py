"""Which sector an agency works in, under all the names it has had, and on which level it stands."""
