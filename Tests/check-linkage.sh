#!/usr/bin/env bash
# What the release binary holds: Swift's runtime inside, libcurl, zlib and libyaml from the system, no full Foundation, small.
#   check-linkage.sh BINARY LINKMAP [LIBRARY...]   BINARY is stripped; LIBRARY: sonames it must need (default: those three)
#   check-linkage.sh --self-test                   see it pass on FoundationEssentials and fail on one use of Foundation
# Prints each violation; status 1 when there is one. `ldd` alone would show nothing: Foundation is linked statically.
set -uo pipefail

limit_bytes=$((30 * 1000 * 1000))
system_libraries=(libcurl.so.4 libz.so.1 libyaml-0.so.2)
# FoundationEssentials is allowed. These add 44 MB, and one plain `import Foundation` anywhere pulls them in.
forbidden='lib(Foundation|FoundationInternationalization|FoundationNetworking|FoundationXML|_FoundationICU)\.a'

check() {
    local binary=$1 map=$2 failed=0 needed library size
    shift 2
    needed=$(readelf --dynamic --wide "$binary" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p') || return 1
    for library in "$@"; do
        grep -qxF "$library" <<<"$needed" || { echo "$library is not linked dynamically"; failed=1; }
    done
    if grep -E 'swift|Foundation' <<<"$needed"; then
        echo "^ must be linked statically"
        failed=1
    fi
    if ! grep -q 'libswiftCore\.a' "$map"; then
        echo "$map is no link map of a static build"
        failed=1
    fi
    if grep -qE "/$forbidden" "$map"; then
        echo "holds parts of: $(grep -oE "/$forbidden" "$map" | sort -u | tr -d / | tr '\n' ' ')"
        failed=1
    fi
    if readelf --sections --wide "$binary" | grep -q '\.symtab'; then
        echo "is not stripped"
        failed=1
    fi
    size=$(stat --dereference --format=%s "$binary")
    if ((size > limit_bytes)); then
        echo "is $size bytes; the limit is $limit_bytes"
        failed=1
    fi
    return $failed
}

# Builds a program of one file the way the release is built: DIRECTORY/program and DIRECTORY/map.
build_probe() {
    local directory=$1
    mkdir -p "$directory/Sources/probe"
    cat >"$directory/Sources/probe/main.swift"
    printf '%s\n' '// swift-tools-version: 6.2' 'import PackageDescription' \
        'let package = Package(name: "probe", targets: [.executableTarget(name: "probe")])' >"$directory/Package.swift"
    swift build --package-path "$directory" -c release --static-swift-stdlib -Xlinker "-Map=$directory/map" \
        >"$directory/log" 2>&1 || { cat "$directory/log"; return 1; }
    strip -o "$directory/program" "$directory/.build/release/probe"
}

self_test() {
    local tree
    tree=$(mktemp -d) && trap "rm -rf '$tree'" EXIT
    build_probe "$tree/good" <<'SWIFT' || return 1
import FoundationEssentials
print(try JSONDecoder().decode([Int].self, from: Data("[1]".utf8)))
SWIFT
    build_probe "$tree/bad" <<'SWIFT' || return 1
import Foundation
print(ISO8601DateFormatter().string(from: Date()))
SWIFT
    check "$tree/good/program" "$tree/good/map" || { echo "a program with FoundationEssentials alone did not pass"; return 1; }
    check "$tree/bad/program" "$tree/bad/map" >"$tree/found" && { echo "not seen: import Foundation"; return 1; }
    grep -q 'libFoundation\.a' "$tree/found" && grep -q 'bytes; the limit' "$tree/found" ||
        { echo "import Foundation was not what was seen:"; cat "$tree/found"; return 1; }
    check "$tree/good/program" "$tree/good/map" libcurl.so.4 >/dev/null && { echo "not seen: a missing libcurl"; return 1; }
    check "$tree/good/.build/release/probe" "$tree/good/map" >/dev/null && { echo "not seen: symbols"; return 1; }
    return 0
}

case ${1:-} in
--self-test) self_test ;;
"" | -*) sed -n '2,5s/^# *//p' "$0" && exit 2 ;;
*) (($# > 2)) || set -- "$@" "${system_libraries[@]}"; check "$@" ;;
esac
