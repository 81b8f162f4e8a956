// SPDX-License-Identifier: MIT
/// @file
/// What a cell finds around it at run time, for tests on the host: the blobs that it is bound to,
/// and monitors. A test says HOST_STATE once for each blob of the cell under test, outside of any
/// namespace; the cell's own functions are then called as they are.
///
/// Monitors are real (one lock for all of them) and strict: misuse is a trap, which ends the test.
/// They do not change the blob's bytes, so a test can compare a blob before and after a call.
#pragma once
#include <cstddef>
#include <cstring>

#include "nano_core/api/monitor.h"
#include "nano_core/api/state.h"

/// Defines the blob `name` of `type`, all zero.
#define HOST_STATE(type, name)                                   \
  static type host_state_##name##_storage = {};                  \
  extern "C" {                                                   \
  extern const type *const state_##name;                         \
  const type *const state_##name = &host_state_##name##_storage; \
  }                                                              \
  static_assert(sizeof(type) >= sizeof(monitor_t), "a blob begins with its monitor")

/// Defines the blob `name` where its type is private to the cell's source: `bytes` bytes, all zero.
#define HOST_STATE_BYTES(name, bytes)                                  \
  alignas(64) static unsigned char host_state_##name##_storage[bytes]; \
  extern "C" {                                                         \
  extern const void *const state_##name;                               \
  const void *const state_##name = &host_state_##name##_storage;       \
  }                                                                    \
  static_assert((bytes) >= sizeof(monitor_t), "a blob begins with its monitor")

/// The blob's storage, for a test that looks into it or prepares it.
#define HOST_STATE_STORAGE(name) (&host_state_##name##_storage)

/// Makes the blob as it is when the state database has just made it.
#define HOST_STATE_CLEAR(name)                                        \
  ::std::memset(static_cast<void *>(&host_state_##name##_storage), 0, \
                sizeof(host_state_##name##_storage))

/// How many monitors the calling thread is in. Zero after every call into a cell, and in every fake
/// of another cell, since no cell calls another from inside a monitor.
size_t host_monitor_depth();

/// Whether the calling thread is inside `monitor`.
bool host_monitor_is_entered(const monitor_t *monitor);

/// How often monitors have been entered since the program began, by all threads.
size_t host_monitor_entries();
