#include "young.h"

#define LEWD_STALE_SLOTS 1024u /* stale slots that a list may have beyond the number of slots */
#define LEWD_YOUNG_GCS 3u      /* collections after which a token is old, however late they are noticed */

void lewd_young_lose(lewd_young *young) {
    young->unlisted = LEWD_YOUNG_GCS;
}

bool lewd_young_add(lewd_young *young, uint32_t slot, uint32_t slots) {
    lewd_list *const newest = &young->survived[0];
    if (newest->length <= slots + LEWD_STALE_SLOTS && lewd_list_push(newest, slot))
        return true;
    lewd_young_lose(young);
    newest->length = 0;
    young->aged = 0;
    return false;
}

bool lewd_young_note_gc(lewd_young *young) {
    if (young->unlisted == 0)
        return false;
    young->unlisted--;
    return true;
}

void lewd_young_settle(lewd_young *young) {
    young->aged = young->survived[0].length;
}

void lewd_young_forget_aged(lewd_young *young) {
    lewd_list_remove_first(&young->survived[0], young->aged);
    young->aged = 0;
    young->survived[1].length = 0;
}

bool lewd_young_is_empty(const lewd_young *young) {
    return young->survived[0].length == 0 && young->survived[1].length == 0 && young->unlisted == 0;
}

void lewd_young_free(lewd_young *young) {
    lewd_list_free(&young->survived[0]);
    lewd_list_free(&young->survived[1]);
    *young = (lewd_young){0};
}
