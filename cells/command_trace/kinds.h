// SPDX-License-Identifier: MIT
/// @file
/// What the kinds of events are called, and the two numbers that go with each.
#pragma once
#include "nano_core/api/trace.h"

typedef struct trace_words {
  text_t kind;
  text_t number;  // empty: says nothing
  text_t value;   // empty: says nothing
  bool number_may_be_zero;
} trace_words_t;

static inline trace_words_t trace_words(uint32_t kind) {
  switch (kind) {
    case kTraceLoad:
      return (trace_words_t){TEXT("load"), TEXT("request"), TEXT("generation"), false};
    case kTraceUnload:
      return (trace_words_t){TEXT("unload"), TEXT("request"), TEXT("generation"), false};
    case kTraceSwap:
      return (trace_words_t){TEXT("swap"), TEXT("request"), TEXT("generation"), false};
    case kTracePrepare:
      return (trace_words_t){TEXT("prepare"), TEXT("request"), TEXT("cells"), false};
    case kTraceCommit:
      return (trace_words_t){TEXT("commit"), TEXT("request"), TEXT("slots"), false};
    case kTraceGrace:
      return (trace_words_t){TEXT("grace"), TEXT("request"), TEXT(""), false};
    case kTraceInitialise:
      return (trace_words_t){TEXT("initialise"), TEXT(""), TEXT(""), false};
    case kTraceTaskStart:
      return (trace_words_t){TEXT("task_start"), TEXT("task"), TEXT(""), true};
    case kTraceTaskEnd:
      return (trace_words_t){TEXT("task_end"), TEXT("task"), TEXT("steps"), true};
    case kTraceFault:
      return (trace_words_t){TEXT("fault"), TEXT("exception"), TEXT("at"), true};
    case kTraceMonitor:
      return (trace_words_t){TEXT("monitor"), TEXT("left"), TEXT(""), false};
    case kTraceStep:
      return (trace_words_t){TEXT("step"), TEXT("task"), TEXT("times"), true};
    case kTraceInterrupt:
      return (trace_words_t){TEXT("interrupt"), TEXT("vector"), TEXT("times"), true};
    case kTraceBind:
      return (trace_words_t){TEXT("bind"), TEXT(""), TEXT("times"), false};
    default:
      return (trace_words_t){TEXT("unknown"), TEXT("number"), TEXT("value"), true};
  }
}

/// Whether the event lasts: it began at `start` and its parts lie within it.
static inline bool trace_is_span(uint32_t kind) { return kind <= kTraceInitialise; }

/// Whether `number` is a task's.
static inline bool trace_is_task(uint32_t kind) {
  return kind == kTraceTaskStart || kind == kTraceTaskEnd || kind == kTraceStep;
}
