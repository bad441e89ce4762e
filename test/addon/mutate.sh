#!/usr/bin/env bash
# Plants faults in a copy of the addon's pure parts: see plant.sh.
#
#   mutate.sh [WORD]       all, or those whose file or description contains WORD
set -uo pipefail
cd "$(dirname "$0")"

export NODE_API=${NODE_API:-$(node -p 'require("node-api-headers").include_dir')}

# FILE @ SED EXPRESSION @ DESCRIPTION. A function's name as the address keeps the expression from changing another one.
faults=$(cat <<'LIST'
list.c @ /^bool lewd_list_push/,/^}/s#list->length == list->capacity#list->length > list->capacity#
    @ push: writes behind the array
list.c @ /^bool lewd_list_push/,/^}/s#list->length == list->capacity#list->length + 1u >= list->capacity#
    @ push: leaves the last entry unused
list.c @ /^bool lewd_list_push/,/^}/s#old_size = list->capacity \*#old_size = list->length / 2u *#
    @ push: the hook is told a wrong old size
list.c @ /^bool lewd_list_push/,/^}/s#list->capacity \* 2u + 64u#list->capacity + 64u# @ push: grows by a constant
list.c @ /^bool lewd_list_push/,/^}/s#list->capacity \* 2u#list->capacity * 4u# @ push: grows by too much
list.c @ /^bool lewd_list_push/,/^}/s#if (items == NULL)#if (capacity == 0)# @ push: a refusal is not noticed
list.c @ /^bool lewd_list_push/,/^}/s#return false;#return list->items = NULL, false;#
    @ push: the list is lost at a refusal
list.c @ /^bool lewd_list_push/,/^}/s#list->items = items;#;# @ push: the new array is not noted
list.c @ /^bool lewd_list_push/,/^}/s#list->capacity = capacity;#list->capacity = capacity + 1u;#
    @ push: an entry more than there is memory for
list.c @ /^bool lewd_list_push/,/^}/s#list->length++\]#list->length]# @ push: the length stays
list.c @ /^void lewd_list_remove_first/,/^}/s#list->length -= count;#;# @ remove first: the length stays
list.c @ /^void lewd_list_remove_first/,/^}/s#if (list->length > 0)#if (list->length > 1u)#
    @ remove first: the only one that is left is not moved
list.c @ /^void lewd_list_remove_first/,/^}/s#list->items + count#list->items + count - (count > 0)#
    @ remove first: one too few
list.c @ /^void lewd_list_remove_first/,/^}/s#list->length \* sizeof#(list->length - 1u) * sizeof#
    @ remove first: the last one is not moved
list.c @ /^void lewd_list_remove_first/,/^}/s#list->items + count, list->length#list->items + list->length,
    list->length# @ remove first: from the end
list.c @ /^void lewd_list_free/,/^}/s#lewd_realloc(NULL, .*#;# @ free: leaks
list.c @ /^void lewd_list_free/,/^}/s#list->capacity \* sizeof#list->length * sizeof#
    @ free: the hook is told a wrong size
list.c @ /^void lewd_list_free/,/^}/s#(lewd_list){0}#(lewd_list){.capacity = list->capacity}# @ free: the capacity stays
radix.h @ /lewd_radix_pair/,/^}/s#(uint64_t)key << 32#(uint64_t)key << 31# @ pair: the key is in the wrong bits
radix.h @ /lewd_radix_pair/,/^}/s#| item#| (uint16_t)item# @ pair: half of the item is lost
radix.c @ s#define LEWD_DIGIT_BITS 10#define LEWD_DIGIT_BITS 9# @ digits of nine bits: the highest bits do not count
radix.c @ /sort_by_digit(const/,/^}/s#LEWD_DIGITS - (from\[i\]#LEWD_DIGITS - 1u - (from[i]#
    @ pass: counted under the wrong digit
radix.c @ /sort_by_digit(const/,/^}/s#digit <= LEWD_DIGITS#digit < LEWD_DIGITS - 1u# @ pass: the sums end early
radix.c @ /sort_by_digit(const/,/^}/s#ends\[digit\] += ends\[digit - 1u\]#ends[digit] = ends[digit - 1u]#
    @ pass: the counts are lost
radix.c @ /sort_by_digit(const/,/^}/s#% LEWD_DIGITS\]++\] = from#% LEWD_DIGITS]] = from#
    @ pass: pairs of a digit overwrite each other
radix.c @ /sort_by_digit(const/,/^}/s#to\[ends\[LEWD_DIGITS - 1u - (from\[i\] >> shift) % LEWD_DIGITS\]++\] =
    from\[i\];#to[ends[LEWD_DIGITS - 1u - (from[length - 1u - i] >> shift) % LEWD_DIGITS]++] = from[length - 1u - i];# @
    pass: equal digits are reversed
radix.c @ /^void lewd_radix_sort_descending/,/^}/s#(pairs, room, length, 32);#(pairs, room, length, 0);#
    @ sort: by the item first
radix.c @ /^void lewd_radix_sort_descending/,/^}/s#(pairs, room, length, 32);#(pairs, room, length, 33);#
    @ sort: the lowest bit does not count
radix.c @ /^void lewd_radix_sort_descending/,/^}/s#(room, pairs, length, 32 + LEWD_DIGIT_BITS);#(room, pairs, length,
    32);# @ sort: the second digit is left out
radix.c @ /^void lewd_radix_sort_descending/,/^}/s#(room, pairs, length, 32 + LEWD_DIGIT_BITS);#(pairs, room, length, 32
    + LEWD_DIGIT_BITS);# @ sort: the first pass is lost
radix.c @ /^void lewd_radix_sort_descending/,/^}/s#32 + 2 \* LEWD_DIGIT_BITS#32 + LEWD_DIGIT_BITS#
    @ sort: the third digit is left out
radix.c @ /^void lewd_radix_sort_descending/,/^}/s#sort_by_digit(pairs, room, length, 32 + 2.*#;#
    @ sort: the third pass is left out
slots.h @ /lewd_slots_at/,/^}/s#slots->items + number#slots->items + number - (number == slots->capacity - 1u)#
    @ at: the last slot is another one's
slots.c @ /bool grow_slots/,/^}/s#old_size = slots->capacity \*#old_size = slots->capacity / 2u *#
    @ grow: the hook is told a wrong old size
slots.c @ /bool grow_slots/,/^}/s#slots->capacity / 2u#slots->capacity / 65536u# @ grow: by a constant
slots.c @ /bool grow_slots/,/^}/s#slots->capacity / 2u#slots->capacity# @ grow: doubles the reserve
slots.c @ /bool grow_slots/,/^}/s#if (items == NULL)#if (capacity == 0)# @ grow: a refusal is not noticed
slots.c @ /bool grow_slots/,/^}/s#slots->items = items;#;# @ grow: the new array is not noted
slots.c @ /bool grow_slots/,/^}/s#(uint32_t)capacity;#(uint32_t)capacity + 1u;#
    @ grow: a slot more than there is memory for
slots.c @ /lewd_slots_take_vacant/,/^}/s#number = slots->vacant;#number = slots->dead;#
    @ take vacant: from the wrong stack
slots.c @ /lewd_slots_take_vacant/,/^}/s#slots->vacant = lewd_slots_at.*#;# @ take vacant: the slot stays in the stack
slots.c @ /lewd_slots_take_vacant/,/^}/s#slots->vacant = lewd_slots_at(slots, number)->next;#slots->vacant = 0;#
    @ take vacant: the others are lost
slots.c @ /lewd_slots_take_vacant/,/^}/s#bound == 0 ? 1u :#bound == 0 ? 0u :# @ take vacant: slot 0 is handed out
slots.c @ /lewd_slots_take_vacant/,/^}/s#bound == 0 ? 1u :#bound == 0 ? 2u :# @ take vacant: slot 1 is left out
slots.c @ /lewd_slots_take_vacant/,/^}/s#added >= slots->capacity#added > slots->capacity#
    @ take vacant: one behind the array
slots.c @ /lewd_slots_take_vacant/,/^}/s#added >= slots->capacity#added + 1u >= slots->capacity#
    @ take vacant: the last one needs a request
slots.c @ /lewd_slots_take_vacant/,/^}/s#        return 0;#        return added;#
    @ take vacant: a slot in spite of a refusal
slots.c @ /lewd_slots_take_dead/,/^}/s#number = slots->dead;#number = slots->vacant;# @ take dead: from the wrong stack
slots.c @ /lewd_slots_take_dead/,/^}/s#slots->dead = lewd_slots_at.*#;# @ take dead: the slot stays in the stack
slots.c @ /lewd_slots_take_dead/,/^}/s#slots->dead = lewd_slots_at(slots, number)->next;#slots->dead = 0;#
    @ take dead: the others are lost
slots.c @ /lewd_slots_push_dead/,/^}/s#slot->span = 0;#slot->span = span;# @ push dead: the span stays
slots.c @ /lewd_slots_push_dead/,/^}/s#slot->next = slots->dead;#slot->next = 0;# @ push dead: the others are lost
slots.c @ /lewd_slots_push_dead/,/^}/s#slot->next = slots->dead;#slot->next = slots->vacant;#
    @ push dead: linked to the wrong stack
slots.c @ /lewd_slots_push_dead/,/^}/s#slots->dead = number;#slots->vacant = number;# @ push dead: on the wrong stack
slots.c @ /lewd_slots_push_dead/,/^}/s#slots->dead = number;#slot->ref = NULL, slots->dead = number;#
    @ push dead: the reference is lost
slots.c @ /lewd_slots_push_dead/,/^}/s#return span;#return slot->span;# @ push dead: returns no span
slots.c @ /lewd_slots_push_vacant/,/^}/s#(lewd_slot){.next = slots->vacant}#(lewd_slot){0}#
    @ push vacant: the others are lost
slots.c @ /lewd_slots_push_vacant/,/^}/s#\*lewd_slots_at(slots, number) = (lewd_slot){.next =
    slots->vacant};#lewd_slots_at(slots, number)->next = slots->vacant;# @ push vacant: span and reference stay
slots.c @ /lewd_slots_push_vacant/,/^}/s#slots->vacant = number;#;# @ push vacant: the slot is lost
slots.c @ /lewd_slots_free/,/^}/s#lewd_realloc(NULL, .*#;# @ free: leaks
slots.c @ /lewd_slots_free/,/^}/s#(lewd_slots){0}#(lewd_slots){.dead = slots->dead}#
    @ free: the stack of dead slots stays
young.c @ s#define LEWD_STALE_SLOTS 1024u#define LEWD_STALE_SLOTS 1023u# @ one stale slot fewer
young.c @ s#define LEWD_YOUNG_GCS 3u#define LEWD_YOUNG_GCS 2u# @ a loss is noted for two collections
young.c @ s#define LEWD_YOUNG_GCS 3u#define LEWD_YOUNG_GCS 4u# @ a loss is noted for four collections
young.c @ /void lewd_young_lose/,/^}/s#young->unlisted = #young->unlisted += # @ lose: losses add up
young.c @ /bool lewd_young_add/,/^}/s#survived\[0\]#survived[1]# @ add: to the wrong list
young.c @ /bool lewd_young_add/,/^}/s#newest->length <= slots#newest->length < slots#
    @ add: the list is emptied one early
young.c @ /bool lewd_young_add/,/^}/s#newest->length <= slots + LEWD_STALE_SLOTS && ##
    @ add: a stale list grows for ever
young.c @ /bool lewd_young_add/,/^}/s#lewd_list_push(newest, slot))#(lewd_list_push(newest, slot), true))#
    @ add: a refusal is not noticed
young.c @ /bool lewd_young_add/,/^}/s#lewd_young_lose(young);#;# @ add: the loss is not noted
young.c @ /bool lewd_young_add/,/^}/s#newest->length = 0;#;# @ add: the list is not emptied
young.c @ /bool lewd_young_add/,/^}/s#young->aged = 0;#;# @ add: tokens of the emptied list stay aged
young.c @ /bool lewd_young_add/,/^}/s#return false;#return true;# @ add: a loss is not told
young.c @ /bool lewd_young_note_gc/,/^}/s#young->unlisted--;#;# @ note gc: is not counted
young.c @ /bool lewd_young_note_gc/,/^}/s#young->unlisted == 0#young->unlisted <= 1u#
    @ note gc: the last collection is left out
young.c @ /void lewd_young_settle/,/^}/s#survived\[0\]#survived[1]# @ settle: by the wrong list
young.c @ /void lewd_young_settle/,/^}/s#young->aged = young->survived\[0\].length;#;# @ settle: nothing is settled
young.c @ /void lewd_young_forget_aged/,/^}/s#young->aged);#young->survived[0].length);#
    @ forget aged: new tokens are forgotten
young.c @ /void lewd_young_forget_aged/,/^}/s#&young->survived\[0\], young->aged#\&young->survived[0], 0#
    @ forget aged: aged tokens stay
young.c @ /void lewd_young_forget_aged/,/^}/s#young->aged = 0;#;# @ forget aged: those that stay count as aged
young.c @ /void lewd_young_forget_aged/,/^}/s#young->survived\[1\].length = 0;#;# @ forget aged: the second list stays
young.c @ /bool lewd_young_is_empty/,/^}/s#young->survived\[0\].length == 0 && ##
    @ is empty: with tokens in the first list
young.c @ /bool lewd_young_is_empty/,/^}/s# && young->survived\[1\].length == 0##
    @ is empty: with tokens in the second list
young.c @ /bool lewd_young_is_empty/,/^}/s# && young->unlisted == 0## @ is empty: with tokens in no list
young.c @ /void lewd_young_free/,/^}/s#lewd_list_free(&young->survived\[1\]);#;# @ free: the second list leaks
gc_budget.c @ s#(int64_t)128 << 20#(int64_t)127 << 20# @ the least budget is 127 MiB
gc_budget.c @ s#(int64_t)4 << 20#((int64_t)4 << 20) + 1# @ reports begin one byte above 4 MiB
gc_budget.c @ /int64_t budget_of/,/^}/s#> LEWD_MIN_BUDGET ?#< LEWD_MIN_BUDGET ?# @ budget: the smaller one
gc_budget.c @ /void lewd_gc_budget_note_sweep/,/^}/s#was_major || ## @ note sweep: major collections are not told apart
gc_budget.c @ /void lewd_gc_budget_note_sweep/,/^}/s#was_major || budget->at_sweep > budget->live_bytes#was_major#
    @ note sweep: only major collections lower it
gc_budget.c @ /void lewd_gc_budget_note_sweep/,/^}/s#was_of_all && ## @ note sweep: some tokens are all
gc_budget.c @ /void lewd_gc_budget_note_sweep/,/^}/s#was_of_all && budget->after_forced_gc >
    budget->live_bytes#was_of_all# @ note sweep: live bytes rise without a forced collection
gc_budget.c @ /void lewd_gc_budget_note_sweep/,/^}/s#budget->after_forced_gc = budget->live_bytes;#;#
    @ note sweep: live bytes are not lowered
gc_budget.c @ /void lewd_gc_budget_note_forced_gc/,/^}/s#budget->live_bytes#budget->at_sweep#
    @ note forced gc: the wrong figure
gc_budget.c @ /bool lewd_gc_budget_is_spent/,/^}/s#>= budget_of#> budget_of# @ is spent: one byte late
gc_budget.c @ /bool lewd_gc_budget_is_spent/,/^}/s#budget->live_bytes - budget->after_forced_gc#budget->live_bytes -
    budget->at_sweep# @ is spent: since the wrong time
gc_budget.c @ /bool lewd_gc_budget_is_spent/,/^}/s#budget->live_bytes - budget->after_forced_gc#budget->live_bytes#
    @ is spent: as if nothing was alive
gc_budget.c @ /bool lewd_gc_budget_wants_marking/,/^}/s#> LEWD_MIN_BUDGET#>= LEWD_MIN_BUDGET#
    @ wants marking: in an arena of 128 MiB
gc_budget.c @ /bool lewd_gc_budget_wants_marking/,/^}/s#budget->after_forced_gc > LEWD_MIN_BUDGET && ##
    @ wants marking: in small arenas
gc_budget.c @ /bool lewd_gc_budget_wants_marking/,/^}/s#quarter \* 3#quarter * 3 + 1#
    @ wants marking: one byte after three quarters
gc_budget.c @ /bool lewd_gc_budget_wants_marking/,/^}/s#quarter \* 3 &&#quarter * 2 \&\&#
    @ wants marking: when half is spent
gc_budget.c @ /bool lewd_gc_budget_wants_marking/,/^}/s#>= quarter;#> quarter;#
    @ wants marking: one byte after a quarter since the sweep
gc_budget.c @ /bool lewd_gc_budget_wants_marking/,/^}/s#budget->live_bytes - budget->at_sweep >= quarter;#true;#
    @ wants marking: at every sweep
gc_budget.c @ /int64_t lewd_external_unreported/,/^}/s#unreported > -LEWD_REPORT_BATCH#unreported >= -LEWD_REPORT_BATCH#
    @ unreported: 4 MiB less are not told
gc_budget.c @ /int64_t lewd_external_unreported/,/^}/s#unreported < LEWD_REPORT_BATCH#unreported <= LEWD_REPORT_BATCH#
    @ unreported: 4 MiB more are not told
gc_budget.c @ /int64_t lewd_external_unreported/,/^}/s# && unreported > -LEWD_REPORT_BATCH##
    @ unreported: less is never told
gc_budget.c @ /int64_t lewd_external_unreported/,/^}/s#external->live - external->reported#external->live#
    @ unreported: reported bytes are reported again
bounds.c @ /^uint32_t lewd_bounds_limit/,/^}/s#size / LEWD_BLOCK#(size + LEWD_BLOCK - 1u) / LEWD_BLOCK#
    @ limit: with the part of a block
bounds.c @ /^uint32_t lewd_bounds_limit/,/^}/s#blocks < bounds->ceiling ? (uint32_t)blocks :
    bounds->ceiling#(uint32_t)blocks# @ limit: above the ceiling
bounds.c @ /^uint32_t lewd_bounds_limit/,/^}/s#limit < bounds->base ? bounds->base : limit#limit#
    @ limit: below the base
bounds.c @ /^uint64_t lewd_bounds_used_end/,/^}/s# - figures->tail_free## @ used end: the end of the working span
bounds.c @ /^uint64_t lewd_bounds_used_end/,/^}/s#bounds->base + (uint64_t)#(uint64_t)#
    @ used end: counted from the base
bounds.c @ /^uint64_t lewd_bounds_pages_used/,/^}/s#pages < bounds->min_pages ? bounds->min_pages : pages#pages#
    @ pages used: fewer than the least
bounds.c @ /^uint64_t lewd_bounds_pages_to_keep/,/^}/s#>= bounds->size;#> bounds->size;#
    @ pages to keep: a working span to the very end
bounds.c @ /^uint64_t lewd_bounds_pages_to_keep/,/^}/s#reaches_end && ## @ pages to keep: bytes above are left behind
bounds.c @ /^uint64_t lewd_bounds_pages_to_keep/,/^}/s#pages < bounds->size#pages <= bounds->size#
    @ pages to keep: where no page can go
bounds.c @ /^uint64_t lewd_bounds_pages_to_keep/,/^}/s#(uint64_t)bounds->ceiling \*
    LEWD_BLOCK#(uint64_t)(bounds->ceiling * LEWD_BLOCK)# @ pages to keep: 4 GiB are none
bounds.c @ /^uint64_t lewd_bounds_end_of/,/^}/s#from + alignment - 1u#from + alignment#
    @ end of: the next multiple even where this one will do
bounds.c @ /^uint64_t lewd_bounds_end_of/,/^}/s#~(uint64_t)(alignment - 1u)#~(alignment - 1u)# @ end of: in 32 bits
bounds.c @ /^uint64_t lewd_bounds_end_of/,/^}/s# + blocks;# + blocks - 1u;#
    @ end of: the last block, not the one behind it
bounds.c @ /uint64_t generous_pages/,/^}/s#bounds->growth != 0#bounds->growth > 1u#
    @ generous: a growth of one page is none
bounds.c @ /uint64_t generous_pages/,/^}/s#pages / 8u#pages / 4u# @ generous: a quarter
bounds.c @ /uint64_t generous_pages/,/^}/s#pages + wanted <= useful#pages + wanted <= useful + 1u#
    @ generous: a page above the ceiling
bounds.c @ /uint64_t generous_pages/,/^}/s#useful > pages ? useful - pages : 0#0#
    @ generous: nothing where the ceiling is near
bounds.c @ /uint64_t generous_pages/,/^}/s#useful > pages ? useful - pages : 0#useful - pages#
    @ generous: a ceiling below the end of the memory
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s#needed - pages : 1u#needed - pages : 0#
    @ pages needed: none where the memory reaches
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s#needed - pages : 1u#needed - pages + 1u : 1u#
    @ pages needed: one too many
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s#if (is_generous)#if (!is_generous)#
    @ pages needed: generous the wrong way round
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s#needed < wanted ? wanted : needed#wanted#
    @ pages needed: fewer than are needed
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s#end <= bounds->ceiling && ##
    @ pages needed: above the ceiling, in its page
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s#end <= bounds->ceiling#end < bounds->ceiling#
    @ pages needed: not to the ceiling
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s#pages + needed <= useful#pages + needed < useful#
    @ pages needed: the last useful page is refused
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s# && pages + needed <= useful## @ pages needed: pages of no use
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s#pages + needed <= bounds->max_pages#pages + needed <
    bounds->max_pages# @ pages needed: the last page is refused
bounds.c @ /^uint64_t lewd_bounds_pages_needed/,/^}/s# && pages + needed <= bounds->max_pages##
    @ pages needed: more than the memory may have
support.h @ /lewd_pages_for/,/^}/s# + LEWD_PAGE - 1u## @ pages for: rounded down
support.h @ /lewd_pages_for/,/^}/s#LEWD_PAGE - 1u)#LEWD_PAGE)# @ pages for: a page more where it is whole
support.h @ /lewd_blocks_for/,/^}/s# + (bytes % LEWD_BLOCK != 0)## @ blocks for: rounded down
support.h @ /lewd_blocks_for/,/^}/s#bytes / LEWD_BLOCK + (bytes % LEWD_BLOCK != 0)#(bytes + LEWD_BLOCK - 1u) /
    LEWD_BLOCK# @ blocks for: overflows at 4 GiB
support.h @ /lewd_bytes_of/,/^}/s#(double)blocks \* LEWD_BLOCK#(double)(blocks * LEWD_BLOCK)# @ bytes of: 4 GiB are none
contract.h @ s#define LEWD_MAX_PAGES 65536u#define LEWD_MAX_PAGES 65535u# @ a page fewer than 4 GiB
LIST
)

bash ../core/plant.sh addon ../../src/addon 'make -s program && build/addon' "${1:-}" <<<"$faults"
