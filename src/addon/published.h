/*
 * published.h: the figures of a heap that JavaScript reads without a call: see LEWD_FIGURES in contract.h.
 */
#ifndef LEWD_PUBLISHED_H
#define LEWD_PUBLISHED_H

#include <node_api.h>

#include "../core/heap.h"
#include "contract.h"

typedef struct lewd_published {
    uint32_t *figures;             /* elements of a Uint32Array of JavaScript's, LEWD_FIGURE_COUNT of them */
    napi_ref ref;                  /* strong reference to that array */
    uint8_t answers[LEWD_ANSWERS]; /* remainders that have an answer, in no order */
    uint8_t answer_count;          /* length of `answers` */
} lewd_published;

/*
 * Makes the array of the figures, all 0 and without answers, and returns it; NULL if it can't be made. JavaScript's
 * constructors have no part in it, so a program can't get hold of its buffer.
 */
napi_value lewd_published_create(napi_env napi, lewd_published *published);

/* Deletes the reference to the array. `figures` is NULL from then on, and nothing may be published. */
void lewd_published_release(napi_env napi, lewd_published *published);

/* Writes all figures and removes all answers. Must be called after every change of the heap. O(answers). */
void lewd_published_update(lewd_published *published, const lewd_heap *heap);

/* Publishes that a request of `bytes` bytes, at least 1, fits at block `start`. O(1). */
void lewd_published_answer(lewd_published *published, uint32_t bytes, uint32_t start);

/* Returns the size of the largest free span, in blocks, and publishes it. O(log n). */
uint32_t lewd_published_largest(lewd_published *published, const lewd_heap *heap);

#endif
