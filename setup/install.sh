#!/bin/sh
# Makes .venv whole or leaves none, so that `make` ends in a working program or in one clear sentence.
#   sh setup/install.sh run|dev      PYTHON=... chooses the Python, CC=... the compiler
set -u
cd "$(dirname "$0")/.." || exit 1
root=$(pwd -P)
stamp=.venv/run.stamp
made=no
# A user's own pip or Python settings of these kinds would send the packages elsewhere than into .venv.
unset PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PYTHONHOME PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_DEFAULT_TIMEOUT="${PIP_DEFAULT_TIMEOUT:-20}" PIP_RETRIES="${PIP_RETRIES:-2}"

work=$(mktemp -d) || exit 1
log=$work/setup.log

leave() {
    if [ "$made" = yes ]; then rm -rf .venv; fi
    if [ -f .venv/stamp.aside ]; then mv .venv/stamp.aside "$stamp"; fi
}

fail() { # the sentence in Chinese, the sentence in English
    leave
    if [ -s "$log" ]; then
        printf '%s（记录：%s）\n%s (log: %s)\n' "$1" "$log" "$2" "$log" >&2
    else
        rm -rf "$work"
        printf '%s\n%s\n' "$1" "$2" >&2
    fi
    exit 1
}

stop() {
    # Half an update is worth nothing: without its stamp the next run starts afresh.
    rm -rf "$work" .venv/stamp.aside
    if [ "$made" = yes ]; then rm -rf .venv; fi
    printf '安装被中断，下次运行会重新开始。\nThe set-up was interrupted; the next run starts it afresh.\n' >&2
    exit 130
}
trap stop INT TERM HUP

fits() { # a Python command
    "$1" -c 'import sys, sysconfig
free = sysconfig.get_config_var("Py_GIL_DISABLED")
sys.exit(sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info[:2] < (3, 14) or bool(free))' \
        >/dev/null 2>&1
}

choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        fits "$PYTHON" && { python=$PYTHON; return; }
        found=$("$PYTHON" -c 'import platform; print("%s %s" % (platform.python_implementation(), platform.python_version()))' \
            2>/dev/null) || found=$PYTHON
        fail "PYTHON=${PYTHON}（${found}）不能用：本程序需要 CPython 3.11、3.12 或 3.13。" \
            "PYTHON=$PYTHON ($found) will not do: this program needs CPython 3.11, 3.12 or 3.13."
    fi
    for python in python3 python3.13 python3.12 python3.11 python; do
        if fits "$python"; then return; fi
    done
    fail "找不到 CPython 3.11、3.12 或 3.13：请先安装其中一个，或用 make PYTHON=/路径/python3 指明。" \
        "No CPython 3.11, 3.12 or 3.13 found: install one, or name it with make PYTHON=/path/to/python3."
}

check_compiler() {
    compiler=${CC:-$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("CC") or "cc")')}
    include=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
    printf 'int main(void) { return 0; }\n' >"$work/plain.c"
    printf '#include <Python.h>\nint main(void) { return 0; }\n' >"$work/header.c"
    # Unquoted on purpose: a compiler setting may carry flags, as in "gcc -pthread".
    # shellcheck disable=SC2086
    $compiler "$work/plain.c" -o "$work/plain" >/dev/null 2>&1 || fail \
        "C 编译器“${compiler}”不可用：请先安装（如 apt-get install gcc libc6-dev），规则引擎要在本机编译。" \
        "The C compiler '$compiler' does not work: install one (such as apt-get install gcc libc6-dev) to build the engine."
    # shellcheck disable=SC2086
    $compiler -I"$include" -c "$work/header.c" -o "$work/header.o" >/dev/null 2>&1 || fail \
        "缺少 $python 的头文件 Python.h：请先安装（如 apt-get install python3-dev）。" \
        "Python.h of $python is missing: install its headers (such as apt-get install python3-dev)."
}

version() { "$1" -c 'import sys; print(sys.version_info[:2])' 2>/dev/null; }

engine_loads() { .venv/bin/python -c 'import durable_rules_engine' >"$log" 2>&1; }

venv_serves() {
    [ "$(cat "$stamp" 2>/dev/null)" = "$root" ] && engine_loads &&
        [ "$(version .venv/bin/python)" = "$(version "$python")" ]
}

make_venv() {
    if venv_serves; then
        # Set aside while packages change: a run that is killed half-way then finds no stamp.
        mv "$stamp" .venv/stamp.aside
        return
    fi
    "$python" -c 'import ensurepip, venv; ensurepip.version()' >/dev/null 2>&1 || fail \
        "$python 没有 venv 模块：请先安装（如 apt-get install python3-venv）。" \
        "$python has no venv module: install it (such as apt-get install python3-venv)."
    made=yes
    # Not `venv --clear`: that keeps a .venv which is a link, and follows it.
    rm -rf .venv
    "$python" -m venv .venv >"$log" 2>&1 || fail "无法建立 .venv：请检查本目录能否写入、磁盘是否已满。" \
        "Could not make .venv: check that this folder can be written and the disk is not full."
}

explain() {
    if grep -q 'DO NOT MATCH THE HASHES' "$log"; then
        fail "下载的软件包与锁定的哈希不符，已停止安装。" "A downloaded package does not match its locked hash; nothing was kept."
    elif grep -q 'No space left on device' "$log"; then
        fail "磁盘已满，安装没有完成。" "The disk is full; the set-up was not finished."
    elif grep -Eqi 'connection|resolution|timed out|max retries|proxyerror|sslerror|HTTP error|No matching distribution' "$log"; then
        fail "下载软件包失败：请检查网络或 pip 的软件源设置，然后重试。" \
            "Could not download the packages: check the network or pip's index setting, then try again."
    fi
    fail "安装没有完成。" "The set-up could not be finished."
}

install() { .venv/bin/python -m pip install --quiet --no-build-isolation "$@" >"$log" 2>&1 || explain; }

install_run() {
    install --require-hashes -r requirements/build.txt
    # The flag gives Python 3.13 the one name that it dropped and the engine still calls. No cache: pip would take
    # a wheel built without the flag for the same thing.
    export CPPFLAGS="${CPPFLAGS:-} -DPyEval_CallObject=PyObject_CallObject"
    install --no-cache-dir --no-deps --use-pep517 --require-hashes -r requirements/engine.txt
    install --require-hashes -r requirements/run.txt
    install --no-deps --editable .
    engine_loads || fail "规则引擎已编译但无法载入。" "The rule engine was built but cannot be loaded."
}

case ${1:-} in
    run | dev) ;;
    *) fail "用法：sh setup/install.sh run|dev" "usage: sh setup/install.sh run|dev" ;;
esac
choose_python
check_compiler
printf '正在准备运行环境，约一分钟…… / Setting up, about a minute ...\n' >&2
make_venv
install_run
if [ "$1" = dev ]; then install --require-hashes -r requirements/dev.txt; fi
rm -rf "$work" .venv/stamp.aside
if [ "$1" = dev ]; then echo "$root" >.venv/dev.stamp; fi
echo "$root" >"$stamp"
