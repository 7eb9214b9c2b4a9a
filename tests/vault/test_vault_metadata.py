"""The two files in the vault's folder: they come back whole, and altered ones are refused."""

import hmac
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardian.core.errors import Problem
from guardian.vault.cryptomator import config, masterkey
from guardian.vault.cryptomator.config import parse_config, write_config
from guardian.vault.cryptomator.encoding import decode_token, decode_url, encode_token
from guardian.vault.cryptomator.masterkey import MasterKey, unwrap_masterkey, wrap_masterkey

FILE = "masterkey.cryptomator"
PASSPHRASE = "correct horse battery"
MANY = settings(deadline=None)


def code_of(work: Any, *arguments: Any) -> str:
    with pytest.raises(Problem) as caught:
        work(*arguments)
    return caught.value.code


def forge(key: MasterKey, header: dict[str, Any], payload: dict[str, Any]) -> bytes:
    """A token with a true signature and whatever content."""
    signed = ".".join(encode_token(json.dumps(part).encode()) for part in (header, payload))
    digest = {"HS384": "sha384", "HS512": "sha512"}.get(header.get("alg", ""), "sha256")
    return f"{signed}.{encode_token(hmac.digest(key.raw, signed.encode(), digest))}".encode()


HEADER = {"kid": "masterkeyfile:masterkey.cryptomator", "typ": "JWT", "alg": "HS256"}
PAYLOAD = {"format": 8, "shorteningThreshold": 220, "jti": "x", "cipherCombo": "SIV_GCM"}


def test_keys_come_back_under_the_same_passphrase(key: MasterKey) -> None:
    data = wrap_masterkey(key, PASSPHRASE)
    assert unwrap_masterkey(data, PASSPHRASE, FILE) == key
    assert set(json.loads(data)) == {
        "version",
        "scryptSalt",
        "scryptCostParam",
        "scryptBlockSize",
        "primaryMasterKey",
        "hmacMasterKey",
        "versionMac",
    }


def test_real_vaults_use_a_cost_that_phones_can_bear(
    key: MasterKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masterkey, "COST", 2**15)
    data = wrap_masterkey(key, PASSPHRASE)
    assert json.loads(data)["scryptCostParam"] == 32768
    assert unwrap_masterkey(data, PASSPHRASE, FILE) == key


def test_an_accent_typed_in_two_keys_opens_what_one_key_locked(key: MasterKey) -> None:
    data = wrap_masterkey(key, "caf\u00e9 au lait")
    assert unwrap_masterkey(data, "cafe\u0301 au lait", FILE) == key


def test_a_wrong_passphrase_is_told_as_that(key: MasterKey) -> None:
    data = wrap_masterkey(key, PASSPHRASE)
    for wrong in ("", "Correct horse battery", PASSPHRASE + " "):
        assert code_of(unwrap_masterkey, data, wrong, FILE) == "passphrase-wrong"
    assert code_of(unwrap_masterkey, data, "\udc80", FILE) == "vault-passphrase-unreadable"


def test_keys_are_never_shown(key: MasterKey) -> None:
    assert repr(key) == "MasterKey()"


def test_every_flipped_byte_of_the_key_file_is_refused(key: MasterKey) -> None:
    data = wrap_masterkey(key, PASSPHRASE)
    allowed = {"passphrase-wrong", "vault-key-file-damaged", "vault-key-file-greedy"}
    for place in range(len(data)):
        for flip in (1 << place % 8, 0x80):
            broken = bytearray(data)
            broken[place] ^= flip
            assert code_of(unwrap_masterkey, bytes(broken), PASSPHRASE, FILE) in allowed


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("scryptCostParam", 2**30, "vault-key-file-greedy"),
        ("scryptCostParam", 2**21, "vault-key-file-greedy"),
        ("scryptCostParam", 1000, "vault-key-file-damaged"),
        ("scryptCostParam", 0, "vault-key-file-damaged"),
        ("scryptCostParam", -1024, "vault-key-file-damaged"),
        ("scryptCostParam", 1025, "vault-key-file-damaged"),
        ("scryptCostParam", "1024", "vault-key-file-damaged"),
        ("scryptCostParam", None, "vault-key-file-damaged"),
        ("scryptBlockSize", 17, "vault-key-file-greedy"),
        ("scryptBlockSize", 0, "vault-key-file-damaged"),
        ("scryptSalt", "AAAA", "vault-key-file-damaged"),
        ("scryptSalt", "A" * 1000, "vault-key-file-damaged"),
        ("primaryMasterKey", "", "vault-key-file-damaged"),
        ("hmacMasterKey", "äöü", "vault-key-file-damaged"),
        ("version", 0, "vault-key-file-damaged"),
        ("version", 2**32, "vault-key-file-damaged"),
        ("version", 8, "vault-key-file-damaged"),
        ("versionMac", "AAAA", "vault-key-file-damaged"),
    ],
)
def test_unreasonable_key_files_are_refused(
    key: MasterKey, field: str, value: object, code: str
) -> None:
    entry = json.loads(wrap_masterkey(key, PASSPHRASE)) | {field: value}
    assert code_of(unwrap_masterkey, json.dumps(entry).encode(), PASSPHRASE, FILE) == code


def test_a_key_file_that_needs_more_memory_than_there_is_says_so(
    key: MasterKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = wrap_masterkey(key, PASSPHRASE)

    def refuse(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(masterkey, "derive_key", refuse)
    assert code_of(unwrap_masterkey, data, PASSPHRASE, FILE) == "vault-key-file-greedy"


def test_fields_of_other_programs_are_passed_over(key: MasterKey) -> None:
    entry = json.loads(wrap_masterkey(key, PASSPHRASE)) | {"comment": [1, {"a": None}]}
    assert unwrap_masterkey(json.dumps(entry).encode(), PASSPHRASE, FILE) == key


@pytest.mark.parametrize("data", [b"", b"{}", b"[" * 60_000, b"\xff\xfe", b"null", b" " * 70_000])
def test_what_is_no_key_file_is_refused(data: bytes) -> None:
    assert code_of(unwrap_masterkey, data, PASSPHRASE, FILE) == "vault-key-file-damaged"
    nested = b'{"x":' + data + b"}"
    assert code_of(unwrap_masterkey, nested, PASSPHRASE, FILE) == "vault-key-file-damaged"


@MANY
@given(st.binary(max_size=400))
def test_random_bytes_are_no_key_file(data: bytes) -> None:
    assert code_of(unwrap_masterkey, data, PASSPHRASE, FILE) == "vault-key-file-damaged"


def test_a_config_comes_back(key: MasterKey) -> None:
    data = write_config(key, 120)
    unverified = parse_config(data)
    assert unverified.key_file == "masterkey.cryptomator"
    assert unverified.verify(key).threshold == 120
    assert b"=" not in data and b"\n" not in data


def test_a_config_of_another_vault_is_refused(key: MasterKey) -> None:
    unverified = parse_config(write_config(masterkey.new_masterkey()))
    assert code_of(unverified.verify, key) == "vault-config-damaged"


def test_every_flipped_bit_of_the_config_is_refused(key: MasterKey) -> None:
    data = write_config(key)
    for place in range(len(data)):
        for bit in range(8):
            broken = bytearray(data)
            broken[place] ^= 1 << bit
            with pytest.raises(Problem):
                parse_config(bytes(broken)).verify(key)


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_all_three_signatures_are_read(key: MasterKey, algorithm: str) -> None:
    assert parse_config(forge(key, HEADER | {"alg": algorithm}, PAYLOAD)).verify(key)


@pytest.mark.parametrize(
    ("header", "payload", "code"),
    [
        ({"alg": "none"}, {}, "vault-config-damaged"),
        ({"alg": "RS256"}, {}, "vault-config-damaged"),
        ({"kid": "hub+https://example.org/x"}, {}, "vault-hub"),
        ({"kid": "masterkeyfile:../key"}, {}, "vault-config-damaged"),
        ({"kid": "masterkeyfile:/etc/passwd"}, {}, "vault-config-damaged"),
        ({"kid": "masterkeyfile:a\\b"}, {}, "vault-config-damaged"),
        ({"kid": "masterkeyfile:"}, {}, "vault-config-damaged"),
        ({"kid": "other:masterkey.cryptomator"}, {}, "vault-config-damaged"),
        ({"kid": 5}, {}, "vault-config-damaged"),
        ({}, {"format": 9}, "vault-format-unknown"),
        ({}, {"format": 7}, "vault-format-unknown"),
        ({}, {"format": "8"}, "vault-config-damaged"),
        ({}, {"cipherCombo": "ROT13"}, "vault-format-unknown"),
        ({}, {"shorteningThreshold": 0}, "vault-config-damaged"),
        ({}, {"shorteningThreshold": 10**9}, "vault-config-damaged"),
    ],
)
def test_configs_that_must_not_open_are_refused_by_name(
    key: MasterKey, header: dict[str, Any], payload: dict[str, Any], code: str
) -> None:
    data = forge(key, HEADER | header, PAYLOAD | payload)
    assert code_of(lambda: parse_config(data).verify(key)) == code


def test_a_token_without_signature_is_refused(key: MasterKey) -> None:
    head, body, _ = write_config(key).split(b".")
    none = encode_token(json.dumps(HEADER | {"alg": "none"}).encode()).encode()
    for data in (head + b"." + body + b".", none + b"." + body + b".", head + b"." + body):
        assert code_of(lambda data=data: parse_config(data).verify(key)) == "vault-config-damaged"


@MANY
@given(st.one_of(st.binary(max_size=300), st.from_regex(rb"[\w=-]{0,40}(\.[\w=-]{0,40}){2}")))
def test_random_bytes_are_no_config(data: bytes) -> None:
    assert code_of(parse_config, data) == "vault-config-damaged"


@MANY
@given(st.binary(max_size=60))
def test_base64_has_one_spelling(data: bytes) -> None:
    text = encode_token(data)
    assert decode_token(text) == data
    for other in ("A", "B", "Q", "g", "w"):
        if text and other != text[-1] and len(data) % 3:
            # only unused bits differ, or the value does: never two spellings of one value
            try:
                assert decode_token(text[:-1] + other) != data
            except ValueError:
                continue


@pytest.mark.parametrize("text", ["QQ", "QR==", "Q Q=", "QQ==\n", "ä", "Q===", "++++", "QQ==QQ=="])
def test_sloppy_base64_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decode_url(text)


def test_the_threshold_of_new_vaults_is_the_usual_one() -> None:
    assert config.THRESHOLD == 220
