"""Versions."""
from _crom import Version
