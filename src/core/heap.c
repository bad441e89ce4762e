/*
 * heap.c: the spans of a heap, in order of their places.
 *
 * Spans are records in one array and link to their neighbours by number: the array may move, the numbers stay. An
 * operation first gets all memory that it may need, and changes links only afterwards.
 */
#include "directory.h"
#include "index.h"

#include <stdlib.h>
#include <string.h>

#define LEWD_PREFETCH_DISTANCE 48u /* steps of a walk between a prefetch and the use */

void *lewd_realloc(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    (void)old_size;
    if (new_size != 0)
        return realloc(memory, new_size);
    free(memory);
    return NULL;
}

/* Records: take_record() never fails after reserve_record() returned true. */

/* Makes room for an eighth more records, plus 64. */
static bool grow_records(lewd_heap *heap) {
    const size_t old_capacity = heap->capacity;
    const size_t capacity = old_capacity + old_capacity / 8u + 64u;
    if (capacity > SIZE_MAX / sizeof(lewd_record))
        return false;
    lewd_record *const records =
        heap->resize(heap->context, heap->records, old_capacity * sizeof(lewd_record), capacity * sizeof(lewd_record));
    if (records == NULL)
        return false;
    heap->records = records;
    heap->capacity = (uint32_t)capacity;
    return true;
}

/* Makes sure that a record can be taken. Returns false if memory is refused. */
static bool reserve_record(lewd_heap *heap) {
    return heap->vacant != 0 || heap->bound < heap->capacity || grow_records(heap);
}

/* Makes sure that `needed` records can be taken, fewer than the array grows by. Returns false if memory is refused. */
static bool reserve_records(lewd_heap *heap, uint32_t needed) {
    uint32_t ready = heap->capacity - heap->bound;
    for (uint32_t number = heap->vacant; number != 0 && ready < needed; number = lewd_at(heap, number)->next)
        ready++;
    return ready >= needed || grow_records(heap);
}

static uint32_t take_record(lewd_heap *heap) {
    const uint32_t number = heap->vacant;
    if (number == 0) {
        assert(heap->bound < heap->capacity);
        return heap->bound++;
    }
    heap->vacant = lewd_at(heap, number)->next;
    return number;
}

static void release_record(lewd_heap *heap, uint32_t number) {
    lewd_record *const record = lewd_at(heap, number);
    record->start = LEWD_VACANT;
    record->next = heap->vacant;
    heap->vacant = number;
}

/*
 * Sorts the list of vacant records by number, so that the processor prefetches the record that is taken next. In the
 * order in which many records were released together, each would be fetched only when it is needed. O(all records).
 */
static void sort_vacant(lewd_heap *heap) {
    heap->vacant = 0;
    for (uint32_t number = heap->bound; --number != LEWD_SENTINEL;) {
        lewd_record *const record = lewd_at(heap, number);
        if (record->start == LEWD_VACANT) {
            record->next = heap->vacant;
            heap->vacant = number;
        }
    }
}

/* Neighbours. */

/*
 * Inserts a new span, which is not in the index yet, to the right of `left`, and returns it. A record must be reserved.
 */
static uint32_t insert_after(lewd_heap *heap, uint32_t left, uint32_t start) {
    const uint32_t number = take_record(heap);
    const uint32_t right = lewd_at(heap, left)->next;
    lewd_record *const record = lewd_at(heap, number);
    record->start = start;
    record->prev = left;
    record->next = right;
    lewd_at(heap, left)->next = number;
    lewd_at(heap, right)->prev = number;
    return number;
}

/*
 * Dissolves `number`: its left neighbour takes over its blocks.
 *
 *     left <-> number <-> right   =>   left <-------> right
 */
static void absorb_into_left(lewd_heap *heap, uint32_t number) {
    const lewd_record record = *lewd_at(heap, number);
    lewd_at(heap, record.prev)->next = record.next;
    lewd_at(heap, record.next)->prev = record.prev;
    release_record(heap, number);
}

/*
 * Cuts [start, start + size) out of the free span `number` and returns it; the rests on either side stay free. `marks`
 * are the marks of the returned span. Records must be reserved.
 *
 *     [      number      ]   =>   [number][ new ][ rest ]
 */
static uint32_t carve(lewd_heap *heap, uint32_t number, uint32_t start, uint32_t size, uint32_t marks) {
    const uint32_t left = start - lewd_heap_start(heap, number);
    const uint32_t extent = lewd_heap_size(heap, number);
    lewd_index_remove(heap, number, extent);
    if (extent > left + size)
        lewd_index_insert(heap, insert_after(heap, number, start + size), extent - left - size);
    uint32_t taken = number;
    if (left != 0) {
        taken = insert_after(heap, number, start);
        lewd_index_insert(heap, number, left);
    }
    lewd_record *const record = lewd_at(heap, taken);
    record->start = start | marks;
    record->owner = 0;
    if (heap->directory != NULL)
        lewd_directory_insert(heap, taken);
    return taken;
}

/* Returns how many records carve() takes: one for each rest. */
static uint32_t rests(const lewd_heap *heap, uint32_t number, uint32_t start, uint32_t size) {
    const uint32_t left = start - lewd_heap_start(heap, number);
    return (left != 0) + (uint32_t)(lewd_heap_size(heap, number) > left + size);
}

/* Return the first and the last span. If there is none, both return the sentinel, which counts as used. */
static lewd_record *first_span(const lewd_heap *heap) {
    return lewd_at(heap, lewd_at(heap, LEWD_SENTINEL)->next);
}

static lewd_record *last_span(const lewd_heap *heap) {
    return lewd_at(heap, lewd_at(heap, LEWD_SENTINEL)->prev);
}

static uint32_t limit_of(const lewd_heap *heap) {
    return lewd_place(lewd_at(heap, LEWD_SENTINEL));
}

lewd_heap *lewd_heap_create(uint32_t base, uint32_t limit, lewd_resize *resize, void *context) {
    if (base > limit || limit > LEWD_MAX_BLOCKS)
        return NULL;
    if (resize == NULL)
        resize = lewd_realloc;

    lewd_heap *const heap = resize(context, NULL, 0, sizeof *heap);
    if (heap == NULL)
        return NULL;
    memset(heap, 0, sizeof *heap);
    heap->resize = resize;
    heap->context = context;
    heap->base = base;
    heap->coins = 0x9e3779b97f4a7c15u;
    if (!grow_records(heap)) {
        resize(context, heap, sizeof *heap, 0);
        return NULL;
    }
    heap->bound = 1;
    *lewd_at(heap, LEWD_SENTINEL) = (lewd_record){.start = base | LEWD_USED};
    lewd_heap_extend(heap, limit);
    return heap;
}

void lewd_heap_destroy(lewd_heap *heap) {
    if (heap == NULL)
        return;
    if (heap->directory != NULL)
        heap->resize(heap->context, heap->directory, heap->cells * sizeof *heap->directory, 0);
    heap->resize(heap->context, heap->records, heap->capacity * sizeof(lewd_record), 0);
    heap->resize(heap->context, heap, sizeof *heap, 0);
}

lewd_status lewd_heap_alloc(lewd_heap *heap, uint32_t size, lewd_span *span) {
    if (size == 0 || size > LEWD_MAX_BLOCKS)
        return LEWD_INVALID;
    uint32_t extent;
    const uint32_t number = lewd_index_best(heap, size, &extent);
    if (number == 0)
        return LEWD_NO_FIT;
    if (extent > size && !reserve_record(heap))
        return LEWD_NO_METADATA;

    lewd_index_remove(heap, number, extent);
    lewd_record *const record = lewd_at(heap, number);
    if (extent > size)
        lewd_index_insert(heap, insert_after(heap, number, record->start + size), extent - size);
    record->start |= LEWD_USED;
    record->owner = 0;
    heap->used += size;
    if (heap->directory != NULL)
        lewd_directory_insert(heap, number);
    *span = number;
    return LEWD_OK;
}

bool lewd_heap_fit(const lewd_heap *heap, uint32_t size, uint32_t *start) {
    if (size == 0 || size > LEWD_MAX_BLOCKS)
        return false;
    uint32_t extent;
    const uint32_t number = lewd_index_best(heap, size, &extent);
    if (number == 0)
        return false;
    *start = lewd_place(lewd_at(heap, number));
    return true;
}

static bool is_aligned_request(uint32_t size, uint32_t alignment) {
    return size != 0 && size <= LEWD_MAX_BLOCKS && alignment != 0 && alignment <= LEWD_MAX_ALIGNMENT &&
           (alignment & (alignment - 1u)) == 0;
}

lewd_status lewd_heap_alloc_aligned(lewd_heap *heap, uint32_t size, uint32_t alignment, lewd_span *span) {
    if (!is_aligned_request(size, alignment))
        return LEWD_INVALID;
    const uint32_t number = lewd_index_aligned(heap, size, alignment);
    if (number == 0)
        return LEWD_NO_FIT;
    const uint32_t start = lewd_aligned(lewd_heap_start(heap, number), alignment);
    if (!reserve_records(heap, rests(heap, number, start, size)))
        return LEWD_NO_METADATA;

    heap->used += size;
    *span = carve(heap, number, start, size, LEWD_USED);
    return LEWD_OK;
}

bool lewd_heap_fit_aligned(const lewd_heap *heap, uint32_t size, uint32_t alignment, uint32_t *start) {
    if (!is_aligned_request(size, alignment))
        return false;
    const uint32_t number = lewd_index_aligned(heap, size, alignment);
    if (number == 0)
        return false;
    *start = lewd_aligned(lewd_heap_start(heap, number), alignment);
    return true;
}

/* Returns the span that contains `block`, which must be in the working span. */
static uint32_t span_of(const lewd_heap *heap, uint32_t block) {
    uint32_t number = lewd_at(heap, LEWD_SENTINEL)->next;
    while (lewd_heap_start(heap, lewd_at(heap, number)->next) <= block)
        number = lewd_at(heap, number)->next;
    return number;
}

lewd_status lewd_heap_reserve(lewd_heap *heap, uint32_t start, uint32_t size, lewd_span *span) {
    const uint32_t limit = limit_of(heap);
    if (size == 0 || start < heap->base || start >= limit || size > limit - start)
        return LEWD_INVALID;
    const uint32_t number = span_of(heap, start);
    const uint32_t end = lewd_heap_start(heap, lewd_at(heap, number)->next);
    if (lewd_used(lewd_at(heap, number)) || size > end - start)
        return LEWD_NO_FIT;
    if (!reserve_records(heap, rests(heap, number, start, size)))
        return LEWD_NO_METADATA;

    heap->reserved += size;
    *span = carve(heap, number, start, size, LEWD_USED | LEWD_RESERVED);
    return LEWD_OK;
}

/*
 * If the right neighbour is free (F), the border between the two moves; a neighbour that loses all its blocks
 * dissolves. If it is used (U), blocks that are cut off become a new free span:
 *
 *     [x]  F  =>  [ x ] F        [x]  F  =>  [  x  ]        [ x ] U  =>  [x] F U
 */
lewd_status lewd_heap_resize(lewd_heap *heap, lewd_span span, uint32_t size) {
    if (size == 0 || size > LEWD_MAX_BLOCKS || !lewd_heap_is_used(heap, span) || lewd_heap_is_reserved(heap, span))
        return LEWD_INVALID;
    const uint32_t old_size = lewd_heap_size(heap, span);
    const uint32_t next = lewd_at(heap, span)->next;
    const uint32_t room = lewd_used(lewd_at(heap, next)) ? 0 : lewd_heap_size(heap, next);
    if (size > old_size + room)
        return LEWD_NO_FIT;
    if (size == old_size)
        return LEWD_OK;
    if (room == 0 && !reserve_record(heap))
        return LEWD_NO_METADATA;

    const uint32_t end = lewd_heap_start(heap, span) + size;
    if (room != 0)
        lewd_index_remove(heap, next, room);
    if (size == old_size + room) {
        absorb_into_left(heap, next);
    } else if (room != 0) {
        lewd_at(heap, next)->start = end;
        lewd_index_insert(heap, next, old_size + room - size);
    } else {
        lewd_index_insert(heap, insert_after(heap, span, end), old_size - size);
    }
    heap->used += size - old_size;
    return LEWD_OK;
}

lewd_status lewd_heap_enable_find(lewd_heap *heap) {
    if (heap->directory != NULL)
        return LEWD_OK;
    /* An empty working span gets one cell: lewd_heap_extend enlarges a directory, but never makes one. */
    const uint32_t limit = limit_of(heap);
    if (!lewd_directory_reach(heap, limit != heap->base ? limit : limit + 1u))
        return LEWD_NO_METADATA;
    uint32_t number = lewd_heap_next_used(heap, LEWD_SENTINEL);
    while (number != LEWD_SENTINEL) {
        lewd_directory_insert(heap, number);
        number = lewd_heap_next_used(heap, number);
    }
    return LEWD_OK;
}

lewd_status lewd_heap_find(lewd_heap *heap, uint32_t start, lewd_span *span) {
    if (start < heap->base || start >= limit_of(heap))
        return LEWD_INVALID;
    if (heap->directory == NULL && lewd_heap_enable_find(heap) != LEWD_OK)
        return LEWD_NO_METADATA;

    uint32_t number = heap->directory[lewd_directory_cell(heap, start)];
    while (lewd_heap_start(heap, number) < start)
        number = lewd_at(heap, number)->next;
    if (lewd_at(heap, number)->start != (start | LEWD_USED))
        return LEWD_INVALID;
    *span = number;
    return LEWD_OK;
}

/*
 * There are four cases, since each neighbour is used (U) or free (F). Free neighbours leave the index; the resulting
 * span enters it:
 *
 *     U [x] U  =>  U [ x ] U          U [x] F  =>  U [ x    ]
 *     F [x] U  =>  [ f   ] U          F [x] F  =>  [ f      ]
 */
lewd_status lewd_heap_free(lewd_heap *heap, lewd_span span) {
    if (!lewd_heap_is_used(heap, span))
        return LEWD_INVALID;
    lewd_record *const record = lewd_at(heap, span);
    uint32_t size = lewd_extent(heap, record);
    if (lewd_reserved(record))
        heap->reserved -= size;
    else
        heap->used -= size;
    if (heap->directory != NULL)
        lewd_directory_remove(heap, span);
    record->start = lewd_place(record);

    const uint32_t next = record->next;
    if (!lewd_used(lewd_at(heap, next))) {
        const uint32_t extent = lewd_heap_size(heap, next);
        lewd_index_remove(heap, next, extent);
        absorb_into_left(heap, next);
        size += extent;
    }
    const uint32_t prev = record->prev;
    if (!lewd_used(lewd_at(heap, prev))) {
        const uint32_t extent = record->start - lewd_at(heap, prev)->start;
        lewd_index_remove(heap, prev, extent);
        absorb_into_left(heap, span);
        size += extent;
        span = prev;
    }
    lewd_index_insert(heap, span, size);
    return LEWD_OK;
}

/*
 * lewd_heap_free_all takes two walks. The first one makes the spans pending: no longer used, and not in the index yet.
 * The second one makes each run of pending and free spans one free span:
 *
 *     U [x][x] F [x] U  =>  U [            ] U
 */
static bool is_pending(const lewd_heap *heap, uint32_t number) {
    return number < heap->bound && lewd_pending(lewd_at(heap, number));
}

static void make_pending(lewd_heap *heap, uint32_t number) {
    if (heap->directory != NULL)
        lewd_directory_remove(heap, number);
    lewd_record *const record = lewd_at(heap, number);
    record->start = lewd_place(record) | LEWD_PENDING;
}

/* Removes a span from the index, unless it is pending. Returns how many of its blocks were free before. */
static uint32_t remove_from_index(lewd_heap *heap, uint32_t number) {
    if (lewd_pending(lewd_at(heap, number)))
        return 0;
    const uint32_t size = lewd_heap_size(heap, number);
    lewd_index_remove(heap, number, size);
    return size;
}

/* Makes the run of pending and free spans around `number` one free span. */
static void free_run(lewd_heap *heap, uint32_t number) {
    while (!lewd_used(lewd_at(heap, lewd_at(heap, number)->prev)))
        number = lewd_at(heap, number)->prev;
    uint32_t free_before = remove_from_index(heap, number);
    lewd_record *const record = lewd_at(heap, number);
    record->start = lewd_place(record);
    while (!lewd_used(lewd_at(heap, record->next))) {
        free_before += remove_from_index(heap, record->next);
        absorb_into_left(heap, record->next);
    }
    const uint32_t size = lewd_extent(heap, record);
    heap->used -= size - free_before;
    lewd_index_insert(heap, number, size);
}

uint32_t lewd_heap_free_all(lewd_heap *heap, const lewd_span *spans, uint32_t count) {
    uint32_t freed = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (count - i > LEWD_PREFETCH_DISTANCE)
            lewd_heap_prefetch(heap, spans[i + LEWD_PREFETCH_DISTANCE]);
        if (!lewd_heap_is_used(heap, spans[i]) || lewd_heap_is_reserved(heap, spans[i]))
            continue;
        make_pending(heap, spans[i]);
        freed++;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (count - i > 2u * LEWD_PREFETCH_DISTANCE) {
            lewd_heap_prefetch(heap, spans[i + 2u * LEWD_PREFETCH_DISTANCE]);
            lewd_heap_prefetch_neighbours(heap, spans[i + LEWD_PREFETCH_DISTANCE]);
        }
        if (is_pending(heap, spans[i]))
            free_run(heap, spans[i]);
    }
    if (freed > heap->bound / 8u)
        sort_vacant(heap);
    return freed;
}

lewd_status lewd_heap_extend(lewd_heap *heap, uint32_t limit) {
    const uint32_t old_limit = limit_of(heap);
    if (limit < old_limit || limit > LEWD_MAX_BLOCKS)
        return LEWD_INVALID;
    if (limit == old_limit)
        return LEWD_OK;
    if (lewd_used(last_span(heap)) && !reserve_record(heap))
        return LEWD_NO_METADATA;
    if (heap->directory != NULL && !lewd_directory_reach(heap, limit))
        return LEWD_NO_METADATA;

    uint32_t last = lewd_at(heap, LEWD_SENTINEL)->prev;
    if (lewd_used(lewd_at(heap, last)))
        last = insert_after(heap, last, old_limit);
    else
        lewd_index_remove(heap, last, lewd_heap_size(heap, last));
    lewd_at(heap, LEWD_SENTINEL)->start = limit | LEWD_USED;
    lewd_index_insert(heap, last, lewd_heap_size(heap, last));
    return LEWD_OK;
}

lewd_status lewd_heap_shrink(lewd_heap *heap, uint32_t limit) {
    const uint32_t old_limit = limit_of(heap);
    if (limit == old_limit)
        return LEWD_OK;
    const uint32_t last = lewd_at(heap, LEWD_SENTINEL)->prev;
    const lewd_record *const record = lewd_at(heap, last);
    if (limit > old_limit || lewd_used(record) || limit < record->start)
        return LEWD_INVALID;

    lewd_index_remove(heap, last, old_limit - record->start);
    lewd_at(heap, LEWD_SENTINEL)->start = limit | LEWD_USED;
    if (limit == record->start)
        absorb_into_left(heap, last);
    else
        lewd_index_insert(heap, last, limit - record->start);
    return LEWD_OK;
}

lewd_figures lewd_heap_figures(const lewd_heap *heap) {
    const lewd_record *const first = first_span(heap);
    const lewd_record *const last = last_span(heap);
    return (lewd_figures){
        .total = limit_of(heap) - heap->base,
        .used = heap->used,
        .reserved = heap->reserved,
        .head_free = lewd_used(first) ? 0 : lewd_extent(heap, first),
        .tail_free = lewd_used(last) ? 0 : lewd_extent(heap, last),
    };
}

uint32_t lewd_heap_largest(const lewd_heap *heap) {
    const uint32_t number = lewd_index_largest(heap);
    return number == 0 ? 0 : lewd_extent(heap, lewd_at(heap, number));
}

uint32_t lewd_heap_start(const lewd_heap *heap, lewd_span span) {
    return lewd_place(lewd_at(heap, span));
}

uint32_t lewd_heap_size(const lewd_heap *heap, lewd_span span) {
    return lewd_extent(heap, lewd_at(heap, span));
}

bool lewd_heap_is_used(const lewd_heap *heap, lewd_span span) {
    return span != LEWD_SENTINEL && span < heap->bound && lewd_used(lewd_at(heap, span));
}

bool lewd_heap_is_reserved(const lewd_heap *heap, lewd_span span) {
    return span < heap->bound && lewd_reserved(lewd_at(heap, span));
}

uint32_t lewd_heap_owner(const lewd_heap *heap, lewd_span span) {
    assert(lewd_heap_is_used(heap, span));
    return lewd_at(heap, span)->owner;
}

void lewd_heap_set_owner(lewd_heap *heap, lewd_span span, uint32_t owner) {
    assert(lewd_heap_is_used(heap, span));
    lewd_at(heap, span)->owner = owner;
}

void lewd_heap_prefetch(const lewd_heap *heap, lewd_span span) {
    if (span < heap->bound)
        lewd_prefetch(lewd_at(heap, span));
}

void lewd_heap_prefetch_neighbours(const lewd_heap *heap, lewd_span span) {
    if (span >= heap->bound)
        return;
    lewd_prefetch(lewd_at(heap, lewd_at(heap, span)->prev));
    lewd_prefetch(lewd_at(heap, lewd_at(heap, span)->next));
}

lewd_span lewd_heap_next_used(const lewd_heap *heap, lewd_span span) {
    span = lewd_at(heap, span)->next;
    return lewd_used(lewd_at(heap, span)) ? span : lewd_at(heap, span)->next;
}

lewd_span lewd_heap_bound(const lewd_heap *heap) {
    return heap->bound;
}
