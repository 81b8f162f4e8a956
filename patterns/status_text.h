// SPDX-License-Identifier: MIT
/// @file
/// The names and meanings of the error vocabulary, for people.
/// @spill none
#pragma once
#include "nano_core/api/span.h"
#include "nano_core/api/status.h"

/// The name of a status, for example `NOT_FOUND`; `INTERNAL` for a number that means nothing.
static inline text_t status_text_name(status_t status) {
  switch (status.code) {
#define STATUS_TEXT_NAME(name, number, meaning) \
  case number:                                  \
    return TEXT(#name);
    STATUS_LIST(STATUS_TEXT_NAME)
#undef STATUS_TEXT_NAME
    default:
      return TEXT("INTERNAL");
  }
}

/// What a status means, in a few words.
static inline text_t status_text_meaning(status_t status) {
  switch (status.code) {
#define STATUS_TEXT_MEANING(name, number, meaning) \
  case number:                                     \
    return TEXT(meaning);
    STATUS_LIST(STATUS_TEXT_MEANING)
#undef STATUS_TEXT_MEANING
    default:
      return TEXT("an answer outside of the vocabulary");
  }
}
