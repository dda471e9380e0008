"""Small sites of our own making, served on loopback for the demo and the tests."""
