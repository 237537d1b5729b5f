"""RSA with SHA-256 as WeChat Pay and Alipay use it (PKCS #1 v1.5, base64)."""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)


def create_key_pair() -> tuple[bytes, bytes]:
    """Return a new RSA-2048 key as ``(private, public)`` PEM: PKCS #8 and SubjectPublicKeyInfo."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private, public


def read_private_key(path: Path) -> RSAPrivateKey:
    """Read a PEM private key."""
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"{path} is not an RSA private key")
    return key


def read_public_key(path: Path) -> RSAPublicKey:
    """Read a PEM public key."""
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, RSAPublicKey):
        raise TypeError(f"{path} is not an RSA public key")
    return key


def sign_rsa(key: RSAPrivateKey, message: bytes) -> str:
    """Return the base64 signature of ``message``."""
    return b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def is_rsa_signature(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Tell whether ``signature`` (base64) is ``key``'s over ``message``."""
    try:
        key.verify(b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, Base64Error, ValueError):
        return False
    return True
