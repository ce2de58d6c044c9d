#!/usr/bin/env bash
# The one door to this project: ./do demo, ./do test, … (./do help lists them all).
# Needs only bash and Python 3.11+; installs what is missing, quickly returns when nothing is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
source tools/setup.sh

usage() {
    cat <<'TEXT'
./do demo [目录 DIR]    装好一切，做一遍完整演示；有屏幕就打开窗口
                        set everything up, run the whole demonstration, open the window on a screen
./do test [参数 ARGS]   装好一切，运行全部测试
                        set everything up, run all tests (arguments go to pytest)
./do run [参数 ARGS]    运行 wuji；不带参数打开窗口
                        run the command wuji; without arguments it opens the window
./do lint [--fix]       代码检查与排版 · linter and formatter
./do types              类型检查 · strict type check
./do benchmarks [名称]  性能比值 · measured ratios, all or the named ones
./do office [目录 DIR]  用 LibreOffice 重算并核对导出的表格
                        let LibreOffice recalculate the exported workbooks and compare
./do pictures [目录 DIR] 给每个画面拍图（三种外观、三种大小、两种屏幕）
                        pictures of every screen in every look (--docs: renew docs/pictures)
./do build              生成安装用的 wheel · build the wheel into dist/
./do installer          生成不用安装的程序文件夹 dist/wuji，并试用一遍
                        build the program as one folder, dist/wuji, and try it
./do lock               重新锁定依赖版本 · resolve the two lock files again
./do setup              只安装，不运行 · set up for development, run nothing
TEXT
}

demo() {
    set_up_program
    local folder="${1:-demo}"
    if [ $# -eq 0 ]; then
        local number=1
        while [ -e "$folder" ]; do number=$((number + 1)); folder="demo-$number"; done
    fi
    say "做演示，结果放在 $folder" "running the demonstration into $folder"
    "$VENV/bin/wuji" demo "$folder"
    if has_screen; then
        say "打开窗口" "opening the window"
        "$VENV/bin/wuji"
    else
        say "没有屏幕，不打开窗口；有屏幕时运行 ./do run" "no screen, so no window; later: ./do run"
    fi
}

run_tests() {
    set_up_development
    # The whole suite goes over all cores; what is asked for by name runs in one process.
    [ $# -eq 0 ] && set -- --numprocesses=auto
    QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" "$VENV/bin/python" -m pytest "$@"
}

run_lint() {
    set_up_development
    if [ "${1:-}" = "--fix" ]; then
        "$VENV/bin/ruff" check --fix .
        "$VENV/bin/ruff" format .
    else
        "$VENV/bin/ruff" check .
        "$VENV/bin/ruff" format --check .
    fi
}

check_office() {
    set_up_development
    need_programs soffice:libreoffice-calc
    "$VENV/bin/python" -m tools.check_office "${@:-demo}"
}

take_pictures() {
    set_up_development
    "$VENV/bin/python" -m tools.pictures "$@"
}

build_wheel() {
    set_up_program
    rm -f dist/*.whl
    "$VENV/bin/python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
    ls -l dist
}

build_folder() {
    set_up_development
    # PyInstaller looks into libraries with objdump.
    need_programs objdump:binutils
    # It takes from the system what Qt needs to draw on a screen.
    need_libraries "${SCREEN_LIBRARIES[@]}"
    "$VENV/bin/python" -m installer "$@"
}

lock() {
    set_up_program
    local uv
    uv="$(command -v uv || true)"
    if [ -z "$uv" ]; then
        "$VENV/bin/python" -m pip install --quiet uv
        uv="$VENV/bin/uv"
    fi
    # No header and no index: the files name no address and plain pip reads them.
    local options=(--quiet --universal --generate-hashes --no-header --python-version 3.11)
    "$uv" pip compile pyproject.toml "${options[@]}" --extra build -o requirements.lock "$@"
    "$uv" pip compile pyproject.toml "${options[@]}" --extra build --extra dev \
        -c requirements.lock -o requirements-dev.lock "$@"
}

command="${1:-help}"
[ $# -gt 0 ] && shift
case "$command" in
    demo) demo "$@" ;;
    test) run_tests "$@" ;;
    run) set_up_program && exec "$VENV/bin/wuji" "$@" ;;
    lint) run_lint "$@" ;;
    types) set_up_development && "$VENV/bin/mypy" "$@" ;;
    benchmarks)
        set_up_development
        # Windows are measured on a screen, a virtual one where there is none.
        need_programs Xvfb:xvfb soffice:libreoffice-calc
        need_libraries "${SCREEN_LIBRARIES[@]}"
        QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" "$VENV/bin/python" -m tests.benchmarks "$@"
        ;;
    office) check_office "$@" ;;
    pictures) take_pictures "$@" ;;
    build) build_wheel ;;
    installer) build_folder "$@" ;;
    lock) lock "$@" ;;
    setup) set_up_development ;;
    help | -h | --help) usage ;;
    *)
        usage >&2
        exit 2
        ;;
esac
