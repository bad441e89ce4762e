#!/usr/bin/env bash
# Plants faults in a copy of the core: see plant.sh.
#
#   mutate.sh [WORD]       all, or those whose file or description contains WORD
#   CORE=DIR mutate.sh     of the core that lies there
set -uo pipefail
cd "$(dirname "$0")"

core=${CORE:-../../src/core}
unset CORE

# FILE @ SED EXPRESSION @ DESCRIPTION. A function's name as the address keeps the expression from changing another one.
faults=$(cat <<'LIST'
heap.c @ /^void \*lewd_realloc/,/^}/s#if (new_size != 0)#if (new_size != 0 || memory == NULL)#
    @ realloc: makes memory of no size
heap.c @ /^void \*lewd_realloc/,/^}/s#realloc(memory, new_size)#realloc(NULL, new_size)#
    @ realloc: the contents are lost
heap.c @ /grow_records/,/^}/s#= (uint32_t)capacity;#= (uint32_t)capacity + 1u;#
    @ grow: one record more than there is memory for
heap.c @ /grow_records/,/^}/s#heap->records = records;#(void)records;# @ grow: the array's new address is not noted
heap.c @ /grow_records/,/^}/s#heap->records, old_capacity \* #heap->records, 0 * #
    @ grow: the hook is told a wrong old size
heap.c @ /grow_records/,/^}/s#if (records == NULL)#if (capacity == 0)# @ grow: a refusal is not noticed
heap.c @ /grow_records/,/^}/s#old_capacity / 8u#old_capacity / 1u# @ grow: doubles the reserve
heap.c @ /grow_records/,/^}/s#old_capacity / 8u#old_capacity / 65536u# @ grow: by a constant, not by a part
heap.c @ /bool reserve_record/,/^}/s#heap->bound < heap->capacity#heap->bound <= heap->capacity# @ reserve: off by one
heap.c @ /bool reserve_record/,/^}/s#heap->vacant != 0 || ## @ reserve: vacant records do not count
heap.c @ /take_record/,/^}/s#heap->vacant = .*;#;# @ take record: it stays in the list of vacant ones
heap.c @ /release_record/,/^}/s#record->start = .*;#;# @ release record: its place is kept
heap.c @ /release_record/,/^}/s#record->next = heap->vacant;#record->next = 0;#
    @ release record: the other vacant ones are lost
heap.c @ /release_record/,/^}/s#heap->vacant = number;#;# @ release record: it is lost
heap.c @ /insert_after/,/^}/s#record->prev = left;#record->prev = right;# @ insert: wrong link back
heap.c @ /insert_after/,/^}/s#lewd_at(heap, right)->prev = number;#;# @ insert: the right neighbour is not relinked
heap.c @ /insert_after/,/^}/s#lewd_at(heap, left)->next = number;#;# @ insert: the left neighbour is not relinked
heap.c @ /absorb_into_left/,/^}/s#lewd_at(heap, record.prev)->next = record.next;#;#
    @ absorb: the left neighbour is not relinked
heap.c @ /absorb_into_left/,/^}/s#lewd_at(heap, record.next)->prev = record.prev;#;#
    @ absorb: the right neighbour is not relinked
heap.c @ /absorb_into_left/,/^}/s#release_record(heap, number);#;# @ absorb: the record leaks
heap.c @ /^lewd_heap \*lewd_heap_create/,/^}/s#base > limit#base >= limit# @ create: an empty heap is refused
heap.c @ /^lewd_heap \*lewd_heap_create/,/^}/s#limit > LEWD_MAX_BLOCKS#limit >= LEWD_MAX_BLOCKS#
    @ create: 4 GiB are refused
heap.c @ /^lewd_heap \*lewd_heap_create/,/^}/s#base > limit || ## @ create: base above limit is accepted
heap.c @ /^lewd_heap \*lewd_heap_create/,/^}/s#resize(context, heap, sizeof \*heap, 0);#;#
    @ create: leaks where the records are refused
heap.c @ /^lewd_heap \*lewd_heap_create/,/^}/s#heap->base = base;#heap->base = 0;# @ create: the base is forgotten
heap.c @ /^lewd_heap \*lewd_heap_create/,/^}/s#memset(heap, 0, sizeof \*heap);#heap->vacant = heap->capacity = 0,
    heap->records = NULL;# @ create: not cleared
heap.c @ /lewd_heap_destroy/,/^}/s#heap->resize(heap->context, heap->records, .*#;# @ destroy: the records leak
heap.c @ /lewd_heap_alloc(/,/^}/s#size == 0 || ## @ alloc: 0 blocks are accepted
heap.c @ /lewd_heap_alloc(/,/^}/s#size > LEWD_MAX_BLOCKS#size >= LEWD_MAX_BLOCKS# @ alloc: 4 GiB are refused
heap.c @ /lewd_heap_alloc(/,/^}/s#return LEWD_NO_FIT;#return LEWD_NO_METADATA;# @ alloc: the wrong reason is told
heap.c @ /lewd_heap_alloc(/,/^}/s#if (extent > size)#if (extent >= size)# @ alloc: an empty rest is made
heap.c @ /lewd_heap_alloc(/,/^}/s#if (extent > size)#if (extent > size + 1u)# @ alloc: a rest of one block is lost
heap.c @ /lewd_heap_alloc(/,/^}/s#record->start + size#record->start + size - 1u# @ alloc: the rest overlaps
heap.c @ /lewd_heap_alloc(/,/^}/s#lewd_index_insert(heap, insert_after(\(.*\)), extent - size);#insert_after(\1);#
    @ alloc: the rest is not indexed
heap.c @ /lewd_heap_alloc(/,/^}/s#record->start |= LEWD_USED;#;# @ alloc: the span stays free
heap.c @ /lewd_heap_alloc(/,/^}/s#record->owner = 0;#;# @ alloc: a stale owner is kept
heap.c @ /lewd_heap_alloc(/,/^}/s#heap->used += size;#;# @ alloc: the figure of used blocks is not kept
heap.c @ /lewd_heap_fit(/,/^}/s#size == 0 || size > LEWD_MAX_BLOCKS#size >= LEWD_MAX_BLOCKS || size == 0#
    @ fit: 4 GiB are refused
heap.c @ /lewd_heap_fit(/,/^}/s#lewd_place(lewd_at(heap, number));#lewd_place(lewd_at(heap, number)) + 1u;#
    @ fit: off by one
heap.c @ /lewd_heap_free(/,/^}/s#if (!lewd_heap_is_used(heap, span))#if (span >= heap->bound)#
    @ free: an unused span is freed
heap.c @ /lewd_heap_free(/,/^}/s#heap->used -= size;#(void)size;# @ free: the figure of used blocks is not kept
heap.c @ /lewd_heap_free(/,/^}/s#lewd_index_remove(heap, next, extent);#;#
    @ free: the right neighbour stays in the index
heap.c @ /lewd_heap_free(/,/^}/s#lewd_index_remove(heap, prev, extent);#;# @ free: the left neighbour stays in the index
heap.c @ /lewd_heap_free(/,/^}/s#absorb_into_left(heap, next);#;# @ free: the right neighbour stays
heap.c @ /lewd_heap_free(/,/^}/s#if (!lewd_used(lewd_at(heap, next)))#if (next == 0)# @ free: never merges to the right
heap.c @ /lewd_heap_free(/,/^}/s#if (!lewd_used(lewd_at(heap, prev)))#if (prev == span)#
    @ free: never merges to the left
heap.c @ /lewd_heap_free(/,/^}/s#span = prev;#;# @ free: the span that dissolved is indexed
heap.c @ /lewd_heap_free(/,/^}/s#lewd_index_insert(heap, span, size);#;# @ free: the free span is not indexed
heap.c @ /absorb_into_left(heap, next);/,/}/s#size += extent;#(void)extent;# @ free: the merged span is not counted
heap.c @ /lewd_heap_extend(/,/^}/s#limit < old_limit || ## @ extend: goes down
heap.c @ /lewd_heap_extend(/,/^}/s#limit > LEWD_MAX_BLOCKS#limit >= LEWD_MAX_BLOCKS# @ extend: the last block is refused
heap.c @ /lewd_heap_extend(/,/^}/s#lewd_used(last_span(heap)) && !reserve_record(heap)#limit == 0#
    @ extend: no record is reserved
heap.c @ /lewd_heap_extend(/,/^}/s#lewd_used(last_span(heap)) && !reserve_record(heap)#!reserve_record(heap)#
    @ extend: a record is asked for that is not needed
heap.c @ /lewd_heap_extend(/,/^}/s#start = limit | LEWD_USED#start = limit# @ extend: the sentinel seems free
heap.c @ /lewd_heap_extend(/,/^}/s#insert_after(heap, last, old_limit)#insert_after(heap, last, old_limit + 1u)#
    @ extend: a block is lost
heap.c @ /lewd_heap_extend(/,/^}/s#lewd_index_remove(heap, last, .*#;# @ extend: the enlarged span is indexed twice
heap.c @ /lewd_heap_shrink(/,/^}/s#limit < record->start#limit <= record->start#
    @ shrink: not to the end of the last used span
heap.c @ /lewd_heap_shrink(/,/^}/s# || limit < record->start## @ shrink: cuts used spans
heap.c @ /lewd_heap_shrink(/,/^}/s#lewd_used(record) || limit < record->start#limit < lewd_place(record)#
    @ shrink: cuts a used last span
heap.c @ /lewd_heap_shrink(/,/^}/s#limit > old_limit || ## @ shrink: goes up
heap.c @ /lewd_heap_shrink(/,/^}/s#if (limit == record->start)#if (limit == old_limit)# @ shrink: an empty span stays
heap.c @ /lewd_heap_shrink(/,/^}/s#lewd_index_remove(heap, last, .*#;# @ shrink: the old size stays in the index
heap.c @ /^lewd_figures lewd_heap_figures/,/^}/s# - heap->base## @ figures: the base counts
heap.c @ /^lewd_figures lewd_heap_figures/,/^}/s#lewd_used(first) ? 0 : ## @ figures: a used head counts as free
heap.c @ /^lewd_figures lewd_heap_figures/,/^}/s#lewd_extent(heap, last)#lewd_extent(heap, first)#
    @ figures: head for tail
heap.c @ /lewd_heap_is_used(const/,/^}/s#span != LEWD_SENTINEL && ## @ is used: the sentinel is
heap.c @ /lewd_heap_is_used(const/,/^}/s#span < heap->bound#span <= heap->bound# @ is used: off by one at the bound
heap.c @ /lewd_heap_set_owner/,/^}/s#= owner;#= (uint16_t)owner;# @ owner: half of the number is kept
heap.c @ /lewd_heap_next_used/,/^}/s#? span : lewd_at(heap, span)->next#? span : 0# @ next used: ends at a hole
index.c @ /lewd_index_bin/,/^}/s#LEWD_CUTS - 1u)#LEWD_CUTS - 2u)# @ bins: every second one is left out
index.c @ /lewd_index_bin/,/^}/s#power - LEWD_CUT_LOG2)#power - LEWD_CUT_LOG2 + 1u)# @ bins: too wide
index.c @ /lewd_index_bin/,/^}/s#(power - LEWD_EXACT_LOG2) \*#(power - LEWD_EXACT_LOG2 + 1u) *# @ bins: a power too high
index.c @ /mark_bin/,/^}/s#heap->summary |= .*#;# @ mark: the summary is forgotten
index.c @ /unmark_if_empty/,/^}/s#heap->summary &= .*#;# @ unmark: the summary is forgotten
index.c @ /unmark_if_empty/,/^}/s#(heap->bitmap\[word\] == 0)#(bin != 0)# @ unmark: the summary forgets too much
index.c @ /unmark_if_empty/,/^}/s#heap->bitmap\[word\] &= .*#;# @ unmark: the bitmap is forgotten
index.c @ /^uint32_t lewd_index_best/,/^}/s#filled_bin(heap, own)#filled_bin(heap, own + 1u)#
    @ best: the own bin is left out
index.c @ /^uint32_t lewd_index_best/,/^}/s#bin + 1u)#bin + 2u)# @ best: leaves a bin out
index.c @ /filled_bin(const/,/^}/s#word + 1u + lowest_bit(above)#word + lowest_bit(above)#
    @ filled bin: one word too low
index.c @ /filled_bin(const/,/^}/s#heap->summary >> word) >> 1#heap->summary >> word) >> 2#
    @ filled bin: leaves a word out
index.c @ /filled_bin(const/,/^}/s#from + lowest_bit(here)#word * 64u + lowest_bit(here)#
    @ filled bin: the position within the word is lost
tree.c @ /split(/,/^}/s#lewd_tree_key(record) > key#lewd_tree_key(record) < key# @ split: sides exchanged
tree.c @ /split(/,/^}/s#hook\[LEWD_LEFT\] = 0;#hook[LEWD_LEFT] += 0;# @ split: the left tree is not closed
tree.c @ /split(/,/^}/s#hook\[LEWD_RIGHT\] = 0;#hook[LEWD_RIGHT] += 0;# @ split: the right tree is not closed
tree.c @ /split(/,/^}/s#record->link\[!above\]#record->link[above]# @ split: walks the wrong way
tree.c @ /join(/,/^}/s#lewd_tree_priority(pair\[LEWD_LEFT\]) < #lewd_tree_priority(pair[LEWD_LEFT]) > #
    @ join: the lower priority on top
tree.c @ /join(/,/^}/s#rest\[LEWD_LEFT\] | rest\[LEWD_RIGHT\]#rest[LEWD_LEFT]# @ join: the rest on the right is lost
index.c @ /unmark_if_empty/,/^}/s#heap->root\[bin\] == 0#heap->root[bin] == LEWD_USED#
    @ unmark: an empty bin stays marked
index.c @ /unmark_if_empty/,/^}/s#heap->root\[bin\] == 0#heap->root[bin] < LEWD_USED#
    @ unmark: a bin is unmarked that is not empty
tree.c @ /^void lewd_tree_insert/,/^}/s#lewd_tree_priority(other) < priority#lewd_tree_priority(other) > priority#
    @ index: heap order upside down
tree.c @ /^void lewd_tree_insert/,/^}/s#lewd_tree_key(other) < key#lewd_tree_key(other) > key#
    @ index: search order upside down
index.c @ /^void lewd_index_insert/,/^}/s#mark_bin(heap, bin);#(void)bin;# @ index: the bin is not marked
tree.c @ /^void lewd_tree_remove/,/^}/s#lewd_tree_key(other) < key#lewd_tree_key(other) > key#
    @ remove: searches the wrong way
tree.c @ /lewd_tree_best/,/^}/s#(uint64_t)size << 32;#(uint64_t)size << 32 | 1u;# @ best: misses an exact fit at place 0
tree.c @ /lewd_tree_best/,/^}/s#(uint64_t)size << 32;#(uint64_t)(size + 1u) << 32;# @ best: misses exact fits
tree.c @ /lewd_tree_best/,/^}/s#best = below ? best : root#best = below || best != 0 ? best : root#
    @ best: the first that fits, not the best
index.c @ /^uint32_t lewd_index_best/,/^}/s#lewd_tree_best(heap, heap->root\[bin\], size)#heap->root[bin]#
    @ best: any span of the bin, not the best
index.c @ /^uint32_t lewd_index_best/,/^}/s#bin < LEWD_EXACT_BINS#bin <= LEWD_EXACT_BINS#
    @ best: the first tree is taken for a pile
index.c @ /^uint32_t lewd_index_best/,/^}/s#= lewd_tree_best(#= bin == own ? 0 : lewd_tree_best(#
    @ best: only bins in which all fit
index.c @ /^uint32_t lewd_index_best/,/^}/s#\*extent = bin;#*extent = size;# @ best: tells the size that was asked for
tree.c @ /lewd_tree_best/,/^}/s#link\[below\]#link[!below]# @ best: walks the wrong way
heap.c @ /lewd_heap_alloc(/,/^}/s#lewd_index_remove(heap, number, extent);#;# @ alloc: the span stays in the index
index.c @ /lewd_index_largest/,/^}/s#: lewd_tree_largest(heap, heap->root\[bin\])#: heap->root[bin]#
    @ largest: any of the highest bin
tree.c @ /lewd_tree_largest/,/^}/s#root = lewd_at(heap, root)->link\[LEWD_RIGHT\];#return lewd_at(heap,
    root)->link[LEWD_RIGHT];# @ largest: only one step to the right
index.c @ /lewd_index_largest/,/^}/s#highest_bit(heap->bitmap\[word\])#lowest_bit(heap->bitmap[word])#
    @ largest: the smallest of the highest word
index.c @ /lewd_index_largest/,/^}/s#highest_bit(heap->summary)#lowest_bit(heap->summary)# @ largest: of the lowest word
pile.c @ /^void lewd_pile_insert/,/^}/s#->start < start)#->start < LEWD_USED)# @ pile insert: the lower below the higher
pile.c @ /^void lewd_pile_insert/,/^}/s#other->parent = number;#;# @ pile insert: the child does not know its parent
pile.c @ /^void lewd_pile_insert/,/^}/s#record->parent = parent;#record->parent = 0;#
    @ pile insert: the parent is forgotten
pile.c @ /^void lewd_pile_insert/,/^}/s#record->link\[LEWD_RIGHT\] = 0;#;# @ pile insert: a stale link is kept
pile.c @ /^void lewd_pile_insert/,/^}/s#record->link\[LEWD_LEFT\] = \*hook;#record->link[LEWD_LEFT] = 0;#
    @ pile insert: the rest of the pile is lost
pile.c @ /^void lewd_pile_insert/,/^}/s#parent = \*hook;#;# @ pile insert: the parent is not noted on the way
pile.c @ /^void lewd_pile_insert/,/^}/s#hook = &other->link\[toss(&coins)\];#hook = \&other->link[LEWD_LEFT];#
    @ pile insert: always to the left
pile.c @ /step_without_branch(const/,/^}/s#{0, \*root}#{0, 0}# @ pile insert, near: the parent is not noted
pile.c @ /step_without_branch(const/,/^}/s#{0, \*root}#{*root, *root}#
    @ pile insert, near: the root is noted as parent of the new root
pile.c @ /step_without_branch(const/,/^}/s#top->start < start;#top->start > start;#
    @ pile insert, near: the higher stays above
pile.c @ /step_without_branch(const/,/^}/s#hooks\[down\];#hooks[!down];# @ pile insert, near: the other way
pile.c @ /^void lewd_pile_remove/,/^}/s#link\[LEWD_RIGHT\] == number#link[LEWD_RIGHT] != number#
    @ pile remove: from the wrong link
pile.c @ /^static void meld/,/^}/s#lewd_at(heap, one)->start > #lewd_at(heap, one)->start < #
    @ pile remove: the higher goes up
pile.c @ /^static void meld/,/^}/s#top->parent = parent;#;# @ pile remove: the parent is not noted
pile.c @ /^static void meld/,/^}/s#parent = lower;#;# @ pile remove: the wrong parent is noted
pile.c @ /^static void meld/,/^}/s#one = \*hook;#one = 0;# @ pile remove: a child is lost
pile.c @ /^static void meld/,/^}/s#if (higher == 0)#if (higher <= lower)# @ pile remove: the rest is lost
pile.c @ /^static void put_back/,/^}/s#heap->coins = .*#heap->coins = 0;# @ pile: the coins always fall alike
tree.h @ /lewd_tree_key(/,/^}/s#(uint64_t)record->size << 32 | record->start#(uint64_t)record->size << 32 |
    (record->start ^ 0xffffu)# @ key: of equals, not the lowest
tree.h @ /lewd_tree_priority(/,/^}/s#record->start \* 0x9e3779b1u#record->start * 1u# @ priority: too simple
tree.h @ /lewd_tree_priority(/,/^}/s#mixed ^= mixed >> 15;#;# @ priority: one multiplication alone
check.c @ /check_span(const/,/^}/s#if (record->prev != left)#if (record->prev > heap->bound)# @ checker: links back
check.c @ /check_neighbours/,/^}/s#if (sentinel->prev != left)#if (sentinel->prev > heap->bound)#
    @ checker: the last link back
check.c @ /check_span(const/,/^}/s#end <= place ||#end < place ||# @ checker: empty spans
check.c @ /check_span(const/,/^}/s#if (lewd_place(record) != place)#if (lewd_place(record) > LEWD_USED)# @ checker: gaps
check.c @ /check_span(const/,/^}/s#left != LEWD_SENTINEL && #left == LEWD_USED \&\& # @ checker: free neighbours
check.c @ /check_neighbours/,/^}/s#if (used != heap->used)#if (used < heap->used)# @ checker: the sum of used blocks
check.c @ /check_tree/,/^}/s#lewd_tree_key(record) < low ||#low == UINT64_MAX ||# @ checker: order to the left
check.c @ /check_tree/,/^}/s#|| lewd_tree_key(record) >= high#|| high == 0# @ checker: order to the right
check.c @ /check_tree/,/^}/s#lewd_tree_priority(record) >= ceiling#ceiling == 0# @ checker: priorities
check.c @ /check_indexed/,/^}/s#lewd_index_bin(size) == bin ?#bin < LEWD_BINS ?# @ checker: bins
check.c @ /check_index(/,/^}/s#if (marked != (\(.*\)))#if (marked > (\1))# @ checker: bits missing
check.c @ /check_index(/,/^}/s#bin < LEWD_BIN_WORDS \* 64u#bin < LEWD_BINS# @ checker: bits beyond the bins
check.c @ /check_index(/,/^}/s#heap->summary != summary#(heap->summary \& summary) != summary#
    @ checker: bits too many in the summary
check.c @ /check_index(/,/^}/s#!is_indexed(heap, number)#heap->bound == 0# @ checker: a span that is not indexed
check.c @ /check_indexed/,/^}/s#size == 0 || ## @ checker: free spans of no size
check.c @ /check_indexed/,/^}/s# || size > LEWD_MAX_BLOCKS## @ checker: free spans beyond all sizes
check.c @ /check_indexed/,/^}/s#if (lewd_used(record))#if (record->next == LEWD_USED)#
    @ checker: used spans in the index
check.c @ /check_neighbours/,/^}/s#heap->bound > heap->capacity#heap->capacity == 0# @ checker: more records than memory
check.c @ /check_records/,/^}/s#heap->records\[number\].start != LEWD_VACANT#lewd_used(heap->records + number)#
    @ checker: free spans that are called vacant
check.c @ /check_records/,/^}/s#++vacant > heap->bound#++vacant == 0# @ checker: never ends on a ring of vacant records
check.c @ /check_records/,/^}/s#!= heap->bound)#> heap->bound)# @ checker: lost records
check.c @ /check_tree/,/^}/s#record->size != lewd_extent(heap, record)#record->size == 0# @ checker: sizes in trees
check.c @ /^static uint32_t next_in_pile/,/^}/s#return right;#return 0;# @ checker: right branches of piles
check.c @ /check_pile/,/^}/s#record->parent != parent#record->parent == LEWD_USED# @ checker: parents in piles
check.c @ /check_pile/,/^}/s#record->start <= heap->records\[parent\].start#record->start == LEWD_USED#
    @ checker: order in piles
check.c @ /is_in_pile/,/^}/s#++steps > heap->bound#steps > heap->bound# @ checker: never ends on a ring of lost spans
heap.c @ /bool reserve_records/,/^}/s#heap->capacity - heap->bound;#heap->capacity - heap->bound + 1u;#
    @ reserve several: off by one
heap.c @ /bool reserve_records/,/^}/s#ready++;#ready += 2u;# @ reserve several: a vacant record counts twice
heap.c @ /bool reserve_records/,/^}/s#ready >= needed#ready > needed#
    @ reserve several: a record is asked for that is not needed
heap.c @ /bool reserve_records/,/^}/s#number != 0 && ready < needed#ready < needed#
    @ reserve several: the list of vacant ones has no end
heap.c @ /bool reserve_records/,/^}/s#number = lewd_at(heap, number)->next)#number = 0)#
    @ reserve several: only one vacant record counts
heap.c @ /uint32_t carve(/,/^}/s#lewd_index_remove(heap, number, extent);#;# @ carve: the span stays in the index
heap.c @ /uint32_t carve(/,/^}/s#> left + size)#>= left + size)# @ carve: an empty rest is made
heap.c @ /uint32_t carve(/,/^}/s#> left + size)#> left + size + 1u)# @ carve: a rest of one block is lost
heap.c @ /uint32_t carve(/,/^}/s#insert_after(heap, number, start + size)#insert_after(heap, number, start + size - 1u)#
    @ carve: the rest overlaps
heap.c @ /uint32_t carve(/,/^}/s#if (left != 0)#if (left > 1u)# @ carve: one block to the left is taken too
heap.c @ /uint32_t carve(/,/^}/s#lewd_index_insert(heap, number, left);#;# @ carve: the rest on the left is not indexed
heap.c @ /uint32_t carve(/,/^}/s#start | marks#start | LEWD_USED# @ carve: the marks are forgotten
heap.c @ /uint32_t carve(/,/^}/s#record->owner = 0;#;# @ carve: a stale owner is kept
heap.c @ /uint32_t carve(/,/^}/s#lewd_directory_insert(heap, taken);#lewd_place(record);#
    @ carve: the directory is not told
heap.c @ /uint32_t carve(/,/^}/s#return taken;#return number;# @ carve: returns the rest, not the taken span
heap.c @ /uint32_t rests(/,/^}/s#left != 0#left > 1u# @ rests: one block on the left is none
heap.c @ /uint32_t rests(/,/^}/s#> left + size#>= left + size# @ rests: nothing on the right is a rest
heap.c @ /uint32_t rests(/,/^}/s#(left != 0) + ## @ rests: the left one needs no record
heap.c @ /lewd_heap_destroy/,/^}/s#heap->resize(heap->context, heap->directory, .*#;# @ destroy: the directory leaks
heap.c @ /lewd_heap_alloc(/,/^}/s#lewd_directory_insert(heap, number);#lewd_place(record);#
    @ alloc: the directory is not told
heap.c @ /bool is_aligned_request/,/^}/s#alignment <= LEWD_MAX_ALIGNMENT#alignment < LEWD_MAX_ALIGNMENT#
    @ aligned: 64 KiB are refused
heap.c @ /bool is_aligned_request/,/^}/s#alignment <= LEWD_MAX_ALIGNMENT#alignment <= 2u * LEWD_MAX_ALIGNMENT#
    @ aligned: 128 KiB are accepted
heap.c @ /bool is_aligned_request/,/^}/s#alignment != 0 && ## @ aligned: to nothing is accepted
heap.c @ /bool is_aligned_request/,/^}/s#(alignment & (alignment - 1u)) == 0#alignment != LEWD_USED#
    @ aligned: not only powers of two
heap.c @ /bool is_aligned_request/,/^}/s#size <= LEWD_MAX_BLOCKS#size < LEWD_MAX_BLOCKS# @ aligned: 4 GiB are refused
heap.c @ /bool is_aligned_request/,/^}/s#size != 0 && ## @ aligned: 0 blocks are accepted
heap.c @ /lewd_heap_alloc_aligned(/,/^}/s#= lewd_aligned(lewd_heap_start(heap, number), alignment)#=
    lewd_heap_start(heap, number)# @ aligned: at the low end
heap.c @ /lewd_heap_alloc_aligned(/,/^}/s#!reserve_records(heap, .*)#!reserve_record(heap))#
    @ aligned: only one record is reserved
heap.c @ /lewd_heap_alloc_aligned(/,/^}/s#heap->used += size;#;# @ aligned: the figure of used blocks is not kept
heap.c @ /lewd_heap_fit_aligned(/,/^}/s#= lewd_aligned(lewd_heap_start(heap, number), alignment)#= lewd_heap_start(heap,
    number)# @ fit aligned: at the low end
heap.c @ /uint32_t span_of(/,/^}/s#<= block#< block# @ span of: the one before the border
heap.c @ /lewd_heap_reserve(/,/^}/s#size == 0 || ## @ reserve: 0 blocks are accepted
heap.c @ /lewd_heap_reserve(/,/^}/s#start < heap->base || ## @ reserve: below the base
heap.c @ /lewd_heap_reserve(/,/^}/s#start >= limit || ## @ reserve: above the limit
heap.c @ /lewd_heap_reserve(/,/^}/s#size > limit - start#size >= limit - start# @ reserve: not up to the limit
heap.c @ /lewd_heap_reserve(/,/^}/s#size > limit - start#start + size > limit# @ reserve: sums that overflow
heap.c @ /lewd_heap_reserve(/,/^}/s#lewd_used(lewd_at(heap, number)) || ## @ reserve: used blocks are taken
heap.c @ /lewd_heap_reserve(/,/^}/s#size > end - start#size >= end - start#
    @ reserve: not up to the end of the free span
heap.c @ /lewd_heap_reserve(/,/^}/s# || size > end - start## @ reserve: beyond the end of the free span
heap.c @ /lewd_heap_reserve(/,/^}/s#!reserve_records(heap, .*)#!reserve_record(heap))#
    @ reserve: only one record is reserved
heap.c @ /lewd_heap_reserve(/,/^}/s#heap->reserved += size;#heap->used += size;# @ reserve: counts as used
heap.c @ /lewd_heap_reserve(/,/^}/s#LEWD_USED | LEWD_RESERVED#LEWD_USED# @ reserve: is not marked
heap.c @ /lewd_heap_resize(/,/^}/s#size == 0 || ## @ resize: to 0 blocks
heap.c @ /lewd_heap_resize(/,/^}/s#size > LEWD_MAX_BLOCKS || ## @ resize: a wrong size is told to be too large
heap.c @ /lewd_heap_resize(/,/^}/s# || lewd_heap_is_reserved(heap, span)## @ resize: of reserved spans
heap.c @ /lewd_heap_resize(/,/^}/s#lewd_used(lewd_at(heap, next)) ? 0 : ## @ resize: over used spans
heap.c @ /lewd_heap_resize(/,/^}/s#if (size > old_size + room)#if (size >= old_size + room)#
    @ resize: not to all that there is
heap.c @ /lewd_heap_resize(/,/^}/s#if (size == old_size)#if (size == 0)# @ resize: by nothing makes an empty span
heap.c @ /lewd_heap_resize(/,/^}/s#if (room == 0 && !#if (!# @ resize: a record is asked for that is not needed
heap.c @ /lewd_heap_resize(/,/^}/s#room == 0 && !reserve_record(heap)#size == 0# @ resize: no record is reserved
heap.c @ /lewd_heap_resize(/,/^}/s#lewd_index_remove(heap, next, room);#;# @ resize: the old size stays in the index
heap.c @ /lewd_heap_resize(/,/^}/s#if (size == old_size + room)#if (size > old_size + room)#
    @ resize: an empty span stays
heap.c @ /lewd_heap_resize(/,/^}/s#->start = end;#->start = end + 1u;# @ resize: a block is lost
heap.c @ /lewd_heap_resize(/,/^}/s#lewd_index_insert(heap, next, .*#;# @ resize: the neighbour is not indexed
heap.c @ /lewd_heap_resize(/,/^}/s#lewd_index_insert(heap, insert_after(\(.*\)), old_size - size);#insert_after(\1);#
    @ resize: the rest is not indexed
heap.c @ /lewd_heap_resize(/,/^}/s#heap->used += .*#;# @ resize: the figure of used blocks is not kept
heap.c @ /lewd_heap_free(/,/^}/s#heap->reserved -= size;#heap->used -= size;# @ free: a reserved span counts as used
heap.c @ /lewd_heap_free(/,/^}/s#lewd_directory_remove(heap, span);#lewd_place(record);#
    @ free: the directory is not told
heap.c @ /lewd_heap_free(/,/^}/s#record->start = lewd_place(record);#record->start \&= ~LEWD_USED;#
    @ free: the span stays reserved
heap.c @ /lewd_heap_extend(/,/^}/s#heap->directory != NULL && !lewd_directory_reach(heap, limit)#limit == 0#
    @ extend: the directory stays as it is
heap.c @ /lewd_heap_extend(/,/^}/s#heap->directory != NULL && ## @ extend: makes a directory that was not asked for
heap.c @ /lewd_heap_is_reserved(const/,/^}/s#span < heap->bound#span <= heap->bound#
    @ is reserved: off by one at the bound
heap.c @ /lewd_heap_prefetch(const/,/^}/s#span < heap->bound#span <= heap->bound# @ prefetch: off by one at the bound
heap.c @ /lewd_heap_prefetch_neighbours(const/,/^}/s#span >= heap->bound#span > heap->bound#
    @ prefetch of the neighbours: off by one at the bound
heap.c @ /void sort_vacant/,/^}/s#heap->vacant = 0;#;# @ sort vacant: the list has no end
heap.c @ /void sort_vacant/,/^}/s#= heap->bound;#= heap->bound - 1u;# @ sort vacant: the last record is lost
heap.c @ /void sort_vacant/,/^}/s#record->next = heap->vacant;#record->next = 0;# @ sort vacant: all but one are lost
heap.c @ /void sort_vacant/,/^}/s#record->start == LEWD_VACANT#!lewd_used(record)# @ sort vacant: free spans are vacant
heap.c @ /void sort_vacant/,/^}/s#number = heap->bound; --number != LEWD_SENTINEL;#number = 0; ++number < heap->bound;#
    @ sort vacant: in descending order
heap.c @ /bool is_pending(/,/^}/s#number < heap->bound && ## @ is pending: beyond the bound
heap.c @ /bool is_pending(/,/^}/s#lewd_pending(lewd_at(heap, number))#lewd_at(heap, number)->start >= LEWD_PENDING#
    @ is pending: used ones are
heap.c @ /void make_pending(/,/^}/s#lewd_directory_remove(heap, number);#;# @ make pending: the directory is not told
heap.c @ /void make_pending(/,/^}/s# | LEWD_PENDING## @ make pending: the span seems free
heap.c @ /uint32_t remove_from_index(/,/^}/s#lewd_index_remove(heap, number, size);#;#
    @ free all: a free span in a run stays in the index
heap.c @ /uint32_t remove_from_index(/,/^}/s#return 0;#return lewd_heap_size(heap, number);#
    @ free all: a used span counts as free
heap.c @ /uint32_t remove_from_index(/,/^}/s#return size;#return 0;# @ free all: a free span counts as used
heap.c @ /void free_run(/,/^}/s#while (!lewd_used(lewd_at(heap, lewd_at(heap, number)->prev)))#while (number ==
    LEWD_USED)# @ free all: never merges to the left
heap.c @ /void free_run(/,/^}/s#while (!lewd_used(lewd_at(heap, lewd_at(heap, number)->prev)))#if
    (!lewd_used(lewd_at(heap, lewd_at(heap, number)->prev)))# @ free all: merges one to the left only
heap.c @ /void free_run(/,/^}/s#while (!lewd_used(lewd_at(heap, lewd_at(heap, number)->prev)))#while (is_pending(heap,
    lewd_at(heap, number)->prev))# @ free all: a free span to the left is not merged
heap.c @ /void free_run(/,/^}/s#uint32_t free_before = remove_from_index(heap, number);#uint32_t free_before = 0;#
    @ free all: a free span that a run begins with stays in the index
heap.c @ /void free_run(/,/^}/s#record->start = lewd_place(record);#;# @ free all: the mark stays
heap.c @ /void free_run(/,/^}/s#while (!lewd_used(lewd_at(heap, record->next)))#if (!lewd_used(lewd_at(heap,
    record->next)))# @ free all: merges one to the right only
heap.c @ /void free_run(/,/^}/s#while (!lewd_used(lewd_at(heap, record->next)))#while (is_pending(heap, record->next))#
    @ free all: a free span to the right is not merged
heap.c @ /void free_run(/,/^}/s#heap->used -= .*#;# @ free all: the figure of used blocks is not kept
heap.c @ /void free_run(/,/^}/s#lewd_index_insert(heap, number, size);#;# @ free all: the free span is not indexed
heap.c @ /lewd_heap_free_all(/,/^}/s# || lewd_heap_is_reserved(heap, spans\[i\])## @ free all: reserved spans too
heap.c @ /lewd_heap_free_all(/,/^}/s#!lewd_heap_is_used(heap, spans\[i\])#spans[i] >= heap->bound#
    @ free all: an unused span is freed
heap.c @ /lewd_heap_free_all(/,/^}/s#continue;#{ freed += is_pending(heap, spans[i]); continue; }#
    @ free all: a span that is named again counts again
heap.c @ /lewd_heap_free_all(/,/^}/s#freed++;#freed = count;# @ free all: a name that is left out counts
heap.c @ /lewd_heap_free_all(/,/^}/s#if (is_pending(heap, spans\[i\]))#if (i != 0 \&\& is_pending(heap, spans[i]))#
    @ free all: the first one named stays pending
heap.c @ /lewd_heap_free_all(/,/^}/s#freed > heap->bound#freed >= heap->bound# @ free all: an eighth is many
heap.c @ /lewd_heap_free_all(/,/^}/s#heap->bound / 8u#heap->bound# @ free all: the vacant records are never put in order
pile.c @ /^void lewd_pile_remove/,/^}/s#left == 0 || right == 0#left == 0 || right != 0#
    @ pile remove, far: where there are two children
pile.c @ /^void lewd_pile_remove/,/^}/s#\*hook = left | right;#*hook = left;# @ pile remove, far: a child is lost
pile.c @ /^void lewd_pile_remove/,/^}/s#\*hook = left | right;#*root = left | right;#
    @ pile remove, far: the child is hung to the root
pile.c @ /^void lewd_pile_remove/,/^}/s#lewd_at(heap, \*hook)->parent = parent;#;#
    @ pile remove, far: the parent is not noted
index.c @ /^uint32_t lewd_index_aligned/,/^}/s#lewd_index_bin(size))#lewd_index_bin(size) + 1u)#
    @ aligned: the first bin is left out
index.c @ /^uint32_t lewd_index_aligned/,/^}/s#bin < LEWD_EXACT_BINS#bin <= LEWD_EXACT_BINS#
    @ aligned: the first tree is taken for a pile
index.c @ /^uint32_t lewd_index_aligned/,/^}/s#bin = filled_bin(heap, bin + 1u))#bin = LEWD_BINS)#
    @ aligned: only one bin is searched
pile.c @ /^static uint32_t after/,/^}/s#right != 0 && ## @ pile after: ends where there is nothing to the right
pile.c @ /^static uint32_t after/,/^}/s# && right != number## @ pile after: never comes up from the right
pile.c @ /^static uint32_t after/,/^}/s#number = parent;#return 0;# @ pile after: goes up one step only
pile.c @ /^uint32_t lewd_pile_aligned/,/^}/s#record->start < lowest && ##
    @ pile aligned: the last that holds it, not the lowest
pile.c @ /^uint32_t lewd_pile_aligned/,/^}/s#lowest = record->start;#lowest = 0;#
    @ pile aligned: the first that holds it, not the lowest
pile.c @ /^uint32_t lewd_pile_aligned/,/^}/s#record->link\[LEWD_LEFT\] != 0 ? record->link\[LEWD_LEFT\] : ##
    @ pile aligned: only to the right
tree.c @ /^uint32_t lewd_tree_aligned/,/^}/s#(uint64_t)size << 32;#(uint64_t)(size + 1u) << 32;#
    @ tree aligned: misses exact fits
tree.c @ /^uint32_t lewd_tree_aligned/,/^}/s#(uint64_t)size << 32;#(uint64_t)size << 32 | 1u;#
    @ tree aligned: misses an exact fit at place 0
tree.c @ /^static void path_extend/,/^}/s#if (!below)#if (!below \&\& lewd_at(heap, number)->link[LEWD_LEFT] != 0)#
    @ tree aligned: leaves are not visited
tree.c @ /^static void path_push/,/^}/s#path->cut = true;#;# @ tree aligned: that the path was cut is not noted
tree.c @ /^static void path_push/,/^}/s#^        memmove.*#;# @ tree aligned: the wrong one is dropped from the path
tree.c @ /^static void path_push/,/^}/s#path->length == LEWD_PATH_LENGTH#path->length > LEWD_PATH_LENGTH#
    @ tree aligned: the path is longer than its room
tree.c @ /^uint32_t lewd_tree_aligned/,/^}/s#^ \{12\}path_extend(&path, heap, root, key);#path_extend(\&path,
    heap, 0, key);# @ tree aligned: the root is not searched again
tree.c @ /^uint32_t lewd_tree_aligned/,/^}/s#key = lewd_tree_key(record) + 1u;#;#
    @ tree aligned: searches again from the first span on
tree.c @ /^uint32_t lewd_tree_aligned/,/^}/s#path_extend(&path, heap, record->link\[LEWD_RIGHT\],
    key);#path_extend(\&path, heap, 0, key);# @ tree aligned: nothing to the right is visited
directory.c @ /^bool lewd_directory_reach/,/^}/s#limit - 1u) + 1u;#limit) + 1u;# @ directory: a cell too many
directory.c @ /^bool lewd_directory_reach/,/^}/s#limit - 1u) + 1u;#limit - 1u);# @ directory: a cell too few
directory.c @ /^bool lewd_directory_reach/,/^}/s#needed <= heap->cells#needed < heap->cells#
    @ directory: grows when it just suffices
directory.c @ /^bool lewd_directory_reach/,/^}/s#needed / 8u#needed# @ directory: doubles the reserve
directory.c @ /^bool lewd_directory_reach/,/^}/s#needed / 8u#0 * needed# @ directory: has no reserve
directory.c @ /^bool lewd_directory_reach/,/^}/s#heap->directory, old_size, size);#heap->directory, size, size);#
    @ directory: the hook is told a wrong old size
directory.c @ /^bool lewd_directory_reach/,/^}/s#if (directory == NULL)#if (size == 0)#
    @ directory: a refusal is not noticed
directory.c @ /^bool lewd_directory_reach/,/^}/s#memset(.*#;# @ directory: new cells are not empty
directory.c @ /^bool lewd_directory_reach/,/^}/s#memset(directory + heap->cells, 0, size - old_size)#memset(directory,
    0, size)# @ directory: old cells are emptied
directory.c @ /^bool lewd_directory_reach/,/^}/s#heap->directory = directory;#heap->directory = heap->directory == NULL
    ? directory : heap->directory;# @ directory: its new address is not noted
directory.c @ /^bool lewd_directory_reach/,/^}/s#heap->cells = (uint32_t)cells;#heap->cells = (uint32_t)cells + 1u;#
    @ directory: one cell more than there is memory for
directory.c @ /^void lewd_directory_insert/,/^}/s#if (.*#if (*first == 0)# @ place: the first that came, not the lowest
directory.c @ /^void lewd_directory_insert/,/^}/s#if (.*#if (place != LEWD_VACANT)#
    @ place: the last that came, not the lowest
directory.c @ /^void lewd_directory_remove/,/^}/s#heap->directory\[cell\] != number#heap->directory[cell] == 0#
    @ place: another span goes, and the first is forgotten
directory.c @ /^void lewd_directory_remove/,/^}/s#? next : LEWD_SENTINEL#? next : next#
    @ place: a span of another cell is the first
directory.c @ /^void lewd_directory_remove/,/^}/s#? next : LEWD_SENTINEL#? LEWD_SENTINEL : LEWD_SENTINEL#
    @ place: the next in the cell is forgotten
directory.c @ /^void lewd_directory_remove/,/^}/s#while (!lewd_used.*#while (next == LEWD_USED)#
    @ place: a free span is the first
directory.c @ /^void lewd_directory_remove/,/^}/s# && cell_of(heap, next) == cell)#)#
    @ place: the next one is looked for beyond the cell
heap.c @ /^lewd_status lewd_heap_enable_find/,/^}/s#lewd_directory_insert(heap, number);#;# @ directory: is made empty
heap.c @ /^lewd_status lewd_heap_enable_find/,/^}/s#heap->directory != NULL#heap->directory == NULL#
    @ enable find: makes no directory
heap.c @ /^lewd_status lewd_heap_enable_find/,/^}/s#return LEWD_NO_METADATA;#return LEWD_OK;#
    @ enable find: a refusal is not told
heap.c @ /^lewd_status lewd_heap_enable_find/,/^}/s#limit != heap->base ? limit : limit + 1u#limit#
    @ enable find: the directory of an empty heap has no end
heap.c @ /^lewd_status lewd_heap_enable_find/,/^}/s#if (heap->directory != NULL)#if (heap->directory != NULL ||
    limit_of(heap) == heap->base)# @ enable find: an empty heap gets no directory
heap.c @ /^lewd_status lewd_heap_enable_find/,/^}/s#limit != heap->base ? limit :#limit == UINT32_MAX ? limit :#
    @ enable find: a cell too many
heap.c @ /^lewd_status lewd_heap_find/,/^}/s#lewd_heap_enable_find(heap) != LEWD_OK#(lewd_heap_enable_find(heap),
    false)# @ find: a refusal is not noticed
heap.c @ /^lewd_status lewd_heap_find/,/^}/s#start < heap->base || ## @ find: below the base
heap.c @ /^lewd_status lewd_heap_find/,/^}/s#start >= limit_of#start > limit_of# @ find: at the limit
heap.c @ /^lewd_status lewd_heap_find/,/^}/s#start >= limit_of(heap)#start == LEWD_USED# @ find: above the limit
heap.c @ /^lewd_status lewd_heap_find/,/^}/s#(lewd_heap_start(heap, number) < start)#(lewd_heap_start(heap, number) + 1u
    < start)# @ find: stops a block early
heap.c @ /^lewd_status lewd_heap_find/,/^}/s#lewd_at(heap, number)->start != (start | LEWD_USED)#lewd_heap_start(heap,
    number) != start# @ find: free and reserved spans are told
heap.c @ /^lewd_status lewd_heap_find/,/^}/s#lewd_at(heap, number)->start != (start |
    LEWD_USED)#!lewd_used(lewd_at(heap, number))# @ find: the next span is told
record.h @ /lewd_aligned(/,/^}/s#start + alignment - 1u#start + alignment#
    @ aligned: the next place even where this one will do
record.h @ /lewd_holds(/,/^}/s#<= lewd_extent#< lewd_extent# @ holds: not to the end of the span
record.h @ /lewd_holds(/,/^}/s#lewd_extent(heap, record) - size#lewd_extent(heap, record)#
    @ holds: beyond the end of the span
record.h @ /lewd_place(const/,/^}/s#LEWD_MARKS#LEWD_USED# @ place: with the mark of reserved spans
record.h @ /lewd_place(const/,/^}/s#LEWD_MARKS#(LEWD_USED | LEWD_RESERVED)# @ place: with the mark of pending spans
directory.h @ /lewd_directory_cell(/,/^}/s#(place - heap->base)#place# @ cell: counted from 0
check.c @ /check_neighbours/,/^}/s#LEWD_MARKS#(LEWD_USED | LEWD_PENDING)# @ checker: a reserved sentinel
check.c @ /check_neighbours/,/^}/s#LEWD_MARKS#(LEWD_USED | LEWD_RESERVED)# @ checker: a pending sentinel
check.c @ /check_span(const/,/^}/s#if (lewd_pending(record))#if (lewd_pending(record) \&\& lewd_used(record))#
    @ checker: pending free spans
check.c @ /check_span(const/,/^}/s#if (lewd_pending(record))#if (lewd_pending(record) \&\& !lewd_used(record))#
    @ checker: pending used spans
check.c @ /check_span(const/,/^}/s#!lewd_used(record) && lewd_reserved(record)#place == LEWD_USED#
    @ checker: reserved free spans
check.c @ /check_neighbours/,/^}/s#if (reserved != heap->reserved)#if (reserved < heap->reserved)#
    @ checker: the sum of reserved blocks, too small
check.c @ /check_neighbours/,/^}/s#if (reserved != heap->reserved)#if (reserved > heap->reserved)#
    @ checker: the sum of reserved blocks, too large
check.c @ /check_directory/,/^}/s#heap->cells == 0 ? NULL#heap->cells <= LEWD_USED ? NULL#
    @ checker: cells without a directory
check.c @ /check_directory/,/^}/s#limit > heap->base && ## @ checker: the last cell of an empty heap
check.c @ /check_directory/,/^}/s#>= heap->cells)#> heap->cells)# @ checker: a directory too short
check.c @ /check_directory/,/^}/s#first == 0 && ## @ checker: the last span of a cell
check.c @ /check_directory/,/^}/s#first == 0 && lewd_used(heap->records + number)#first == 0#
    @ checker: free spans in the directory
check.c @ /check_directory/,/^}/s#if (heap->directory\[cell\] != first)#if (first != 0 \&\& heap->directory[cell] !=
    first)# @ checker: empty cells that name a span
check.c @ /check_directory/,/^}/s#if (heap->directory\[cell\] != first)#if (heap->directory[cell] != first \&\&
    heap->directory[cell] != 0)# @ checker: spans that no cell names
LIST
)

programs='make -s programs && build/core && build/core-small && build/replay --synthetic'
bash ./plant.sh core "$core" "$programs" "${1:-}" <<<"$faults"
