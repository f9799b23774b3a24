"""What the system has to have."""
from conan.tools.system import package_manager, python_manager
from conan.tools.system.python_manager import PipEnv, PyEnv
