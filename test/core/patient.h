/*
 * patient.h: heaps that are damaged and restored, for the tests of the checker.
 */
#ifndef PATIENT_H
#define PATIENT_H

#include "../../src/core/record.h"
#include "harness.h"
#include "meter.h"

enum { LIMIT = 100000 };

typedef struct patient {
    meter meter;
    lewd_heap *heap;
    lewd_heap body;
    lewd_record *records;
    uint32_t *directory;
} patient;

/*
 * Free spans: eight of 3 blocks in a pile, eight from 4,104 blocks up in a tree, and some at the end; used ones between
 * them and one reserved before the limit; four vacant records; a directory. The first span is used.
 */
void admit(patient *of);

/* Makes a heap of some dozens of spans; half of the heaps have a directory. */
void admit_random(patient *of, dice *from);

/* Save the state to return to, which must be sound; return to it; return to it finally and free the copy. */
void remember(patient *of);
void heal(patient *of);
void discharge(patient *of);

lewd_span get(patient *of, uint32_t size);

/* Targets of damage: the sentinel, the first span's number, the second span, the reserved one of admit(). */
lewd_record *sentinel(lewd_heap *heap);
uint32_t first(lewd_heap *heap);
lewd_record *second(lewd_heap *heap);
lewd_record *reserved_one(lewd_heap *heap);

typedef struct fault {
    void (*plant)(lewd_heap *heap);
    const char *report; /* NULL: any report */
} fault;

/* Plants each fault alone in a heap of admit(), and checks that it is reported. */
void expect_reports(const fault *faults, size_t count);

#endif
