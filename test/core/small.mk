# Constants of the core in the small builds of the tests and of the fuzzer: small heaps then use every kind of bin, have
# many cells, and pass every threshold.
# cells, and pass every threshold.
SMALL = -DLEWD_EXACT_LOG2=2 -DLEWD_CUT_LOG2=1 -DLEWD_CELL_LOG2=2 -DLEWD_PATH_LENGTH=2u -DLEWD_CACHED_RECORDS=24u
