"""Version control, and versions."""
from _crom import Version
from conan.tools.scm.git import Git
