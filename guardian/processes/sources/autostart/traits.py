"""What a piece of command text does, whoever wrote it and wherever it stands."""

from __future__ import annotations

import re

LONGEST = 5_000
"""Characters of one command that are looked at."""

GAP = re.compile(r"[ \t]{8,}")
SHELL = r"(?:/\S{0,60}/)?(?:ba|z|da|k|mk|a|fi)?sh"
CODE_EATER = rf"(?:sudo\s+|env\s+|nohup\s+|exec\s+)*(?:{SHELL}|python[\d.]*|perl|ruby|node|php)"
FETCHER = r"\b(?:curl|wget|aria2c|lwp-request|fetch)\b"

FETCHES = re.compile(
    rf"{FETCHER}[^;\n]{{0,400}}\|\s*{CODE_EATER}(?:\s|$|[;&'\")}}])"
    rf"|(?:\b{SHELL}\b|\beval\b|\bsource\b|(?:^|[\s;&])\.)[^;\n]{{0,60}}(?:<\(|\$\(|`)\s*{FETCHER}"
    rf"|{FETCHER}[^;&|\n]{{0,300}}(?:-o|-O|--output|--output-document|>)[= ]*"
    rf"(?P<file>[^\s;&|'\"]+)[^\n]{{0,500}}[;&]\s*(?:{CODE_EATER}\s+|\.\s+|source\s+)?"
    rf"(?:chmod\s[^\n]{{0,200}}(?P=file)|(?P=file))"
    r"|\bexec\s*\([^\n]{0,300}(?:urlopen|requests\.get|http\.client)"
    r"|(?:urlopen|requests\.get)\([^\n]{0,500}\bexec\s*\("
)
DECODES = re.compile(
    r"\bbase(?:64|32)\s+(?:-\w*[dD]|--decode)|\bopenssl\s+(?:enc|base64)\b[^|]{0,200}\s-d\b"
    r"|\bxxd\s+-\w*r|b64decode|b32decode|unhexlify|fromhex\(|zlib\.decompress|decode_base64"
    r"|Buffer\.from\([^)]{0,2000}base64"
)
RUNS = re.compile(
    rf"\|\s*{CODE_EATER}(?:\s|$|[;&'\")}}])|\beval\b|\bexec\s*\(|<\(\s*(?:echo|printf|base)"
    r"|\b(?:os\.system|subprocess|__import__)\b"
)
TO_NETWORK = re.compile(
    rf"{SHELL}\s+-\w*i\b[^\n]{{0,300}}/dev/(?:tcp|udp)/"
    rf"|/dev/(?:tcp|udp)/[^\n]{{0,300}}(?:\b\w{{0,4}}sh\s|<&\d|0>&1|while\s+read)"
    r"|\b(?:nc|ncat|netcat|nc\.\w+)\b[^|;&\n]{0,300}\s(?:-\w*[ec]|--exec|--sh-exec)\s"
    rf"|\bmkfifo\b[^\n]{{0,500}}\b(?:nc|ncat|netcat|telnet|openssl\s+s_client|socat)\b"
    rf"|\|\s*{SHELL}\b[^\n]{{0,100}}\|\s*(?:nc|ncat|netcat|telnet|openssl\s+s_client)\b"
    r"|\bsocat\b[^\n]{0,300}\b(?:exec|system):|socket[^\n]{0,500}(?:dup2|pty\.spawn|/bin/\w*sh)"
    r"|\bIO::Socket\b[^\n]{0,500}\b(?:eval|exec|system)\b"
    r"|\brequire\(.net.\)[^\n]{0,500}\b(?:exec|spawn)\w*\(",
    re.IGNORECASE,
)
TYPING = re.compile(
    r"\bxinput\s+(?:--)?test|\bshowkey\b|\blogkeys\b|\bevtest\b|\bxspy\b|\bxkey(?:log|boardspy)"
    r"|libinput\s+debug-events|/dev/input/(?:event|by-)|\bkey_?logger\b|\bpynput\.keyboard"
)
RECORDS = re.compile(
    r"\b(?:arecord|parecord|parec|pw-record|wf-recorder|xwd|scrot|maim|fswebcam|streamer)\b"
    r"|\bffmpeg\b[^\n]{0,500}(?:x11grab|kmsgrab|v4l2|-f\s+(?:alsa|pulse))|\bimport\s+-window\s+root"
)
TUNNEL = re.compile(
    r"\b(?:auto)?ssh\b[^;&|\n]{0,500}\s-(?:\w*R|o\s*RemoteForward)[\s=:\d]"
    r"|\b(?:ngrok|frpc|bore\s+local|localtunnel|chisel\s+client|rathole|wstunnel\s+client)\b"
    r"|\bcloudflared\b[^\n]{0,200}\btunnel\b|\btailscale\s+funnel\b"
)
SENDS = re.compile(
    r"\b(?:curl|wget|nc|ncat|netcat|socat|ssh|scp|rsync|sendmail|mail|mailx|telnet|logger|ftp)\b"
    r"|/dev/(?:tcp|udp)/"
)
PRIVATE = (
    r"(?:\bxclip\b|\bxsel\b|\bwl-paste\b|\.(?:bash|zsh)_history|fish_history|/\.ssh/id|/\.gnupg/"
    r"|/etc/shadow|Login Data|cookies\.sqlite|logins\.json|key4\.db|\.keyring\b|\.kdbx\b)"
)
UPLOADS = r"\b(?:curl|wget|nc|ncat|netcat|socat|sendmail|mailx?|telnet|ftp)\b|/dev/(?:tcp|udp)/"
SENDS_PRIVATE = re.compile(
    rf"{PRIVATE}[^\n]{{0,300}}(?:{UPLOADS})|(?:{UPLOADS})[^\n]{{0,300}}{PRIVATE}"
)
INLINE = re.compile(
    r"(?:^|[\s/;&|('\"])(?:python[\d.]*|perl|ruby|node|php|lua[\d.]*)\s+(?:-\S+\s+){0,5}-\w{0,5}[ceEr]\s"
)
SHELL_LINE = re.compile(r"(?:^|[\s/])(?:ba|da|z)?sh\s+(?:-\w+\s+){0,5}-\w{0,5}c\s")
PRELOADS = re.compile(r"\bLD_(?:PRELOAD|AUDIT)=[\"']?([^\s\"';]+)")


def find_traits(text: str) -> tuple[str, ...]:
    """The names of everything that stands out about ``text``."""
    # long gaps push the rest out of a person's sight, and must not out of ours
    text = GAP.sub(" ", text)[:LONGEST]
    found = []
    if FETCHES.search(text):
        found.append("fetches-and-runs")
    if DECODES.search(text) and RUNS.search(text):
        found.append("decodes-and-runs")
    for name, pattern in (
        ("shell-to-network", TO_NETWORK),
        ("watches-typing", TYPING),
        ("records", RECORDS),
        ("sends-private-files", SENDS_PRIVATE),
        ("tunnel", TUNNEL),
        ("preloads", PRELOADS),
    ):
        if pattern.search(text):
            found.append(name)
    return tuple(found)
