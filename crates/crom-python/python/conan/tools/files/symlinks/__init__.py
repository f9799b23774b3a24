"""Symbolic links of a folder."""
from conan.tools.files.symlinks.symlinks import (absolute_to_relative_symlinks, get_symlinks,
                                                 remove_broken_symlinks, remove_external_symlinks)
