#!/usr/bin/env bash
# Prints one OK or FAILED line for each check, and what is wrong below a FAILED one; status 1 when one failed.
#   check.sh [BINARY LINKMAP]   with the stripped release binary and its link map, what they hold is checked too
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

status=0
check() {
    local name=$1 output
    shift
    if output=$("$@" 2>&1 </dev/null); then
        printf 'OK      %s\n' "$name"
    else
        printf 'FAILED  %s\n' "$name"
        printf '%s\n' "$output" | tail -n 60 | sed 's/^/        /'
        status=1
    fi
}

project_files() {
    find Sources Tests Protocol clients .ci -name node_modules -prune -o -type f "$@" -print
}

scripts_have_valid_syntax() {
    local failed=0 file
    while read -r file; do
        case $file:$(head -c 64 "$file" | head -n 1 | tr -d '\0') in
        *:'#!'*bash) bash -n "$file" || failed=1 ;;
        *:'#!/bin/sh') sh -n "$file" || failed=1 ;;
        *:'#!'*python3 | *.py:*) python3 -c 'import sys; compile(open(sys.argv[1]).read(), *sys.argv[1:], "exec")' "$file" || failed=1 ;;
        esac
    done < <(project_files ! -name '*.swift')
    return $failed
}

scripts_are_executable() {
    local failed=0 file
    while read -r file; do
        if [[ $(head -c 2 "$file" | tr -d '\0') == '#!' ]]; then
            echo "has a #! line but is not executable: $file"
            failed=1
        fi
    done < <(project_files ! -perm -u+x)
    return $failed
}

javascript_has_valid_syntax() {
    local failed=0 file
    while read -r file; do
        node --check "$file" || failed=1
    done < <(project_files \( -name '*.js' -o -name '*.mjs' -o -name '*.cjs' \))
    return $failed
}

types_of_the_node_client() {
    tsc --project clients/node
}

no_source_file_is_over_500_lines() {
    local long
    long=$(find Sources -type f -exec awk 'FNR == 501 { print FILENAME }' {} +)
    [[ -z $long ]] || { printf 'over 500 lines: %s\n' $long; return 1; }
}

check "format" swift format lint --strict --parallel --recursive Sources Tests Package.swift
check "imports follow the table" Tests/check-imports.sh
check "imports: a violation is seen" Tests/check-imports.sh --self-test
check "Protocol/ and the code agree" Tests/check-protocol.sh
check "rpc.discover answers Protocol/openrpc.json" Tests/support/embed-openrpc --check
check "scripts: syntax" scripts_have_valid_syntax
check "scripts: executable" scripts_are_executable
check "JavaScript: syntax" javascript_has_valid_syntax
check "Node client: types" types_of_the_node_client
check "Node client: types are those of Protocol/" clients/node/scripts/generate-types.js --check
check "no source file over 500 lines" no_source_file_is_over_500_lines
check "builds without warnings, tests included" swift build --build-tests
if (($# == 2)); then
    check "release binary: linkage and size" Tests/check-linkage.sh "$@"
    check "release binary: full Foundation is seen" Tests/check-linkage.sh --self-test
fi
exit $status
