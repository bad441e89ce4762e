/*
 * published.h: the figures of a heap, as JavaScript reads them without a call: see LEWD_FIGURES in contract.h.
 */
#ifndef LEWD_PUBLISHED_H
#define LEWD_PUBLISHED_H

#include <node_api.h>

#include "../core/heap.h"
#include "contract.h"

typedef struct lewd_published {
    double *figures; /* LEWD_FIGURE_COUNT of them, in a Float64Array of JavaScript's */
    napi_ref ref;    /* keeps that array alive */
    uint8_t answers[LEWD_ANSWERS];
    uint8_t answer_count; /* answers[0] to answers[answer_count - 1] are the remainders that have an answer */
} lewd_published;

/*
 * Makes the array that the figures are written to, all 0 and without answers, and returns it. JavaScript's constructors have
 * no part in it, so that no program can get hold of its buffer. Returns NULL if it can't be made.
 */
napi_value lewd_published_create(napi_env napi, lewd_published *published);

/* Deletes the reference to the array. `figures` is NULL then, and nothing may be published. */
void lewd_published_release(napi_env napi, lewd_published *published);

/* Writes all figures, and takes all answers back. To be called after every change of the heap. O(answers). */
void lewd_published_update(lewd_published *published, const lewd_heap *heap);

/* Publishes that a request of so many bytes, 1 at least, fits at block `start`. O(1). */
void lewd_published_answer(lewd_published *published, uint32_t bytes, uint32_t start);

/* Returns the size of the largest free span, in blocks, and publishes it. O(log n). */
uint32_t lewd_published_largest(lewd_published *published, const lewd_heap *heap);

#endif
