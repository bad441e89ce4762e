#include "arena.h"

void lewd_arena_enter(lewd_arena *arena, lewd_arenas list) {
    lewd_arena_link *const link = &arena->links[list];
    lewd_arena **const first = &arena->env->first[list];
    if (link->is_in)
        return;
    *link = (lewd_arena_link){.next = *first, .is_in = true};
    if (*first != NULL)
        (*first)->links[list].prev = arena;
    *first = arena;
}

void lewd_arena_leave(lewd_arena *arena, lewd_arenas list) {
    const lewd_arena_link link = arena->links[list];
    if (!link.is_in)
        return;
    arena->links[list] = (lewd_arena_link){0};
    if (link.prev != NULL)
        link.prev->links[list].next = link.next;
    else
        arena->env->first[list] = link.next;
    if (link.next != NULL)
        link.next->links[list].prev = link.prev;
}

void lewd_arena_publish(lewd_arena *arena) {
    lewd_published_update(&arena->published, arena->heap);
}
