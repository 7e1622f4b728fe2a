"""What the agent is told: flags, then the environment, then a file, then what is usual.

Each setting has one name: --max-size on the command line, EDGE_MAX_SIZE in the environment,
`max_size` under [agent] in the file.
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as FileError
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from edge.agent.buffer import POLICIES, REFUSE
from edge.agent.shape import LONGEST_CODE
from edge.link import server_address

SECTION = "agent"
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


class SettingsError(ValueError):
    """Says which value is wrong, where it came from, and what it should be."""


@dataclass(frozen=True)
class Setting:
    """`default` is as a person would write it."""

    name: str
    default: str
    read: Callable[[str], Any]
    help: str

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        return f"EDGE_{self.name.upper()}"


def _text(text: str) -> str:
    return text


def _url(text: str) -> str:
    try:
        (server_address(text).hostname or "").encode("idna")
    except ValueError:
        raise ValueError("is not an address such as http://127.0.0.1:8000") from None
    return text


def _key(text: str) -> str:
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise ValueError("is not an ingest key")
    return text


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not (host and port.isascii() and port.isdecimal() and int(port) < 65_536):
        raise ValueError("is not an address such as 127.0.0.1:8765")
    return host.strip("[]"), int(port)


def _size(text: str) -> int:
    match = re.fullmatch(r"(\d{1,9}) ?([KMG]?)B?", text.strip().upper(), re.ASCII)
    if match is None or not int(match[1]):
        raise ValueError("is not a size such as 500 MB")
    return int(match[1]) * _UNITS[match[2]]


def _policy(text: str) -> str:
    if text not in POLICIES:
        raise ValueError(f"is not one of {', '.join(POLICIES)}")
    return text


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and lowest <= int(text) <= highest):
            raise ValueError(f"is not a whole number from {lowest} to {highest:,}")
        return int(text)

    return read


def _seconds(text: str) -> float:
    number = _number(text)
    if not 0 < number <= 7 * 24 * 3600:
        raise ValueError("is not a number of seconds above 0, a week at most")
    return number


def _maybe_seconds(text: str) -> float | None:
    return _seconds(text) if text else None


def _share(text: str) -> float:
    number = _number(text)
    if not 0 <= number <= 0.9:
        raise ValueError("is not a share from 0 to 0.9")
    return number


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError("is not a number") from None
    return number if math.isfinite(number) else -1.0


def _code(text: str) -> str | None:
    if len(text) > LONGEST_CODE:
        raise ValueError(f"is longer than {LONGEST_CODE} characters")
    return text or None


SETTINGS = (
    Setting("url", "http://127.0.0.1:8000", _url, "the server"),
    Setting("key", "", _key, "its ingest key, of a camera or a gateway; better in a file"),
    Setting("key_file", "", _path, "a file that holds the key"),
    Setting("ca_file", "", _path, "certificates to trust beside the system's"),
    Setting("listen", "127.0.0.1:8765", _address, "where cameras post to; port 0 takes a free one"),
    Setting("local_key", "", _key, "what they must show; needed to listen beyond this machine"),
    Setting("camera", "", _code, "the camera of events that name none"),
    Setting("buffer", "edge-buffer.sqlite3", Path, "the file in which events wait"),
    Setting("max_size", "1 GB", _size, "what that may grow to"),
    Setting("when_full", REFUSE, _policy, f"what happens then: {' or '.join(POLICIES)}"),
    Setting(
        "max_refused", "10000", _whole(1, 10**7), "refused events that are kept to be looked at"
    ),
    Setting("batch", "500", _whole(1, 5_000), "events in a request at most"),
    Setting("live_share", "0.5", _share, "share of requests that take the newest events first"),
    Setting("live_batch", "50", _whole(1, 500), "events in such a request at most"),
    Setting("timeout", "10", _seconds, "seconds to wait for the server"),
    Setting("retry_first", "0.5", _seconds, "seconds until the first retry at most"),
    Setting("retry_longest", "60", _seconds, "seconds until any retry at most"),
    Setting("retry_blocked", "60", _seconds, "seconds until a key is tried again that was refused"),
    Setting("interval", "", _maybe_seconds, "say states again so often (default: never)"),
    Setting("feed_timeout", "", _maybe_seconds, "but only of cameras heard within these seconds"),
    Setting("spool", "", _path, "a folder of JSON and NDJSON files to take in"),
    Setting("mqtt", "", _text, "a broker to listen to: mqtt://user:password@host:1883"),
    Setting("mqtt_topic", "factory/events/#", _text, "where events in our JSON are published"),
)


@dataclass(frozen=True)
class Told:
    """All settings, and the file that some came from, for its other sections."""

    values: Mapping[str, Any]
    file: ConfigParser

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A flag for each setting, and one for the file."""
    parser.add_argument("--config", type=Path, help="a file of settings, see docs/edge.md")
    for each in SETTINGS:
        usual = f" (default: {each.default})" if each.default else ""
        parser.add_argument(each.flag, help=each.help.replace("%", "%%") + usual)


def told(
    arguments: argparse.Namespace, environment: Mapping[str, str], *, needs_key: bool = True
) -> Told:
    """Raises SettingsError."""
    path = arguments.config or environment.get("EDGE_CONFIG")
    file = _file(Path(path)) if path else ConfigParser(interpolation=None)
    section = file[SECTION] if file.has_section(SECTION) else {}
    unknown = sorted(set(section) - {each.name for each in SETTINGS})
    if unknown:
        raise SettingsError(f"{path}: there is no setting {unknown[0]!r}")
    values = {each.name: _value(each, arguments, environment, section) for each in SETTINGS}
    if needs_key:
        values["key"] = _key_of(values["key_file"]) or values["key"]
        _refuse_contradictions(values)
    return Told(values, file)


def _file(path: Path) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names of people and zones
    try:
        parser.read_string(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}") from error
    except (FileError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    return parser


def _value(
    setting: Setting,
    arguments: argparse.Namespace,
    environment: Mapping[str, str],
    section: Mapping[str, str],
) -> Any:
    places = (
        (getattr(arguments, setting.name), setting.flag),
        (environment.get(setting.variable), setting.variable),
        (section.get(setting.name), f"{setting.name} in the file"),
        (setting.default, "the default"),
    )
    text, place = next((str(text), place) for text, place in places if text is not None)
    try:
        return setting.read(text)
    except ValueError as error:
        shown = "it" if setting.read is _key else f'"{text}"'
        raise SettingsError(f"{place}: {shown} {error}") from error


def _key_of(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return _key(path.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise SettingsError(f"key_file: {path} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"key_file: what {path} holds {error}") from error


def _refuse_contradictions(values: Mapping[str, Any]) -> None:
    if not values["key"]:
        raise SettingsError("--key, EDGE_KEY or a key_file is needed: the server's ingest key")
    if values["listen"][0] not in LOOPBACK and not values["local_key"]:
        raise SettingsError("--listen beyond this machine needs a --local-key that senders show")
    if (values["interval"] is None) != (values["feed_timeout"] is None):
        raise SettingsError("--interval and --feed-timeout go together")
