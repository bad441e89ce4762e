/*
 * format.h: the parts of a Mach-O file of 64 bits that a loader of bundles needs, as <mach-o/loader.h> of macOS defines
 * them. All numbers are little-endian.
 */
#ifndef LEWD_MACHO_FORMAT_H
#define LEWD_MACHO_FORMAT_H

#include <stdint.h>

enum {
    MACHO_MAGIC = (int)0xfeedfacf,
    MACHO_BUNDLE = 8,
    MACHO_CPU_X86_64 = 0x01000007,
    MACHO_CPU_ARM64 = 0x0100000c,
};

typedef struct {
    uint32_t magic, cpu, cpu_subtype, file_type, commands, commands_size, flags, reserved;
} macho_header;

typedef struct {
    uint32_t kind, size;
} macho_command;

enum {
    MACHO_SEGMENT = 0x19,
    MACHO_DYLD_INFO = 0x22,
    MACHO_REQUIRED = (int)0x80000000, /* a loader that does not know the command must refuse the file */
};

/* A segment; its sections follow it. */
typedef struct {
    macho_command command;
    char name[16];
    uint64_t address, size, file_offset, file_size;
    uint32_t most_protection, protection, sections, flags;
} macho_segment;

typedef struct {
    char name[16], segment[16];
    uint64_t address, size;
    uint32_t file_offset, alignment, relocations_offset, relocations, flags, reserved[3];
} macho_section;

/* Kinds of sections, the low byte of the flags, that contain code to run or variables of threads. */
enum {
    MACHO_INITIALIZERS = 0x9,
    MACHO_TERMINATORS = 0xa,
    MACHO_FIRST_THREAD_LOCAL = 0x11,
    MACHO_INITIALIZER_OFFSETS = 0x16,
};

/* Instructions for the dynamic linker: programs of one-byte instructions, and a trie of the exports. */
typedef struct {
    macho_command command;
    struct {
        uint32_t offset, size;
    } rebase, bind, weak_bind, lazy_bind, exports;
} macho_dyld_info;

/* Instructions: the high half of a byte. The low half is a small operand. */
enum {
    REBASE_DONE = 0x00,
    REBASE_SET_TYPE = 0x10,
    REBASE_SET_PLACE = 0x20,
    REBASE_ADD = 0x30,
    REBASE_ADD_SCALED = 0x40,
    REBASE_TIMES = 0x50,
    REBASE_ULEB_TIMES = 0x60,
    REBASE_ONE_ADD = 0x70,
    REBASE_TIMES_SKIPPING = 0x80,
};

enum {
    BIND_DONE = 0x00,
    BIND_SET_ORDINAL = 0x10,
    BIND_SET_ORDINAL_ULEB = 0x20,
    BIND_SET_SPECIAL_ORDINAL = 0x30,
    BIND_SET_SYMBOL = 0x40,
    BIND_SET_TYPE = 0x50,
    BIND_SET_PLACE = 0x70,
    BIND_ADD = 0x80,
    BIND_ONE = 0x90,
    BIND_ONE_ADD = 0xa0,
    BIND_ONE_ADD_SCALED = 0xb0,
    BIND_TIMES_SKIPPING = 0xc0,
};

#endif
