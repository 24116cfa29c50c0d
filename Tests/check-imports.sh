#!/usr/bin/env bash
# Which target may import what: SwiftPM does not enforce it, this does. Prints each violation; status 1 when there is one.
#   check-imports.sh [SOURCES]      check a tree, by default the project's Sources
#   check-imports.sh --self-test    see it fail on planted violations
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)

# For everyone: the C library, Dispatch (a thread for blocking calls) and NIO's lock. Nobody: Foundation (44 MB of static binary; FoundationEssentials where listed),
# Synchronization (its Mutex gives false reports under the thread sanitizer). A C module stands in one row only.
everyone="Glibc Dispatch NIOConcurrencyHelpers"
table="
RunnerProtocol  FoundationEssentials
HTTPTransport   CCurl Logging
SourceArchive   CZlib SystemPackage Crypto
RunnerConfig    CLibYAML
GitHubSource    HTTPTransport RunnerConfig FoundationEssentials Crypto CryptoExtras
DockerEngine    HTTPTransport FoundationEssentials Logging NIOCore NIOPosix NIOHTTP2 NIOHPACK Subprocess
RunnerCore      HTTPTransport SourceArchive RunnerConfig GitHubSource DockerEngine FoundationEssentials Crypto Logging SystemPackage
AgentServer     RunnerCore RunnerProtocol CLinuxShims Logging NIOCore NIOPosix ServiceLifecycle
runner-agent    AgentServer RunnerCore RunnerConfig RunnerProtocol ArgumentParser Logging ServiceLifecycle UnixSignals
"
c_modules="CCurl CZlib CLibYAML CLinuxShims"

# Every import of a tree as `file:line:access:module`; attributes and `import struct M.T` are understood.
imports() {
    grep -rnE --include='*.swift' '^[[:space:]]*(@[A-Za-z_()]+[[:space:]]+)*([a-z]+[[:space:]]+)?import[[:space:]]' "$1" |
        sed -E 's/^([^:]*:[0-9]+):[[:space:]]*(@[A-Za-z_()]+[[:space:]]+)*(([a-z]+)[[:space:]]+)?import[[:space:]]+((struct|class|enum|protocol|typealias|func|let|var)[[:space:]]+)?([A-Za-z0-9_]+).*/\1:\4:\7/'
}

check() {
    local sources=$1 failed=0 directory target allowed file line access module
    for directory in "$sources"/*/; do
        target=$(basename "$directory")
        [[ " $c_modules " == *" $target "* ]] && continue
        allowed=$(awk -v target="$target" '$1 == target { $1 = ""; print }' <<<"$table")
        if [[ -z $allowed ]]; then
            echo "$target: not in the table of check-imports.sh"
            failed=1
        fi
        while IFS=: read -r file line access module; do
            if [[ " $everyone $allowed " != *" $module "* ]]; then
                echo "$file:$line: $target must not import $module"
                failed=1
            elif [[ " $c_modules " == *" $module "* && -n $access && $access != internal && $access != private ]]; then
                echo "$file:$line: $module must not be part of a signature ($access import)"
                failed=1
            elif [[ $access == public ]]; then
                echo "$file:$line: nothing is public in this package"
                failed=1
            fi
        done < <(imports "$directory")
    done
    for module in $c_modules; do
        if [[ $(grep -cw "$module" <<<"$table") != 1 ]]; then
            echo "$module: must be imported by exactly one target"
            failed=1
        fi
    done
    return $failed
}

self_test() {
    local tree planted
    tree=$(mktemp -d) && trap "rm -rf '$tree'" EXIT
    mkdir -p "$tree/RunnerProtocol/Deep" "$tree/HTTPTransport"
    printf 'import Glibc\nprivate import CCurl\n// import Foundation\nlet text = "import Foundation"\n' >"$tree/HTTPTransport/A.swift"
    check "$tree" || { echo "a tree without violations did not pass"; return 1; }
    for planted in "import Foundation" "  internal import Foundation" "@preconcurrency import Foundation" "import struct Foundation.Data" \
        "import FoundationNetworking" "import RunnerCore" "import CZlib" "import Synchronization"; do
        printf '%s\n' "$planted" >"$tree/RunnerProtocol/Deep/B.swift"
        check "$tree" >/dev/null && { echo "not seen: $planted"; return 1; }
    done
    printf 'package import CCurl\n' >"$tree/HTTPTransport/A.swift" && : >"$tree/RunnerProtocol/Deep/B.swift"
    check "$tree" >/dev/null && { echo "not seen: package import CCurl"; return 1; }
    mkdir "$tree/Unlisted" && : >"$tree/HTTPTransport/A.swift"
    check "$tree" >/dev/null && { echo "not seen: a target that is not in the table"; return 1; }
    return 0
}

if [[ ${1:-} == --self-test ]]; then self_test; else check "${1:-$here/../Sources}"; fi
