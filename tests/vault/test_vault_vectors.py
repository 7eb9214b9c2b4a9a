"""The format's published test values come out of our code byte for byte."""

import base64

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from guardian.vault.cryptomator import ciphers, masterkey
from guardian.vault.cryptomator.masterkey import MasterKey
from guardian.vault.cryptomator.names import NameCipher

ZERO = MasterKey(bytes(32), bytes(32))


def test_the_root_folder_lies_where_the_vector_says(key: MasterKey) -> None:
    names = NameCipher(key)
    assert names._siv.encrypt(b"", None).hex() == "99a0cf31da58adaa836427947940006a"
    assert names.folder_hash("") == "VLWEHT553J5DR7OZLRJAYDIWFCXZABOD"


def test_a_header_seals_to_the_vector(key: MasterKey) -> None:
    sealed = ciphers.seal_header(key, b"\xf0" * 12, b"\xf0" * 32)
    assert sealed.hex().upper() == (
        "F0" * 12
        + "1C8719F03122868FDB9D9703A08608D5885896C2E6604BB9EA6431D4A05D476FE41F3231F2C0611F"
        + "6D42988243F21F43F644FD6DF7A93F0B"
    )
    assert ciphers.open_header(key, sealed) == (b"\xf0" * 12, b"\xf0" * 32)


def test_a_chunk_seals_to_the_vector() -> None:
    cipher = AESGCM(b"\x77" * 32)
    sealed = ciphers.seal_chunk(cipher, 0, b"\x55" * 12, b"\x55" * 12, b"hello world")
    assert sealed.hex().upper() == (
        "55" * 12 + "52C5EE8D7FB44EF28AEC55" + "3CC70265E5352CB5A09A43AE0F5CA15D"
    )
    assert ciphers.open_chunk(cipher, 0, b"\x55" * 12, sealed) == b"hello world"


def test_a_header_under_zero_keys_seals_to_the_vector() -> None:
    sealed = ciphers.seal_header(ZERO, bytes(12), bytes(32))
    assert base64.b64encode(sealed).decode() == (
        "AAAAAAAAAAAAAAAAMVi/wrKflJEHTsXTuvOdGHJgA8o3pip00aL1jnUGNY7dSrEoTUrhey+maVG6P0F2"
        "RBmZR74SjU0="
    )


def test_a_key_wraps_to_the_vector() -> None:
    wrapping = masterkey.derive_key(b"asd", bytes(8), 2, 8)
    assert base64.b64encode(aes_key_wrap(wrapping, bytes(32))).decode() == (
        "mM+qoQ+o0qvPTiDAZYt+flaC3WbpNAx1sTXaUzxwpy0M9Ctj6Tih/Q=="
    )


def test_a_version_signs_to_the_vector() -> None:
    assert base64.b64encode(masterkey.sign_version(ZERO, 7)).decode() == (
        "cn2sAK6l9p1/w9deJVUuW3h7br056mpv5srvALiYw+g="
    )


def test_scrypt_agrees_with_its_own_standard() -> None:
    # RFC 7914, section 12, third vector, first 32 bytes
    derived = masterkey.derive_key(b"pleaseletmein", b"SodiumChloride", 16384, 8)
    assert derived.hex() == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
