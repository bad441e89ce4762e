/*
 * corpus.c: runs the given files through the fuzz target once. For compilers without libFuzzer, and to debug one input.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *name) {
    static uint8_t bytes[1 << 16];
    FILE *const file = fopen(name, "rb");
    if (file == NULL) {
        perror(name);
        return 1;
    }
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    LLVMFuzzerTestOneInput(bytes, size);
    return 0;
}

int main(int count, char **names) {
    int failed = 0;
    for (int index = 1; index < count; index++)
        failed += run_file(names[index]);
    printf("%d inputs: %d passed, %d failed\n", count - 1, count - 1 - failed, failed);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
