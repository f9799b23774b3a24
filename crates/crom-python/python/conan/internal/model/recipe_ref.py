"""References to recipes and packages."""
import _crom
from _crom import Version


def _same(a, b):
    return a is None and b is None or a == b


class RecipeReference:
    """``name/version@user/channel#revision%timestamp``"""

    __slots__ = ("name", "version", "user", "channel", "revision", "timestamp")

    def __init__(self, name=None, version=None, user=None, channel=None, revision=None,
                 timestamp=None):
        self.name = name
        if version is not None and not isinstance(version, Version):
            version = Version(version)
        self.version = version
        self.user = user
        self.channel = channel
        self.revision = revision
        self.timestamp = timestamp

    @staticmethod
    def loads(rref):
        name, version, user, channel, revision, timestamp = _crom.parse_reference(rref)
        return RecipeReference(name, version, user, channel, revision, timestamp)

    def copy(self):
        return RecipeReference(self.name, self.version, self.user, self.channel, self.revision,
                               self.timestamp)

    def _crom_data(self):
        return self.repr_full()

    def repr_full(self):
        text = self.repr_notime()
        if self.timestamp is not None:
            text += f"%{self.timestamp}"
        return text

    def repr_notime(self):
        text = str(self)
        if self.revision is not None:
            text += f"#{self.revision}"
        return text

    def repr_humantime(self):
        return _crom.human_reference(self.repr_full(), False)

    def __repr__(self):
        return self.repr_full()

    def __str__(self):
        if self.name is None:
            return ""
        text = f"{self.name}/{self.version}"
        if self.user:
            text += f"@{self.user}"
            if self.channel:
                text += f"/{self.channel}"
        return text

    def _key(self):
        return (self.name, self.version, self.user or "", self.channel or "")

    def __eq__(self, other):
        if other is None:
            return False
        if not isinstance(other, RecipeReference):
            return NotImplemented
        return self._key() == other._key() and self.revision == other.revision

    def __lt__(self, other):
        mine = self._key() + (self.timestamp or 0, self.revision or "")
        return mine < other._key() + (other.timestamp or 0, other.revision or "")

    def __gt__(self, other):
        return other < self

    def __hash__(self):
        return hash((self.name, self.version, self.user, self.channel, self.revision))

    def matches(self, pattern, is_consumer):
        return _crom.reference_matches(self, pattern, bool(is_consumer))

    def partial_match(self, pattern):
        from fnmatch import fnmatch
        texts = [self.name, f"{self.name}/{self.version}"]
        if self.user:
            texts.append(f"{self.name}/{self.version}@{self.user}")
            if self.channel:
                texts.append(f"{self.name}/{self.version}@{self.user}/{self.channel}")
        if self.revision:
            texts.append(self.repr_notime())
        return any(fnmatch(text, pattern) for text in texts)

    def validate_ref(self, allow_uppercase=False):
        _crom.validate_reference(self, bool(allow_uppercase))


class PkgReference:
    """``name/version#rrev:package_id#prev%timestamp``"""

    __slots__ = ("ref", "package_id", "revision", "timestamp")

    def __init__(self, ref=None, package_id=None, revision=None, timestamp=None):
        self.ref = ref
        self.package_id = package_id
        self.revision = revision
        self.timestamp = timestamp

    @staticmethod
    def loads(pkg_ref):
        recipe, _, package = pkg_ref.partition(":")
        package, _, revision = package.partition("#")
        revision, _, timestamp = revision.partition("%")
        return PkgReference(RecipeReference.loads(recipe), package, revision or None,
                            float(timestamp) if timestamp else None)

    def repr_notime(self):
        text = f"{self.ref.repr_notime()}:{self.package_id}"
        if self.revision is not None:
            text += f"#{self.revision}"
        return text

    def repr_humantime(self):
        return _crom.human_reference(repr(self), True)

    def _crom_data(self):
        return repr(self)

    def __repr__(self):
        text = f"{self.ref!r}:{self.package_id}"
        if self.revision is not None:
            text += f"#{self.revision}"
        if self.timestamp is not None:
            text += f"%{self.timestamp}"
        return text

    def __str__(self):
        return f"{self.ref}:{self.package_id}"

    def __eq__(self, other):
        if not isinstance(other, PkgReference):
            return NotImplemented
        return self.repr_notime() == other.repr_notime()

    def __lt__(self, other):
        return repr(self) < repr(other)

    def __hash__(self):
        return hash((self.ref, self.package_id, self.revision))
