// SPDX-License-Identifier: MIT
/// @file
/// What the word that is being typed may become. The usage that each command has in its manifest
/// says what its arguments name (patterns/usage.h), so a new command is completed as it is.
/// @spill none
#pragma once
#include "nano_core/api/cell.h"
#include "nano_core/api/instances.h"
EXTERN_C_BEGIN

typedef struct completion {
  name_t text;     // a whole word; of NAME=OBJECT what stands behind the sign
  uint64_t typed;  // characters of it that the line ends with already
  uint64_t next;   // place from which the search goes on
} completion_t;

/// Finds what may stand at the end of `line`.
/// @param line   up to the cursor; where it ends in a blank a new word begins
/// @param place  0 at first, then `next` of the one before
/// @errors   END: nothing more.
/// @context  steps; O(objects of the archive)
CELL_EXPORT status_t completion_find(text_t line, uint64_t place, OUT completion_t *completion);

/// Finds the command whose name is most like `word`: it begins so, or one or two letters differ.
/// @errors   NOT_FOUND: none is like it.
/// @context  steps; O(objects of the archive)
CELL_EXPORT status_t completion_nearest(text_t word, OUT name_t *command);

EXTERN_C_END
