#!/bin/sh
# Prints the lines and branches that the tests reached, of all builds together; fails below 100 % of either.
#
#   coverage.sh DIRECTORY...               directories of the builds' objects and counts
#   FILES='list.c list.h' coverage.sh ...  of these files, rather than of the core's
#
# The builds have no assertions (NDEBUG): an assertion that never fails is a branch that is never taken.
set -eu

files=${FILES:-$(cd "${CORE:-../../src/core}" && echo *.c)}

# Lines that are left out: FILE|TEXT OF THE LINE|NUMBER OF LINES FROM IT ON (0: only its branches)|REASON.
left_out='
heap.c|if (capacity > SIZE_MAX / sizeof(lewd_record))|2|needs a size_t of 32 bits: make M32=1 reaches it
'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for build in "$@"; do
    for notes in "$build"/*.gcno; do
        gcov -b -c -t "$notes" >>"$scratch/report"
    done
done

# The reports of two builds repeat a file, those of two objects a header; a line or branch counts if any of them reached
# it.
printf '%s\n' "$left_out" >"$scratch/left_out"
status=0
for file in $files; do
    awk -v file="$file" '
        FNR == NR {
            if (split($0, part, "|") == 4 && part[1] == file) {
                text[++texts] = part[2]; span[texts] = part[3]; why[texts] = part[4]
            }
            next
        }
        /^branch/ {
            if (!here) next
            key = line SUBSEP $2
            if (!(key in branch)) branch[key] = 0
            if ($3 == "taken") branch[key] += $4
            next
        }
        /^ *[^ ]+: *[0-9]+:/ {
            split($0, part, ":")
            count = part[1]; line = part[2] + 0
            if (line == 0 && part[3] == "Source") { name = part[4]; sub(".*/", "", name); here = name == file }
            if (line == 0 || !here) next
            code[line] = substr($0, length(part[1]) + length(part[2]) + 3)
            gsub(/[ *]/, "", count)
            if (count == "-") next
            reached[line] += count + 0
            for (index_ = 1; index_ <= texts; index_++)
                if (index(code[line], text[index_])) {
                    for (rest = 0; rest < span[index_]; rest++) out[line + rest] = 1
                    branchless[line] = 1
                    seen[index_] = line
                }
        }
        END {
            for (index_ = 1; index_ <= texts; index_++)
                if (seen[index_]) printf "%s:%d: left out: %s\n", file, seen[index_], why[index_]
                else printf "%s: no such line to leave out: %s\n", file, text[index_]
            for (line in reached) {
                if (line in out) continue
                lines++
                if (reached[line]) lines_reached++
                else printf "%s:%d: never reached: %s\n", file, line, code[line]
            }
            for (key in branch) {
                split(key, part, SUBSEP)
                if (part[1] in out || part[1] in branchless) continue
                branches++
                if (branch[key]) branches_taken++
                else printf "%s:%d: branch %d never taken: %s\n", file, part[1], part[2], code[part[1]]
            }
            printf "%-12s lines %d of %d, branches %d of %d\n", file, lines_reached, lines, branches_taken, branches
            exit lines == 0 || lines_reached < lines || branches_taken < branches
        }
    ' "$scratch/left_out" "$scratch/report" || status=1
done
exit $status
