/*
 * meter.h: the memory of a heap under test. Counts every byte, compares the heap's record of its blocks with the
 * requested ones, moves a block at each resize, and refuses the requests that a test chooses.
 */
#ifndef METER_H
#define METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { METER_BLOCKS = 4 };

typedef struct meter {
    uint64_t requests; /* for memory; frees are not counted */
    uint64_t refuse;   /* the number of the request that fails, from 1; 0 refuses none */
    bool lasting;      /* all later ones fail too */
    bool refused;      /* true once a request has failed; the reader resets it */
    size_t outstanding;
    struct {
        void *memory;
        size_t size;
    } block[METER_BLOCKS];
} meter;

/* Implements lewd_resize; `context` is the meter. */
void *meter_resize(void *context, void *memory, size_t old_size, size_t new_size);

#endif
