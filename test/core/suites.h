/*
 * suites.h: the suites that main.c runs.
 */
#ifndef SUITES_H
#define SUITES_H

void suite_create(void);
void suite_alloc(void);
void suite_aligned(void);
void suite_reserve(void);
void suite_resize(void);
void suite_directory(void);
void suite_merge(void);
void suite_free_all(void);
void suite_limit(void);
void suite_invalid(void);
void suite_index(void);
void suite_law(void);
void suite_metadata(void);
void suite_checker(void);
void suite_checker_index(void);

#endif
