/*
 * hook.h: the metadata of the parts under test. lewd_realloc() is defined here instead of in the core: it counts bytes,
 * moves what is resized, and refuses the requests that a test names (see meter.h).
 */
#ifndef HOOK_H
#define HOOK_H

#include "meter.h"

/* The meter of all requests since hook_open(). */
extern meter hook_meter;

/* Begins a test. */
void hook_open(void);

/* Ends a test: checks that all bytes were given back. */
void hook_close(void);

/* Has the next request fail, and those after it succeed. */
void hook_refuse_next(void);

/* Has requests succeed again. Returns whether one was refused since hook_refuse_next(). */
bool hook_was_refused(void);

#endif
