/*
 * collections.c: tells whether V8 has collected since the last look, and what it may have taken.
 *
 * Node-API does not say. Objects that nothing holds do, by their deaths; each has a weak reference, which answers NULL
 * then:
 *
 *     canary     an object. It dies in every collection. It alone has a finalizer, for the process that is idle.
 *     elder      a symbol. V8 makes symbols in its old generation, so this one dies in major collections only.
 *     veteran    an object, made with the elder, held through two collections, and weak from then on. It is made in the
 *                young generation, is in the old one by then, and dies in major collections only.
 *
 * One of the latter two is not enough. V8 marks in small steps beside the program, and what it makes in its old
 * generation meanwhile is made marked. An elder that is made during a marking survives the major collection that ends
 * it, however many minor ones come before, and that collection looks like one of them. A veteran is made unmarked,
 * marking or not, and V8 leaves it so when it moves it to the old generation. But it tells nothing as long as it is
 * held. So:
 *
 *     the next major collection            is told by
 *     its marking begins after the elder   the elder, at once
 *     it comes while the veteran is held   a doubt: the second collection counts as one that took old tokens, too
 *     it comes later                       the veteran, at once
 *
 * What a major collection took is therefore found at once, or after one more collection of any kind. (Node.js 18 looks
 * at what is held once more, shortly before a marking ends. Should both collections that the veteran is held through
 * fall between that and the end, and the elder be marked, the next major collection is waited for.) What it costs is
 * one more look at all tokens after each major collection, which visits all of them anyway.
 */
#include "glue.h"

#include <assert.h>

#define HELD 2u /* collections after which V8 has moved to its old generation what it still keeps */

static bool is_dead(const lewd_env *env, napi_ref ref) {
    return ref == NULL || lewd_reference_is_spent(env->napi, ref);
}

/* In a turn of the event loop after a collection that no allocation noticed. */
static void canary_died(napi_env napi, void *data, void *hint) {
    lewd_env *const env = data;
    (void)napi;
    (void)hint;
    if (!env->closing)
        lewd_env_look(env);
}

/* Without a canary everything counts as if a collection had just run: slower, but right. */
static void make_canary(lewd_env *env) {
    napi_value bird;
    if (napi_create_object(env->napi, &bird) != napi_ok)
        return;
    if (napi_add_finalizer(env->napi, bird, env, canary_died, NULL, &env->canary) == napi_ok)
        lewd_env_hold(env);
    else
        env->canary = NULL;
}

/* And its finalizer with it. The environment stays: there is a canary only while the instance data holds it, too. */
static void drop_canary(lewd_env *env, napi_ref canary) {
    if (canary == NULL)
        return;
    napi_delete_reference(env->napi, canary);
    assert(env->holders > 1);
    env->holders--;
}

static void renew_canary(lewd_env *env) {
    const napi_ref dead = env->canary;
    env->canary = NULL;
    make_canary(env);
    drop_canary(env, dead);
}

static void drop_elders(lewd_env *env) {
    lewd_reference_drop(env->napi, &env->elder);
    lewd_reference_drop(env->napi, &env->veteran);
}

/* Without one of them every collection counts as a major one. */
static void renew_elders(lewd_env *env) {
    napi_value symbol;
    napi_value object;
    drop_elders(env);
    env->outlived = 0;
    if (napi_create_symbol(env->napi, NULL, &symbol) != napi_ok ||
        napi_create_reference(env->napi, symbol, 0, &env->elder) != napi_ok)
        env->elder = NULL;
    if (napi_create_object(env->napi, &object) != napi_ok ||
        napi_create_reference(env->napi, object, 1, &env->veteran) != napi_ok)
        env->veteran = NULL;
}

static lewd_news major(lewd_env *env) {
    renew_elders(env);
    env->nudged = false;
    return LEWD_MAJOR;
}

static lewd_news observe(lewd_env *env, bool forced) {
    uint32_t holders;
    if (!forced && !is_dead(env, env->canary))
        return LEWD_NO_NEWS;
    renew_canary(env);
    if (forced || is_dead(env, env->elder) || is_dead(env, env->veteran))
        return major(env);
    if (env->outlived == HELD || ++env->outlived < HELD)
        return LEWD_MINOR;
    if (napi_reference_unref(env->napi, env->veteran, &holders) != napi_ok)
        return major(env);
    return LEWD_DOUBTFUL;
}

/* In a scope of its own: a handle would keep the objects made here until the caller returns to JavaScript. */
lewd_news lewd_observe(lewd_env *env, bool forced) {
    napi_handle_scope scope;
    if (napi_open_handle_scope(env->napi, &scope) != napi_ok)
        return forced ? LEWD_MAJOR : LEWD_NO_NEWS;
    const lewd_news news = observe(env, forced);
    napi_close_handle_scope(env->napi, scope);
    return news;
}

void lewd_canary_drop(lewd_env *env) {
    drop_elders(env);
    drop_canary(env, env->canary);
    env->canary = NULL;
}
