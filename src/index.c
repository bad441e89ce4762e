/*
 * index.c: the free spans by size.
 *
 * A bin for every small size, and for every sixteenth of a power of two above; two levels of bitmaps say which are not
 * empty (as in TLSF: Masmano, Ripoll, Crespo, Real, "TLSF: a new dynamic memory allocator for real-time systems", 2004).
 * What is new beside TLSF is inside the bins: each is a treap (Seidel, Aragon, "Randomized search trees", 1996) ordered by
 * size, then place, so what is found is not any span that fits, but the best one, and of equals the lowest.
 *
 *     bitmaps   ..1..01.........1...
 *                 |   |         |
 *     trees       o   o         o        left: smaller, or as large and lower
 *                /   / \       / \
 *               o   o   o     o   o
 *
 * The trees' links lie in the records of the free spans themselves: the index never asks for memory. Under random
 * replacement a bin holds a handful of spans, so that a tree is a few steps deep.
 */
#include "heap_internal.h"

#if defined(_MSC_VER)
#include <intrin.h>
#endif

/* Position of the lowest and the highest set bit. `word` is not 0. */
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

uint32_t lewd_bin_of(uint32_t size) {
    assert(size > 0 && size <= LEWD_MAX_BLOCKS);
    if (size < LEWD_EXACT_BINS)
        return size;
    const uint32_t power = highest_bit(size);
    const uint32_t cut = (size >> (power - LEWD_CUT_LOG2)) & (LEWD_CUTS - 1u);
    return LEWD_EXACT_BINS + (power - LEWD_EXACT_LOG2) * LEWD_CUTS + cut;
}

static void mark_bin(lewd_heap *heap, uint32_t bin) {
    heap->bitmap[bin / 64u] |= (uint64_t)1 << (bin % 64u);
    heap->summary |= 1u << (bin / 64u);
}

static void unmark_bin(lewd_heap *heap, uint32_t bin) {
    const uint32_t word = bin / 64u;
    heap->bitmap[word] &= ~((uint64_t)1 << (bin % 64u));
    if (heap->bitmap[word] == 0)
        heap->summary &= ~(1u << word);
}

/* The first bin above `bin` that is not empty; LEWD_BINS if there is none. */
static uint32_t next_bin(const lewd_heap *heap, uint32_t bin) {
    const uint32_t from = bin + 1u;
    const uint32_t word = from / 64u;
    if (word >= LEWD_BIN_WORDS)
        return LEWD_BINS;
    const uint64_t here = heap->bitmap[word] >> (from % 64u);
    if (here != 0)
        return from + lowest_bit(here);
    const uint64_t above = ((uint64_t)heap->summary >> word) >> 1;
    if (above == 0)
        return LEWD_BINS;
    const uint32_t there = word + 1u + lowest_bit(above);
    return there * 64u + lowest_bit(heap->bitmap[there]);
}

/*
 * The steps down a tree go left or right by a comparison that nothing can predict; they index the pair of links by its
 * result instead of branching on it. At a thousand live spans mispredicted branches are most of what an operation costs.
 */

/*
 * Cuts the tree `tree` at `key` in two: side[LEWD_LEFT] gets what is below it, side[LEWD_RIGHT] the rest.
 *
 *            t                left     right
 *          /   \               |        |
 *        a       b      =>     a..      t..      one path of t is walked, and what leaves it
 *                                        \       is hung to the left and to the right in turn
 */
static void split(lewd_heap *heap, uint32_t tree, uint64_t key, uint32_t *side) {
    uint32_t *hook[2] = {&side[LEWD_LEFT], &side[LEWD_RIGHT]};
    while (tree != 0) {
        lewd_record *const record = lewd_at(heap, tree);
        const bool above = lewd_key(record) > key;
        *hook[above] = tree;
        hook[above] = &record->link[!above];
        tree = *hook[above];
    }
    *hook[LEWD_LEFT] = 0;
    *hook[LEWD_RIGHT] = 0;
}

/* Hangs the union of two trees, all of tree[LEWD_LEFT] being below all of tree[LEWD_RIGHT], into *hook. */
static void join(lewd_heap *heap, const uint32_t *tree, uint32_t *hook) {
    uint32_t rest[2] = {tree[LEWD_LEFT], tree[LEWD_RIGHT]};
    while (rest[LEWD_LEFT] != 0 && rest[LEWD_RIGHT] != 0) {
        lewd_record *const pair[2] = {lewd_at(heap, rest[LEWD_LEFT]), lewd_at(heap, rest[LEWD_RIGHT])};
        const bool top = lewd_priority(pair[LEWD_LEFT]) < lewd_priority(pair[LEWD_RIGHT]);
        *hook = rest[top];
        hook = &pair[top]->link[!top];
        rest[top] = *hook;
    }
    *hook = rest[LEWD_LEFT] | rest[LEWD_RIGHT];
}

/* Takes the span that hangs from `hook` out of its bin's tree. */
static void unhang(lewd_heap *heap, uint32_t bin, uint32_t *hook) {
    join(heap, lewd_at(heap, *hook)->link, hook);
    if (heap->root[bin] == 0)
        unmark_bin(heap, bin);
}

/* Puts a free span, whose neighbours are linked, into the index. */
void lewd_index_insert(lewd_heap *heap, uint32_t number) {
    lewd_record *const record = lewd_at(heap, number);
    record->size = lewd_extent(heap, record);

    const uint32_t bin = lewd_bin_of(record->size);
    const uint64_t key = lewd_key(record);
    const uint32_t priority = lewd_priority(record);
    uint32_t *hook = &heap->root[bin];
    while (*hook != 0) {
        lewd_record *const other = lewd_at(heap, *hook);
        if (lewd_priority(other) < priority)
            break;
        hook = &other->link[lewd_key(other) < key];
    }
    split(heap, *hook, key, record->link);
    *hook = number;
    mark_bin(heap, bin);
}

/* Takes a free span out of the index. */
void lewd_index_remove(lewd_heap *heap, uint32_t number) {
    const lewd_record *const record = lewd_at(heap, number);
    const uint32_t bin = lewd_bin_of(record->size);
    const uint64_t key = lewd_key(record);
    uint32_t *hook = &heap->root[bin];
    while (*hook != number) {
        lewd_record *const other = lewd_at(heap, *hook);
        hook = &other->link[lewd_key(other) < key];
    }
    unhang(heap, bin, hook);
}

/*
 * Finds the hook from which the best fit for `size` hangs, and its bin. NULL if nothing fits. The bin of the size itself
 * may hold spans that are too small, any bin above holds none.
 */
static uint32_t *find_best(lewd_heap *heap, uint32_t size, uint32_t *bin) {
    const uint64_t key = (uint64_t)size << 32;
    *bin = lewd_bin_of(size);
    do {
        uint32_t *best = NULL;
        uint32_t *hook = &heap->root[*bin];
        while (*hook != 0) {
            lewd_record *const record = lewd_at(heap, *hook);
            const bool below = lewd_key(record) < key;
            best = below ? best : hook;
            hook = &record->link[below];
        }
        if (best != NULL)
            return best;
        *bin = next_bin(heap, *bin);
    } while (*bin != LEWD_BINS);
    return NULL;
}

/* The best fit for `size`, 0 if nothing fits. */
uint32_t lewd_index_best(const lewd_heap *heap, uint32_t size) {
    uint32_t bin;
    const uint32_t *const hook = find_best((lewd_heap *)heap, size, &bin);
    return hook == NULL ? 0 : *hook;
}

/* The same, and takes it out of the index. */
uint32_t lewd_index_take(lewd_heap *heap, uint32_t size) {
    uint32_t bin;
    uint32_t *const hook = find_best(heap, size, &bin);
    if (hook == NULL)
        return 0;
    const uint32_t number = *hook;
    unhang(heap, bin, hook);
    return number;
}

/* The largest free span, the highest of equals; 0 if there is none. */
uint32_t lewd_index_largest(const lewd_heap *heap) {
    if (heap->summary == 0)
        return 0;
    const uint32_t word = highest_bit(heap->summary);
    uint32_t number = heap->root[word * 64u + highest_bit(heap->bitmap[word])];
    while (lewd_at(heap, number)->link[LEWD_RIGHT] != 0)
        number = lewd_at(heap, number)->link[LEWD_RIGHT];
    return number;
}
