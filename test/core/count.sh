#!/bin/sh
# Copies its input and adds up the counts in it: "NAME: 12 passed, 0 failed". Fails if any test failed, or if none ran.
awk '
    / passed, [0-9]+ failed$/ {
        count++
        line = $0
        sub(/.*: /, "", line)
        split(line, word, " ")
        passed += word[1]
        failed += word[3]
    }
    { print; fflush() }
    END {
        if (count == 0) failed = 1
        printf "%d passed, %d failed\n", passed, failed
        exit failed != 0
    }
'
