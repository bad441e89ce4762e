/*
 * hook.h: the metadata of the parts under test. Defines lewd_realloc() instead of the core: it counts bytes, moves each
 * resized block, and refuses the requests that a test chooses (see meter.h).
 */
#ifndef HOOK_H
#define HOOK_H

#include "meter.h"

/* The meter of all requests since hook_open(). */
extern meter hook_meter;

/* Begins a test. */
void hook_open(void);

/* Ends a test: checks that all bytes were freed. */
void hook_close(void);

/* Makes the next request fail, and those after it succeed. */
void hook_refuse_next(void);

/* Makes requests succeed again. Returns whether one was refused since hook_refuse_next(). */
bool hook_was_refused(void);

#endif
