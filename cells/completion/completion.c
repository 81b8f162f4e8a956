// SPDX-License-Identifier: MIT
#include "cells/completion/completion.h"

#include "patterns/command.h"
#include "patterns/edit_distance.h"
#include "patterns/usage.h"

enum { kSourceShift = 32, kLongWord = 6, kNearestNone = 3 };

// A line, taken apart.
typedef struct typing {
  text_t line;
  text_t word;      // the last one, as far as it is typed
  size_t position;  // of that word; 0 is the command
} typing_t;

static const text_t kPrefix = TEXT("command_");

static name_t name_of(text_t text) {
  name_t name = {};
  text_copy((text_buffer_t){name.characters, kNameBytes - 1}, text);
  return name;
}

static typing_t take_apart(text_t line) {
  typing_t typing = {.line = line, .position = words_count(line)};
  const bool between = line.length == 0 || *text_at(line, line.length - 1) == ' ';
  if (between) return typing;
  typing.position--;
  typing.word = words_at(line, typing.position);
  return typing;
}

// The object in place `index`, malformed ones left out.
static status_t find_object(uint64_t index, object_info_t *info) {
  const status_t status = object_describe(index, info);
  return status_is(status, STATUS_BAD_OBJECT) ? ERR(NOT_FOUND) : status;
}

// NOT_FOUND: that object is no command.
static status_t find_command(uint64_t index, object_info_t *info, text_t *word) {
  TRY(find_object(index, info));
  const text_t implements = COMMAND_FIELD(info->implements.characters);
  if (!text_starts_with(implements, kPrefix)) return ERR(NOT_FOUND);
  *word = text_slice(implements, kPrefix.length, implements.length - kPrefix.length);
  return OK;
}

// The summary of the line's command.
static status_t find_summary(text_t line, object_info_t *info) {
  for (uint64_t i = 0;; i++) {
    text_t word;
    const status_t status = find_command(i, info, &word);
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    TRY(status);
    if (text_equal(word, words_at(line, 0))) return OK;
  }
}

// Whether the words before the last one are such as the form has.
static bool form_fits(text_t usage, size_t form, const typing_t *typing) {
  for (size_t i = 1; i < typing->position; i++) {
    if (!usage_fits(usage_item(usage, form, i), words_at(typing->line, i))) return false;
  }
  return true;
}

// The `source`-th choice that the usage leaves for the last word; empty past the last.
static text_t find_choice(text_t usage, const typing_t *typing, uint64_t source) {
  for (size_t form = 0; usage_form(usage, form).length != 0; form++) {
    if (!form_fits(usage, form, typing)) continue;
    const text_t item = usage_item(usage, form, typing->position);
    for (size_t i = 0; usage_choice(item, i).length != 0; i++) {
      if (source-- == 0) return usage_choice(item, i);
    }
  }
  return TEXT("");
}

static status_t served_name(uint64_t index, name_t *name) {
  instance_info_t info;
  TRY(instance_describe(index, &info));
  *name = info.name;
  return OK;
}

static status_t object_name(uint64_t index, name_t *name) {
  object_info_t info;
  TRY(find_object(index, &info));
  *name = info.object;
  return OK;
}

static status_t command_name(uint64_t index, name_t *name) {
  object_info_t info;
  text_t word;
  TRY(find_command(index, &info, &word));
  *name = name_of(word);
  return OK;
}

static status_t function_name(const typing_t *typing, uint64_t index, name_t *name) {
  export_info_t info;
  const status_t status =
      instance_export(words_at(typing->line, typing->position - 1), index, &info);
  if (!status_is_ok(status)) return ERR(END);  // also where nobody serves that name
  *name = info.function;
  return OK;
}

static status_t blob_name(uint64_t index, name_t *name) {
  blob_info_t info;
  TRY(blob_describe(index, &info));
  *name = info.name;
  return OK;
}

// The form with NAME alone offers the first name of a pair.
static status_t pair_name(const typing_t *typing, uint64_t index, name_t *name) {
  if (usage_has(typing->word, '=')) return object_name(index, name);
  return typing->position > 1 ? served_name(index, name) : ERR(END);
}

// The `index`-th thing that the choice may name. NOT_FOUND: there is none in this place.
static status_t find_candidate(text_t choice, const typing_t *typing, uint64_t index,
                               name_t *name) {
  switch (usage_kind(choice)) {
    case kUsageLiteral:
      *name = name_of(choice);
      return index == 0 ? OK : ERR(END);
    case kUsageName:
      return served_name(index, name);
    case kUsageObject:
      return object_name(index, name);
    case kUsageFunction:
      return function_name(typing, index, name);
    case kUsageCommand:
      return command_name(index, name);
    case kUsageBlob:
      return blob_name(index, name);
    case kUsagePair:
      return pair_name(typing, index, name);
    default:
      return ERR(END);
  }
}

// What of the last word the candidate has to begin with.
static text_t typed_part(const typing_t *typing, text_t choice) {
  if (usage_kind(choice) != kUsagePair) return typing->word;
  for (size_t i = 0; i < typing->word.length; i++) {
    if (*text_at(typing->word, i) != '=') continue;
    return text_slice(typing->word, i + 1, typing->word.length - i - 1);
  }
  return typing->word;
}

// Looks through the candidates of one choice. END: none is left.
static status_t search(const typing_t *typing, text_t choice, uint64_t source, uint64_t index,
                       completion_t *completion) {
  const text_t typed = typed_part(typing, choice);
  for (;; index++) {
    completion_t found = {.typed = typed.length, .next = (source << kSourceShift) + index + 1};
    const status_t status = find_candidate(choice, typing, index, &found.text);
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    TRY(status);
    if (!text_starts_with(COMMAND_FIELD(found.text.characters), typed)) continue;
    *completion = found;
    return OK;
  }
}

status_t completion_find(text_t line, uint64_t place, completion_t *completion) {
  const typing_t typing = take_apart(line);
  object_info_t info;
  if (typing.position > 0) TRY(find_summary(line, &info));
  uint64_t index = place & ((UINT64_C(1) << kSourceShift) - 1);
  for (uint64_t source = place >> kSourceShift;; source++) {
    text_t choice = source == 0 ? TEXT("COMMAND") : TEXT("");
    if (typing.position > 0) {
      choice = find_choice(usage_of(COMMAND_FIELD(info.summary)), &typing, source);
    }
    if (choice.length == 0) return ERR(END);
    const status_t status = search(&typing, choice, source, index, completion);
    if (!status_is(status, STATUS_END)) return status;
    index = 0;
  }
}

// 0: the same; kNearestNone: not alike.
static size_t distance(text_t word, text_t command) {
  if (word.length >= 2 && text_starts_with(command, word)) return 1;
  const size_t letters = edit_distance(word, command);
  return letters <= (word.length < kLongWord ? 1u : 2u) ? letters : (size_t)kNearestNone;
}

status_t completion_nearest(text_t word, name_t *command) {
  size_t best = kNearestNone;
  name_t nearest = {};
  for (uint64_t i = 0;; i++) {
    object_info_t info;
    text_t found;
    const status_t status = find_command(i, &info, &found);
    if (status_is(status, STATUS_NOT_FOUND)) continue;
    if (!status_is_ok(status)) break;
    if (distance(word, found) >= best) continue;
    best = distance(word, found);
    nearest = name_of(found);
  }
  if (best == kNearestNone) return ERR(NOT_FOUND);
  *command = nearest;
  return OK;
}
