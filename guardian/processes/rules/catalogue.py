"""The products of one system, made ready to be asked about by path, name, package and service."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guardian.processes.content import Product
from guardian.processes.model import System
from guardian.processes.rules.paths import canonical, is_interpreter, name_of

HOMES = {
    System.LINUX: r"(?:(?:/var)?/home/[^/]+|/root)",
    System.MACOS: r"/Users/[^/]+",
    System.WINDOWS: r"[a-z]:\\users\\[^\\]+",
}
MACOS_FOLDERS = ("/Applications/", "/Library/", "/System/", "~/Library/", "~/Applications/")
UNIX_FOLDERS = ("/usr/local/", "/opt/")
"""Folders that Linux and macOS programs both use."""

INSTALLED = re.compile(
    r"(?:/opt/|/usr/(?:local/)?(?:lib|libexec|share|games)/|/usr/local/|/Applications/"
    r"|(?:/Users/[^/]+)?/Library/(?:Application Support/|PrivilegedHelperTools/)?"
    r"|[a-z]:\\program files(?: \(x86\))?\\(?:common files\\)?|[a-z]:\\programdata\\"
    r"|[a-z]:\\users\\[^\\]+\\appdata\\(?:local\\(?:programs\\)?|roaming\\))([^/\\]+)[/\\]",
    re.IGNORECASE,
)
"""Folders that hold one folder for each program."""

SERVICE_ENDINGS = re.compile(r"\.(?:service|socket|timer|target|scope|plist|desktop|lnk)$")
FLATPAK_UNIT = re.compile(r"app-flatpak-(.+)-\d+\.scope")
SNAP_UNIT = re.compile(r"snap\.([^.]+)\.")
NO_LETTERS = re.compile(r"[^0-9A-Za-z]+")
BRAND_START = 5
"""Letters of the shortest brand; shorter words begin too many honest names."""

LONGEST_SHORT_NAME = 15
"""Characters of a process's short name on Linux."""

LONGEST_PATH = 4096


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What one path tells: products whose install place it lies in, whose name it bears."""

    placed: tuple[Product, ...] = ()
    named: tuple[Product, ...] = ()
    shared: tuple[Product, ...] = ()


class Wild:
    """Things known by a text with ``*`` in it. One pattern of all tells quickly what is none."""

    def __init__(self) -> None:
        self._each: list[tuple[str, Product]] = []
        self._any: re.Pattern[str] | None = None

    def add(self, pattern: str, product: Product) -> None:
        self._each.append((pattern, product))
        self._any = None

    def fitting(self, text: str) -> tuple[Product, ...]:
        if self._any is None:
            self._any = re.compile("|".join(f"(?:{each})" for each, _ in self._each) or r"(?!)")
        if not self._any.fullmatch(text):
            return ()
        return tuple(one for each, one in self._each if re.fullmatch(each, text))


class Catalogue:
    """Made once for each look. Names are compared as the system does: exactly on Linux only."""

    def __init__(self, products: Iterable[Product], system: System) -> None:
        self.system = system
        self.by_key = {each.key: each for each in products if system in each.systems}
        self.asked: dict[str, list[Product]] = defaultdict(list)
        self._places: dict[str, list[Product]] = defaultdict(list)
        self._wild_places = Wild()
        self._names: dict[str, list[Product]] = defaultdict(list)
        self._wild_names = Wild()
        self._shared: dict[str, list[Product]] = defaultdict(list)
        self._services: dict[str, list[Product]] = defaultdict(list)
        self._wild_services = Wild()
        self._packages: dict[str, list[Product]] = defaultdict(list)
        self._publishers: dict[str, Product] = {}
        self._brands: dict[str, list[tuple[str, Product]]] = defaultdict(list)
        self._known: dict[str, PathFacts] = {}
        self._signed: dict[str, tuple[Product, ...]] = {}
        self._serving: dict[str, tuple[Product, ...]] = {}
        for product in self.by_key.values():
            self._add(product)

    def _add(self, product: Product) -> None:
        for path in product.paths:
            if belongs(path, product, self.system):
                self.asked[path].append(product)
                if "*" in path or path.startswith("~"):
                    self._wild_places.add(place_pattern(path, self.system), product)
                else:
                    self._places[canonical(path)].append(product)
        for name in product.names:
            self._add_name(name, product)
        for service in product.services:
            key = self._fold(service)
            if "*" in service:
                self._wild_services.add(wildcard(key), product)
            else:
                self._services[key].append(product)
        for package in product.packages:
            self._packages[package].append(product)
        for publisher in product.publishers:
            self._publishers[publisher.casefold()] = product
        for brand in product.brands:
            self._brands[brand[:BRAND_START]].append((brand, product))

    def _add_name(self, name: str, product: Product) -> None:
        key = self._fold(name)
        if name in product.shared_names:
            self._shared[key].append(product)
        elif "*" in name:
            self._wild_names.add(wildcard(key), product)
        else:
            self._names[key].append(product)
            if self.system is System.LINUX and len(name) > LONGEST_SHORT_NAME:
                self._names[key[:LONGEST_SHORT_NAME]].append(product)

    def _fold(self, name: str) -> str:
        return name if self.system is System.LINUX else name.casefold()

    def look_up(self, path: str) -> PathFacts:
        """What ``path`` tells, be it a full path or a bare name."""
        facts = self._known.get(path)
        if facts is None:
            facts = self._known[path] = self._look_up(path[:LONGEST_PATH])
        return facts

    def _look_up(self, path: str) -> PathFacts:
        place = canonical(path)
        placed = list(self._placed(place))
        name = unwrapped(name_of(place))
        key = self._fold(name)
        named = [*self._names.get(key, ()), *self._wild_names.fitting(key)]
        if not is_interpreter(name):
            named += self.branded(name)
        folder = INSTALLED.match(place)
        if folder:
            named += self.branded(folder[1])
        return PathFacts(unique(placed), unique(named), tuple(self._shared.get(key, ())))

    def _placed(self, place: str) -> Iterator[Product]:
        if place[:1] not in ("/", "\\") and place[1:2] != ":":
            return
        folder = place
        while len(folder) > 1:
            yield from self._places.get(folder, ())
            folder = folder[: max(folder.rfind("/"), folder.rfind("\\"), 0)]
        yield from self._wild_places.fitting(place)

    def branded(self, text: str) -> list[Product]:
        """Products whose brand begins ``text`` or, in a dotted name, one of its parts."""
        found = []
        for part in (text, *text.split(".")[1:]):
            letters = NO_LETTERS.sub("", part[:60]).casefold()
            for brand, product in self._brands.get(letters[:BRAND_START], ()):
                if letters.startswith(brand):
                    found.append(product)
        return found

    def packaged(self, owner: str) -> tuple[Product, ...]:
        """By a package as owners are told: a bare name, or ``snap:`` or ``flatpak:`` before it."""
        return tuple(self._packages.get(owner.rpartition(":")[2], ()))

    def signed(self, signer: str) -> tuple[Product, ...]:
        """By who signed a file: the publisher's name alone, with its legal form, or as CN or O."""
        if signer not in self._signed:
            self._signed[signer] = unique(self._signing(signer.casefold()))
        return self._signed[signer]

    def _signing(self, text: str) -> Iterator[Product]:
        parts = [text, *(part.partition("=")[2] for part in re.split(r",\s*(?=\w+=)", text))]
        for publisher, product in self._publishers.items():
            if any(f"{part} ".startswith((f"{publisher} ", f"{publisher},")) for part in parts):
                yield product

    def serving(self, unit: str) -> tuple[Product, ...]:
        """By a unit, service, launch label or bundle identifier, or by the app a scope is for."""
        if unit not in self._serving:
            self._serving[unit] = self._serve(unit[:LONGEST_PATH])
        return self._serving[unit]

    def _serve(self, unit: str) -> tuple[Product, ...]:
        for pattern in (FLATPAK_UNIT, SNAP_UNIT):
            app = pattern.match(unit)
            if app:
                return tuple(self._packages.get(app[1], ()))
        found: list[Product] = []
        for key in dict.fromkeys((self._fold(unit), self._fold(plain_service(unit)))):
            found += self._services.get(key, ())
            found += self._wild_services.fitting(key)
        return unique(found)

    def domain_in(self, command: str, key: str) -> str | None:
        """An internet address of the product's maker that stands in a command line."""
        text = command[:LONGEST_PATH].casefold()
        for domain in self.by_key[key].domains:
            if domain in text and re.search(rf"(?<![\w-]){re.escape(domain)}(?![\w-]|\.\w)", text):
                return domain
        return None


def unique(found: Iterable[Product]) -> tuple[Product, ...]:
    return tuple({product.key: product for product in found}.values())


def wildcard(text: str) -> str:
    """A text with ``*`` for a part of one name as a regular expression."""
    return r"[^/\\]*".join(map(re.escape, text.split("*")))


def place_pattern(path: str, system: System) -> str:
    """An install place, and everything below it."""
    home = HOMES.get(system, "") if path.startswith("~") else ""
    rest = path[1:] if home else path
    rest = rest.casefold() if system is System.WINDOWS else canonical(rest)
    return rf"{home}{wildcard(rest)}(?:[/\\](?s:.)*)?"


def belongs(path: str, product: Product, system: System) -> bool:
    """Whether an install place is one of ``system``; its form tells."""
    if "\\" in path:
        return system is System.WINDOWS
    if path.startswith(MACOS_FOLDERS):
        return system is System.MACOS
    if system is System.MACOS:
        return path.startswith(UNIX_FOLDERS)
    return system is System.LINUX and system in product.systems


def unwrapped(name: str) -> str:
    """The name a wrapper of Nix hides: ``.x11vnc-wrapped`` is x11vnc."""
    if name.startswith(".") and name.endswith("-wrapped"):
        return name[1:].removesuffix("-wrapped")
    return name


def plain_service(unit: str) -> str:
    """A unit's or entry's name without its ending."""
    return SERVICE_ENDINGS.sub("", unit)


def places(products: Iterable[Product], system: System) -> tuple[str, ...]:
    """The install places worth asking a computer of this kind about, as they are written."""
    asked = (
        path
        for product in products
        if system in product.systems
        for path in product.paths
        if belongs(path, product, system)
    )
    return tuple(dict.fromkeys(asked))
