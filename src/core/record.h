/*
 * record.h: the records of a heap, and the heap itself. Only files of the core and their tests include it; callers
 * include heap.h.
 */
#ifndef LEWD_RECORD_H
#define LEWD_RECORD_H

#include "heap.h"

#include <assert.h>

/*
 * Bins. Each size below 2^LEWD_EXACT_LOG2 blocks has a bin of its own. Above, each power of two is divided into
 * 2^LEWD_CUT_LOG2 bins. A bin of one size is a pile; a bin of several sizes is a tree. Tests shrink both constants, so
 * that small heaps reach every kind of bin.
 */
#ifndef LEWD_EXACT_LOG2
#define LEWD_EXACT_LOG2 9
#endif
#ifndef LEWD_CUT_LOG2
#define LEWD_CUT_LOG2 4
#endif

#define LEWD_EXACT_BINS (1u << LEWD_EXACT_LOG2)
#define LEWD_CUTS (1u << LEWD_CUT_LOG2)
#define LEWD_BINS (LEWD_EXACT_BINS + (28u - LEWD_EXACT_LOG2) * LEWD_CUTS + 1u)
#define LEWD_BIN_WORDS ((LEWD_BINS + 63u) / 64u)

_Static_assert(LEWD_CUT_LOG2 <= LEWD_EXACT_LOG2, "a bin must not be narrower than a block");
_Static_assert(LEWD_BIN_WORDS <= 32, "one word sums up the bitmaps");
_Static_assert(LEWD_BINS % 64u != 0, "the last bitmap has a bit to spare, so that a bin's successor is in a bitmap");

/*
 * A record is the sentinel (number 0), a used span, a free span, or vacant.
 *
 *               start             size, parent or owner  prev, next           link[0], link[1]
 *     sentinel  limit | USED      anything               last, first span     -
 *     used      place | USED      owner                  neighbours           -
 *     free      place             size or parent         neighbours           children
 *     pending   place | PENDING   -                      neighbours           -
 *     vacant    VACANT            -                      -, next vacant one   -
 *
 * A reserved span is a used span with the mark RESERVED. A pending span is freed, but not in the index yet; there are
 * pending spans only while lewd_heap_free_all runs. VACANT is a place that no span has.
 *
 * The sentinel closes the ring of neighbours on both sides, so no link needs a test for the end. A span's size is the
 * distance to its right neighbour. Free spans in a tree store their size as well, since searches compare it. Free spans
 * in a pile all have one size, and store their parent instead.
 */
typedef struct lewd_record {
    uint32_t start;
    union {
        uint32_t size;
        uint32_t parent;
        uint32_t owner;
    };
    uint32_t prev;
    uint32_t next;
    uint32_t link[2];
} lewd_record;

_Static_assert(sizeof(lewd_record) == 24, "metadata is at most 32 bytes a span");

#define LEWD_USED (1u << 31)
#define LEWD_RESERVED (1u << 30)
#define LEWD_PENDING (1u << 29)
#define LEWD_MARKS (LEWD_USED | LEWD_RESERVED | LEWD_PENDING)
#define LEWD_VACANT (LEWD_PENDING - 1u)
#define LEWD_SENTINEL 0u
#define LEWD_LEFT 0u
#define LEWD_RIGHT 1u

_Static_assert(LEWD_MAX_BLOCKS < LEWD_VACANT, "a place is neither marked nor vacant by itself");

struct lewd_heap {
    lewd_record *records;            /* by number */
    uint32_t *directory;             /* first used span of each cell (see directory.c); NULL until it is made */
    uint32_t cells;                  /* cells that the directory has memory for */
    uint32_t bound;                  /* exclusive upper bound of the records in use so far */
    uint32_t capacity;               /* records that the array has memory for */
    uint32_t vacant;                 /* first vacant record below `bound`; 0 if there is none */
    uint32_t base;                   /* first block of the working span; the limit is the sentinel's place */
    uint32_t used;                   /* blocks of used spans, without reserved ones */
    uint32_t reserved;               /* blocks of reserved spans */
    uint32_t summary;                /* bit w is set if bitmap[w] is not 0 */
    uint64_t bitmap[LEWD_BIN_WORDS]; /* bit b of word w is set if bin 64 w + b is not empty */
    uint32_t root[LEWD_BINS];        /* root of each bin's pile or tree; 0 if the bin is empty */
    uint64_t coins;                  /* random bits for the next walk in a pile, the highest first */
    lewd_resize *resize;             /* provides all memory */
    void *context;                   /* first argument of `resize` */
};

static inline lewd_record *lewd_at(const lewd_heap *heap, uint32_t number) {
    assert(number < heap->bound);
    return heap->records + number;
}

static inline bool lewd_used(const lewd_record *record) {
    return (record->start & LEWD_USED) != 0;
}

static inline bool lewd_reserved(const lewd_record *record) {
    return (record->start & LEWD_RESERVED) != 0;
}

static inline bool lewd_pending(const lewd_record *record) {
    return (record->start & LEWD_PENDING) != 0;
}

static inline uint32_t lewd_place(const lewd_record *record) {
    return record->start & ~LEWD_MARKS;
}

/* Returns a span's size: the distance to its right neighbour. */
static inline uint32_t lewd_extent(const lewd_heap *heap, const lewd_record *record) {
    return lewd_place(lewd_at(heap, record->next)) - lewd_place(record);
}

/* Returns the lowest place at or above `start` that is a multiple of `alignment`. */
static inline uint32_t lewd_aligned(uint32_t start, uint32_t alignment) {
    return (start + alignment - 1u) & ~(alignment - 1u);
}

/*
 * Returns whether a free span, which must have at least `size` blocks, holds `size` blocks at a multiple of
 * `alignment`.
 */
static inline bool lewd_holds(const lewd_heap *heap, const lewd_record *record, uint32_t size, uint32_t alignment) {
    return lewd_aligned(record->start, alignment) - record->start <= lewd_extent(heap, record) - size;
}

#endif
