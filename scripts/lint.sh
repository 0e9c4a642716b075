#!/usr/bin/env bash
# The gates besides the tests: formatting and static analysis. Exit 1 when one of them finds something.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t sources < <(git ls-files '*.c' '*.h')
echo "lint: clang-format over ${#sources[@]} files"
clang-format --dry-run --Werror "${sources[@]}"

echo "lint: cppcheck"
cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability --inline-suppr \
  --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches --library=gtk -I . \
  --suppressions-list=scripts/cppcheck.suppressions models sim
