"""The index: finds the rules that hold for a contact without asking each, and exactly those the definition finds."""
