"""Settings."""
from _crom import Settings, SettingsItem
