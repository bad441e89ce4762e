/*
 * meter.c: see meter.h. Always moves a block and overwrites its old bytes, so that a pointer kept across a request is
 * noticed.
 */
#include "meter.h"

#include "harness.h"

#include <stdlib.h>
#include <string.h>

static bool refuses(meter *of) {
    of->requests++;
    if (of->refuse == 0 || of->requests < of->refuse || (of->requests > of->refuse && !of->lasting))
        return false;
    of->refused = true;
    return true;
}

/* Returns the entry of `memory`; for NULL, a vacant entry. */
static size_t note_of(const meter *of, const void *memory) {
    size_t note = 0;
    while (note < METER_BLOCKS && of->block[note].memory != memory)
        note++;
    CHECK(note < METER_BLOCKS);
    return note;
}

void *meter_resize(void *context, void *memory, size_t old_size, size_t new_size) {
    meter *const of = context;
    const size_t note = note_of(of, memory);
    CHECK_SAME(old_size, memory == NULL ? 0 : of->block[note].size);
    if (new_size != 0 && refuses(of))
        return NULL;

    void *moved = NULL;
    if (new_size != 0) {
        moved = malloc(new_size);
        CHECK(moved != NULL);
        memset(moved, 0xa5, new_size);
        if (memory != NULL)
            memcpy(moved, memory, old_size < new_size ? old_size : new_size);
    }
    if (memory != NULL)
        memset(memory, 0xdd, old_size);
    free(memory);
    of->block[note].memory = moved;
    of->block[note].size = new_size;
    of->outstanding += new_size - old_size;
    return moved;
}
