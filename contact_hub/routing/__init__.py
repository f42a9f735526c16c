"""Routing, pure: which queue a contact belongs to, and why. Knows no database, clock or network."""
