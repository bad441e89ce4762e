#include "hook.h"

#include "../../src/core/heap.h"
#include "harness.h"

meter hook_meter;

void *lewd_realloc(void *context, void *block, size_t old_size, size_t new_size) {
    CHECK(context == NULL);
    return meter_resize(&hook_meter, block, old_size, new_size);
}

void hook_open(void) {
    hook_meter = (meter){0};
}

void hook_close(void) {
    CHECK_SAME(hook_meter.outstanding, 0);
}

void hook_refuse_next(void) {
    hook_meter.refused = false;
    hook_meter.refuse = hook_meter.requests + 1;
}

bool hook_was_refused(void) {
    hook_meter.refuse = 0;
    return hook_meter.refused;
}
