/*
 * meter.h: the memory that a heap under test gets. Counts every byte, compares what the heap believes about its blocks
 * with what it got, moves a block at each resize, and refuses the requests that a test names.
 */
#ifndef METER_H
#define METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { METER_BLOCKS = 4 };

typedef struct meter {
    uint64_t requests; /* for memory; giving back is none */
    uint64_t refuse;   /* the number of the request that fails, from 1; 0: none */
    bool lasting;      /* all later ones fail too */
    bool refused;      /* one failed; the reader resets it */
    size_t outstanding;
    struct {
        void *memory;
        size_t size;
    } block[METER_BLOCKS];
} meter;

/* A lewd_resize; `context` is the meter. */
void *meter_resize(void *context, void *memory, size_t old_size, size_t new_size);

#endif
