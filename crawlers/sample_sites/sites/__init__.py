"""One module per sample site: its entries and how it shows them."""
