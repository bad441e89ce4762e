/* assert.h for macOS: the binaries of a release are compiled with NDEBUG, which turns assertions off. */
#ifndef NDEBUG
#error "only binaries without assertions are compiled for macOS on another system"
#endif
#define assert(condition) ((void)0)
#define static_assert _Static_assert
