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
    if ! { mkdir -p "$root/artifacts" && : >>"$root/artifacts/lock"; } 2>/dev/null; then
        echo "error: Wisp has to be built, but this user may not write $root/artifacts." >&2
        echo "  next: sudo ./wisp version" >&2
        exit 1
    fi
    exec 9>"$root/artifacts/lock"
    flock 9
    if stale; then
        echo "wisp: building" >&2
        # As of the moment the build begins: what is saved meanwhile is newer.
        touch "$stamp.new"
        for project in Wisp.Daemon Wisp.Cli; do
            # Without the lock: the compiler stays for the next build, and would keep it.
            if ! output=$(cd "$root" && dotnet build "src/$project" -c Release -v quiet -nologo 2>&1 9>&-); then
                printf '%s\n' "$output" >&2
                exit 1
            fi
        done
        mv "$stamp.new" "$stamp"
    fi
    exec 9>&-
fi

# True for a command that starts machines or builds images, unless it is asked for its help.
needs_machines() {
    local command=''
    while (($#)); do
        case $1 in
            --) break ;;
            -h | --help | '-?') return 1 ;;
            -o | --output | --data-dir | --timeout) shift ;;
            -*) ;;
            *) [[ -n $command ]] || command=$1 ;;
        esac
        shift || break
    done
    [[ $command =~ ^(up|down|demo|build|run|bench)$ ]]
}
# Others can use what is there; the command itself says what it needs root for.
if ((EUID == 0)) && needs_machines "$@"; then
    "$root/eng/install-packages" run
    WISP_NATIVE_DIR=$("$root/eng/build-native")
    export WISP_NATIVE_DIR
fi

# What is proposed to be typed next can then be typed.
[[ $0 != ./* ]] || export WISP_COMMAND=$0
export WISP_DAEMON=$bin/Wisp.Daemon/release/wispd.dll
exec dotnet "$bin/Wisp.Cli/release/wisp.dll" "$@"
