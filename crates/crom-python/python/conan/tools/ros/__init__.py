"""ROS, the robot operating system: not done yet, so a recipe can name it and gets an error when it uses it."""
import _crom

__all__ = ["ROSEnv"]


class ROSEnv:
    """Not done yet."""

    def __init__(self, conanfile, *args, **kwargs):
        raise _crom.unsupported("conan.tools.ros.ROSEnv")
