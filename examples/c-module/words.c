/*
 * words.c: a word counter for WebAssembly, in C without a C library.
 *
 * It has all that an ordinary C program has: constants, static data that changes, a stack, and malloc. The first three
 * are in its memory below __heap_base, where the linker has put them. It imports the memory, and malloc and related
 * functions.
 *
 * build.js compiles it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
#define EXPORT(name) __attribute__((export_name(#name)))

IMPORT(malloc) void *malloc(size_t size);
IMPORT(calloc) void *calloc(size_t count, size_t size);
IMPORT(realloc) void *realloc(void *pointer, size_t size);
IMPORT(aligned_alloc) void *aligned_alloc(size_t alignment, size_t size);
IMPORT(free) void free(void *pointer);
IMPORT(malloc_usable_size) size_t malloc_usable_size(void *pointer);

/* ---- words ------------------------------------------------------------------------------------------------------ */

enum { LONGEST = 64, FIRST_BUCKETS = 16 };

typedef struct word {
    struct word *next;
    uint32_t hash;
    uint32_t count;
    uint32_t length;
    char text[];
} word;

/* Static data whose values change while the program runs. */
static struct {
    word **buckets;
    uint32_t bucket_count;
    uint32_t words;
    uint32_t total;
    char longest[LONGEST];
} table = {.longest = "(none)"};

/* FNV-1a, by Fowler, Noll and Vo. */
static uint32_t hash_of(const char *text, uint32_t length) {
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

/* Doubles the buckets: realloc leaves the first half of the array in place, or copies it. */
static bool grow_table(void) {
    const uint32_t old = table.bucket_count;
    const uint32_t count = old == 0 ? FIRST_BUCKETS : old * 2;
    word **const buckets = realloc(table.buckets, count * sizeof *buckets);
    if (buckets == NULL)
        return false;
    table.buckets = buckets;
    table.bucket_count = count;
    for (uint32_t i = old; i < count; i++)
        buckets[i] = NULL;
    for (uint32_t i = 0; i < old; i++)
        for (word **from = &buckets[i]; *from != NULL;) {
            word *const one = *from;
            word **const to = &buckets[one->hash & (count - 1)];
            if (to == &buckets[i]) {
                from = &one->next;
            } else {
                *from = one->next;
                one->next = *to;
                *to = one;
            }
        }
    return true;
}

static bool same(const char *one, const char *other, uint32_t length) {
    for (uint32_t i = 0; i < length; i++)
        if (one[i] != other[i])
            return false;
    return true;
}

static word *find(const char *text, uint32_t length) {
    if (table.bucket_count == 0)
        return NULL;
    const uint32_t hash = hash_of(text, length);
    word *one = table.buckets[hash & (table.bucket_count - 1)];
    while (one != NULL && !(one->hash == hash && one->length == length && same(one->text, text, length)))
        one = one->next;
    return one;
}

static bool count_word(const char *text, uint32_t length) {
    word *one = find(text, length);
    if (one == NULL) {
        if (table.words == table.bucket_count && !grow_table())
            return false;
        one = malloc(sizeof *one + length);
        if (one == NULL)
            return false;
        one->hash = hash_of(text, length);
        one->count = 0;
        one->length = length;
        for (uint32_t i = 0; i < length; i++)
            one->text[i] = text[i];
        word **const bucket = &table.buckets[one->hash & (table.bucket_count - 1)];
        one->next = *bucket;
        *bucket = one;
        table.words++;
    }
    one->count++;
    table.total++;
    return true;
}

/* Returns a letter in lower case; 0 if the character is no letter. */
static char letter(char sign) {
    if (sign >= 'A' && sign <= 'Z')
        return (char)(sign - 'A' + 'a');
    return sign >= 'a' && sign <= 'z' ? sign : 0;
}

/* Counts the words of a text: runs of letters, of which the first LONGEST count. Returns false if there is no
 * memory. */
EXPORT(count) bool count(const char *text, uint32_t length) {
    char buffer[LONGEST]; /* on the stack, which is in the memory as well */
    uint32_t filled = 0;
    for (uint32_t i = 0; i <= length; i++) {
        const char sign = i == length ? 0 : letter(text[i]);
        if (sign == 0) {
            if (filled > 0 && !count_word(buffer, filled))
                return false;
            filled = 0;
        } else if (filled < LONGEST) {
            buffer[filled++] = sign;
        }
    }
    return true;
}

/* Returns how often a word, in lower case, was counted. */
EXPORT(count_of) uint32_t count_of(const char *text, uint32_t length) {
    const word *const one = find(text, length);
    return one == NULL ? 0 : one->count;
}

EXPORT(words) uint32_t words(void) {
    return table.words;
}

EXPORT(total) uint32_t total(void) {
    return table.total;
}

/* Forgets all words and frees their memory. */
EXPORT(forget) void forget(void) {
    for (uint32_t i = 0; i < table.bucket_count; i++)
        for (word *one = table.buckets[i], *next; one != NULL; one = next) {
            next = one->next;
            free(one);
        }
    free(table.buckets);
    table.buckets = NULL;
    table.bucket_count = table.words = table.total = 0;
}

/* ---- storm ------------------------------------------------------------------------------------------------------ */

/* Allocates at random, and checks contents before they are freed. */

enum { SLOTS = 4096, LARGE = 1 << 20 };

typedef struct slot {
    unsigned char *bytes;
    uint32_t size;
    uint32_t salt;
} slot;

static slot slots[SLOTS];

/* xorshift32 (Marsaglia, "Xorshift RNGs", 2003). Its state is static data that is not 0 at first. */
static uint32_t state = 2463534242u;

static uint32_t below(uint32_t limit) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}

static unsigned char byte_of(uint32_t salt, uint32_t i) {
    return (unsigned char)((salt + i) * 2654435761u >> 24);
}

static void fill(slot *one) {
    one->salt = below(UINT32_MAX);
    for (uint32_t i = 0; i < one->size; i++)
        one->bytes[i] = byte_of(one->salt, i);
}

static bool right(const slot *one, uint32_t size) {
    for (uint32_t i = 0; i < size; i++)
        if (one->bytes[i] != byte_of(one->salt, i))
            return false;
    return true;
}

static uint32_t any_size(void) {
    return below(2000) == 0 ? 1 + below(LARGE) : 1 + below(below(8) == 0 ? 2000 : 200);
}

/* Allocates in one of three ways. Returns NULL if that fails, or if the result is wrong. */
static unsigned char *take(uint32_t size) {
    switch (below(8)) {
    case 0: {
        unsigned char *const zeros = calloc(1 + size / 8, 8);
        for (uint32_t i = 0; zeros != NULL && i < size; i++)
            if (zeros[i] != 0)
                return NULL;
        return zeros;
    }
    case 1: {
        const uint32_t alignment = 1u << below(13);
        unsigned char *const aligned = aligned_alloc(alignment, size);
        return (uintptr_t)aligned % alignment == 0 ? aligned : NULL;
    }
    default:
        return malloc(size);
    }
}

/* Makes `count` allocations; frees or resizes as many. Returns how many were right: fewer than `count` if it has
 * stopped. */
EXPORT(storm) uint32_t storm(uint32_t count) {
    for (uint32_t made = 0; made < count; made++) {
        slot *const one = &slots[below(SLOTS)];
        const uint32_t size = any_size();
        if (one->bytes != NULL && !right(one, one->size))
            return made;
        if (one->bytes != NULL && below(4) == 0) {
            unsigned char *const moved = realloc(one->bytes, size);
            if (moved == NULL)
                return made;
            one->bytes = moved;
            if (!right(one, size < one->size ? size : one->size))
                return made;
        } else {
            free(one->bytes);
            one->bytes = take(size);
        }
        if (one->bytes == NULL || malloc_usable_size(one->bytes) < size)
            return made;
        one->size = size;
        fill(one);
    }
    return count;
}

/* Checks and frees the rest of the allocations of storm(). Returns how many were wrong. */
EXPORT(calm) uint32_t calm(void) {
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < SLOTS; i++)
        if (slots[i].bytes != NULL) {
            wrong += !right(&slots[i], slots[i].size);
            free(slots[i].bytes);
            slots[i] = (slot){0};
        }
    return wrong;
}

/* Grows the memory from inside, which the allocator notices. Returns the number of pages before, or -1. */
EXPORT(grow) int32_t grow(uint32_t pages) {
    return (int32_t)__builtin_wasm_memory_grow(0, pages);
}

/* Copies the longest word that was counted to static data, and returns its address. */
EXPORT(longest) const char *longest(void) {
    const word *most = NULL;
    for (uint32_t i = 0; i < table.bucket_count; i++)
        for (const word *one = table.buckets[i]; one != NULL; one = one->next)
            if (most == NULL || one->length > most->length)
                most = one;
    for (uint32_t i = 0; most != NULL && i < LONGEST; i++)
        table.longest[i] = i < most->length ? most->text[i] : 0;
    return table.longest;
}
