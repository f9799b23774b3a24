"""ROS, the robot operating system."""
from conan.tools.ros.rosenv import ROSEnv

__all__ = ["ROSEnv"]
