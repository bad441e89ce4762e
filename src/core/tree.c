/*
 * tree.c: free spans of several sizes, as a treap (Seidel, Aragon, "Randomized search trees", 1996): a search tree by
 * size, then place, and a heap by priority, a hash of the place. It has the shape of a tree into which the spans were
 * inserted in order of priority, which is a random order: log n deep, expected, whatever was inserted and removed
 * before.
 *
 * A processor can't predict whether a step down a tree goes left or right. So a step indexes the pair of links by the
 * result of the comparison instead of branching on it.
 */
#include "tree.h"

#include <string.h>

/*
 * Cuts the tree `tree` in two at `key`: side[LEWD_LEFT] gets the spans below `key`, side[LEWD_RIGHT] the others.
 *
 *            t                left     right
 *          /   \               |        |
 *        a       b      =>     a..      t..      one path of t is walked; its parts are hung
 *                                        \       to the left and to the right in turn
 */
static void split(lewd_heap *heap, uint32_t tree, uint64_t key, uint32_t *side) {
    uint32_t *hook[2] = {&side[LEWD_LEFT], &side[LEWD_RIGHT]};
    while (tree != 0) {
        lewd_record *const record = lewd_at(heap, tree);
        const bool above = lewd_tree_key(record) > key;
        *hook[above] = tree;
        hook[above] = &record->link[!above];
        tree = *hook[above];
    }
    *hook[LEWD_LEFT] = 0;
    *hook[LEWD_RIGHT] = 0;
}

/* Hangs the union of two trees into *hook. All of tree[LEWD_LEFT] must be below all of tree[LEWD_RIGHT]. */
static void join(lewd_heap *heap, const uint32_t *tree, uint32_t *hook) {
    uint32_t rest[2] = {tree[LEWD_LEFT], tree[LEWD_RIGHT]};
    while (rest[LEWD_LEFT] != 0 && rest[LEWD_RIGHT] != 0) {
        lewd_record *const pair[2] = {lewd_at(heap, rest[LEWD_LEFT]), lewd_at(heap, rest[LEWD_RIGHT])};
        const bool top = lewd_tree_priority(pair[LEWD_LEFT]) < lewd_tree_priority(pair[LEWD_RIGHT]);
        *hook = rest[top];
        hook = &pair[top]->link[!top];
        rest[top] = *hook;
    }
    *hook = rest[LEWD_LEFT] | rest[LEWD_RIGHT];
}

void lewd_tree_insert(lewd_heap *heap, uint32_t *root, uint32_t number, uint32_t size) {
    lewd_record *const record = lewd_at(heap, number);
    record->size = size;
    const uint64_t key = lewd_tree_key(record);
    const uint32_t priority = lewd_tree_priority(record);
    uint32_t *hook = root;
    while (*hook != 0) {
        lewd_record *const other = lewd_at(heap, *hook);
        if (lewd_tree_priority(other) < priority)
            break;
        hook = &other->link[lewd_tree_key(other) < key];
    }
    split(heap, *hook, key, record->link);
    *hook = number;
}

void lewd_tree_remove(lewd_heap *heap, uint32_t *root, uint32_t number) {
    const lewd_record *const record = lewd_at(heap, number);
    const uint64_t key = lewd_tree_key(record);
    uint32_t *hook = root;
    while (*hook != number) {
        lewd_record *const other = lewd_at(heap, *hook);
        hook = &other->link[lewd_tree_key(other) < key];
    }
    join(heap, record->link, hook);
}

/* Walks down; the last span on the way that is large enough is the best one. */
uint32_t lewd_tree_best(const lewd_heap *heap, uint32_t root, uint32_t size) {
    const uint64_t key = (uint64_t)size << 32;
    uint32_t best = 0;
    while (root != 0) {
        const lewd_record *const record = lewd_at(heap, root);
        const bool below = lewd_tree_key(record) < key;
        best = below ? best : root;
        root = record->link[below];
    }
    return best;
}

/*
 * The way down to a span: the spans at which the way went left, which are visited after that span, the next one last.
 * If there are more than LEWD_PATH_LENGTH, which is unlikely, those nearest to the root are dropped.
 */
typedef struct tree_path {
    uint32_t spans[LEWD_PATH_LENGTH];
    uint32_t length;
    bool cut; /* spans were dropped */
} tree_path;

static void path_push(tree_path *path, uint32_t number) {
    if (path->length == LEWD_PATH_LENGTH) {
        memmove(path->spans, path->spans + 1, (LEWD_PATH_LENGTH - 1u) * sizeof *path->spans);
        path->length--;
        path->cut = true;
    }
    path->spans[path->length++] = number;
}

/* Walks down the tree at `number` to its first span whose key is `key` or higher, and adds the way to the path. */
static void path_extend(tree_path *path, const lewd_heap *heap, uint32_t number, uint64_t key) {
    while (number != 0) {
        const lewd_record *const record = lewd_at(heap, number);
        const bool below = lewd_tree_key(record) < key;
        if (!below)
            path_push(path, number);
        number = record->link[below];
    }
}

/*
 * Visits the spans in order, from the smallest one of at least `size` blocks on. If the path was cut and is empty,
 * searches the next span from the root.
 */
uint32_t lewd_tree_aligned(const lewd_heap *heap, uint32_t root, uint32_t size, uint32_t alignment) {
    uint64_t key = (uint64_t)size << 32;
    tree_path path;
    path.length = 0;
    path.cut = false;
    path_extend(&path, heap, root, key);
    while (path.length != 0) {
        const uint32_t number = path.spans[--path.length];
        const lewd_record *const record = lewd_at(heap, number);
        if (lewd_holds(heap, record, size, alignment))
            return number;
        key = lewd_tree_key(record) + 1u;
        path_extend(&path, heap, record->link[LEWD_RIGHT], key);
        if (path.length == 0 && path.cut)
            path_extend(&path, heap, root, key);
    }
    return 0;
}

uint32_t lewd_tree_largest(const lewd_heap *heap, uint32_t root) {
    while (lewd_at(heap, root)->link[LEWD_RIGHT] != 0)
        root = lewd_at(heap, root)->link[LEWD_RIGHT];
    return root;
}
