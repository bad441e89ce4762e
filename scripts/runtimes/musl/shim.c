/*
 * shim.c: the functions that the GNU C++ library takes from glibc and musl lacks.
 *
 * Bun for musl needs a libstdc++. If only that of a glibc system is available, musl's loader runs Bun with it once this
 * is preloaded. The addon's binary takes nothing from here: the test is whether it works with musl.
 */
#define _GNU_SOURCE
#include <link.h>
#include <locale.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded = 0;

/* Answers queries of the compiler's own library about the processor: no special features. */
unsigned __cpu_model[4];
unsigned __cpu_features2[4];

int __cpu_indicator_init(void) {
    return 0;
}

uint32_t arc4random(void) {
    uint32_t value = 0;
    while (getrandom(&value, sizeof value, 0) != sizeof value)
        continue;
    return value;
}

size_t __strftime_l(char *out, size_t size, const char *format, const struct tm *time, locale_t locale) {
    return strftime_l(out, size, format, time, locale);
}

/* Does not run destructors of thread-local C++ objects when their thread ends. */
int __cxa_thread_atexit_impl(void (*destroy)(void *), void *object, void *library) {
    (void)destroy;
    (void)object;
    (void)library;
    return 0;
}

/* Finds the exception tables for an address in code. */
struct dl_find_object {
    unsigned long long flags;
    void *start;
    void *end;
    void *map;
    void *tables;
    unsigned long long reserved[7];
};

struct search {
    uintptr_t place;
    struct dl_find_object *found;
};

static int look(struct dl_phdr_info *object, size_t size, void *data) {
    struct search *const search = data;
    void *tables = NULL;
    int holds = 0;
    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *const part = &object->dlpi_phdr[i];
        const uintptr_t start = object->dlpi_addr + part->p_vaddr;
        if (part->p_type == PT_LOAD && search->place - start < part->p_memsz) {
            search->found->start = (void *)start;
            search->found->end = (void *)(start + part->p_memsz);
            holds = 1;
        }
        if (part->p_type == PT_GNU_EH_FRAME)
            tables = (void *)start;
    }
    search->found->tables = tables;
    return holds && tables != NULL;
}

int _dl_find_object(void *place, struct dl_find_object *found) {
    struct search search = {(uintptr_t)place, found};
    *found = (struct dl_find_object){0};
    return dl_iterate_phdr(look, &search) == 1 ? 0 : -1;
}
