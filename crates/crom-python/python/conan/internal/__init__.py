"""Crom's own side of the facade. Recipes have no business here."""
