"""``self.info``: what the package id is made of."""
import _crom

_MODES = ("unrelated_mode", "semver_mode", "full_version_mode", "patch_mode", "minor_mode",
          "major_mode", "full_recipe_mode", "full_package_mode", "full_mode",
          "recipe_revision_mode", "micro_mode", "revision_mode")


class RequirementInfo:
    """One dependency in the package id."""

    def __init__(self, data):
        self._full = data.pop("full")
        self._update(data)

    def _update(self, data):
        self._mode_name = data["mode"]
        self.name = data["name"]
        self.version = data["version"]
        self.user = data["user"]
        self.channel = data["channel"]
        self.recipe_revision = data["recipe_revision"]
        self.package_id = data["package_id"]

    def _crom_data(self):
        return {"full": self._full, "mode": self._mode_name, "name": self.name,
                "version": None if self.version is None else str(self.version),
                "user": self.user, "channel": self.channel,
                "recipe_revision": self.recipe_revision, "package_id": self.package_id}

    def _set_mode(self, mode):
        data = _crom.requirement_info(self._crom_data(), mode)
        data.pop("full")
        self._update(data)

    def dumps(self):
        return _crom.requirement_info_line(self._crom_data())

    def copy(self):
        return RequirementInfo(self._crom_data())

    def pref(self):
        return self.dumps()

    @property
    def package_id_mode(self):
        return self._mode_name

    @property
    def _ref_name(self):
        return self._full["reference"]["name"]


def _mode(name):
    def apply(self):
        self._set_mode(name)
    apply.__name__ = name
    return apply


class _Many:
    """Dependencies by reference."""

    def __init__(self, items):
        self._items = [RequirementInfo(item) for item in items]

    def _crom_data(self):
        return {"items": [item._crom_data() for item in self._items]}

    def _set_mode(self, mode):
        for item in self._items:
            item._set_mode(mode)

    def copy(self):
        return type(self)([item._crom_data() for item in self._items])

    def clear(self):
        self._items = []

    def __bool__(self):
        return bool(self._items)

    def serialize(self):
        return sorted(line for line in (item.dumps() for item in self._items) if line)

    def dumps(self):
        return "\n".join(self.serialize())


class RequirementsInfo(_Many):
    """``self.info.requires``"""

    def __getitem__(self, item):
        for info in self._items:
            if info._ref_name == item:
                return info
        raise KeyError(f"'{item}' not found in the dependency set")

    def get(self, ref, build=None, **kwargs):
        return self[ref]

    of = get

    def __contains__(self, item):
        return any(info._ref_name == item for info in self._items)

    def remove(self, *args):
        self._items = [info for info in self._items if info._ref_name not in args]

    def items(self):
        return [(info._ref_name, info) for info in self._items]

    def values(self):
        return list(self._items)

    @property
    def pkg_names(self):
        return [info._ref_name for info in self._items]

    def filter(self, require_filter):
        return self


class PythonRequiresInfo(_Many):
    """``self.info.python_requires``"""


for _name in _MODES:
    setattr(RequirementInfo, _name, _mode(_name))
    setattr(_Many, _name, _mode(_name))


class ConanInfo:
    """Settings, options and dependencies that make the package id."""

    def __init__(self, parts):
        self.settings = parts["settings"]
        self.settings_target = parts["settings_target"]
        self.options = parts["options"]
        self.requires = RequirementsInfo(parts["requires"])
        self.build_requires = RequirementsInfo(parts["build_requires"])
        self.python_requires = PythonRequiresInfo(parts["python_requires"])
        self.conf = parts["conf"]
        config_version = parts["config_version"]
        self.config_version = None if config_version is None else RequirementsInfo(config_version)
        self.invalid = parts["invalid"]
        self.cant_build = parts["cant_build"]
        self.compatibility_delta = parts["compatibility_delta"]

    def clone(self):
        return _crom.info_clone(self)

    def clear(self):
        self.settings.clear()
        self.options.clear()
        self.requires.clear()
        self.conf.clear()
        self.build_requires.clear()
        self.python_requires.clear()
        if self.config_version is not None:
            self.config_version.clear()

    def dumps(self):
        return _crom.info_text(self)

    def dump_diff(self, compatible):
        """What another configuration has and this one hasn't."""
        own = self.dumps()
        lines = (line for line in compatible.dumps().splitlines() if line not in own)
        return ", ".join(line for line in lines if not line.startswith("["))

    def serialize(self):
        return _crom.info_serialize(self)

    def package_id(self):
        return _crom.info_package_id(self)

    def validate(self):
        self.settings.validate()
        self.options.validate()

    def summarize_compact(self):
        return _crom.info_summary(self)
