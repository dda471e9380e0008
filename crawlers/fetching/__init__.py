"""How a page is fetched: politely, safely, and with every answer archived."""
