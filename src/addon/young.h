/*
 * young.h: the slots whose tokens a minor collection may take.
 *
 * V8 moves an object to its old generation when it has survived two minor collections; from then on only a major one takes
 * it. So the slots of young tokens are in two lists, by the collections that their tokens have survived.
 */
#ifndef LEWD_YOUNG_H
#define LEWD_YOUNG_H

#include "list.h"

/* All zeros: no young tokens. */
typedef struct lewd_young {
    lewd_list survived[2]; /* slots whose tokens have survived no collection, and one */
    uint32_t aged;         /* the first so many of survived[0] were there when no collection had been noticed */
    uint32_t unlisted;     /* after so many collections more all tokens are looked at, since some are in no list */
} lewd_young;

/*
 * Adds the slot of a new token; `slots` is how many slots there are. Returns false if the slot is in no list: there was no
 * memory, or the list has grown longer than there are slots, so that most of it is stale, and was emptied. (A program that
 * frees what it allocates with one old token makes no garbage, and no collection empties the list.) Amortised O(1).
 */
bool lewd_young_add(lewd_young *young, uint32_t slot, uint32_t slots);

/* Notes that a young token is in no list. */
void lewd_young_lose(lewd_young *young);

/* Notes a collection. Returns whether all tokens have to be looked at, since some are in no list. */
bool lewd_young_note_gc(lewd_young *young);

/* Notes that no collection came before any of the tokens listed now: the next one will age them all. */
void lewd_young_settle(lewd_young *young);

/* After a major collection: those that came before it are old. Those that may have come after it stay. O(length). */
void lewd_young_forget_aged(lewd_young *young);

bool lewd_young_is_empty(const lewd_young *young);

void lewd_young_free(lewd_young *young);

#endif
