/*
 * loader.c: loads a bundle as macOS's dynamic linker does, as far as the project's own ones need it: segments, rebases,
 * binds (those at the first call, too) and exports. It refuses everything unknown, and no instruction of the file can
 * write outside the image.
 */
#define _GNU_SOURCE
#include "loader.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format.h"

#define MOST_SEGMENTS 16u

#if defined(__aarch64__)
#define CPU MACHO_CPU_ARM64
#else
#define CPU MACHO_CPU_X86_64
#endif

struct macho_image {
    macho_image *next;
    dev_t device;
    ino_t inode;
    uint8_t *file; /* mapped, read-only */
    size_t file_size;
    uint8_t *base; /* address 0 of the image */
    uint64_t size;
    const macho_segment *segments[MOST_SEGMENTS];
    uint32_t segment_count;
    const macho_dyld_info *dyld;
    char *error;
    size_t error_size;
};

/* Sets the reason why it can't be loaded. Returns false. */
static bool refuse(macho_image *image, const char *format, ...) {
    va_list values;
    va_start(values, format);
    (void)vsnprintf(image->error, image->error_size, format, values);
    va_end(values);
    return false;
}

/* Reads instructions and numbers; reads zeros beyond the end. */
typedef struct {
    const uint8_t *at, *end;
} cursor;

static cursor cursor_of(const macho_image *image, uint32_t offset, uint32_t size) {
    bool inside = (uint64_t)offset + size <= image->file_size;
    const uint8_t *at = image->file + (inside ? offset : 0);
    return (cursor){at, at + (inside ? size : 0)};
}

static uint8_t next_byte(cursor *c) {
    return c->at < c->end ? *c->at++ : 0;
}

/* Reads a number of seven bits a byte, the lowest first. */
static uint64_t next_uleb(cursor *c) {
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = next_byte(c);
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    return number;
}

static const char *next_string(cursor *c) {
    const char *text = (const char *)c->at;
    const uint8_t *zero = memchr(c->at, 0, (size_t)(c->end - c->at));
    c->at = zero == NULL ? c->end : zero + 1;
    return zero == NULL ? "" : text;
}

/* Returns the pointer at an address of the image; NULL if it is outside. */
static uint64_t *slot(const macho_image *image, uint64_t address) {
    if (address % sizeof(uint64_t) != 0 || address > image->size || image->size - address < sizeof(uint64_t))
        return NULL;
    return (uint64_t *)(void *)(image->base + address);
}

static uint64_t place(const macho_image *image, uint8_t segment, cursor *c) {
    uint64_t offset = next_uleb(c);
    return segment < image->segment_count ? image->segments[segment]->address + offset : UINT64_MAX;
}

/* Adds the image's address to `times` pointers, and advances past each and `skip` bytes. */
static bool rebase_slots(macho_image *image, uint64_t *address, uint64_t times, uint64_t skip) {
    for (; times > 0; times--, *address += sizeof(uint64_t) + skip) {
        uint64_t *pointer = slot(image, *address);
        if (pointer == NULL)
            return refuse(image, "a rebase is outside the image");
        *pointer += (uint64_t)(uintptr_t)image->base;
    }
    return true;
}

/* Runs one instruction; `address` is that of the next rebase. */
static bool rebase_step(macho_image *image, uint8_t byte, cursor *c, uint64_t *address) {
    uint8_t operand = byte & 0xf;
    uint64_t times;
    switch (byte & 0xf0) {
    case REBASE_SET_TYPE:
        return operand == 1 || refuse(image, "a rebase is of kind %u", operand);
    case REBASE_SET_PLACE:
        *address = place(image, operand, c);
        return true;
    case REBASE_ADD:
        *address += next_uleb(c);
        return true;
    case REBASE_ADD_SCALED:
        *address += operand * sizeof(uint64_t);
        return true;
    case REBASE_TIMES:
        return rebase_slots(image, address, operand, 0);
    case REBASE_ULEB_TIMES:
        return rebase_slots(image, address, next_uleb(c), 0);
    case REBASE_ONE_ADD:
        return rebase_slots(image, address, 1, next_uleb(c));
    case REBASE_TIMES_SKIPPING:
        times = next_uleb(c);
        return rebase_slots(image, address, times, next_uleb(c));
    default:
        return refuse(image, "a rebase has the instruction %#x", byte);
    }
}

static bool rebase(macho_image *image) {
    cursor c = cursor_of(image, image->dyld->rebase.offset, image->dyld->rebase.size);
    uint64_t address = UINT64_MAX;
    while (c.at < c.end) {
        uint8_t byte = next_byte(&c);
        if ((byte & 0xf0) == REBASE_DONE)
            return true;
        if (!rebase_step(image, byte, &c, &address))
            return false;
    }
    return true;
}

/* Writes the symbol's address to `times` pointers, and advances past each and `skip` bytes. */
static bool bind_slots(macho_image *image, const char *name, uint64_t *address, uint64_t times, uint64_t skip) {
    void *symbol = macho_symbol(name);
    if (symbol == NULL)
        return refuse(image, "it takes %s, which the loader does not have", name);
    for (; times > 0; times--, *address += sizeof(uint64_t) + skip) {
        uint64_t *pointer = slot(image, *address);
        if (pointer == NULL)
            return refuse(image, "a bind is outside the image");
        *pointer = (uint64_t)(uintptr_t)symbol;
    }
    return true;
}

/* Runs one instruction; `name` is bound at `address` next. Searches all libraries, whichever is named. */
static bool bind_step(macho_image *image, uint8_t byte, cursor *c, const char **name, uint64_t *address) {
    uint8_t operand = byte & 0xf;
    uint64_t times;
    switch (byte & 0xf0) {
    case BIND_SET_ORDINAL:
    case BIND_SET_SPECIAL_ORDINAL:
        return true;
    case BIND_SET_ORDINAL_ULEB:
        (void)next_uleb(c);
        return true;
    case BIND_SET_SYMBOL:
        *name = next_string(c);
        return true;
    case BIND_SET_TYPE:
        return operand == 1 || refuse(image, "a bind is of kind %u", operand);
    case BIND_SET_PLACE:
        *address = place(image, operand, c);
        return true;
    case BIND_ADD:
        *address += next_uleb(c);
        return true;
    case BIND_ONE:
        return bind_slots(image, *name, address, 1, 0);
    case BIND_ONE_ADD:
        return bind_slots(image, *name, address, 1, next_uleb(c));
    case BIND_ONE_ADD_SCALED:
        return bind_slots(image, *name, address, 1, operand * sizeof(uint64_t));
    case BIND_TIMES_SKIPPING:
        times = next_uleb(c);
        return bind_slots(image, *name, address, times, next_uleb(c));
    default:
        return refuse(image, "a bind has the instruction %#x", byte);
    }
}

/* Runs a program that binds. One for first calls ends after every symbol: `lazy` continues. */
static bool bind(macho_image *image, uint32_t offset, uint32_t size, bool lazy) {
    cursor c = cursor_of(image, offset, size);
    uint64_t address = UINT64_MAX;
    const char *name = "";
    while (c.at < c.end) {
        uint8_t byte = next_byte(&c);
        bool done = (byte & 0xf0) == BIND_DONE;
        if (done && !lazy)
            return true;
        if (!done && !bind_step(image, byte, &c, &name, &address))
            return false;
    }
    return true;
}

/* Refuses sections that would have to be run, or be made for each thread. */
static bool check_sections(macho_image *image, const macho_segment *segment) {
    const macho_section *section = (const void *)(segment + 1);
    if (sizeof *segment + (uint64_t)segment->sections * sizeof *section > segment->command.size)
        return refuse(image, "a segment is cut short");
    for (uint32_t i = 0; i < segment->sections; i++) {
        uint32_t kind = section[i].flags & 0xff;
        if (kind == MACHO_INITIALIZERS || kind == MACHO_TERMINATORS || kind >= MACHO_FIRST_THREAD_LOCAL)
            return refuse(image, "it has a section of kind %#x", kind);
    }
    return true;
}

static bool add_segment(macho_image *image, const macho_segment *segment) {
    if (image->segment_count == MOST_SEGMENTS)
        return refuse(image, "it has too many segments");
    if (segment->file_offset > image->file_size || segment->file_size > image->file_size - segment->file_offset)
        return refuse(image, "a segment is outside the file");
    if (segment->address != image->size || segment->file_size > segment->size || segment->size > 1u << 30)
        return refuse(image, "segments are not one after the other");
    image->segments[image->segment_count++] = segment;
    image->size += segment->size;
    return check_sections(image, segment);
}

static bool read_command(macho_image *image, const macho_command *command) {
    if (command->kind == MACHO_SEGMENT && command->size >= sizeof(macho_segment))
        return add_segment(image, (const void *)command);
    if ((command->kind & ~(uint32_t)MACHO_REQUIRED) == MACHO_DYLD_INFO && command->size >= sizeof(macho_dyld_info))
        image->dyld = (const void *)command;
    else if (command->kind & (uint32_t)MACHO_REQUIRED)
        return refuse(image, "it has the load command %#x", command->kind);
    return true;
}

static bool read_commands(macho_image *image) {
    const macho_header *header = (const void *)image->file;
    if (image->file_size < sizeof *header || header->magic != (uint32_t)MACHO_MAGIC)
        return refuse(image, "it is no Mach-O file of 64 bits");
    if (header->file_type != MACHO_BUNDLE || header->cpu != CPU)
        return refuse(image, "it is no bundle for this processor");
    uint64_t at = sizeof *header, end = at + header->commands_size;
    if (end > image->file_size)
        return refuse(image, "it is cut short");
    for (uint32_t left = header->commands; left > 0; left--) {
        const macho_command *command = (const void *)(image->file + at);
        if (end - at < sizeof *command || command->size < sizeof *command || command->size > end - at || at % 8 != 0)
            return refuse(image, "a load command is cut short");
        if (!read_command(image, command))
            return false;
        at += command->size;
    }
    return image->dyld != NULL || refuse(image, "it has no instructions for the dynamic linker");
}

/* Copies the segments to their final addresses. */
static bool map_segments(macho_image *image) {
    void *base = mmap(NULL, image->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED)
        return refuse(image, "there is no memory for it");
    image->base = base;
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const macho_segment *segment = image->segments[i];
        memcpy(image->base + segment->address, image->file + segment->file_offset, segment->file_size);
    }
    return true;
}

/* The bits of a segment's protection mean the same on both systems. */
static bool protect_segments(macho_image *image) {
    for (uint32_t i = 0; i < image->segment_count; i++) {
        const macho_segment *segment = image->segments[i];
        if (mprotect(image->base + segment->address, segment->size, (int)segment->protection & 7) != 0)
            return refuse(image, "a segment can't be protected");
    }
    __builtin___clear_cache((char *)image->base, (char *)image->base + image->size);
    return true;
}

static bool load(macho_image *image) {
    const macho_dyld_info *dyld;
    if (!read_commands(image) || !map_segments(image))
        return false;
    dyld = image->dyld;
    return rebase(image) && bind(image, dyld->bind.offset, dyld->bind.size, false) &&
           bind(image, dyld->weak_bind.offset, dyld->weak_bind.size, false) &&
           bind(image, dyld->lazy_bind.offset, dyld->lazy_bind.size, true) && protect_segments(image);
}

static void discard(macho_image *image) {
    if (image->base != NULL)
        munmap(image->base, image->size);
    if (image->file != NULL)
        munmap(image->file, image->file_size);
    free(image);
}

/* Maps the file and reads its identity. */
static bool open_file(macho_image *image, const char *path) {
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return refuse(image, "it can't be opened");
    void *file = MAP_FAILED;
    if (fstat(descriptor, &status) == 0 && status.st_size > 0) {
        image->file_size = (size_t)status.st_size;
        image->device = status.st_dev;
        image->inode = status.st_ino;
        file = mmap(NULL, image->file_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    }
    close(descriptor);
    if (file == MAP_FAILED)
        return refuse(image, "it can't be read");
    image->file = file;
    return true;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static macho_image *images;

static macho_image *known(const macho_image *image) {
    macho_image *other = images;
    while (other != NULL && (other->device != image->device || other->inode != image->inode))
        other = other->next;
    return other;
}

static macho_image *load_or_find(macho_image *image, const char *path) {
    macho_image *found = open_file(image, path) ? known(image) : NULL;
    if (found == NULL && image->file != NULL && load(image)) {
        image->next = images;
        images = image;
        return image;
    }
    discard(image);
    return found;
}

macho_image *macho_load(const char *path, char *error, size_t size) {
    macho_image *image = calloc(1, sizeof *image);
    if (image == NULL) {
        (void)snprintf(error, size, "there is no memory for it");
        return NULL;
    }
    image->error = error;
    image->error_size = size;
    pthread_mutex_lock(&lock);
    image = load_or_find(image, path);
    pthread_mutex_unlock(&lock);
    return image;
}

/*
 * A node of the trie: the size of its data, the data (flags, address), then the children, each with the characters that
 * lead to it and its offset from the trie's begin.
 */
void *macho_export(const macho_image *image, const char *name) {
    cursor trie = cursor_of(image, image->dyld->exports.offset, image->dyld->exports.size);
    cursor node = trie;
    for (bool found = true; found;) {
        uint64_t size = next_uleb(&node);
        if (*name == 0 && size > 0)
            return next_uleb(&node) == 0 ? image->base + next_uleb(&node) : NULL;
        if (size >= (uint64_t)(node.end - node.at))
            return NULL;
        node.at += size;
        found = false;
        for (unsigned left = next_byte(&node); left > 0 && !found; left--) {
            const char *edge = next_string(&node);
            uint64_t offset = next_uleb(&node);
            size_t length = strlen(edge);
            if (length == 0 || strncmp(edge, name, length) != 0 || offset >= (uint64_t)(trie.end - trie.at))
                continue;
            name += length;
            node.at = trie.at + offset;
            found = true;
        }
    }
    return NULL;
}
