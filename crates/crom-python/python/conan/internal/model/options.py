"""Options."""
from _crom import Options, PackageOption as _PackageOption, PackageOptions as _PackageOptions
