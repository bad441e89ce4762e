/*
 * index.c: the free spans by size.
 *
 * There is one bin for each small size, and sixteen bins for each power of two above; two levels of bitmaps mark the
 * bins that are not empty (as in TLSF: Masmano, Ripoll, Crespo, Real, "TLSF: a new dynamic memory allocator for
 * real-time systems", 2004). Unlike in TLSF, each bin is ordered: a bin of one size is a pile, whose root is the lowest
 * span; a bin of several sizes is a search tree by size, then place. So a search finds the best span that fits, the
 * lowest of equal ones, and not just any span that fits.
 *
 *     bitmaps   ..1..1....|..1....1...
 *                 |  |    |  |    |
 *                 o  o    |  o    o       left: smaller, or as large and lower
 *                /    \   |      / \
 *               o      o  |     o   o
 *                piles    |   trees
 *
 * The links are in the records of the free spans themselves, so the index never needs memory. Under random replacement
 * a bin holds a handful of spans, so every walk takes a few steps.
 */
#include "index.h"

#include "pile.h"
#include "tree.h"

#if defined(_MSC_VER)
#include <intrin.h>
#endif

/* Return the position of the lowest and of the highest set bit. `word` must not be 0. */
static uint32_t lowest_bit(uint64_t word) {
    assert(word != 0);
#if defined(_MSC_VER)
    unsigned long position;
#if defined(_WIN64)
    _BitScanForward64(&position, word);
#else
    if (!_BitScanForward(&position, (unsigned long)word)) {
        _BitScanForward(&position, (unsigned long)(word >> 32));
        position += 32;
    }
#endif
    return (uint32_t)position;
#else
    return (uint32_t)__builtin_ctzll(word);
#endif
}

static uint32_t highest_bit(uint64_t word) {
    assert(word != 0);
#if defined(_MSC_VER)
    unsigned long position;
#if defined(_WIN64)
    _BitScanReverse64(&position, word);
#else
    if (_BitScanReverse(&position, (unsigned long)(word >> 32)))
        position += 32;
    else
        _BitScanReverse(&position, (unsigned long)word);
#endif
    return (uint32_t)position;
#else
    return 63u - (uint32_t)__builtin_clzll(word);
#endif
}

uint32_t lewd_index_bin(uint32_t size) {
    assert(size > 0 && size <= LEWD_MAX_BLOCKS);
    if (size < LEWD_EXACT_BINS)
        return size;
    const uint32_t power = highest_bit(size);
    const uint32_t cut = (size >> (power - LEWD_CUT_LOG2)) & (LEWD_CUTS - 1u);
    return LEWD_EXACT_BINS + (power - LEWD_EXACT_LOG2) * LEWD_CUTS + cut;
}

/* Neither function branches on whether the bin is empty, which a processor can't predict. */
static void mark_bin(lewd_heap *heap, uint32_t bin) {
    heap->bitmap[bin / 64u] |= (uint64_t)1 << (bin % 64u);
    heap->summary |= 1u << (bin / 64u);
}

static void unmark_if_empty(lewd_heap *heap, uint32_t bin) {
    const uint32_t word = bin / 64u;
    heap->bitmap[word] &= ~((uint64_t)(heap->root[bin] == 0) << (bin % 64u));
    heap->summary &= ~((uint32_t)(heap->bitmap[word] == 0) << word);
}

/* Returns the first bin at or above `from` that is not empty; LEWD_BINS if there is none. */
static uint32_t filled_bin(const lewd_heap *heap, uint32_t from) {
    const uint32_t word = from / 64u;
    assert(word < LEWD_BIN_WORDS);
    const uint64_t here = heap->bitmap[word] >> (from % 64u);
    if (here != 0)
        return from + lowest_bit(here);
    const uint64_t above = ((uint64_t)heap->summary >> word) >> 1;
    if (above == 0)
        return LEWD_BINS;
    const uint32_t there = word + 1u + lowest_bit(above);
    return there * 64u + lowest_bit(heap->bitmap[there]);
}

void lewd_index_insert(lewd_heap *heap, uint32_t number, uint32_t size) {
    const uint32_t bin = lewd_index_bin(size);
    mark_bin(heap, bin);
    if (bin < LEWD_EXACT_BINS)
        lewd_pile_insert(heap, &heap->root[bin], number);
    else
        lewd_tree_insert(heap, &heap->root[bin], number, size);
}

void lewd_index_remove(lewd_heap *heap, uint32_t number, uint32_t size) {
    const uint32_t bin = lewd_index_bin(size);
    if (bin < LEWD_EXACT_BINS)
        lewd_pile_remove(heap, &heap->root[bin], number);
    else
        lewd_tree_remove(heap, &heap->root[bin], number);
    unmark_if_empty(heap, bin);
}

/*
 * If the bin of `size` is a tree, it may hold spans that are too small; the bins above hold none. All spans of a pile
 * have the same size, and its root is the lowest.
 */
uint32_t lewd_index_best(const lewd_heap *heap, uint32_t size, uint32_t *extent) {
    const uint32_t own = lewd_index_bin(size);
    for (uint32_t bin = filled_bin(heap, own); bin != LEWD_BINS; bin = filled_bin(heap, bin + 1u)) {
        if (bin < LEWD_EXACT_BINS) {
            *extent = bin;
            return heap->root[bin];
        }
        const uint32_t best = lewd_tree_best(heap, heap->root[bin], size);
        if (best != 0) {
            *extent = lewd_at(heap, best)->size;
            return best;
        }
    }
    return 0;
}

/* The bins are in order, so the best fit is in the first bin that has a span that fits. */
uint32_t lewd_index_aligned(const lewd_heap *heap, uint32_t size, uint32_t alignment) {
    for (uint32_t bin = filled_bin(heap, lewd_index_bin(size)); bin != LEWD_BINS; bin = filled_bin(heap, bin + 1u)) {
        const uint32_t root = heap->root[bin];
        const uint32_t best = bin < LEWD_EXACT_BINS ? lewd_pile_aligned(heap, root, size, alignment)
                                                    : lewd_tree_aligned(heap, root, size, alignment);
        if (best != 0)
            return best;
    }
    return 0;
}

uint32_t lewd_index_largest(const lewd_heap *heap) {
    if (heap->summary == 0)
        return 0;
    const uint32_t word = highest_bit(heap->summary);
    const uint32_t bin = word * 64u + highest_bit(heap->bitmap[word]);
    return bin < LEWD_EXACT_BINS ? heap->root[bin] : lewd_tree_largest(heap, heap->root[bin]);
}
