/*
 * model.h: a heap written for simplicity, not speed: all spans in one array by place, searched from the first to the
 * last. It shares no code and no idea with the core, so that both are unlikely to have the same fault.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct model_span {
    uint32_t start;
    uint32_t size;
    uint32_t name; /* of a used span: the heap's number for it. 0: free */
    uint32_t tag;  /* the owner that the heap must keep with it */
    bool reserved;
} model_span;

typedef struct model {
    uint32_t base;
    uint32_t limit;
    size_t count;
    size_t room;
    model_span *spans;
} model;

typedef struct model_figures {
    uint32_t total, used, reserved, head_free, tail_free, largest;
} model_figures;

enum { MODEL_NONE = -1 };

void model_open(model *of, uint32_t base, uint32_t limit);
void model_close(model *of);

/* Returns the free span from which `size` blocks must be cut, MODEL_NONE if there is none (or `size` is 0). */
ptrdiff_t model_fit(const model *of, uint32_t size);

/* The same for blocks at a multiple of `alignment`, any number but 0; `place` is their place in that span. */
ptrdiff_t model_fit_aligned(const model *of, uint32_t size, uint32_t alignment, uint32_t *place);

/* Returns the free span that contains all of [start, start + size), MODEL_NONE if there is none. */
ptrdiff_t model_around(const model *of, uint32_t start, uint32_t size);

/* Returns the used span that begins at `start`, MODEL_NONE if there is none. */
ptrdiff_t model_at(const model *of, uint32_t start);

/* Returns the free blocks directly after the span at that index. */
uint32_t model_room(const model *of, ptrdiff_t index);

/* Returns the used span of that name, MODEL_NONE if there is none. */
ptrdiff_t model_named(const model *of, uint32_t name);

/* These change the model. The caller has checked that the operation is possible. */
void model_alloc(model *of, uint32_t size, uint32_t name, uint32_t tag);
void model_take(model *of, ptrdiff_t index, model_span taken);
void model_resize(model *of, uint32_t name, uint32_t size);
void model_free(model *of, uint32_t name);
void model_extend(model *of, uint32_t limit);
void model_shrink(model *of, uint32_t limit);

/* Returns the end of the last used span, or the base. */
uint32_t model_used_end(const model *of);

/* Counted again from the spans. */
model_figures model_count(const model *of);

#endif
