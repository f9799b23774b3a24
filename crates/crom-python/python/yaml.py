"""The part of PyYAML that recipes use, on Crom's own reader and writer."""
import _crom


class YAMLError(Exception):
    """A text isn't YAML."""


class SafeLoader:
    """Named in ``yaml.load(.., Loader=yaml.SafeLoader)``."""


class SafeDumper:
    """Named in ``yaml.dump(.., Dumper=yaml.SafeDumper)``."""


Loader = FullLoader = BaseLoader = CSafeLoader = CLoader = SafeLoader
Dumper = CSafeDumper = CDumper = SafeDumper


def safe_load(stream):
    text = stream.read() if hasattr(stream, "read") else stream
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    return _crom.yaml_load(text)


def load(stream, Loader=None):
    return safe_load(stream)


full_load = safe_load


def safe_dump(data, stream=None, default_flow_style=False, sort_keys=True, allow_unicode=None,
              width=None, indent=None, encoding=None, explicit_start=None):
    text = _crom.yaml_dump(data, bool(sort_keys), bool(allow_unicode), width)
    if explicit_start:
        text = "---\n" + text
    if stream is None:
        return text.encode(encoding) if encoding else text
    stream.write(text.encode(encoding) if encoding else text)


def dump(data, stream=None, Dumper=None, **kwargs):
    return safe_dump(data, stream, **kwargs)
