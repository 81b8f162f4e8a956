// SPDX-License-Identifier: MIT
/// @file
/// The one error vocabulary of cells, shell and tools. A status says what went wrong; where it
/// arose is recorded by the trace.
#pragma once
#include "nano_core/api/types.h"

/// X(NAME, number, meaning). Numbers are published and never change.
#define STATUS_LIST(X)                                                               \
  X(OK, 0, "done")                                                                   \
  X(NOT_FOUND, 1, "nothing of that name or key is there")                            \
  X(ALREADY_EXISTS, 2, "that name or key is taken")                                  \
  X(INVALID_ARGUMENT, 3, "an argument makes no sense, whatever the state")           \
  X(OUT_OF_RANGE, 4, "a number lies outside its range")                              \
  X(NO_MEMORY, 5, "memory, or a bounded table, is exhausted")                        \
  X(NO_SPACE, 6, "a buffer or medium is full")                                       \
  X(WOULD_BLOCK, 7, "the condition does not hold yet; the watched event tells when") \
  X(BUSY, 8, "somebody else is at it; try again")                                    \
  X(TIMEOUT, 9, "the time, or the budget of the call, has run out")                  \
  X(CANCELLED, 10, "the one who asked has withdrawn")                                \
  X(UNAVAILABLE, 11, "nobody serves that interface now")                             \
  X(FAULT, 12, "the callee failed; its call was ended")                              \
  X(STALE, 13, "an older copy, token or generation")                                 \
  X(INVALID_OBJECT, 14, "a sealed object that is foreign or was altered")            \
  X(BAD_OBJECT, 15, "a cell's object file that is malformed or altered")             \
  X(INCOMPATIBLE, 16, "the two sides of an interface, or of a blob, do not fit")     \
  X(UNTRUSTED, 17, "no valid signature")                                             \
  X(DENIED, 18, "the caller has no right to it")                                     \
  X(UNSUPPORTED, 19, "not built, or not on this machine")                            \
  X(IO_ERROR, 20, "a device failed")                                                 \
  X(END, 21, "nothing more comes")                                                   \
  X(INTERNAL, 22, "an invariant of the callee does not hold")

/// The numbers of the vocabulary.
enum status_code {
#define STATUS_ENUMERATOR(name, number, meaning) STATUS_##name = number,
  STATUS_LIST(STATUS_ENUMERATOR)
#undef STATUS_ENUMERATOR
};

/// The answer of every published function. A struct, so that it mixes with no count, and must be
/// used.
typedef struct [[nodiscard]] status {
  uint32_t code;  // enum status_code
} status_t;

#ifdef __cplusplus
#define OK (status_t{STATUS_OK})
#define ERR(name) (status_t{STATUS_##name})
#else
#define OK ((status_t){STATUS_OK})
#define ERR(name) ((status_t){STATUS_##name})
#endif

static inline bool status_is_ok(status_t status) { return status.code == STATUS_OK; }

/// Whether `status` is the error with the number `code`.
static inline bool status_is(status_t status, enum status_code code) {
  return status.code == (uint32_t)code;
}

/// The one way to drop a status; `why` is read by people.
static inline void status_ignore(status_t status, const char *why) {
  (void)status;
  (void)why;
}

/// Declares a result: a status and, where it is OK, a value of at most eight bytes.
#define RESULT_DEFINE(type, value_type) \
  typedef struct [[nodiscard]] type {   \
    status_t status;                    \
    value_type value;                   \
  } type

RESULT_DEFINE(u64_result_t, uint64_t);
RESULT_DEFINE(u32_result_t, uint32_t);
RESULT_DEFINE(size_result_t, size_t);
RESULT_DEFINE(bool_result_t, bool);

/// In a function that returns `status_t`: returns the status of `expression` unless it is OK.
#define TRY(expression)                               \
  do {                                                \
    const status_t try_status = (expression);         \
    if (!status_is_ok(try_status)) return try_status; \
  } while (0)

/// In a function that returns a result of `type`: returns the status of `expression` in it unless
/// it is OK.
#define TRY_RESULT(type, expression)                                    \
  do {                                                                  \
    const status_t try_status = (expression);                           \
    if (!status_is_ok(try_status)) return (type){.status = try_status}; \
  } while (0)
