/*
 * tokens.h: weak and strong pointers.
 *
 * The owner of a weak pointer's span is the number of a slot: see slots.h. The owner of a strong pointer's span is 0.
 * sweep.c finds dead tokens. Sizes are in blocks. The caller has to publish the figures after a change.
 */
#ifndef LEWD_TOKENS_H
#define LEWD_TOKENS_H

#include "arena.h"

/*
 * Makes `span`, of `size` blocks, a weak pointer: it is freed once `token` is collected. Lets go of an earlier token.
 * Returns false, and changes nothing, if the reference can't be made: there is no memory, the environment is ending, or
 * `token` can't be held weakly. An exception may be pending then. Amortised O(1).
 */
bool lewd_token_attach(lewd_arena *arena, lewd_span span, uint32_t size, napi_value token);

/* Makes `span` a strong pointer, if it is a weak one. O(1). */
void lewd_token_detach(lewd_arena *arena, lewd_span span);

/* Gives the token of `from` to `to`, a strong pointer, and frees `from`. O(log n). */
void lewd_token_move(lewd_arena *arena, lewd_span from, lewd_span to);

/*
 * Writes the token of a weak pointer to `*token`; NULL for a strong pointer, and if the token was collected. Returns
 * false if the token can't be read. A handle scope must be open.
 */
bool lewd_token_read(const lewd_arena *arena, lewd_span span, napi_value *token);

/* Changes a span's size in place: see lewd_heap_resize(). */
lewd_status lewd_token_resize(lewd_arena *arena, lewd_span span, uint32_t size);

/* Frees a span, weak or strong. O(log n). */
void lewd_token_free(lewd_arena *arena, lewd_span span);

/*
 * Frees a weak pointer if its token was collected, as the next sweep would. Returns whether it did. A handle scope must
 * be open.
 */
bool lewd_token_free_if_dead(lewd_arena *arena, lewd_span span);

/* Frees weak pointers whose slots are dead. See lewd_heap_free_all(). */
void lewd_token_free_dead(lewd_arena *arena, const lewd_span *spans, uint32_t count);

/* Deletes all references to tokens. Frees no span, and no span may be freed afterwards. O(slots). */
void lewd_token_delete_all(lewd_arena *arena);

#endif
