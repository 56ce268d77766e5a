#!/bin/bash
# Runs Wisp from a checkout: sees to it that what a command needs is installed and built, then hands over to it.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
bin=$root/artifacts/bin
stamp=$root/artifacts/built

if ! command -v dotnet >/dev/null; then
    echo "error: the .NET 10 SDK is not installed." >&2
    echo "  next: install it as https://learn.microsoft.com/dotnet/core/install/linux-debian says, then run this again." >&2
    exit 1
fi

if [[ ${1-} == test ]]; then
    exec "$root/eng/test" "${@:2}"
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# True when something that is compiled is newer than what was built; a folder's time tells of files that went away.
stale() { [[ ! -e $stamp || -n $(cd "$root" && find src Directory.Build.props Directory.Packages.props global.json -newer "$stamp" -print -quit) ]]; }
if stale; then
    mkdir -p "$root/artifacts"
    exec 9>"$root/artifacts/lock"
    flock 9
    if stale; then
        echo "wisp: building" >&2
        began=$(mktemp)
        for project in Wisp.Daemon Wisp.Cli; do
            if ! output=$(cd "$root" && dotnet build "src/$project" -c Release -v quiet -nologo 2>&1); then
                printf '%s\n' "$output" >&2
                exit 1
            fi
        done
        # As of the moment the build began: what was saved meanwhile is newer.
        touch -r "$began" "$stamp"
        rm -f "$began"
    fi
    exec 9>&-
fi

needs_machines() {
    case ${1-} in
        up | down | demo | build | run | bench) ;;
        *) return 1 ;;
    esac
    local word
    for word in "$@"; do
        [[ $word == -- ]] && break
        [[ $word == --help || $word == -h || $word == '-?' ]] && return 1
    done
    return 0
}
if needs_machines "$@"; then
    "$root/eng/install-packages" run
    WISP_NATIVE_DIR=$("$root/eng/build-native")
    export WISP_NATIVE_DIR
fi

export WISP_DAEMON=$bin/Wisp.Daemon/release/wispd.dll
exec dotnet "$bin/Wisp.Cli/release/wisp.dll" "$@"
