"""GNU triplets"""
import _crom


def _get_gnu_triplet(os_, arch, compiler=None):
    """``machine``, ``system`` and ``triplet`` of a system."""
    return _crom.call("gnu.triplet", {"os": os_, "arch": arch, "compiler": compiler})
