// SPDX-License-Identifier: MIT
/// @file
/// Declared state: a cell has no writable section; what must outlive it is a named blob of the
/// state database, all zero when it is made, to which each instance is bound when it is loaded.
///
/// A source file says STATE(type, name); the build file (or `cellc --state`) declares the blob with
/// its version. The cell then reads `state_name->member` inside the blob's monitor, and changes it
/// through state_set, state_copy and state_clear only: the blob is constant to the compiler, so a
/// plain store does not compile. They log what stood there (api/undo_log.h): a call that fails
/// inside a monitor leaves the state as it was when the outermost one was entered.
#pragma once
#include "nano_core/api/monitor.h"
#include "nano_core/api/types.h"
#include "nano_core/api/undo_log.h"

/// Binds the blob `name` of `type`, whose first member is `monitor_t monitor`.
#define STATE(type, name) extern const type *const state_##name

#if __STDC_HOSTED__ && defined(HOST_STATE_HOOK)
// Tests of interleavings (testing/interleave) are told of each store before it is made.
EXTERN_C_BEGIN
void host_state_touched(const void *place, size_t bytes);
EXTERN_C_END
#define STATE_TOUCHED(place, bytes) host_state_touched((place), (bytes))
#elif !__STDC_HOSTED__
#define STATE_TOUCHED(place, bytes) undo_log_range((place), (bytes))
#else
#define STATE_TOUCHED(place, bytes) ((void)0)
#endif

#ifdef __cplusplus
template <typename T>
inline void state_set(const T *member, T value) {
  STATE_TOUCHED(member, sizeof(value));
  *const_cast<T *>(member) = value;
}
#elif __STDC_HOSTED__ && defined(HOST_STATE_HOOK)
// As below; the value is there before anybody else can come in.
#define state_set(member, value)                                        \
  ((void)({                                                             \
    const __typeof_unqual__(*(member)) state_value = (value);           \
    STATE_TOUCHED((member), sizeof(state_value));                       \
    *(__typeof_unqual__(*(member)) *)(uintptr_t)(member) = state_value; \
  }))
#elif !__STDC_HOSTED__
/// Stores `value` to a scalar or struct member of a blob.
#define state_set(member, value)                             \
  ((void)({                                                  \
    __typeof_unqual__(*(member)) *const state_place =        \
        (__typeof_unqual__(*(member)) *)(uintptr_t)(member); \
    UNDO_LOG(state_place);                                   \
    *state_place = (value);                                  \
  }))
#else
#define state_set(member, value) \
  ((void)(*(__typeof_unqual__(*(member)) *)(uintptr_t)(member) = (value)))
#endif

/// Stores a word that others read without the monitor, by one store, which is not undone: so only
/// where any of its values is as good as a later one, such as a count from which numbers are drawn.
static inline void state_publish(const uint64_t *member, uint64_t value) {
#if __STDC_HOSTED__
  STATE_TOUCHED(member, sizeof(value));
#endif
  __atomic_store_n((uint64_t *)(uintptr_t)member, value, __ATOMIC_RELAXED);
}

/// Stores a word that others read without the monitor, and that is undone like any other: so only
/// where what they do with it does no harm then.
static inline void state_set_shared(const uint64_t *member, uint64_t value) {
#if __STDC_HOSTED__
  STATE_TOUCHED(member, sizeof(value));
#else
  undo_log_word(member);
#endif
  __atomic_store_n((uint64_t *)(uintptr_t)member, value, __ATOMIC_RELAXED);
}

/// Reads a word of either kind, inside the monitor or not.
static inline uint64_t state_peek(const uint64_t *member) {
  return __atomic_load_n(member, __ATOMIC_RELAXED);
}

/// Copies `bytes` bytes from `source` over a part of a blob.
static inline void state_copy(const void *destination, const void *source, size_t bytes) {
  STATE_TOUCHED(destination, bytes);
  __builtin_memcpy((void *)(uintptr_t)destination, source, bytes);
}

/// Sets `bytes` bytes of a blob to zero.
static inline void state_clear(const void *destination, size_t bytes) {
  STATE_TOUCHED(destination, bytes);
  __builtin_memset((void *)(uintptr_t)destination, 0, bytes);
}
