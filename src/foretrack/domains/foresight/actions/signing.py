"""People's signing keys: Ed25519, made once, kept in `keys/` of the workspace or where the person likes.

`keys/` is no part of the published results: files are made readable by their owner only.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from foretrack.corpus.atomic import disk_errors, fsync_file, fsync_folder
from foretrack.corpus.workspace import Workspace
from foretrack.domains.foresight.candidates.journal import same_name
from foretrack.foundation.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Signer:
    """Somebody's key, opened."""

    public_key: str
    """Hexadecimal."""
    _private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature (RFC 8032): 64 bytes, the same each time."""
        return self._private.sign(message)


def verify(public_key: str, message: bytes, signature: str) -> bool:
    """Whether a signature fits; False for anything that is no key or signature at all."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(
            bytes.fromhex(signature), message
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def key_folder(workspace: Workspace) -> Path:
    """Where keys lie unless somebody names a file."""
    return workspace.root / "keys"


def key_file(workspace: Workspace, who: str) -> Path:
    """Where the key of a person lies; the name is hashed, so that it can hold any character."""
    return key_folder(workspace) / (
        hashlib.blake2b(same_name(who).encode(), digest_size=8).hexdigest() + ".pem"
    )


def open_signer(path: Path, passphrase: str | None = None) -> Signer:
    """The key in a file. InputError when there is none, it is no Ed25519 key or the passphrase does not open it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"the key {path} cannot be read: {error.strerror or error}",
            expected="the private key of whoever decides",
            do="name its file with --key, or decide under another name",
        ) from error
    try:
        key = load_pem_private_key(content, passphrase.encode() if passphrase else None)
    except TypeError as error:
        raise InputError(
            f"the key {path} {'needs a' if 'not given' in str(error) else 'has no'} passphrase",
            expected="its passphrase, if it has one",
            do="run it at a terminal with --passphrase, which asks"
            if not passphrase
            else "leave out --passphrase",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(
            f"the key {path} cannot be opened",
            expected="an Ed25519 private key in PEM and its passphrase",
            do="look at the file, or give the right passphrase",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(
            f"the key {path} is of another kind", expected="an Ed25519 key", do="name another --key"
        )
    return _signer(key)


def make_signer(path: Path, passphrase: str | None = None) -> Signer:
    """A new key, written so that only its owner can read it. InputError if the file is there already."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        KeySerializationEncryption,
        NoEncryption,
        PrivateFormat,
    )

    key = Ed25519PrivateKey.generate()
    lock: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    )
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        ignore = path.parent / ".gitignore"
        if path.parent.name == "keys" and not ignore.exists():
            ignore.write_text("*\n", encoding="ascii")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        except FileExistsError as error:
            raise InputError(
                f"the key {path} is there already", expected="a new file", do="name another --key"
            ) from error
        try:
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(content)
            fsync_file(path)
            fsync_folder(path.parent)
        except OSError:
            path.unlink(missing_ok=True)
            raise
    return _signer(key)


def kept_key(workspace: Workspace, who: str) -> str | None:
    """The public half of the key kept for a name; None when none is, or a passphrase guards it."""
    path = key_file(workspace, who)
    if not path.is_file():
        return None
    try:
        return open_signer(path).public_key
    except InputError:
        return None


def readable_by_others(folder: Path) -> list[Path]:
    """Key files that somebody else may read; always empty where the system has no such modes."""
    if os.name == "nt" or not folder.is_dir():
        return []
    return sorted(p for p in folder.glob("*.pem") if p.stat().st_mode & 0o077)


def _signer(key: Ed25519PrivateKey) -> Signer:
    return Signer(key.public_key().public_bytes_raw().hex(), key)
