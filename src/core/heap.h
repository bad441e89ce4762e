/*
 * heap.h: the heap of one working span of a linear memory.
 *
 * The heap hands out places in the linear memory and never reads or writes there: its records lie in memory of its own, so
 * nothing that runs inside the linear memory can damage it, and a heap of 4 GiB may be tested on a small machine.
 *
 *     base                                                    limit
 *      | used |  free  | used | used |     free     | used | free |
 *
 * Units. A place is the number of a block of LEWD_BLOCK bytes, counted from the start of the linear memory. Sizes are
 * counted in blocks too. A working span lies within [0, LEWD_MAX_BLOCKS), that is 4 GiB. A span's name is the number of its
 * record; 0 names none.
 *
 * Policy. Exact best fit: the smallest free span that holds the request; of equal ones the lowest; cut from its low end,
 * or at the lowest place in it that has the alignment. Free neighbours are merged at once, so two free spans never touch.
 *
 * Cost. n is the number of free spans, which under random replacement is some hundredths of the used ones. O(log n) below
 * is expected, not amortised: no operation puts work off for a later one. The exception is the growth of the records'
 * array, by an eighth each time, whose cost is amortised. A span costs 24 bytes, and at most an eighth of that in reserve.
 * Heaps that were asked for a span by its place (lewd_heap_find) keep a directory besides: 4 bytes for each 512 of the
 * working span, and an eighth in reserve, which is made and grows as the records' array does.
 *
 * Threads. None of these functions locks. A heap belongs to one thread at a time.
 *
 * Failure. A function that can fail returns whether it did; if it fails, it has changed nothing. Freeing never needs memory.
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

/* Names a span from the call that allocates it to the call that frees it. 0: none. */
typedef uint32_t lewd_span;

typedef enum lewd_status {
    LEWD_OK,
    LEWD_NO_FIT,      /* no free span holds it, or the blocks are not free */
    LEWD_NO_METADATA, /* the memory hook refused */
    LEWD_INVALID      /* an argument is outside its range, or names no used span */
} lewd_status;

/*
 * The hook that all memory of the heap comes from. Resizes `memory` of `old_size` bytes to `new_size` bytes and returns its
 * address, which may be another one. NULL for `memory` requests new memory; 0 for `new_size` frees it, and NULL is returned.
 * Returns NULL if the request is refused; `memory` is then as it was. Must align like malloc.
 */
typedef void *lewd_resize(void *context, void *memory, size_t old_size, size_t new_size);

/* The lewd_resize over the C library's realloc and free. Ignores `context` and `old_size`. */
void *lewd_realloc(void *context, void *memory, size_t old_size, size_t new_size);

/* Statistics, in blocks. All blocks that are neither used nor reserved are free. */
typedef struct lewd_figures {
    uint32_t total;     /* the working span */
    uint32_t used;      /* sum of the used spans that are not reserved */
    uint32_t reserved;  /* sum of the reserved ones */
    uint32_t head_free; /* size of the free span at the base, 0 if the first one is used */
    uint32_t tail_free; /* size of the free span before the limit, 0 if the last one is used */
} lewd_figures;

/*
 * Makes a heap over [base, limit), all of it free. `resize` NULL means lewd_realloc.
 * Returns NULL if base > limit, if limit > LEWD_MAX_BLOCKS, or if the hook refuses. O(1).
 */
lewd_heap *lewd_heap_create(uint32_t base, uint32_t limit, lewd_resize *resize, void *context);

/* Frees all memory of the heap. `heap` may be NULL. O(1). */
void lewd_heap_destroy(lewd_heap *heap);

/*
 * Allocates `size` blocks and writes the span's name to `*span`. Fails if and only if
 *     size is 0 or above LEWD_MAX_BLOCKS: LEWD_INVALID
 *     no free span holds it:              LEWD_NO_FIT
 *     a record is missing and refused:    LEWD_NO_METADATA
 * The new span's owner is 0. O(log n).
 */
lewd_status lewd_heap_alloc(lewd_heap *heap, uint32_t size, lewd_span *span);

/*
 * Writes to `*start` where lewd_heap_alloc would allocate `size` blocks now, and changes nothing. Returns false if that call
 * would fail for another reason than a missing record. O(log n).
 */
bool lewd_heap_fit(const lewd_heap *heap, uint32_t size, uint32_t *start);

/*
 * As lewd_heap_alloc, at a place that is a multiple of `alignment` (counted from 0, not from the base). `alignment` is a power
 * of two, LEWD_MAX_ALIGNMENT at most; every other one is LEWD_INVALID. Best fit is exact here too: of all free spans that hold
 * `size` blocks at such a place the smallest, of equal ones the lowest; what is left of it on either side stays free.
 * O(log n + m), m being the free spans of at least `size`, but less than `size + alignment` blocks: a larger one holds the
 * request wherever it lies.
 */
lewd_status lewd_heap_alloc_aligned(lewd_heap *heap, uint32_t size, uint32_t alignment, lewd_span *span);

/* As lewd_heap_fit, for lewd_heap_alloc_aligned. O(log n + m). */
bool lewd_heap_fit_aligned(const lewd_heap *heap, uint32_t size, uint32_t alignment, uint32_t *start);

/*
 * Makes the free blocks [start, start + size) a reserved span: no allocation takes them until it is freed. It is a used span
 * to all functions, but counts as reserved in the figures, is not found by its place and is not resized. Its owner is 0.
 * Fails if and only if
 *     size is 0, or the blocks are not within the working span: LEWD_INVALID
 *     one of them is not free:                                  LEWD_NO_FIT
 *     a record is missing and refused:                          LEWD_NO_METADATA
 * O(all spans).
 */
lewd_status lewd_heap_reserve(lewd_heap *heap, uint32_t start, uint32_t size, lewd_span *span);

/*
 * Changes the size of a used span in place: its end moves, its start and its owner stay. Blocks that are cut off become free;
 * blocks that are added come from the free span to its right. Fails if and only if
 *     span names no used span, or a reserved one; size is 0 or above LEWD_MAX_BLOCKS: LEWD_INVALID
 *     the free blocks to its right are too few:                                       LEWD_NO_FIT
 *     a record is missing and refused (cutting off before a used span needs one):     LEWD_NO_METADATA
 * O(log n).
 */
lewd_status lewd_heap_resize(lewd_heap *heap, lewd_span span, uint32_t size);

/*
 * Makes the directory that lewd_heap_find needs, if there is none yet. After LEWD_OK neither finding nor freeing asks for
 * memory: what a larger directory needs, lewd_heap_extend gets before it moves the limit. The working span may be empty.
 * Fails if and only if there is no directory, and it is refused: LEWD_NO_METADATA. O(all spans), O(1) if there is one.
 */
lewd_status lewd_heap_enable_find(lewd_heap *heap);

/*
 * Writes the name of the used span that begins at block `start`, which may be any number. Fails if and only if
 *     none begins there, or a reserved one:     LEWD_INVALID
 *     there is no directory, and it is refused: LEWD_NO_METADATA
 * The first call for a block of the working span makes the directory, as lewd_heap_enable_find does; from then on every
 * operation keeps it up, and it is O(1): 32 steps at most.
 */
lewd_status lewd_heap_find(lewd_heap *heap, uint32_t start, lewd_span *span);

/* Frees a used span. LEWD_INVALID, and nothing changes, if `span` names none. O(log n). */
lewd_status lewd_heap_free(lewd_heap *heap, lewd_span span);

/*
 * Frees used spans as lewd_heap_free() does one after the other. Skips numbers that name no used span, reserved spans, and
 * spans that are named again. Neighbours that are freed together enter the index as one span, so this is faster for many
 * spans, and fastest from the highest place down: a span that is lower than all others of its size enters the index without a
 * search. Returns how many were freed. O(count log n), and O(all spans) if more than an eighth of them were freed.
 */
uint32_t lewd_heap_free_all(lewd_heap *heap, const lewd_span *spans, uint32_t count);

/*
 * Moves the limit up; the new blocks are free. Fails if limit is below the present one or above LEWD_MAX_BLOCKS
 * (LEWD_INVALID), or if a record or room in the directory is missing and refused (LEWD_NO_METADATA). O(log n), and the
 * directory's growth.
 */
lewd_status lewd_heap_extend(lewd_heap *heap, uint32_t limit);

/* Moves the limit down. LEWD_INVALID if a used block lies at or above `limit`, or if it is below the base. O(log n). */
lewd_status lewd_heap_shrink(lewd_heap *heap, uint32_t limit);

/* All figures at once. O(1). */
lewd_figures lewd_heap_figures(const lewd_heap *heap);

/* Size of the largest free span in blocks, 0 if there is none. O(log n). */
uint32_t lewd_heap_largest(const lewd_heap *heap);

/* First block of a span, its size in blocks. The span must be one of the heap's. O(1). */
uint32_t lewd_heap_start(const lewd_heap *heap, lewd_span span);
uint32_t lewd_heap_size(const lewd_heap *heap, lewd_span span);

/* Returns whether `span`, which may be any number, names a used span. O(1). */
bool lewd_heap_is_used(const lewd_heap *heap, lewd_span span);

/* Returns whether `span`, which may be any number, names a reserved span, which is a used one too. O(1). */
bool lewd_heap_is_reserved(const lewd_heap *heap, lewd_span span);

/* The number that the caller keeps with a used span; 0 until it is set. O(1). */
uint32_t lewd_heap_owner(const lewd_heap *heap, lewd_span span);
void lewd_heap_set_owner(lewd_heap *heap, lewd_span span, uint32_t owner);

/* The used span at the lowest address above `span`'s; the first one for 0; 0 after the last. O(1). */
lewd_span lewd_heap_next_used(const lewd_heap *heap, lewd_span span);

/* Prefetches the cache line at `address`, which may be any address. A hint, without effect where the compiler has none. */
static inline void lewd_prefetch(const void *address) {
#if defined(__GNUC__)
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

/*
 * Prefetch a span's record, and the records of its neighbours, which freeing it reads: for walks over many spans in random
 * order. The second function reads the span's own record, so the first one should come some steps before it. `span` may be
 * any number. O(1).
 */
void lewd_heap_prefetch(const lewd_heap *heap, lewd_span span);
void lewd_heap_prefetch_neighbours(const lewd_heap *heap, lewd_span span);

/* Returns the exclusive upper bound of all numbers that name a span. Never decreases. O(1). */
lewd_span lewd_heap_bound(const lewd_heap *heap);

/*
 * Walks the whole structure. Returns NULL if it is sound, else a text that says what is wrong. It proves that
 *     1. the spans follow each other from base to limit without gap or overlap, none of them empty, and the links back
 *        mirror the links forward;
 *     2. no two free spans are neighbours;
 *     3. the figures of used and of reserved blocks are the sums of these spans, none but used ones are reserved, and none
 *        is left as lewd_heap_free_all marks spans while it runs;
 *     4. the index holds every free span once and nothing else, each in the bin of its size;
 *     5. every bin of one size is a heap by place, every other one a search tree by size, then place, and a heap by
 *        priority;
 *     6. the bitmaps name the bins that are not empty, and no others;
 *     7. every record is the sentinel, a span, or vacant, and only one of them;
 *     8. the directory, if there is one, reaches the limit, and names the first used span of each cell.
 * Reads only, needs no memory, ends on damaged structures too. O(all spans + all cells of the directory).
 */
const char *lewd_heap_check(const lewd_heap *heap);

#endif
