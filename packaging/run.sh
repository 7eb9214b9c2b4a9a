#!/bin/sh
# The front door: makes sure that everything Guardian needs is there, then starts it.
#
#   sh packaging/run.sh                opens Guardian (without a display: the checkup, in the terminal)
#   sh packaging/run.sh test [WORDS]   runs Guardian's tests; further words go to pytest
#   sh packaging/run.sh screenshots [FOLDER]   draws every page;  bench start   measures beside a peer
#   sh packaging/run.sh WORDS          runs "guardian WORDS", for example: processes scan --json
#
# The first run takes a minute or two: it installs the system packages that are missing (Debian and
# Ubuntu; it says which) and puts the Python libraries into .venv beside this checkout. Later runs
# only compare and start. GUARDIAN_VENV names another folder for the libraries.
# Everything this script says goes to standard error: standard output belongs to Guardian.
set -eu
unset CDPATH PYTHONHOME PYTHONPATH

say() { printf '%s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# ---- where things are ----------------------------------------------------------------------------

find_checkout() {
    self=$0
    case $self in */*) ;; *) self=./$self ;; esac
    if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
    checkout=$(cd "${self%/*}/.." && pwd -P)
    packaging=$checkout/packaging
}

use_environment() { # every path below belongs to the environment in this folder
    venv=$1
    python=$venv/bin/python
    state=$venv/guardian-setup
    log=$state/setup.log
}

choose_environment() {
    if [ -n "${GUARDIAN_VENV:-}" ]; then
        case $GUARDIAN_VENV in /*) use_environment "$GUARDIAN_VENV" ;; *) use_environment "$PWD/$GUARDIAN_VENV" ;; esac
        return
    fi
    use_environment "$checkout/.venv"
    if libraries_ready || [ -w "$venv" ] || { [ ! -e "$venv" ] && [ -w "$checkout" ]; }; then return; fi
    # The checkout may not be written to: keep the libraries among the person's own caches.
    if [ -z "${XDG_CACHE_HOME:-}${HOME:-}" ]; then
        stop "Guardian may not write to $checkout: please set GUARDIAN_VENV to a folder where its Python libraries may be kept."
    fi
    hash=$(printf '%s' "$checkout" | cksum)
    use_environment "${XDG_CACHE_HOME:-$HOME/.cache}/guardian-venv-${hash%% *}"
}

# ---- system packages -----------------------------------------------------------------------------

uses_for() { # what this run needs of the system, in the words of the third column of system-packages
    uses=
    case $mode,${QT_QPA_PLATFORM:-} in
    test,*) uses="drawing offscreen tests" ;;
    window,offscreen*) uses="drawing offscreen" ;;
    window,*) if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]; then uses="drawing window"; fi ;;
    esac
    if [ "$mode" = window ] && [ -n "${WAYLAND_DISPLAY:-}" ]; then uses="$uses wayland"; fi
    # Elsewhere than on Linux the wheels bring all they need.
    if [ -n "$uses" ] && [ "$(uname -s)" != Linux ]; then uses=; fi
}

wanted_packages() { # sets wanted: "package=proof package=proof ..."
    wanted=
    while read -r package proof use; do
        case $package in '' | '#'*) continue ;; esac
        case " $uses " in *" $use "*) wanted="$wanted $package=$proof" ;; esac
    done <"$packaging/system-packages"
}

ask_dpkg() { # sets missing to the wanted packages that dpkg does not know as installed
    names=dpkg
    for pair in $wanted; do names="$names ${pair%%=*} ${pair%%=*}t64"; done
    native=
    # shellcheck disable=SC2016,SC2086 # the format is dpkg's own language; names are split on purpose
    installed=$(dpkg-query -W -f '${Package}:${Architecture} ${db:Status-Status}\n' $names 2>/dev/null |
        while read -r name status; do
            if [ "$status" = installed ]; then printf '%s ' "$name"; fi
        done)
    for name in $installed; do
        case $name in dpkg:*) native=${name#dpkg:} ;; esac
    done
    # Where even dpkg was not installed by dpkg (it can be had on Fedora and Arch), it knows nothing.
    if [ -z "$native" ]; then by_dpkg=; return; fi
    for pair in $wanted; do
        package=${pair%%=*}
        case " $installed" in
        *" $package:$native "* | *" ${package}t64:$native "* | *" $package:all "*) ;;
        *) missing="$missing $package" ;;
        esac
    done
}

ask_loader() { # the same question without dpkg: sets missing to libraries and commands not found here
    libraries=
    for pair in $wanted; do
        proof=${pair#*=}
        case $proof in
        *.so.*) libraries="$libraries $proof" ;;
        *) have "$proof" || missing="$missing $proof" ;;
        esac
    done
    # shellcheck disable=SC2086 # the list is split on purpose
    missing="$missing$("$python" -I -c '
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print("", name, end="")' $libraries </dev/null 2>/dev/null)"
}

find_missing() {
    missing=
    if [ -z "$uses" ]; then return; fi
    wanted_packages
    by_dpkg=
    if have dpkg-query; then by_dpkg=yes && ask_dpkg; fi
    if [ -z "$by_dpkg" ] && [ -x "$python" ]; then ask_loader; fi
}

why() {
    case $mode,$uses in
    test,*) echo "run its tests" ;;
    window,?*) echo "open its window" ;;
    *) echo "start" ;;
    esac
}

apt_get() {
    set -- env LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -o DPkg::Lock::Timeout=120 "$@"
    if [ "$(id -u)" != 0 ]; then set -- sudo "$@"; fi
    "$@" </dev/null >>"$log" 2>&1 9>&-
}

lists_empty() {
    for list in /var/lib/apt/lists/*_Packages*; do
        if [ -e "$list" ]; then return 1; fi
    done
}

install_packages() { # install_packages PACKAGE...: with apt, or says what to install by hand and stops
    advice="please install by hand: $*"
    order="apt-get install --no-install-recommends $*"
    meanwhile=
    # The commands need no window: say so where only the window's libraries are missing.
    if [ "$mode" = window ] && [ -n "$base" ]; then
        meanwhile=" (without them, \"sh packaging/run.sh checkup\" works in the terminal)"
    fi
    if ! have apt-get || ! have dpkg-query; then
        stop "To $(why), Guardian needs parts of the system that are missing here, and there is no apt to add them: $advice$meanwhile."
    elif [ "$(id -u)" = 0 ]; then
        say "To $(why), Guardian needs these system packages, which are missing here; installing them with apt: $*."
    elif have sudo; then
        say "To $(why), Guardian needs these system packages, which are missing here; installing them with sudo and apt (you may be asked for your password): $*."
        sudo true </dev/null || stop "sudo was refused: ask an administrator to run \"$order\", then run this again$meanwhile."
    else
        stop "To $(why), Guardian needs system packages that are missing here, and only an administrator may add them: ask one to run \"$order\"$meanwhile."
    fi
    : >"$log"
    start_dots
    if { ! lists_empty && apt_get install -y --no-install-recommends "$@"; } ||
        { apt_get update && apt_get install -y --no-install-recommends "$@"; }; then
        stop_dots
        return
    fi
    stop_dots
    if grep -qE "Temporary failure resolving|Could not resolve '|Cannot initiate the connection|Could not connect to|onnection failed|Network is unreachable" "$log"; then
        stop "The system's package archive cannot be reached: connect this computer to the internet and run this again, or $advice$meanwhile."
    fi
    show_log
    stop "The system packages could not be installed (apt's last words are above): $advice$meanwhile."
}

# ---- Python and its libraries --------------------------------------------------------------------

probe_python() { # prints the real path of a Python that can make an environment, or fails
    "$1" -I -c '
import sys
if sys.version_info < (3, 11) or sys.implementation.name != "cpython" or "t" in sys.abiflags:
    raise SystemExit(1)
import ctypes, ensurepip, sqlite3, ssl, venv
ensurepip.version()
print(sys.executable)' </dev/null 2>/dev/null
}

find_python() { # sets base, which stays empty if there is none
    base=
    for name in python3.13 python3.12 python3.11 python3.14 python3; do
        # A name found first may be a stand-in that does not work (as pyenv's can be).
        for candidate in "$(command -v "$name" || :)" "/usr/bin/$name" "/usr/local/bin/$name"; do
            if [ -x "$candidate" ] && base=$(probe_python "$candidate"); then return; fi
        done
    done
    base=
}

python_stamp() { readlink -f "$python" 2>/dev/null || :; }

environment_ready() { # is there a whole environment, on the Python it was made with?
    ready=
    if [ -r "$state/ready" ]; then IFS= read -r ready <"$state/ready" || :; fi
    [ -n "$ready" ] && [ -x "$python" ] && [ ! -e "$state/busy" ] && [ "$ready" = "$(python_stamp)" ]
}

libraries_ready() { # and does it hold what the lock asks for, and know this checkout?
    environment_ready || return 1
    known=
    if [ -r "$state/checkout" ]; then IFS= read -r known <"$state/checkout" || :; fi
    [ "$known" = "$checkout" ] || return 1
    cmp -s "$packaging/requirements.txt" "$state/requirements.txt" || return 1
    if [ "$mode" = test ]; then
        cmp -s "$packaging/requirements-test.txt" "$state/requirements-test.txt" || return 1
    fi
}

make_environment() { # an empty folder, or one that we began and could not finish, becomes an environment
    if [ ! -e "$state/made-here" ]; then
        for old in "$venv"/* "$venv"/.[!.]*; do
            if [ "$old" = "$state" ] || [ ! -e "$old" ]; then continue; fi
            # Somebody else made it: use it if it is an environment that works, and never remove it.
            if [ -e "$venv/pyvenv.cfg" ] && probe_python "$python" >/dev/null; then return; fi
            stop "$venv holds something that Guardian did not make and cannot use: please move it away, or set GUARDIAN_VENV to another folder."
        done
    fi
    : >"$state/made-here"
    rm -f "$state/ready"
    for old in "$venv"/* "$venv"/.[!.]*; do
        if [ "$old" != "$state" ]; then rm -rf "$old"; fi
    done
    "$base" -I -m venv "$venv" </dev/null >"$log" 2>&1 || fail_setup
}

pip_install() { # pip_install LOCK: exactly what the lock names, checked by hash, nothing built here
    # The person's own pip settings may name a mirror or a proxy: keep them, but for where things go.
    (
        unset PIP_TARGET PIP_PREFIX PIP_ROOT
        export PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1
        "$python" -I -m pip --version >/dev/null 2>&1 || "$python" -I -m ensurepip
        exec "$python" -I -m pip install --progress-bar off --retries 2 \
            --require-hashes --only-binary :all: --no-deps -r "$1"
    ) </dev/null >"$log" 2>&1
}

install_libraries() { # brings the environment to the lock; the stamps are written last
    lock=$packaging/requirements.txt
    if [ "$mode" = test ]; then lock=$packaging/requirements-test.txt; fi
    was_ready=
    if environment_ready; then was_ready=yes; else make_environment; fi
    : >"$state/busy"
    if ! pip_install "$lock"; then
        # Nothing was touched yet if pip only failed to fetch: the environment is as good as before.
        if [ -n "$was_ready" ] && ! grep -q '^Installing collected' "$log"; then rm -f "$state/busy"; fi
        fail_setup
    fi
    site=$("$python" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))' </dev/null)
    printf '%s\n' "$checkout" >"$site/guardian-checkout.pth"
    rm -f "$state/requirements-test.txt"
    # The tests' lock holds all of the other at the same versions.
    cp "$packaging/requirements.txt" "$state/requirements.txt"
    if [ "$mode" = test ]; then cp "$lock" "$state/requirements-test.txt"; fi
    printf '%s\n' "$checkout" >"$state/checkout"
    python_stamp >"$state/ready"
    rm -f "$state/busy"
}

fail_setup() { # one sentence for what went wrong in the log
    stop_dots
    if grep -qi 'No space left on device' "$log"; then
        stop "The disk is full: Guardian's Python libraries need about 700 MB in $venv; free some space and run this again."
    elif grep -qE 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|Network is unreachable|IncompleteRead|Connection (refused|broken|reset)' "$log"; then
        stop "Guardian's Python libraries could not be fetched: connect this computer to the internet and run this again (only setting up needs it)."
    elif grep -q 'DO NOT MATCH THE HASHES' "$log"; then
        stop "A Python library that was fetched is not the one Guardian was tested with, so nothing was installed; the details are in $log."
    elif grep -q 'No matching distribution found' "$log"; then
        show_log
        stop "For this kind of computer and Python ($base) not every library is to be had ready-made (pip's last words are above): please install Python 3.13, 3.12 or 3.11 on a 64-bit Linux of 2024 or later."
    fi
    show_log
    stop "Guardian's Python libraries could not be installed in $venv (the last words are above, all of them in $log)."
}

# ---- waiting, kindly -----------------------------------------------------------------------------

show_log() { tail -n 5 "$log" >&2 || :; }

dots=
start_dots() { # on a terminal, a dot every three seconds shows that something is going on
    if [ -n "$dots" ] || [ ! -t 2 ]; then return; fi
    (while sleep 3 && kill -0 "$$" 2>/dev/null; do printf . >&2; done) </dev/null 9>&- &
    dots=$!
}
stop_dots() {
    if [ -z "$dots" ]; then return; fi
    kill "$dots" 2>/dev/null || :
    wait "$dots" 2>/dev/null || :
    dots=
    say ""
}

refuse_full_folder() { # GUARDIAN_VENV may name, by mistake, a folder that holds something else
    if [ -e "$state" ] || [ -e "$venv/pyvenv.cfg" ]; then return; fi
    for old in "$venv"/* "$venv"/.[!.]*; do
        if [ -e "$old" ]; then
            stop "$venv already holds something else: please set GUARDIAN_VENV to a new or empty folder."
        fi
    done
}

take_turn() { # two runs at once: the second waits until the first has made everything ready
    refuse_full_folder
    mkdir -p "$state" 2>/dev/null || stop "Guardian may not write to $venv: please set GUARDIAN_VENV to a folder where its Python libraries may be kept."
    if have flock; then
        # pip inherits this lock: if this script is killed, the next run waits for the pip it left behind.
        exec 9>"$state/turn"
        flock -n 9 || { say "Another run is making Guardian ready; waiting for it."; flock 9; }
        return
    fi
    told=
    until mkdir "$state/turn.d" 2>/dev/null; do
        owner=$(cat "$state/turn.d/owner" 2>/dev/null || :)
        if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$state/turn.d"; continue; fi
        if [ -z "$told" ]; then say "Another run is making Guardian ready; waiting for it."; told=yes; fi
        sleep 1
    done
    echo "$$" >"$state/turn.d/owner"
}

end_turn() {
    stop_dots
    exec 9>&-
    rm -rf "$state/turn.d"
}

# ---- what happens --------------------------------------------------------------------------------

get_ready() {
    take_turn
    trap 'stop_dots; rm -rf "$state/turn.d"' EXIT
    trap 'exit 130' HUP INT TERM
    find_missing
    packages=$missing
    base=
    if ! libraries_ready; then
        find_python
        if [ -z "$base" ] && ! environment_ready; then packages="python3 python3-venv$packages"; fi
    else
        base=$python
    fi
    # shellcheck disable=SC2086 # the list is split on purpose
    if [ -n "$packages" ]; then install_packages $packages; fi
    if ! libraries_ready; then
        if [ -z "$base" ]; then find_python; fi
        if [ -z "$base" ] && ! environment_ready; then
            stop "Guardian needs Python 3.11 or newer with its venv, sqlite3 and ssl modules, and this system's own Python is older: please install one."
        fi
        if environment_ready; then
            say "Bringing Guardian's Python libraries in $venv up to date (a moment)."
        else
            say "Getting ready, once: fetching Guardian's Python libraries into $venv (a minute or two)."
        fi
        start_dots
        install_libraries
        stop_dots
    fi
    find_missing
    if [ -n "$missing" ]; then
        stop "To $(why), Guardian needs parts of the system that are missing here; please install what holds them:$missing."
    fi
    trap - EXIT HUP INT TERM
    end_turn
}

tool=
case ${1:-} in
'') mode=window ;;
test) mode="test" && shift ;;
screenshots | bench | traces | kill-points) mode="test" tool=$1 && shift ;;
*) mode=words ;;
esac
find_checkout
choose_environment
uses_for
if libraries_ready; then find_missing; else missing=unknown; fi
if [ -n "$missing" ]; then get_ready; fi

if [ -n "$tool" ]; then exec "$python" -P "$packaging/$tool" "$@"; fi
if [ "$mode" = test ]; then
    cd "$checkout"
    case " $* " in *" --onscreen "*) ;; *) export QT_QPA_PLATFORM=offscreen ;; esac
    if [ ! -w "$checkout" ]; then set -- -p no:cacheprovider "$@"; fi
    # all of it at once, on every processor; a chosen few are quicker without starting workers
    if [ $# -eq 0 ]; then set -- --numprocesses logical --maxprocesses 4 --dist loadfile; fi
    exec "$python" -m pytest "$@"
fi
# -P: whatever lies in the folder where the person stands must not be taken for one of our modules.
exec "$python" -P -m guardian "$@"
