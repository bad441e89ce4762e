/*
 * tokens.h: weak and strong pointers.
 *
 * A weak pointer's span has the number of a slot as its owner: see slots.h. A strong pointer's span has none. When a token
 * is found dead is the matter of sweep.c. Sizes are in blocks. The figures have to be published after a change.
 */
#ifndef LEWD_TOKENS_H
#define LEWD_TOKENS_H

#include "arena.h"

/*
 * Makes `span`, of `size` blocks, a weak pointer: it is freed once `token` is collected. An earlier token is let go of.
 * Returns false, an exception pending or not, if the reference can't be made (the environment is ending, or `token` can't be
 * held weakly), and nothing has changed. Amortised O(1).
 */
bool lewd_token_attach(lewd_arena *arena, lewd_span span, uint32_t size, napi_value token);

/* Makes `span` a strong pointer, if it is a weak one. O(1). */
void lewd_token_detach(lewd_arena *arena, lewd_span span);

/* Gives the token of `from` to `to`, a strong pointer, and frees `from`. O(log n). */
void lewd_token_move(lewd_arena *arena, lewd_span from, lewd_span to);

/*
 * Reads the token of a weak pointer; NULL for a strong one, and for a token that was collected. Returns false if it can't be
 * read. A handle scope must be open.
 */
bool lewd_token_read(const lewd_arena *arena, lewd_span span, napi_value *token);

/* Changes a span's size where it is: see lewd_heap_resize(). */
lewd_status lewd_token_resize(lewd_arena *arena, lewd_span span, uint32_t size);

/* Frees a span, weak or strong. O(log n). */
void lewd_token_free(lewd_arena *arena, lewd_span span);

/* Frees a weak pointer if its token was collected, as the next sweep would. Returns whether. A handle scope must be open. */
bool lewd_token_free_if_dead(lewd_arena *arena, lewd_span span);

/* Frees weak pointers whose slots are dead. See lewd_heap_free_all(). */
void lewd_token_free_dead(lewd_arena *arena, const lewd_span *spans, uint32_t count);

/* Deletes all references to tokens. No span is freed, and none may be freed after it. O(slots). */
void lewd_token_delete_all(lewd_arena *arena);

#endif
