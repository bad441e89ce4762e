#!/usr/bin/env bash
# Plants one fault after the other in a copy of some sources and runs their tests on each. A fault is caught if it does
# not compile, if a test fails, or if a run crashes or does not end. Prints the list and the score; fails if a fault
# survives, or is stale: its expression no longer changes the source.
#
#   plant.sh PART SOURCES COMMAND [WORD] <FAULTS
#
# Where all faults of src/PART were caught, the list is written to test/PART/results/mutations.md.
#
# Runs in the folder of the tests, test/PART. SOURCES is src/PART, or another folder to test instead. COMMAND builds and
# runs the tests. WORD: only faults whose file or description contains it. A fault is a line, which lines that begin
# with spaces continue:
#
#   FILE @ SED EXPRESSION @ DESCRIPTION
set -uo pipefail

part=$1
sources=$2
command=$3
word=${4:-}
limit=60
export SEED=${SEED:-1}

results=
if [ -z "$word" ] && [ "$(realpath "$sources")" = "$(realpath "../../src/$part")" ]; then
    results=$(realpath .)/results/mutations.md
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/src" "$scratch/test"
cp -r "$sources" "$scratch/whole"
cp -r ../../src/core "$scratch/src/core"
rm -rf "$scratch/src/$part"
cp -r "$scratch/whole" "$scratch/src/$part"
for folder in core "$part"; do
    mkdir -p "$scratch/test/$folder"
    find "../$folder" -maxdepth 1 -type f -exec cp {} "$scratch/test/$folder" \;
done
cd "$scratch/test/$part" || exit 1

run_tests() {
    timeout "$limit" sh -c "$command" </dev/null >"$scratch/log" 2>&1
}

# Prints in a few words how the fault was caught.
reason() {
    local test
    test=$(sed -n 's/.*not ok *//p' "$scratch/log" | head -n 1 | tr _ ' ')
    if [ -n "$test" ]; then
        echo "$test"
    elif grep -q 'Assertion .* failed' "$scratch/log"; then
        echo "assertion in $(sed -n 's/.*: \([a-z_]*\): Assertion .*/\1/p' "$scratch/log" | head -n 1 | tr _ ' ')"
    elif [ "$1" -eq 124 ]; then
        echo 'does not end'
    elif [ "$1" -gt 128 ]; then
        echo 'crashes'
    else
        echo 'does not build'
    fi
}

# The page of the results. Its rows, in $scratch/rows, are FILE, a tab, and the row.
write_results() {
    local file
    cat <<PAGE
# Faults planted in src/$part

Written by \`make -C test/$part mutate\`. It plants one fault at a time in a copy of \`src/$part\`, and runs the tests on it.
$caught faults were planted, and each was caught. Beside each fault is the first test that failed. *crashes*: an assertion
or a signal ended the tests; *does not end*: they ran for more than $limit seconds; *does not build*: the compiler refused
it.
PAGE
    cut -f 1 "$scratch/rows" | LC_ALL=C sort -u | while IFS= read -r file; do
        printf '\n## %s\n\n| fault | caught by |\n| --- | --- |\n' "$file"
        awk -F '\t' -v file="$file" '$1 == file { print $2 }' "$scratch/rows"
    done
}

if ! run_tests; then
    tail -n 20 "$scratch/log"
    echo 'the tests fail without a fault'
    exit 1
fi

# Joins continued lines, by a space each.
faults() {
    awk '/^    / { sub(/^ +/, ""); fault = fault " " $0; next }
        NR > 1 { print fault }
        { fault = $0 }
        END { print fault }'
}

caught=0 survived=0 stale=0
while IFS= read -r fault; do
    case $fault in *"$word"*) ;; *) continue ;; esac
    file=${fault%% @ *}
    description=${fault##* @ }
    expression=${fault#* @ }
    expression=${expression% @ *}
    sed "$expression" "$scratch/whole/$file" >"$scratch/src/$part/$file"
    if [ "$(diff "$scratch/whole/$file" "$scratch/src/$part/$file" | grep -c '^>')" -ne 1 ]; then
        stale=$((stale + 1))
        printf 'STALE     %s: %s\n' "$file" "$description"
    elif run_tests; then
        survived=$((survived + 1))
        printf 'SURVIVED  %s: %s\n' "$file" "$description"
    else
        status=$?
        caught=$((caught + 1))
        reason=$(reason $status)
        printf 'caught    %s: %s (%s)\n' "$file" "$description" "$reason"
        printf '%s\t| %s | %s |\n' "$file" "$description" "$reason" >>"$scratch/rows"
    fi
    cp "$scratch/whole/$file" "$scratch/src/$part/$file"
done < <(faults)

printf '%d faults planted, %d caught, %d survived, %d stale\n' \
    $((caught + survived)) "$caught" "$survived" "$stale"
[ $((survived + stale)) -eq 0 ] || exit 1
if [ -n "$results" ]; then
    write_results >"$results"
fi
