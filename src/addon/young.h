/*
 * young.h: the slots of tokens that a minor collection may take.
 *
 * V8 moves an object to its old generation when it has survived two minor collections; from then on only a major
 * collection takes it. So the slots of young tokens are in two lists, by the number of collections that their tokens
 * have survived.
 */
#ifndef LEWD_YOUNG_H
#define LEWD_YOUNG_H

#include "list.h"

/* All zeros: no young tokens. */
typedef struct lewd_young {
    lewd_list survived[2]; /* survived[n]: slots of tokens that have survived n collections */
    uint32_t aged;         /* slots at the start of survived[0] whose tokens the next noticed collection ages */
    uint32_t unlisted; /* coming collections after which a sweep reads all tokens, since young ones may be in no list */
} lewd_young;

/*
 * Adds the slot of a new token. `slots` is the number of slots. Returns false if the slot is in no list: there was no
 * memory, or the list had grown so much longer than `slots` that most of it was stale. The list is empty then. (A
 * program that frees what it allocates with one old token makes no garbage, so no collection empties the list.)
 * Amortised O(1).
 */
bool lewd_young_add(lewd_young *young, uint32_t slot, uint32_t slots);

/* Notes that a young token is in no list. */
void lewd_young_lose(lewd_young *young);

/* Notes a collection. Returns whether all tokens have to be read, since some young ones are in no list. */
bool lewd_young_note_gc(lewd_young *young);

/* Notes that no unnoticed collection has come: the next one ages all tokens that are listed now. */
void lewd_young_settle(lewd_young *young);

/*
 * Drops the slots that were listed before a major collection: their tokens are old. Keeps those that may have been
 * listed after it. O(length).
 */
void lewd_young_forget_aged(lewd_young *young);

/* Returns whether there are no young tokens, in a list or not. O(1). */
bool lewd_young_is_empty(const lewd_young *young);

/* Frees the memory of the lists. They are empty then, and can be used again. */
void lewd_young_free(lewd_young *young);

#endif
