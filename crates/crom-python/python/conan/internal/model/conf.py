"""Configuration values."""
from _crom import Conf
