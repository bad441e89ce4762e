/*
 * heap.h: the heap of one working span of a linear memory.
 *
 * The heap hands out places in the linear memory and never reads or writes there. Its records are in separate memory,
 * so code that runs in the linear memory can't damage them, and a small machine can test a heap of 4 GiB.
 *
 *     base                                                    limit
 *      | used |  free  | used | used |     free     | used | free |
 *
 * Units. A place is the number of a block of LEWD_BLOCK bytes, counted from the start of the linear memory. Sizes are
 * in blocks too. A working span lies within [0, LEWD_MAX_BLOCKS), which is 4 GiB. A span's name is the number of its
 * record; 0 names no span.
 *
 * Policy. Exact best fit: the smallest free span that holds the request, and the lowest of equal ones. The heap
 * allocates from the low end of that span, or from the lowest place in it that has the alignment. It merges free
 * neighbours at once, so two free spans never touch.
 *
 * Cost. n is the number of free spans; under random replacement it is a few hundredths of the number of used spans.
 * O(log n) below is expected, not amortised: no operation defers work to a later one. The exception is the growth of
 * the array of records, by an eighth each time, whose cost is amortised. A span costs 24 bytes, and at most an eighth
 * of that in reserve. A heap that has been asked for a span by its place (lewd_heap_find) also keeps a directory: 4
 * bytes for each 512 bytes of the working span, and an eighth of that in reserve. The cost of its growth is amortised
 * too.
 *
 * Threads. No function locks. Only one thread may use a heap at a time.
 *
 * Failure. A function that can fail reports it by its result. If it fails, it has changed nothing. Freeing never needs
 * memory.
 */
#ifndef LEWD_HEAP_H
#define LEWD_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEWD_BLOCK 16u             /* bytes */
#define LEWD_MAX_BLOCKS (1u << 28) /* blocks: 4 GiB */
#define LEWD_MAX_ALIGNMENT 4096u   /* blocks: 64 KiB */

typedef struct lewd_heap lewd_heap;

/* The name of a span, valid from the call that allocates the span to the call that frees it. 0 names no span. */
typedef uint32_t lewd_span;

typedef enum lewd_status {
    LEWD_OK,
    LEWD_NO_FIT,      /* no free span holds the request, or blocks to reserve are not free */
    LEWD_NO_METADATA, /* the hook refused memory */
    LEWD_INVALID      /* an argument is out of range, or names no used span */
} lewd_status;

/*
 * The hook that provides all memory of a heap. Resizes `memory` from `old_size` to `new_size` bytes and returns its
 * address, which may be a new one. If `memory` is NULL, allocates new memory. If `new_size` is 0, frees `memory` and
 * returns NULL. Returns NULL if it refuses the request; `memory` is then unchanged. Addresses must be aligned like
 * those of malloc.
 */
typedef void *lewd_resize(void *context, void *memory, size_t old_size, size_t new_size);

/* Implements lewd_resize with the C library's realloc and free. Ignores `context` and `old_size`. */
void *lewd_realloc(void *context, void *memory, size_t old_size, size_t new_size);

/* Statistics, in blocks. A block that is neither used nor reserved is free. */
typedef struct lewd_figures {
    uint32_t total;     /* size of the working span */
    uint32_t used;      /* sum of the used spans, without reserved ones */
    uint32_t reserved;  /* sum of the reserved spans */
    uint32_t head_free; /* size of the free span at the base; 0 if the first span is used */
    uint32_t tail_free; /* size of the free span before the limit; 0 if the last span is used */
} lewd_figures;

/*
 * Makes a heap over [base, limit), all of it free. If `resize` is NULL, the heap uses lewd_realloc. Fails, and returns
 * NULL, if and only if base > limit, limit > LEWD_MAX_BLOCKS, or the hook refuses memory. O(1).
 */
lewd_heap *lewd_heap_create(uint32_t base, uint32_t limit, lewd_resize *resize, void *context);

/* Frees all memory of the heap. `heap` may be NULL. O(1). */
void lewd_heap_destroy(lewd_heap *heap);

/*
 * Allocates `size` blocks and writes the span's name to `*span`. Fails if and only if
 *     size is 0 or above LEWD_MAX_BLOCKS:                LEWD_INVALID
 *     no free span has `size` blocks:                    LEWD_NO_FIT
 *     a new record is needed, and memory for it refused: LEWD_NO_METADATA
 * The new span's owner is 0. O(log n).
 */
lewd_status lewd_heap_alloc(lewd_heap *heap, uint32_t size, lewd_span *span);

/*
 * Writes to `*start` the place at which lewd_heap_alloc would allocate `size` blocks now, and changes nothing. Returns
 * false if that call would fail for another reason than missing metadata. O(log n).
 */
bool lewd_heap_fit(const lewd_heap *heap, uint32_t size, uint32_t *start);

/*
 * Allocates like lewd_heap_alloc, at a place that is a multiple of `alignment`, counted from 0 and not from the base.
 * `alignment` is a power of two of at most LEWD_MAX_ALIGNMENT; any other value is LEWD_INVALID. Best fit is exact here
 * too: of all free spans that hold `size` blocks at such a place, the smallest is taken, and the lowest of equal ones.
 * The rest of it on either side stays free. O(log n + m), where m is the number of free spans of at least `size` but
 * less than `size + alignment` blocks: a larger span holds the request at any place.
 */
lewd_status lewd_heap_alloc_aligned(lewd_heap *heap, uint32_t size, uint32_t alignment, lewd_span *span);

/*
 * Writes to `*start` the place at which lewd_heap_alloc_aligned would allocate now, and changes nothing. Returns false
 * if that call would fail for another reason than missing metadata. O(log n + m).
 */
bool lewd_heap_fit_aligned(const lewd_heap *heap, uint32_t size, uint32_t alignment, uint32_t *start);

/*
 * Makes the free blocks [start, start + size) a reserved span: no allocation takes them until it is freed. A reserved
 * span is a used span, with these exceptions: the figures count it as reserved, lewd_heap_find does not find it,
 * lewd_heap_resize refuses it, and lewd_heap_free_all skips it. Its owner is 0. Fails if and only if
 *     size is 0, or the blocks are not within the working span: LEWD_INVALID
 *     one of the blocks is not free:                            LEWD_NO_FIT
 *     new records are needed, and memory for them refused:      LEWD_NO_METADATA
 * O(all spans).
 */
lewd_status lewd_heap_reserve(lewd_heap *heap, uint32_t start, uint32_t size, lewd_span *span);

/*
 * Changes the size of a used span in place: its end moves; its start and its owner stay. Blocks that are cut off become
 * free; added blocks come from the free span to the right. Fails if and only if
 *     span names no used span, or a reserved one; size is 0 or above LEWD_MAX_BLOCKS: LEWD_INVALID
 *     there are too few free blocks to the right:                                     LEWD_NO_FIT
 *     a new record is needed (to shrink before a used span), and refused:             LEWD_NO_METADATA
 * O(log n).
 */
lewd_status lewd_heap_resize(lewd_heap *heap, lewd_span span, uint32_t size);

/*
 * Makes the directory that lewd_heap_find needs, unless there is one. After LEWD_OK neither finding nor freeing
 * requests memory: lewd_heap_extend enlarges the directory before it moves the limit. The working span may be empty.
 * Fails if and only if there is no directory and memory for it is refused: LEWD_NO_METADATA. O(all spans); O(1) if
 * there is a directory.
 */
lewd_status lewd_heap_enable_find(lewd_heap *heap);

/*
 * Writes the name of the used span that begins at block `start`, which may be any number. Fails if and only if
 *     no used span begins there, or a reserved one:        LEWD_INVALID
 *     there is no directory, and memory for it is refused: LEWD_NO_METADATA
 * The first call for a block of the working span makes the directory, as lewd_heap_enable_find does. From then on every
 * operation updates the directory, and this function is O(1): at most 32 steps.
 */
lewd_status lewd_heap_find(lewd_heap *heap, uint32_t start, lewd_span *span);

/* Frees a used span. Fails with LEWD_INVALID if and only if `span` names no used span. O(log n). */
lewd_status lewd_heap_free(lewd_heap *heap, lewd_span span);

/*
 * Frees used spans, as lewd_heap_free() would one after the other. Skips numbers that name no used span, reserved
 * spans, and repeated names. Neighbours that are freed together enter the index as one span, so this is faster for many
 * spans. The order from the highest place down is fastest: a span that is lower than all others of its size enters the
 * index without a search. Returns how many spans were freed. O(count log n), plus O(all records) if more than an eighth
 * of all records were freed.
 */
uint32_t lewd_heap_free_all(lewd_heap *heap, const lewd_span *spans, uint32_t count);

/*
 * Moves the limit up; the new blocks are free. Fails if and only if
 *     limit is below the present one or above LEWD_MAX_BLOCKS:   LEWD_INVALID
 *     a new record or a larger directory is needed, and refused: LEWD_NO_METADATA
 * O(log n), plus the growth of the directory.
 */
lewd_status lewd_heap_extend(lewd_heap *heap, uint32_t limit);

/*
 * Moves the limit down. Fails with LEWD_INVALID if and only if `limit` is below the base or above the present limit, or
 * a used block lies at or above `limit`. O(log n).
 */
lewd_status lewd_heap_shrink(lewd_heap *heap, uint32_t limit);

/* Returns all figures. O(1). */
lewd_figures lewd_heap_figures(const lewd_heap *heap);

/* Returns the size of the largest free span in blocks; 0 if there is none. O(log n). */
uint32_t lewd_heap_largest(const lewd_heap *heap);

/* Return the first block of a span, and its size in blocks. `span` must name a span of the heap, free or used. O(1). */
uint32_t lewd_heap_start(const lewd_heap *heap, lewd_span span);
uint32_t lewd_heap_size(const lewd_heap *heap, lewd_span span);

/* Returns whether `span`, which may be any number, names a used span. O(1). */
bool lewd_heap_is_used(const lewd_heap *heap, lewd_span span);

/*
 * Returns whether `span`, which may be any number, names a reserved span. Every reserved span is also a used one. O(1).
 */
bool lewd_heap_is_reserved(const lewd_heap *heap, lewd_span span);

/* Return and set the number that the caller keeps with a used span. It is 0 until it is set. O(1). */
uint32_t lewd_heap_owner(const lewd_heap *heap, lewd_span span);
void lewd_heap_set_owner(lewd_heap *heap, lewd_span span, uint32_t owner);

/* Returns the next used span above `span`; the first one if `span` is 0; 0 if there is none. O(1). */
lewd_span lewd_heap_next_used(const lewd_heap *heap, lewd_span span);

/* Prefetches the cache line at `address`, which may be any address. Does nothing if the compiler has no such hint. */
static inline void lewd_prefetch(const void *address) {
#if defined(__GNUC__)
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

/*
 * Prefetch a span's record, and the records of its neighbours, which freeing the span reads. They are for walks over
 * many spans in random order. The second function reads the span's own record, so the first one should come some steps
 * before it. `span` may be any number. O(1).
 */
void lewd_heap_prefetch(const lewd_heap *heap, lewd_span span);
void lewd_heap_prefetch_neighbours(const lewd_heap *heap, lewd_span span);

/* Returns the exclusive upper bound of all numbers that name a span. Never decreases. O(1). */
lewd_span lewd_heap_bound(const lewd_heap *heap);

/*
 * Walks the whole structure. Returns NULL if it is sound, else a text that names the fault. It proves that
 *     1. the spans follow each other from base to limit without gap or overlap, none of them is empty, and the links
 *        back mirror the links forward;
 *     2. no two free spans are neighbours;
 *     3. the figures of used and of reserved blocks are the sums of these spans, only used spans are reserved, and no
 *        span is pending (lewd_heap_free_all makes spans pending while it runs);
 *     4. the index holds every free span once and nothing else, each in the bin of its size;
 *     5. every bin of one size is a heap by place; every other bin is a search tree by size, then place, and a heap by
 *        priority;
 *     6. the bitmaps mark the bins that are not empty, and no others;
 *     7. every record is exactly one of these: the sentinel, a span, vacant;
 *     8. the directory, if there is one, reaches the limit, and names the first used span of each cell.
 * Only reads, needs no memory, and ends even on damaged structures. O(all spans + all cells of the directory).
 */
const char *lewd_heap_check(const lewd_heap *heap);

#endif
