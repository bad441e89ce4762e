/*
 * contract.h: what C and JavaScript agree on, written once. C expands the lists; JavaScript reads them from the binding's
 * `layout`, which module.c makes of them.
 */
#ifndef LEWD_CONTRACT_H
#define LEWD_CONTRACT_H

/*
 * The published figures: a Float64Array that C writes and JavaScript reads without a call. X(name in C, name in JavaScript),
 * in the order of their indexes. All but `largestFree` are in bytes.
 *
 *     largestFree    in blocks; 0 if there is no free span, or if it was not asked for since the last change
 *     seenSize       JavaScript's own: the length of its view of the memory; NaN if the memory is empty
 */
#define LEWD_FIGURES(X)                                                                                                \
    X(TOTAL, total)                                                                                                    \
    X(USED, used)                                                                                                      \
    X(USED_RUN, usedRun)                                                                                               \
    X(FREE, free)                                                                                                      \
    X(HEAD_FREE, headFree)                                                                                             \
    X(TAIL_FREE, tailFree)                                                                                             \
    X(RESERVED, reserved)                                                                                              \
    X(LARGEST_FREE, largestFree)                                                                                       \
    X(SEEN_SIZE, seenSize)

/*
 * After the figures come answers, which hold until the next change: where a request of so many bytes fits. There is at most
 * one for each remainder of the sizes by LEWD_ANSWERS, a prime number, so that powers of two don't share one. First the
 * sizes, NaN for none, then their addresses.
 */
#define LEWD_ANSWERS 67

enum {
#define LEWD_FIGURE(name, key) LEWD_FIGURE_##name,
    LEWD_FIGURES(LEWD_FIGURE)
#undef LEWD_FIGURE
        LEWD_FIGURE_ASKED,                                 /* the first size of an answer */
    LEWD_FIGURE_ANSWER = LEWD_FIGURE_ASKED + LEWD_ANSWERS, /* the first address */
    LEWD_FIGURE_COUNT = LEWD_FIGURE_ANSWER + LEWD_ANSWERS
};

#endif
