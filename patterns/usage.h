// SPDX-License-Identifier: MIT
/// @file
/// How a command is called, as its summary says before the colon, for example
///   swap NAME [OBJECT] | NAME=OBJECT ... | --all: replaces cells while they run
/// Forms are separated by ` | `, and only the first repeats the command's word. An item may stand
/// in brackets and be followed by `...`; `a|b` is a choice. Words in capitals say what is meant
/// (usage_meaning), others stand for themselves. `help` and completion need no more than that.
/// @spill none
#pragma once
#include "patterns/words.h"

/// What an argument names.
enum usage_kind {
  kUsageOther,     // nothing that anybody could list
  kUsageLiteral,   // itself
  kUsageName,      // NAME: an interface
  kUsageObject,    // OBJECT: a file of the archive
  kUsageFunction,  // FUNCTION: one of the interface that the argument before names
  kUsageCommand,   // COMMAND
  kUsageBlob,      // BLOB
  kUsageInteger,   // INTEGER
  kUsagePair,      // NAME=OBJECT
  kUsageKinds,
};

/// The usage in a summary: what stands before its first `: `; all of it where there is none.
static inline text_t usage_of(text_t summary) {
  for (size_t i = 0; i + 1 < summary.length; i++) {
    if (*text_at(summary, i) == ':' && *text_at(summary, i + 1) == ' ') {
      return text_slice(summary, 0, i);
    }
  }
  return summary;
}

/// The `index`-th form; empty past the last.
static inline text_t usage_form(text_t usage, size_t index) {
  size_t start = 0;
  for (size_t i = 0; i <= usage.length; i++) {
    const bool ends = i == usage.length ||
                      (i + 3 <= usage.length && text_equal(text_slice(usage, i, 3), TEXT(" | ")));
    if (!ends) continue;
    if (index-- == 0) return text_slice(usage, start, i - start);
    start = i + 3;
  }
  return TEXT("");
}

static inline bool usage_ends_with(text_t text, text_t end) {
  return text.length >= end.length &&
         text_equal(text_slice(text, text.length - end.length, end.length), end);
}

/// The item for argument `position` (from 1) of the `form`-th form, without brackets and dots; the
/// last one goes on for ever if it is followed by `...`. Empty: there is no such argument.
static inline text_t usage_item(text_t usage, size_t form, size_t position) {
  const text_t items = usage_form(usage, form);
  text_t last = TEXT("");
  for (size_t word = form == 0 ? 1 : 0;; word++) {
    text_t item = words_at(items, word);
    if (item.length == 0) return item;
    if (text_starts_with(item, TEXT("["))) item = text_slice(item, 1, item.length - 1);
    while (usage_ends_with(item, TEXT("]"))) item = text_slice(item, 0, item.length - 1);
    const bool repeats = usage_ends_with(item, TEXT("..."));
    if (repeats) item = text_slice(item, 0, item.length - 3);
    if (item.length != 0) last = item;
    if (repeats || (item.length != 0 && --position == 0)) return last;
  }
}

/// The `index`-th choice of an item; empty past the last.
static inline text_t usage_choice(text_t item, size_t index) {
  size_t start = 0;
  for (size_t i = 0; i <= item.length; i++) {
    if (i < item.length && *text_at(item, i) != '|') continue;
    if (index-- == 0) return text_slice(item, start, i - start);
    start = i + 1;
  }
  return TEXT("");
}

static inline bool usage_has(text_t text, char character) {
  for (size_t i = 0; i < text.length; i++) {
    if (*text_at(text, i) == character) return true;
  }
  return false;
}

/// The word that stands for a kind in a usage; empty for those that have none.
static inline text_t usage_word(enum usage_kind kind) {
  switch (kind) {
    case kUsageName:
      return TEXT("NAME");
    case kUsageObject:
      return TEXT("OBJECT");
    case kUsageFunction:
      return TEXT("FUNCTION");
    case kUsageCommand:
      return TEXT("COMMAND");
    case kUsageBlob:
      return TEXT("BLOB");
    case kUsageInteger:
      return TEXT("INTEGER");
    default:
      return TEXT("");
  }
}

/// What that word means, for people.
static inline text_t usage_meaning(enum usage_kind kind) {
  switch (kind) {
    case kUsageName:
      return TEXT("an interface that is served; `cells` lists them");
    case kUsageObject:
      return TEXT("a file of the archive, with or without .o; `objects` lists them");
    case kUsageFunction:
      return TEXT("a published function; `iface NAME` lists them");
    case kUsageCommand:
      return TEXT("a command; `help` lists them");
    case kUsageBlob:
      return TEXT("a blob of the state database; `state` lists them");
    case kUsageInteger:
      return TEXT("a number, decimal or hexadecimal after 0x");
    default:
      return TEXT("");
  }
}

/// What one choice of an item names.
static inline enum usage_kind usage_kind(text_t choice) {
  for (uint32_t kind = kUsageName; kind < kUsagePair; kind++) {
    if (text_equal(choice, usage_word((enum usage_kind)kind))) return (enum usage_kind)kind;
  }
  if (usage_has(choice, '=')) return kUsagePair;
  const char first = choice.length == 0 ? 'A' : *text_at(choice, 0);
  return first >= 'A' && first <= 'Z' ? kUsageOther : kUsageLiteral;
}

/// Whether `word` can stand for `item`.
static inline bool usage_fits(text_t item, text_t word) {
  for (size_t i = 0; usage_choice(item, i).length != 0; i++) {
    const text_t choice = usage_choice(item, i);
    const enum usage_kind kind = usage_kind(choice);
    if (kind == kUsageLiteral ? text_equal(choice, word)
                              : usage_has(word, '=') == (kind == kUsagePair)) {
      return true;
    }
  }
  return false;
}

/// Whether the usage speaks of the kind.
static inline bool usage_mentions(text_t usage, enum usage_kind kind) {
  const text_t word = usage_word(kind);
  for (size_t i = 0; word.length != 0 && i + word.length <= usage.length; i++) {
    const size_t end = i + word.length;
    if (!text_equal(text_slice(usage, i, word.length), word)) continue;
    const char before = i == 0 ? ' ' : *text_at(usage, i - 1);
    const char after = end == usage.length ? ' ' : *text_at(usage, end);
    if (!(before >= 'A' && before <= 'Z') && !(after >= 'A' && after <= 'Z')) return true;
  }
  return false;
}
