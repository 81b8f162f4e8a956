// SPDX-License-Identifier: MIT
/// @file
/// Edits one line of text, key by key, and remembers the lines before it. It draws with printable
/// characters, blanks and backspace only, so every terminal and the plain screen show the same.
/// @spill none: everything stands in the owner's line_editor_t and buffers.
#pragma once
#include "nano_core/api/span.h"

enum { kLineEditorHistoryBytes = 640 };

/// Keys beside ASCII: what line_editor_decode makes of escape sequences.
enum line_editor_key {
  kLineEditorUp = 0x100,
  kLineEditorDown,
  kLineEditorLeft,
  kLineEditorRight,
  kLineEditorHome,
  kLineEditorEnd,
  kLineEditorDelete = 0x109,
  kLineEditorReport = 0x1ff,  // the terminal says where its cursor is: row `first`, `parameter`
};

/// What the editor knows between two keys. All zero is an empty line and no history.
typedef struct line_editor {
  uint32_t length;        // of the line
  uint32_t cursor;        // 0 to length
  uint32_t overflow;      // not 0: characters were refused, the line is not what was typed
  uint32_t escape;        // characters of an escape sequence so far
  uint32_t parameter;     // its last number
  uint32_t first;         // the one before it
  uint32_t place;         // 0: a new line; k: the k-th newest of the history
  uint32_t draft_length;  // of the new line, kept while place is not 0
  uint32_t history_length;
  char history[kLineEditorHistoryBytes];  // the newest last, each ended by a line feed
} line_editor_t;

/// The buffers of one edit; none is kept.
typedef struct line_edit {
  text_buffer_t line;   // the line itself
  text_buffer_t draft;  // as long as `line`: the new line, while an old one is looked at
  text_buffer_t echo;   // what to draw; four times as long as `line`
  size_t echo_length;
} line_edit_t;

static inline text_t line_editor_text(text_buffer_t buffer, size_t offset, size_t length) {
  const text_buffer_t part = text_buffer_slice(buffer, offset, length);
  const text_t text = {part.data, part.length};
  return text;
}

/// The key that an escape sequence with this last character and first number means; 0: none.
static inline uint32_t line_editor_final(uint32_t character, uint32_t parameter) {
  switch (character) {
    case 'A':
      return kLineEditorUp;
    case 'B':
      return kLineEditorDown;
    case 'C':
      return kLineEditorRight;
    case 'D':
      return kLineEditorLeft;
    case 'H':
      return kLineEditorHome;
    case 'F':
      return kLineEditorEnd;
    case 'R':
      return kLineEditorReport;
    case '~':
      if (parameter == 1 || parameter == 7) return kLineEditorHome;
      if (parameter == 4 || parameter == 8) return kLineEditorEnd;
      return parameter == 3 ? kLineEditorDelete : 0;
    default:
      return 0;
  }
}

/// Turns a character of a terminal into a key: control characters and ASCII stay, a whole escape
/// sequence becomes a line_editor_key.
/// @returns  0 while a sequence is under way or where it means nothing
static inline uint32_t line_editor_decode(line_editor_t *editor, uint32_t character) {
  if (character == 0x1b) {
    editor->escape = 1;
    editor->parameter = 0;
    editor->first = 0;
    return 0;
  }
  if (editor->escape == 0) return character;
  if (editor->escape == 1) {
    editor->escape = character == '[' || character == 'O' ? 2 : 0;
    return 0;
  }
  if (character >= '0' && character <= '9') {
    editor->parameter = (editor->parameter * 10 + (character - '0')) % 1000;
    return 0;
  }
  if (character == ';') {
    editor->first = editor->parameter;
    editor->parameter = 0;
    return 0;
  }
  editor->escape = 0;
  return line_editor_final(character, editor->first != 0 ? editor->first : editor->parameter);
}

static inline void line_editor_draw(line_edit_t *edit, text_t text) {
  const size_t room = edit->echo.length - edit->echo_length;
  edit->echo_length += text_copy(text_buffer_slice(edit->echo, edit->echo_length, room), text);
}

static inline void line_editor_draw_times(line_edit_t *edit, text_t text, size_t times) {
  for (size_t i = 0; i < times; i++) line_editor_draw(edit, text);
}

/// What the screen shows before a change.
typedef struct line_editor_view {
  uint32_t length;
  uint32_t cursor;
} line_editor_view_t;

static inline line_editor_view_t line_editor_view(const line_editor_t *editor) {
  const line_editor_view_t view = {editor->length, editor->cursor};
  return view;
}

/// Draws the change of the line from character `from` on (not behind the old cursor).
static inline void line_editor_redraw(const line_editor_t *editor, line_edit_t *edit,
                                      line_editor_view_t old, uint32_t from) {
  line_editor_draw_times(edit, TEXT("\b"), old.cursor - from);
  line_editor_draw(edit, line_editor_text(edit->line, from, editor->length - from));
  const uint32_t stale = old.length > editor->length ? old.length - editor->length : 0;
  line_editor_draw_times(edit, TEXT(" "), stale);
  line_editor_draw_times(edit, TEXT("\b"), editor->length + stale - editor->cursor);
}

static inline void line_editor_move(line_editor_t *editor, line_edit_t *edit, uint32_t cursor) {
  if (cursor < editor->cursor) {
    line_editor_draw_times(edit, TEXT("\b"), editor->cursor - cursor);
  } else {
    line_editor_draw(edit, line_editor_text(edit->line, editor->cursor, cursor - editor->cursor));
  }
  editor->cursor = cursor;
}

static inline void line_editor_insert(line_editor_t *editor, line_edit_t *edit, char character) {
  if (editor->length == edit->line.length) {
    editor->overflow = 1;
    return;
  }
  const line_editor_view_t old = line_editor_view(editor);
  for (size_t i = editor->length; i > editor->cursor; i--) {
    *text_buffer_at(edit->line, i) = *text_buffer_at(edit->line, i - 1);
  }
  *text_buffer_at(edit->line, editor->cursor) = character;
  editor->length++;
  editor->cursor++;
  line_editor_redraw(editor, edit, old, old.cursor);
}

/// Takes out the characters [from, to), where from <= cursor.
static inline void line_editor_remove(line_editor_t *editor, line_edit_t *edit, uint32_t from,
                                      uint32_t to) {
  const line_editor_view_t old = line_editor_view(editor);
  for (uint32_t i = to; i < editor->length; i++) {
    *text_buffer_at(edit->line, from + (i - to)) = *text_buffer_at(edit->line, i);
  }
  editor->length -= to - from;
  editor->cursor = from;
  line_editor_redraw(editor, edit, old, from);
}

/// Shows another text in the line's place.
static inline void line_editor_replace(line_editor_t *editor, line_edit_t *edit, text_t text) {
  const line_editor_view_t old = line_editor_view(editor);
  editor->length = (uint32_t)text_copy(edit->line, text);
  editor->cursor = editor->length;
  line_editor_redraw(editor, edit, old, 0);
}

/// The `place`-th newest line of the history; empty past the oldest.
static inline text_t line_editor_recall(const line_editor_t *editor, uint32_t place) {
  size_t end = editor->history_length;
  for (uint32_t i = 1; end > 0; i++) {
    size_t start = end - 1;  // the line feed
    while (start > 0 && editor->history[start - 1] != '\n') start--;
    if (i == place) return text_slice(SPAN_OF(text, editor->history), start, end - 1 - start);
    end = start;
  }
  return TEXT("");
}

static inline void line_editor_browse(line_editor_t *editor, line_edit_t *edit, bool older) {
  const uint32_t place = older ? editor->place + 1 : editor->place - 1;
  if (!older && editor->place == 0) return;
  if (older && line_editor_recall(editor, place).length == 0) return;
  if (editor->place == 0) {
    editor->draft_length =
        (uint32_t)text_copy(edit->draft, line_editor_text(edit->line, 0, editor->length));
  }
  editor->place = place;
  line_editor_replace(editor, edit,
                      place == 0 ? line_editor_text(edit->draft, 0, editor->draft_length)
                                 : line_editor_recall(editor, place));
}

/// Drops the oldest line of the history.
static inline void line_editor_forget(line_editor_t *editor) {
  size_t first = 0;
  while (first < editor->history_length && editor->history[first] != '\n') first++;
  first++;
  for (size_t i = first; i < editor->history_length; i++) {
    editor->history[i - first] = editor->history[i];
  }
  editor->history_length -= (uint32_t)first;
}

/// Adds the line to the history, unless it is empty, too long, or the newest there.
static inline void line_editor_remember(line_editor_t *editor, text_t line) {
  if (line.length == 0 || line.length + 1 > kLineEditorHistoryBytes) return;
  if (text_equal(line, line_editor_recall(editor, 1))) return;
  while (editor->history_length + line.length + 1 > kLineEditorHistoryBytes) {
    line_editor_forget(editor);
  }
  const text_buffer_t history = SPAN_OF(text_buffer, editor->history);
  const size_t used = editor->history_length;
  editor->history_length +=
      (uint32_t)text_copy(text_buffer_slice(history, used, history.length - used), line);
  editor->history[editor->history_length++] = '\n';
}

/// Begins a new line.
static inline void line_editor_reset(line_editor_t *editor) {
  editor->length = 0;
  editor->cursor = 0;
  editor->overflow = 0;
  editor->escape = 0;
  editor->place = 0;
  editor->draft_length = 0;
}

static inline void line_editor_backspace(line_editor_t *editor, line_edit_t *edit) {
  if (editor->cursor > 0) line_editor_remove(editor, edit, editor->cursor - 1, editor->cursor);
}

static inline void line_editor_delete(line_editor_t *editor, line_edit_t *edit) {
  if (editor->cursor < editor->length) {
    line_editor_remove(editor, edit, editor->cursor, editor->cursor + 1);
  }
}

/// Control characters that edit; others do nothing.
static inline void line_editor_control(line_editor_t *editor, line_edit_t *edit, uint32_t key) {
  switch (key) {
    case 0x01:  // ctrl-a
      line_editor_move(editor, edit, 0);
      break;
    case 0x04:  // ctrl-d
      line_editor_delete(editor, edit);
      break;
    case 0x05:  // ctrl-e
      line_editor_move(editor, edit, editor->length);
      break;
    case 0x08:
    case 0x7f:
      line_editor_backspace(editor, edit);
      break;
    case 0x0b:  // ctrl-k
      line_editor_remove(editor, edit, editor->cursor, editor->length);
      break;
    case 0x15:  // ctrl-u
      line_editor_remove(editor, edit, 0, editor->cursor);
      break;
    default:
      break;
  }
}

/// Applies one key that is neither the end of the line nor ctrl-c, which are the owner's.
static inline void line_editor_apply(line_editor_t *editor, line_edit_t *edit, uint32_t key) {
  switch (key) {
    case kLineEditorUp:
    case kLineEditorDown:
      line_editor_browse(editor, edit, key == kLineEditorUp);
      break;
    case kLineEditorLeft:
      if (editor->cursor > 0) line_editor_move(editor, edit, editor->cursor - 1);
      break;
    case kLineEditorRight:
      if (editor->cursor < editor->length) line_editor_move(editor, edit, editor->cursor + 1);
      break;
    case kLineEditorHome:
      line_editor_move(editor, edit, 0);
      break;
    case kLineEditorEnd:
      line_editor_move(editor, edit, editor->length);
      break;
    case kLineEditorDelete:
      line_editor_delete(editor, edit);
      break;
    default:
      if (key >= 0x20 && key < 0x7f) {
        line_editor_insert(editor, edit, (char)key);
      } else {
        line_editor_control(editor, edit, key);
      }
  }
}
