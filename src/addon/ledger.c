/*
 * ledger.c: the weak references to an arena's tokens, each in a slot, with the span that is freed with the token.
 *
 * Sweeps look at references in the order of their slots; V8 does in the order in which they were made. The memory of each is
 * Node.js's, who takes it from malloc. If references were deleted where they are found to be spent, that is, where their
 * token was collected, malloc would hand out their places in the order of these deaths, and after some collections every
 * look would be one into memory that no cache holds. So a spent reference stays in its slot until the slot is taken again,
 * and is deleted just before the new one is made. What malloc was given last it hands out first: the new reference lies
 * where the old one lay, and references stay in the order of their slots for good.
 *
 * Behind each reference V8 has a handle, which it takes back at the token's death, not ours to keep. These it, too, hands out
 * in the opposite order to that in which it got them. So spent slots are a stack: the slot that a sweep spent last is taken
 * first, as the handle is. As long as sweeps look in V8's order, slot and handle stay together, and a walk along the slots
 * is one along the handles.
 *
 *     slots   | live | spent | live | spent | vacant | live | spent | ...
 *                        3 <------------ 2 <---------------------- 1        the way in which they are taken;
 *                                                                           vacant ones after the spent
 *
 * What is kept like this is bounded: the ones left over from one collection are deleted at the next one.
 */
#include "glue.h"

#define FIRST 1u /* slot 0 names none */

static lewd_slot *at(const lewd_ledger *ledger, uint32_t number) {
    return ledger->slots + number;
}

static void fetch(const void *address) {
#if defined(__GNUC__)
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

/* What a reference consists of is Node.js's affair; what is looked at has always been among its first 40 bytes. */
static void fetch_reference(napi_ref ref) {
    fetch(ref);
    fetch((const char *)ref + 40);
}

/* By half: what a ledger holds while it moves is no more than 2.5 times what it needs. */
static bool grow(lewd_ledger *ledger) {
    const size_t size = ledger->capacity * sizeof *ledger->slots;
    const size_t capacity = ledger->capacity + ledger->capacity / 2u + 64u;
    lewd_slot *const slots = lewd_glue_resize(NULL, ledger->slots, size, capacity * sizeof *slots);
    if (slots == NULL)
        return false;
    ledger->slots = slots;
    ledger->capacity = (uint32_t)capacity;
    return true;
}

static void vacate(lewd_ledger *ledger, uint32_t number) {
    *at(ledger, number) = (lewd_slot){.next = ledger->vacant};
    ledger->vacant = number;
}

/* The next spent one, its reference deleted; 0 if there is none. The one after it is fetched, and the slot after that. */
static uint32_t take_spent(napi_env napi, lewd_ledger *ledger) {
    const uint32_t number = ledger->spent;
    if (number == 0)
        return 0;
    const uint32_t next = at(ledger, number)->next;
    ledger->spent = next;
    if (next != 0) {
        fetch_reference(at(ledger, next)->ref);
        fetch(at(ledger, at(ledger, next)->next));
    }
    napi_delete_reference(napi, at(ledger, number)->ref);
    return number;
}

/* A slot to write to, 0 if there is none. */
static uint32_t take(napi_env napi, lewd_ledger *ledger) {
    const uint32_t spent = take_spent(napi, ledger);
    if (spent != 0)
        return spent;
    const uint32_t vacant = ledger->vacant;
    if (vacant != 0) {
        ledger->vacant = at(ledger, vacant)->next;
        return vacant;
    }
    if (ledger->bound < FIRST)
        ledger->bound = FIRST;
    return ledger->bound < ledger->capacity || grow(ledger) ? ledger->bound++ : 0;
}

uint32_t lewd_ledger_enter(napi_env napi, lewd_ledger *ledger, lewd_span span, napi_value token) {
    const uint32_t number = take(napi, ledger);
    if (number == 0) {
        lewd_error_no_metadata(napi);
        return 0;
    }
    napi_ref ref;
    if (napi_create_reference(napi, token, 0, &ref) != napi_ok) {
        vacate(ledger, number);
        return 0;
    }
    *at(ledger, number) = (lewd_slot){.ref = ref, .span = span};
    return number;
}

void lewd_ledger_strike(napi_env napi, lewd_ledger *ledger, uint32_t number) {
    napi_delete_reference(napi, at(ledger, number)->ref);
    vacate(ledger, number);
}

lewd_slot *lewd_ledger_slot(const lewd_ledger *ledger, uint32_t number) {
    return at(ledger, number);
}

bool lewd_ledger_is_spent(napi_env napi, const lewd_ledger *ledger, uint32_t number) {
    return lewd_reference_is_spent(napi, at(ledger, number)->ref);
}

lewd_span lewd_ledger_spend(napi_env napi, lewd_ledger *ledger, uint32_t number) {
    lewd_slot *const slot = at(ledger, number);
    const lewd_span span = slot->span;
    if (span == 0 || !lewd_reference_is_spent(napi, slot->ref))
        return 0;
    slot->span = 0;
    slot->next = ledger->spent;
    ledger->spent = number;
    return span;
}

void lewd_ledger_drain(napi_env napi, lewd_ledger *ledger) {
    uint32_t number;
    while ((number = take_spent(napi, ledger)) != 0)
        vacate(ledger, number);
}

void lewd_ledger_foresee(const lewd_ledger *ledger, uint32_t number) {
    if (number < ledger->bound)
        fetch(at(ledger, number));
}

void lewd_ledger_foresee_reference(const lewd_ledger *ledger, uint32_t number) {
    if (number >= FIRST && number < ledger->bound)
        fetch_reference(at(ledger, number)->ref);
}

void lewd_ledger_close(napi_env napi, lewd_ledger *ledger) {
    for (uint32_t number = FIRST; napi != NULL && number < ledger->bound; number++)
        if (at(ledger, number)->ref != NULL)
            napi_delete_reference(napi, at(ledger, number)->ref);
    lewd_glue_resize(NULL, ledger->slots, ledger->capacity * sizeof *ledger->slots, 0);
    *ledger = (lewd_ledger){0};
}
