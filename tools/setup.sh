# Sourced by ./do: system libraries, the virtual environment, the locked packages.
# Everything is looked at first and installed only where it is missing.

VENV=".venv"

# Library file : Debian package. Qt needs the first list always, the second to draw on a screen.
QT_LIBRARIES=(
    libGL.so.1:libgl1
    libEGL.so.1:libegl1
    libxkbcommon.so.0:libxkbcommon0
    libfontconfig.so.1:libfontconfig1
    libglib-2.0.so.0:libglib2.0-0
    libdbus-1.so.3:libdbus-1-3
)
SCREEN_LIBRARIES=(
    libxcb-cursor.so.0:libxcb-cursor0
    libxcb-icccm.so.4:libxcb-icccm4
    libxcb-keysyms.so.1:libxcb-keysyms1
    libxcb-shape.so.0:libxcb-shape0
    libxkbcommon-x11.so.0:libxkbcommon-x11-0
)
# Tests read the PDFs we write with other people's tools.
TEST_PROGRAMS=(pdftotext:poppler-utils pdfsig:poppler-utils)

say() { printf '\033[1m▸ %s\033[0m · %s\n' "$1" "$2" >&2; }

fail() {
    printf '✗ %s\n  %s\n' "$1" "$2" >&2
    exit 1
}

has_screen() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }

known_libraries() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true; }

need_libraries() {
    local known missing=() entry
    known="$(known_libraries)"
    for entry in "$@"; do
        [[ "$known" == *"${entry%%:*} "* ]] || missing+=("${entry##*:}")
    done
    install_packages "${missing[@]}"
}

need_programs() {
    local missing=() entry
    for entry in "$@"; do
        command -v "${entry%%:*}" >/dev/null || missing+=("${entry##*:}")
    done
    install_packages "${missing[@]}"
}

install_packages() {
    [ $# -gt 0 ] || return 0
    local as_root=() packages
    # Several programs can come from one package.
    mapfile -t packages < <(printf '%s\n' "$@" | sort -u)
    set -- "${packages[@]}"
    if ! command -v apt-get >/dev/null; then
        fail "缺少系统组件：$*。这里没有 apt，请用系统的软件管理安装后再试。" \
            "Missing system packages (Debian names): $*. There is no apt here; install them and try again."
    fi
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "缺少系统组件：$*。请用管理员身份运行：apt-get install $*" \
            "Missing system packages. As root: apt-get install $*"
        as_root=(sudo)
    fi
    say "安装系统组件：$*" "installing system packages"
    local quiet=(-qq -o Dpkg::Use-Pty=0)
    # An out-of-date list is not fatal: the packages may be known all the same.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${quiet[@]}" update </dev/null >/dev/null || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${quiet[@]}" install -y \
        --no-install-recommends "$@" </dev/null >/dev/null ||
        fail "系统组件没有装上：$*。请检查网络后再试。" "apt-get could not install $*."
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    return 1
}

make_venv() {
    if "$VENV/bin/python" -c 'import pip' 2>/dev/null; then return 0; fi
    # A working environment that was made without pip (by uv, for instance) is kept.
    if "$VENV/bin/python" -m ensurepip >/dev/null 2>&1; then return 0; fi
    local python version
    if ! python="$(find_python)"; then
        install_packages python3
        python="$(find_python)" || fail "需要 Python 3.11 到 3.13。" "Python 3.11 to 3.13 is needed."
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
        install_packages "python$version-venv"
    fi
    say "建立虚拟环境 $VENV" "making the virtual environment"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
}

# What the installed state depends on; a changed lock or project file installs again.
fingerprint() {
    { cat "$1" pyproject.toml && "$VENV/bin/python" -VV && pwd -P; } | sha256sum | cut -d ' ' -f 1
}

# install_locked LOCK: the packages of a lock file and the project itself, once per fingerprint.
install_locked() {
    local lock="$1" stamp wanted
    make_venv
    stamp="$VENV/.installed-$lock"
    wanted="$(fingerprint "$lock")"
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    say "下载并安装软件包（$lock，约 200 MB，请稍候）" "downloading and installing the locked packages, about 200 MB"
    local pip=("$VENV/bin/python" -m pip --disable-pip-version-check --no-input install -qq)
    "${pip[@]}" --require-hashes -r "$lock" </dev/null ||
        fail "软件包没有装上。请检查网络后再运行一次。" "pip could not install the packages of $lock."
    "${pip[@]}" --no-deps --no-build-isolation -e . </dev/null ||
        fail "程序本身没有装上。" "pip could not install the project."
    printf '%s\n' "$wanted" >"$stamp"
}

set_up_program() {
    need_libraries "${QT_LIBRARIES[@]}"
    if has_screen; then need_libraries "${SCREEN_LIBRARIES[@]}"; fi
    # The development lock holds everything of the other one.
    make_venv
    if [ "$(cat "$VENV/.installed-requirements-dev.lock" 2>/dev/null)" != "$(fingerprint requirements-dev.lock)" ]; then
        install_locked requirements.lock
    fi
}

set_up_development() {
    need_libraries "${QT_LIBRARIES[@]}"
    need_programs "${TEST_PROGRAMS[@]}"
    install_locked requirements-dev.lock
}
