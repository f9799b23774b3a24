"""The generator CMakeConfigDeps."""
