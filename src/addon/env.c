#include "env.h"

#include "../core/heap.h"

#include <assert.h>

lewd_env *lewd_env_create(napi_env napi, napi_finalize on_gc) {
    lewd_env *const env = lewd_realloc(NULL, NULL, 0, sizeof *env);
    if (env == NULL)
        return NULL;
    *env = (lewd_env){.napi = napi, .holders = 1, .probes = {.finalizer = on_gc, .data = env}};
    return env;
}

void lewd_env_hold(lewd_env *env) {
    env->holders++;
}

void lewd_env_release(lewd_env *env) {
    assert(env->holders > 0);
    if (--env->holders == 0)
        lewd_realloc(NULL, env, sizeof *env, 0);
}

void lewd_env_report(lewd_env *env) {
    int64_t total;
    const int64_t unreported = lewd_external_unreported(&env->external);
    if (unreported == 0)
        return;
    env->external.reported += unreported;
    napi_adjust_external_memory(env->napi, unreported, &total);
}
