/* math.h for macOS: empty, as the compiler has the functions built in. */
#ifndef LEWD_DARWIN_MATH_H
#define LEWD_DARWIN_MATH_H

#define INFINITY __builtin_inff()
#define NAN __builtin_nanf("")
#define isnan(number) __builtin_isnan(number)

#endif
