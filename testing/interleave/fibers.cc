// SPDX-License-Identifier: MIT
// What suites and cells call, where processors are fibers.
#include <cstdarg>
#include <cstdio>
#include <string>

#include "testing/interleave/machine.h"
#include "testing/interleave/suite.h"

#define NO_ANALYSIS __attribute__((no_thread_safety_analysis))

namespace {

std::string Formatted(const char *format, va_list arguments) {
  char text[512];
  std::vsnprintf(text, sizeof(text), format, arguments);
  return text;
}

}  // namespace

namespace interleave {

void Fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const std::string text = Formatted(format, arguments);
  va_end(arguments);
  TheMachine().Fail(text);
}

void Note(const char *format, ...) {
  if (!TheMachine().is_tracing()) return;
  va_list arguments;
  va_start(arguments, format);
  const std::string text = Formatted(format, arguments);
  va_end(arguments);
  TheMachine().Trace("%s", text.c_str());
}

void Call(const char *function) { TheMachine().Call(function, false); }
void CallAnywhere(const char *function) { TheMachine().Call(function, true); }
void Pause() { TheMachine().Point(); }
void Kick() { TheMachine().Reschedule(); }
void Yield() { TheMachine().Yield(); }
int Self() { return TheMachine().self() < 0 ? 0 : TheMachine().self(); }
int Processors() { return TheMachine().count(); }
bool IsParked(int processor) { return TheMachine().IsParked(processor); }

void WaitUntil(bool (*ready)(void *), void *argument, const char *what) {
  TheMachine().WaitUntil(ready, argument, what);
}

}  // namespace interleave

NO_ANALYSIS void monitor_enter(const monitor_t *monitor) {
  interleave::TheMachine().Enter(monitor);
}

NO_ANALYSIS void monitor_exit(const monitor_t *monitor) { interleave::TheMachine().Exit(monitor); }

void host_state_touched(const void *place, size_t bytes) {
  interleave::TheMachine().Store(place, bytes);
}
