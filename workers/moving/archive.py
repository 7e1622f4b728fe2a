"""The archive of a site: a ZIP of rows as NDJSON, of files as they are, and of a manifest.

Written and read as a stream: memory does not grow with the number of rows. See docs/sites.md.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import msgspec

FORMAT, VERSION = "factory-site", 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
MAX_MANIFEST = 64 << 20  # bytes; it names kinds and migrations, not rows

Json = dict[str, Any]


class DamagedError(Exception):
    """The archive is none, is cut, or its content is not what its manifest says."""


class Writer:
    """Takes its name when it is whole. Readable by its owner alone: it tells of people."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_name(f"{path.name}.part")
        descriptor = os.open(self._part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if kind is None:
            self._zip.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._part.rename(self._path)
            return
        self._file.close()
        self._part.unlink(missing_ok=True)

    def add_rows(self, name: str, rows: Iterable[Any]) -> Json:
        """A line for each; what the manifest says of them."""
        encode, digest, count = msgspec.json.Encoder().encode, hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for row in rows:
                line = encode(row) + b"\n"
                digest.update(line)
                member.write(line)
                count += 1
        return {"file": name, "rows": count, "sha256": digest.hexdigest()}

    def add_file(self, name: str, path: Path) -> Json | None:
        """As it is: pictures are packed already. None if it is gone."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return None
        info, digest, size = ZipInfo(name), hashlib.sha256(), 0
        info.compress_type = ZIP_STORED
        with source, self._zip.open(info, "w", force_zip64=True) as member:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                member.write(chunk)
                size += len(chunk)
        return {"file": name, "size": size, "sha256": digest.hexdigest()}

    def finish(self, manifest: Json) -> None:
        """Last: it says what went in."""
        self._zip.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))


class Reader:
    """Raises DamagedError, here and in its methods."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = ZipFile(path)
            info = self._zip.getinfo(MANIFEST)
            if info.file_size > MAX_MANIFEST:
                raise DamagedError("The manifest is too large.")
            self.manifest: Json = json.loads(self._zip.read(info))
        except (BadZipFile, KeyError, ValueError, EOFError, NotImplementedError) as error:
            raise DamagedError(f"{path} is no archive of a site, or is damaged.") from error
        if not isinstance(self.manifest, dict):
            raise DamagedError("The manifest is not as it should be.")

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def rows(self, name: str) -> Iterator[Any]:
        """The lines of a member, decoded."""
        decode = msgspec.json.Decoder().decode
        with self._opened(name) as member:
            yield from map(decode, member)

    def unpack(self, name: str, to: Path) -> None:
        """Whole, readable by its owner alone."""
        to.parent.mkdir(parents=True, exist_ok=True)
        part = to.with_name(f"{to.name}.part")
        with (
            self._opened(name) as member,
            os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file,
        ):
            while chunk := member.read(CHUNK):
                file.write(chunk)
        part.rename(to)

    def check(self, entry: Json) -> None:
        """Whether the member is what the manifest says."""
        name, digest = str(entry["file"]), hashlib.sha256()
        try:
            with self._opened(name) as member:
                while chunk := member.read(CHUNK):
                    digest.update(chunk)
        except (BadZipFile, EOFError, OSError, ValueError, zlib.error) as error:
            raise DamagedError(f"{name} is damaged.") from error
        if digest.hexdigest() != entry["sha256"]:
            raise DamagedError(f"{name} is not what the manifest says.")

    def _opened(self, name: str) -> IO[bytes]:
        try:
            return self._zip.open(name)
        except (KeyError, BadZipFile) as error:
            raise DamagedError(f"{name} is missing.") from error
