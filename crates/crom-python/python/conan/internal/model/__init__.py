"""Objects that live in a recipe."""
