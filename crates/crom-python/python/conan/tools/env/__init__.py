"""Environments, and scripts that bring them up."""
from _crom import Environment
from conan.tools.env.environment import create_env_script, register_env_script
from conan.tools.env.virtualbuildenv import VirtualBuildEnv
from conan.tools.env.virtualrunenv import VirtualRunEnv

__all__ = ["Environment", "VirtualBuildEnv", "VirtualRunEnv", "create_env_script",
           "register_env_script"]
