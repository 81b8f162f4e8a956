// SPDX-License-Identifier: MIT
#include "testing/host/state.h"

#include <array>
#include <atomic>
#include <mutex>

// The definitions of what the analysis knows by name only.
#ifdef __clang__
#define NO_ANALYSIS __attribute__((no_thread_safety_analysis))
#else
#define NO_ANALYSIS
#endif

namespace {

// As deep as on the machine (nano_core/api/monitor.h).
constexpr size_t kDepth = 8;

// One lock for all monitors: threads of a test exclude each other, and cannot dead-lock.
std::recursive_mutex lock;
std::atomic<size_t> entries{0};
thread_local std::array<const monitor_t *, kDepth> inside;
thread_local size_t depth = 0;

}  // namespace

bool host_monitor_is_entered(const monitor_t *monitor) {
  for (size_t i = 0; i < depth; i++) {
    if (inside[i] == monitor) return true;
  }
  return false;
}

size_t host_monitor_depth() { return depth; }

size_t host_monitor_entries() { return entries; }

// On the machine the first two would wait for ever, and the third would corrupt the log.
NO_ANALYSIS void monitor_enter(const monitor_t *monitor) {
  if (monitor == nullptr || host_monitor_is_entered(monitor) || depth == kDepth) TRAP();
  lock.lock();
  inside[depth] = monitor;
  depth++;
  entries++;
}

NO_ANALYSIS void monitor_exit(const monitor_t *monitor) {
  if (depth == 0 || inside[depth - 1] != monitor) TRAP();
  depth--;
  lock.unlock();
}
