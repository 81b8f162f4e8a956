// SPDX-License-Identifier: MIT
/// @file
/// What a suite is: operations on real cells by several processors, and what must hold.
///
/// The same source is built twice. With //testing/interleave:fibers the processors are fibers of
/// one thread, and the seed says at which point which of them goes on. With
/// //testing/interleave:threads they are threads, for ThreadSanitizer. Points, at which another
/// processor may come in, are: entering and leaving a monitor, each store to a blob, each call that
/// a fake announces by Call, and Pause.
#pragma once
#include <cstddef>
#include <cstdint>

#include "nano_core/api/cell.h"
#include "testing/interleave/random.h"

namespace interleave {

constexpr int kMostProcessors = 8;

/// Derive from it, and say INTERLEAVE_SUITE("name", Class) once.
class Suite {
 public:
  virtual ~Suite() = default;

  /// Once, before everything: initialises the cells. Blobs are as they are then at each Begin.
  virtual void Prepare() {}

  /// Before each schedule: makes the suite's own variables as at first.
  virtual void Begin(Random &random, int processors) = 0;

  /// What processor `processor` does, all at the same time. The numbers drawn from `random` depend
  /// on seed and processor only.
  virtual void Run(int processor, int operations, Random &random) = 0;

  /// After each schedule, when all processors are done: what must hold then.
  virtual void End() {}

  /// Whether Interrupt is to come in on processor 0, where no monitor holds interrupts off.
  virtual bool HasInterrupt() const { return false; }
  virtual void Interrupt() {}

  /// Whether a store to a blob outside of every monitor is an error.
  virtual bool StoresNeedMonitor() const { return true; }
};

/// Ends the schedule as failed; the message says what does not hold.
[[noreturn]] void Fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Fails unless `condition` holds.
#define INTERLEAVE_CHECK(condition, ...)               \
  do {                                                 \
    if (!(condition)) ::interleave::Fail(__VA_ARGS__); \
  } while (0)

/// A line of the trace, which is written when one schedule is replayed.
void Note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// In a fake: the cell under test calls another cell, or nano_core. Fails inside a monitor.
void Call(const char *function);

/// The same for what may be called in a monitor, such as event_signal.
void CallAnywhere(const char *function);

/// Another processor may come in here.
void Pause();

/// Something has happened that others may wait for: whoever is to run now does.
void Kick();

/// Lets every other processor go first: for loops that wait for what others do.
void Yield();

/// The processor that this runs on; 0 in Prepare, Begin and End.
int Self();

/// How many processors the schedule has.
int Processors();

/// Waits, in no monitor, until `ready(argument)` holds. Where nobody can make it hold any more, the
/// schedule fails.
void WaitUntil(bool (*ready)(void *), void *argument, const char *what);

/// Whether a processor waits, and what it waits for does not hold. Always false with threads.
bool IsParked(int processor);

/// A blob of a cell under test: a name for the trace, and memory that is put back.
class Blob {
 public:
  Blob(const char *name, void *storage, size_t bytes);
  const char *const name;
  unsigned char *const storage;
  const size_t bytes;
};

/// The suite of this program.
Suite &TheSuite();
const char *SuiteName();

}  // namespace interleave

/// Defines the blob `name` where its type is private to the cell's source: `size` bytes, all zero.
#define INTERLEAVE_STATE(name, size)                                                       \
  alignas(64) static unsigned char interleave_storage_##name[size];                        \
  extern "C" {                                                                             \
  extern const void *const state_##name;                                                   \
  const void *const state_##name = interleave_storage_##name;                              \
  }                                                                                        \
  static const ::interleave::Blob interleave_blob_##name(#name, interleave_storage_##name, \
                                                         sizeof(interleave_storage_##name))

/// Defines the blob `name` of `type`, for suites of patterns.
#define INTERLEAVE_STATE_OF(type, name)                                                     \
  static type interleave_storage_##name = {};                                               \
  static const type *const state_##name = &interleave_storage_##name;                       \
  static const ::interleave::Blob interleave_blob_##name(#name, &interleave_storage_##name, \
                                                         sizeof(type))

#define INTERLEAVE_SUITE(name, class_name)             \
  ::interleave::Suite &interleave::TheSuite() {        \
    static class_name suite;                           \
    return suite;                                      \
  }                                                    \
  const char *interleave::SuiteName() { return name; } \
  static_assert(true, "a semicolon follows")
