"""Package types: texts with names."""


class PackageType(str):
    """`package_type`, comparable with texts and with the constants of this class."""

    @property
    def value(self):
        return str.__str__(self)

    @property
    def name(self):
        return _NAMES.get(str.__str__(self), "UNKNOWN")

    def __repr__(self):
        return f"<PackageType.{self.name}: '{self.value}'>"


_NAMES = {"library": "LIBRARY", "static-library": "STATIC", "shared-library": "SHARED",
          "header-library": "HEADER", "build-scripts": "BUILD", "application": "APP",
          "python-require": "PYTHON", "configuration": "CONF", "unknown": "UNKNOWN"}

for _value, _name in _NAMES.items():
    setattr(PackageType, _name, PackageType(_value))
