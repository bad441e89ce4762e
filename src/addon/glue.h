/*
 * glue.h: what ties heaps to a JavaScript environment. Shared by all files of src/ that are not the core's.
 *
 * An environment (a main thread or a worker's) has one lewd_env; every allocator in it has one lewd_arena: a heap, the weak
 * references behind its spans, and what JavaScript reads of it. Nothing is global. C never calls JavaScript.
 *
 * Lives. The arena is kept by its JavaScript object and dies with it, or before, when it is disposed of; nobody can allocate
 * from it then, so what its tokens hold is given up at once. The lewd_env is counted: by the instance data, every arena, and
 * the canary. At the end of an environment a cleanup hook deletes all references first; finalizers follow in any order, and
 * free their own memory only.
 */
#ifndef LEWD_GLUE_H
#define LEWD_GLUE_H

#include <node_api.h>

#include "../core/heap.h"
#include "contract.h"
#include "errors.h"

typedef struct lewd_arena lewd_arena;

/* Arenas of an environment. One with young tokens is among those with tokens, too. */
enum {
    LEWD_ALL,
    LEWD_WITH_TOKENS, /* or with references of dead ones that are to be deleted, */
    LEWD_WITH_YOUNG,  /* and with some that the next minor collection may take */
    LEWD_LISTS
};

typedef struct lewd_env {
    napi_env napi;
    uint32_t holders;
    bool closing; /* the environment is being torn down: references are no longer ours to touch */

    napi_ref canary;   /* these tell of collections: see collections.c */
    napi_ref elder;    /* the latter two were made together, */
    napi_ref veteran;  /* and the last one is held */
    uint32_t outlived; /* until so many collections were noticed since as make it old */

    bool nudged;                   /* V8 was asked to begin a major collection since the last one */
    int64_t weight;                /* bytes that live tokens hold in all arenas */
    int64_t reported;              /* what V8 was told of it */
    lewd_arena *lists[LEWD_LISTS]; /* the first of each */
} lewd_env;

/* A list of spans, or of slots, that grows. */
typedef struct lewd_list {
    lewd_span *items;
    uint32_t length;
    uint32_t capacity;
} lewd_list;

/* One of nobody has no span. It is spent, with a reference whose token was collected, or vacant, with none. */
typedef struct lewd_slot {
    napi_ref ref;
    lewd_span span;
    uint32_t next; /* spent, or vacant, one; 0: none */
} lewd_slot;

/* Slots are numbered from 1. */
typedef struct lewd_ledger {
    lewd_slot *slots;
    uint32_t bound; /* slots in use so far: [1, bound) */
    uint32_t capacity;
    uint32_t vacant; /* the first vacant one, */
    uint32_t spent;  /* and the first spent one; 0: there is none */
} lewd_ledger;

struct lewd_arena {
    lewd_env *env;
    lewd_heap *heap; /* NULL once the arena was disposed of */
    double *figures;
    napi_ref figures_ref;
    uint8_t answers[LEWD_ANSWERS]; /* remainders that there is an answer for, */
    uint8_t answered;              /* and how many they are */

    napi_ref memory;     /* weak: tells whether another arena works on the same one */
    napi_ref keeper;     /* weak: dies with the last function of the arena */
    uint64_t size;       /* of the memory, in bytes */
    uint32_t base;       /* blocks: the working span is [base, ceiling), as far as the memory reaches */
    uint32_t ceiling;    /* blocks */
    uint32_t least;      /* pages that a memory to migrate to has at least, */
    uint32_t maximum;    /* and that the memory may grow to */
    uint32_t growth;     /* pages to grow by at least; 0: an eighth of what there is */
    bool fixed;          /* the memory can't be replaced */
    bool findable;       /* the heap has its directory */
    lewd_list reserved;  /* in the order in which they were reserved; */
    uint32_t restorable; /* so many of them were there at the last migration, */
    uint64_t migrated;   /* when the memory had so many bytes */

    lewd_ledger ledger;
    lewd_list young[2]; /* slots of tokens that were kept through no collection, through one */
    uint32_t aged;      /* so many of the former were there at the last look at the canary */
    uint32_t unlisted;  /* collections after which all tokens are looked at, since the lists lack some young ones */
    uint32_t countdown; /* allocations until the next look at the canary */
    lewd_list dead;     /* spans, found by the sweep that is going on */
    int64_t weight;     /* bytes that tokens hold, */
    int64_t settled;    /* that they held after the last major collection, */
    int64_t kept;       /* and that they held, known to be alive, after we made V8 collect */

    napi_ref *watched; /* objects that are named as long as they live, in order */
    uint32_t watched_length;
    uint32_t watched_capacity;

    struct {
        lewd_arena *prev;
        lewd_arena *next;
        bool is_in;
    } links[LEWD_LISTS];
};

/* All memory of the glue and of its heaps. See lewd_resize. */
void *lewd_glue_resize(void *context, void *memory, size_t old_size, size_t new_size);

lewd_env *lewd_env_create(napi_env napi);
void lewd_env_hold(lewd_env *env);
void lewd_env_release(lewd_env *env);
void lewd_env_close(void *data);

/* Puts an arena into a list of its environment, if it is not in it, or takes it out, if it is. O(1). */
void lewd_arena_enter(lewd_arena *arena, int list);
void lewd_arena_leave(lewd_arena *arena, int list);

/* Gives back everything behind the arena's spans. Its functions throw from then on. Once more is no harm. */
void lewd_arena_dispose(lewd_arena *arena);

/* The same, and the arena. */
void lewd_arena_destroy(lewd_arena *arena);

/* Writes the figures, and takes all answers back. After every change of the heap. O(answers). */
void lewd_arena_publish(lewd_arena *arena);

/* Publishes that so many bytes, 1 at least, fit at block `start`. O(1). */
void lewd_arena_answer(lewd_arena *arena, uint32_t size, uint32_t start);

/* The size of the largest free span, in blocks, which is published too. O(log n). */
uint32_t lewd_arena_largest(lewd_arena *arena);

/* Appends to a list. False if there is no memory, and nothing has changed. Amortised O(1). */
bool lewd_list_push(lewd_list *list, lewd_span item);
void lewd_list_free(lewd_list *list);

/* Whether the token of a weak reference was collected. A handle scope must be open. */
bool lewd_reference_is_spent(napi_env napi, napi_ref ref);

/* Deletes a reference, if it is one, and forgets it. */
void lewd_reference_drop(napi_env napi, napi_ref *ref);

/*
 * ledger.c: weak references to tokens. Numbers are those of slots that are somebody's, unless it is said otherwise.
 */

/*
 * Takes a slot for the token of a span. 0, with an exception pending or not, if it can't be had; the span is as it was then.
 * Amortised O(1).
 */
uint32_t lewd_ledger_enter(napi_env napi, lewd_ledger *ledger, lewd_span span, napi_value token);

/* Deletes its reference now, and vacates it. O(1). */
void lewd_ledger_strike(napi_env napi, lewd_ledger *ledger, uint32_t number);

lewd_slot *lewd_ledger_slot(const lewd_ledger *ledger, uint32_t number);

/* Whether its token was collected. A handle scope must be open. */
bool lewd_ledger_is_spent(napi_env napi, const lewd_ledger *ledger, uint32_t number);

/*
 * If its token was collected, the span that is to be freed with it, and the slot is nobody's from now on. Else, and for one
 * that is nobody's, 0. A handle scope must be open. O(1).
 */
lewd_span lewd_ledger_spend(napi_env napi, lewd_ledger *ledger, uint32_t number);

/* Deletes all spent references. O(spent). */
void lewd_ledger_drain(napi_env napi, lewd_ledger *ledger);

/* Hints to the processor: that a slot, that its reference will be looked at. Any number may do; the latter reads the slot. */
void lewd_ledger_foresee(const lewd_ledger *ledger, uint32_t number);
void lewd_ledger_foresee_reference(const lewd_ledger *ledger, uint32_t number);

/* Deletes all references, unless `napi` is NULL, and gives all memory back. The ledger can be used again. */
void lewd_ledger_close(napi_env napi, lewd_ledger *ledger);

/*
 * Makes `span`, of `size` blocks, a weak pointer: it is freed once `token` is collected. False if the reference can't be had (the environment
 * is ending, or `token` can't be held weakly), and nothing has changed.
 */
bool lewd_token_attach(lewd_arena *arena, lewd_span span, uint32_t size, napi_value token);

/* Makes `span` a strong pointer, if it is none. */
void lewd_token_detach(lewd_arena *arena, lewd_span span);

/* Hands what owns `from` on to `to`, which has no owner, and frees `from`. */
void lewd_token_move(lewd_arena *arena, lewd_span from, lewd_span to);

/*
 * The token of a weak pointer; NULL for a strong one, and for one whose token was collected. False if it can't be told. A
 * handle scope must be open.
 */
bool lewd_token_of(const lewd_arena *arena, lewd_span span, napi_value *token);

/* Changes a span's size where it is: see lewd_heap_resize(). */
lewd_status lewd_token_resize(lewd_arena *arena, lewd_span span, uint32_t size);

/* Frees a span, whatever owns it. */
void lewd_token_free(lewd_arena *arena, lewd_span span);

/* Frees spans whose slots are not theirs any more. */
void lewd_token_free_spans(lewd_arena *arena, const lewd_span *spans, uint32_t count);

/* Deletes all references to tokens: nothing is weak any more. */
void lewd_tokens_drop(lewd_arena *arena);

/* Tells V8 what live tokens hold, if that differs much from what it knows. */
void lewd_tokens_report(lewd_env *env);

/* Notes a slot whose token may be young: nobody has looked at it yet. */
void lewd_token_is_young(lewd_arena *arena, uint32_t slot);

/*
 * collections.c: what the collections since the last look at them may have taken.
 */
typedef enum lewd_news {
    LEWD_NO_NEWS,  /* nothing: there was none */
    LEWD_MINOR,    /* young tokens */
    LEWD_DOUBTFUL, /* old ones as well, though nothing tells of a major collection */
    LEWD_MAJOR     /* any */
} lewd_news;

/*
 * Notes the collections since the last call. With `forced`, V8 was made to run a major one. Whatever this returns has
 * to be worked off: see lewd_env_look(). A major collection that is not told is followed, after one more of any kind,
 * by a doubt.
 */
lewd_news lewd_observe(lewd_env *env, bool forced);

/* Deletes what tells of collections. */
void lewd_canary_drop(lewd_env *env);

/*
 * sweep.c
 */

/* Frees what died in the collections since the last look at them, in all arenas. */
void lewd_env_look(lewd_env *env);

/* Frees a weak pointer whose token was collected, as the next sweep would. A handle scope must be open. */
bool lewd_token_free_if_dead(lewd_arena *arena, lewd_span span);

/* To be called after every allocation: looks at the canary now and then, and sweeps when it is time. */
void lewd_token_tick(lewd_arena *arena);

/*
 * Frees what died in the collections since the last look at them, in all arenas. If the tokens of this one hold twice
 * as much then as was known to be alive the last time, and 128 MiB more at least, makes V8 collect.
 */
void lewd_token_sweep(lewd_arena *arena);

/* Makes V8 collect all that is dead, by stable means. */
void lewd_collect(napi_env napi);

/* Provokes a full collection, and frees what is dead, in all arenas; thoroughly: all that is. */
void lewd_token_collect(lewd_arena *arena, bool thoroughly);

/* Remembers an object without keeping it. False if that can't be had. Amortised O(1): room is made of the dead first. */
bool lewd_watch(lewd_arena *arena, napi_value object);

/* Those that live, as an array, in the order in which they came. NULL if that can't be had. O(watched). */
napi_value lewd_watched(lewd_arena *arena);

/* Forgets all of them; gives back the memory that the list takes. */
void lewd_watched_drop(lewd_arena *arena);
void lewd_watched_free(lewd_arena *arena);

/* values.c: arguments and results. */

/* Whether `value` is a whole number in [low, high], and which. */
bool lewd_whole(napi_env napi, napi_value value, int64_t low, int64_t high, int64_t *result);

/*
 * The arguments of a call, missing ones undefined. Returns the arena that the function is bound to; NULL, with an exception
 * pending, if that was disposed of.
 */
lewd_arena *lewd_arguments(napi_env napi, napi_callback_info info, size_t count, napi_value *values);

/* `value`, an i32 that means an unsigned size, in bytes. Throws if it is no such size, or 0. */
bool lewd_bytes_of(napi_env napi, napi_value value, uint32_t *bytes);

/* The blocks that hold so many bytes. */
uint32_t lewd_blocks_for(uint32_t bytes);

/* The blocks that hold `value` bytes, an i32 that means an unsigned size. Throws if it is no such size, or 0. */
bool lewd_size_of(napi_env napi, napi_value value, uint32_t *blocks);

/* An alignment in blocks, 1 if `value` is undefined. Throws if it is none. */
bool lewd_alignment_of(napi_env napi, napi_value value, uint32_t *blocks);

/*
 * The span that begins at the address `value`, of any kind but reserved. Throws if there is none. One whose token was
 * collected is none any more, whether a sweep came by or not, and is freed.
 */
bool lewd_pointer_of(napi_env napi, lewd_arena *arena, napi_value value, lewd_span *span);

/* An address is an i32. */
napi_value lewd_address(napi_env napi, uint32_t start);

napi_value lewd_number(napi_env napi, double value);
napi_value lewd_bool(napi_env napi, bool value);

/*
 * memory.c: the memory's life.
 */

/* The end of the working span in a memory of `size` bytes, in blocks. */
uint32_t lewd_memory_limit(const lewd_arena *arena, uint64_t size);

/*
 * Whether an arena, but for `self`, hands out what lies in blocks [base, ceiling) of `memory`. One that nothing can call any
 * more does not: if there seems to be one, V8 is made to collect, and if it was marking, once more. A handle scope must be
 * open. O(arenas).
 */
bool lewd_memory_is_taken(napi_env napi, const lewd_env *env, const lewd_arena *self, napi_value memory, uint32_t base,
                          uint32_t ceiling);

napi_value lewd_memory_extend(napi_env napi, napi_callback_info info);
napi_value lewd_memory_pages(napi_env napi, napi_callback_info info);
napi_value lewd_memory_migrate(napi_env napi, napi_callback_info info);
napi_value lewd_memory_restore(napi_env napi, napi_callback_info info);
napi_value lewd_memory_reserve(napi_env napi, napi_callback_info info);

/* pointers.c: the functions of an arena that name an allocation by its address. Each is a napi_callback. */
napi_value lewd_pointer_free(napi_env napi, napi_callback_info info);
napi_value lewd_pointer_release(napi_env napi, napi_callback_info info);
napi_value lewd_pointer_size(napi_env napi, napi_callback_info info);
napi_value lewd_pointer_token(napi_env napi, napi_callback_info info);
napi_value lewd_pointer_resize(napi_env napi, napi_callback_info info);
napi_value lewd_pointer_move(napi_env napi, napi_callback_info info);
napi_value lewd_pointer_weaken(napi_env napi, napi_callback_info info);
napi_value lewd_pointer_strengthen(napi_env napi, napi_callback_info info);

#define LEWD_COUNT(array) (sizeof(array) / sizeof *(array))

#endif
