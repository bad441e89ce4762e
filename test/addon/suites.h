/*
 * suites.h: the suites that main.c runs.
 */
#ifndef SUITES_H
#define SUITES_H

void suite_list(void);
void suite_radix(void);
void suite_slots(void);
void suite_young(void);
void suite_gc_budget(void);
void suite_bounds(void);
void suite_support(void);

#endif
