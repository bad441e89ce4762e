/*
 * gc.c: the probes that notice collections, and the calls that make V8 collect.
 *
 * Node-API does not report collections. Objects to which nothing refers show them, by dying. Each of these probes has a
 * weak reference, which reads as NULL when the probe is dead:
 *
 *     gc probe               an object. It dies in every collection. It alone has a finalizer, for an idle process.
 *     major probe, symbol    V8 makes symbols in its old generation, so this one dies in major collections only.
 *     major probe, object    made with the symbol, held through two collections, and weak from then on. It is made in
 *                            the young generation, is in the old one by then, and dies in major collections only.
 *
 * One major probe is not enough. V8 marks in small steps beside the program, and any object that it makes in its old
 * generation meanwhile is marked from the start. So a symbol that is made during a marking survives the major
 * collection that ends the marking, even if minor collections come before, and that collection looks like a minor one.
 * The object is made unmarked, marking or not, and V8 leaves it unmarked when it moves it to the old generation. But it
 * shows nothing as long as it is held. Therefore:
 *
 *     the next major collection             is noticed by
 *     its marking begins after the symbol   the symbol, at once
 *     it comes while the object is held     a doubt: the second collection counts as one that took old tokens, too
 *     it comes later                        the object, at once
 *
 * So a major collection is noticed at once, or after one more collection of any kind. (In Node.js 18 there is an
 * exception. It visits held objects once more, shortly before a marking ends. If both collections through which the
 * object is held fall between that visit and the end, and the symbol is marked, the major collection is noticed only
 * with the next one.) The cost is one more look at all tokens after each major collection, which visits all of them
 * anyway.
 */
#include "gc.h"

#include "reference.h"

#define LEWD_HELD_GCS 2u /* collections after which V8 has moved a held object to its old generation */

/* Bytes that are reported as external memory, and then taken back, to make V8 collect at once, or begin to mark. */
#define LEWD_FULL_GC_HINT ((int64_t)1 << 50)
#define LEWD_MARKING_HINT ((int64_t)65 << 20)

static bool is_dead(napi_env napi, napi_ref ref) {
    return ref == NULL || lewd_reference_is_dead(napi, ref);
}

/* Replaces the gc probe. If that fails, each look finds a minor collection: slower, but correct. */
static void renew_probe(napi_env napi, lewd_gc_probes *probes) {
    napi_value object;
    napi_ref renewed = NULL;
    if (napi_create_object(napi, &object) != napi_ok ||
        napi_add_finalizer(napi, object, probes->data, probes->finalizer, NULL, &renewed) != napi_ok)
        renewed = NULL;
    lewd_reference_delete(napi, &probes->any);
    probes->any = renewed;
}

/* Replaces both major probes. If one can't be made, every collection counts as a major one. */
static void renew_major_probes(napi_env napi, lewd_gc_probes *probes) {
    napi_value symbol;
    napi_value object;
    lewd_reference_delete(napi, &probes->major_symbol);
    lewd_reference_delete(napi, &probes->major_object);
    probes->survived = 0;
    if (napi_create_symbol(napi, NULL, &symbol) != napi_ok ||
        napi_create_reference(napi, symbol, 0, &probes->major_symbol) != napi_ok)
        probes->major_symbol = NULL;
    if (napi_create_object(napi, &object) != napi_ok ||
        napi_create_reference(napi, object, 1, &probes->major_object) != napi_ok)
        probes->major_object = NULL;
}

static lewd_gc_kind major_gc(napi_env napi, lewd_gc_probes *probes) {
    renew_major_probes(napi, probes);
    probes->hinted = false;
    return LEWD_GC_MAJOR;
}

static lewd_gc_kind notice(napi_env napi, lewd_gc_probes *probes, bool forced) {
    uint32_t references;
    if (!forced && !is_dead(napi, probes->any))
        return LEWD_GC_NONE;
    renew_probe(napi, probes);
    if (forced || is_dead(napi, probes->major_symbol) || is_dead(napi, probes->major_object))
        return major_gc(napi, probes);
    if (probes->survived == LEWD_HELD_GCS || ++probes->survived < LEWD_HELD_GCS)
        return LEWD_GC_MINOR;
    if (napi_reference_unref(napi, probes->major_object, &references) != napi_ok)
        return major_gc(napi, probes);
    return LEWD_GC_DOUBTFUL;
}

/*
 * Opens a handle scope of its own: otherwise a handle would keep the new probes alive until the caller returns to
 * JavaScript.
 */
lewd_gc_kind lewd_gc_notice(napi_env napi, lewd_gc_probes *probes, bool forced) {
    napi_handle_scope scope;
    if (napi_open_handle_scope(napi, &scope) != napi_ok)
        return forced ? LEWD_GC_MAJOR : LEWD_GC_NONE;
    const lewd_gc_kind kind = notice(napi, probes, forced);
    napi_close_handle_scope(napi, scope);
    return kind;
}

void lewd_gc_delete_probes(napi_env napi, lewd_gc_probes *probes) {
    lewd_reference_delete(napi, &probes->any);
    lewd_reference_delete(napi, &probes->major_symbol);
    lewd_reference_delete(napi, &probes->major_object);
}

void lewd_gc_force(napi_env napi) {
    int64_t total;
    napi_adjust_external_memory(napi, LEWD_FULL_GC_HINT, &total);
    napi_adjust_external_memory(napi, -LEWD_FULL_GC_HINT, &total);
}

void lewd_gc_hint_marking(napi_env napi, lewd_gc_probes *probes) {
    int64_t total;
    if (probes->hinted)
        return;
    probes->hinted = true;
    napi_adjust_external_memory(napi, LEWD_MARKING_HINT, &total);
    napi_adjust_external_memory(napi, -LEWD_MARKING_HINT, &total);
}
