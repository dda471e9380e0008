"""Which division of China a report comes from: tables 1981-2025 and resolvers for names, numbers, hosts and texts."""
