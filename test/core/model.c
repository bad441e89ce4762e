/*
 * model.c: see model.h.
 */
#include "model.h"

#include "harness.h"

#include <stdlib.h>
#include <string.h>

static bool is_free(const model *of, size_t index) {
    return index < of->count && of->spans[index].name == 0;
}

static void insert(model *of, size_t index, model_span span) {
    if (of->count == of->room) {
        of->room = of->room * 2 + 16;
        of->spans = realloc(of->spans, of->room * sizeof *of->spans);
        CHECK(of->spans != NULL);
    }
    memmove(of->spans + index + 1, of->spans + index, (of->count - index) * sizeof *of->spans);
    of->spans[index] = span;
    of->count++;
}

static void drop(model *of, size_t index) {
    of->count--;
    memmove(of->spans + index, of->spans + index + 1, (of->count - index) * sizeof *of->spans);
}

void model_open(model *of, uint32_t base, uint32_t limit) {
    *of = (model){.base = base, .limit = base};
    model_extend(of, limit);
}

void model_close(model *of) {
    free(of->spans);
    *of = (model){.spans = NULL};
}

ptrdiff_t model_fit(const model *of, uint32_t size) {
    ptrdiff_t best = MODEL_NONE;
    if (size == 0)
        return best;
    for (size_t index = 0; index < of->count; index++) {
        const model_span *const span = &of->spans[index];
        if (span->name != 0 || span->size < size)
            continue;
        if (best == MODEL_NONE || span->size < of->spans[best].size)
            best = (ptrdiff_t)index;
    }
    return best;
}

/* Advances place by place to a multiple of the alignment. */
ptrdiff_t model_fit_aligned(const model *of, uint32_t size, uint32_t alignment, uint32_t *place) {
    ptrdiff_t best = MODEL_NONE;
    if (size == 0)
        return best;
    for (size_t index = 0; index < of->count; index++) {
        const model_span *const span = &of->spans[index];
        uint32_t lost = 0;
        while ((span->start + lost) % alignment != 0)
            lost++;
        if (span->name != 0 || span->size < lost || span->size - lost < size)
            continue;
        if (best == MODEL_NONE || span->size < of->spans[best].size) {
            best = (ptrdiff_t)index;
            *place = span->start + lost;
        }
    }
    return best;
}

ptrdiff_t model_around(const model *of, uint32_t start, uint32_t size) {
    for (size_t index = 0; index < of->count; index++) {
        const model_span *const span = &of->spans[index];
        if (span->name == 0 && span->start <= start && (uint64_t)start + size <= (uint64_t)span->start + span->size)
            return (ptrdiff_t)index;
    }
    return MODEL_NONE;
}

ptrdiff_t model_at(const model *of, uint32_t start) {
    for (size_t index = 0; index < of->count; index++)
        if (of->spans[index].name != 0 && of->spans[index].start == start)
            return (ptrdiff_t)index;
    return MODEL_NONE;
}

uint32_t model_room(const model *of, ptrdiff_t index) {
    const size_t right = (size_t)index + 1;
    return is_free(of, right) ? of->spans[right].size : 0;
}

ptrdiff_t model_named(const model *of, uint32_t name) {
    for (size_t index = 0; name != 0 && index < of->count; index++)
        if (of->spans[index].name == name)
            return (ptrdiff_t)index;
    return MODEL_NONE;
}

void model_alloc(model *of, uint32_t size, uint32_t name, uint32_t tag) {
    const ptrdiff_t best = model_fit(of, size);
    CHECK(best != MODEL_NONE);
    model_take(of, best, (model_span){.start = of->spans[best].start, .size = size, .name = name, .tag = tag});
}

void model_take(model *of, ptrdiff_t index, model_span taken) {
    size_t at = (size_t)index;
    const model_span whole = of->spans[at];
    const uint32_t end = taken.start + taken.size;
    const model_span left = {.start = whole.start, .size = taken.start - whole.start};
    const model_span right = {.start = end, .size = whole.start + whole.size - end};
    drop(of, at);
    if (left.size != 0)
        insert(of, at++, left);
    insert(of, at++, taken);
    if (right.size != 0)
        insert(of, at, right);
}

/* Frees the span and takes it again at the same place. */
void model_resize(model *of, uint32_t name, uint32_t size) {
    const ptrdiff_t found = model_named(of, name);
    CHECK(found != MODEL_NONE);
    model_span span = of->spans[found];
    model_free(of, name);
    span.size = size;
    const ptrdiff_t around = model_around(of, span.start, size);
    CHECK(around != MODEL_NONE);
    model_take(of, around, span);
}

void model_free(model *of, uint32_t name) {
    const ptrdiff_t found = model_named(of, name);
    CHECK(found != MODEL_NONE);
    size_t index = (size_t)found;
    of->spans[index].name = 0;
    of->spans[index].tag = 0;
    of->spans[index].reserved = false;
    if (is_free(of, index + 1)) {
        of->spans[index].size += of->spans[index + 1].size;
        drop(of, index + 1);
    }
    if (index > 0 && is_free(of, index - 1)) {
        of->spans[index - 1].size += of->spans[index].size;
        drop(of, index);
    }
}

void model_extend(model *of, uint32_t limit) {
    const uint32_t more = limit - of->limit;
    if (more == 0)
        return;
    if (of->count > 0 && is_free(of, of->count - 1))
        of->spans[of->count - 1].size += more;
    else
        insert(of, of->count, (model_span){.start = of->limit, .size = more});
    of->limit = limit;
}

void model_shrink(model *of, uint32_t limit) {
    const uint32_t less = of->limit - limit;
    if (less == 0)
        return;
    model_span *const last = &of->spans[of->count - 1];
    CHECK(last->name == 0 && last->size >= less);
    last->size -= less;
    if (last->size == 0)
        drop(of, of->count - 1);
    of->limit = limit;
}

uint32_t model_used_end(const model *of) {
    for (size_t index = of->count; index > 0; index--)
        if (of->spans[index - 1].name != 0)
            return of->spans[index - 1].start + of->spans[index - 1].size;
    return of->base;
}

model_figures model_count(const model *of) {
    model_figures sum = {0};
    for (size_t index = 0; index < of->count; index++) {
        const model_span *const span = &of->spans[index];
        sum.total += span->size;
        if (span->name != 0) {
            *(span->reserved ? &sum.reserved : &sum.used) += span->size;
            continue;
        }
        if (span->size > sum.largest)
            sum.largest = span->size;
        if (index == 0)
            sum.head_free = span->size;
        if (index == of->count - 1)
            sum.tail_free = span->size;
    }
    return sum;
}
