// SPDX-License-Identifier: MIT
#include "cells/shell/shell.h"

#include "cells/log/log.h"
#include "cells/serial_port/serial_port.h"
#include "cells/shell/paging.h"
#include "cells/shell/progress.h"
#include "cells/shell/terminal_size.h"
#include "cells/shell/typing.h"
#include "nano_core/api/cycle_counter.h"
#include "patterns/status_text.h"

typedef struct shell_boot {
  monitor_t monitor;
  uint64_t ready_cycles;  // 0: not ready yet
} shell_boot_t;

STATE(shell_boot_t, shell_boot);

enum {
  kKeysPerStep = 64,
  kLogLinesPerStep = 16,
  kCommandNameBytes = 40,
};

static_assert((int)kLineEditorUp == (int)kConsoleMultiplexerUp &&
                  (int)kLineEditorDown == (int)kConsoleMultiplexerDown &&
                  (int)kLineEditorLeft == (int)kConsoleMultiplexerLeft &&
                  (int)kLineEditorRight == (int)kConsoleMultiplexerRight &&
                  (int)kLineEditorHome == (int)kConsoleMultiplexerHome &&
                  (int)kLineEditorEnd == (int)kConsoleMultiplexerEnd &&
                  (int)kLineEditorDelete == (int)kConsoleMultiplexerDelete,
              "keys pass from the console to the editor as they are");

static void write_log_line(shell_progress_t *progress, const log_line_t *line) {
  sheet_t sheet = {};
  sheet_put(&sheet, TEXT("["));
  sheet_put(&sheet, COMMAND_FIELD(line->source));
  sheet_put(&sheet, TEXT("] "));
  sheet_put(&sheet, COMMAND_FIELD(line->message));
  pager_count(&progress->pager, sheet.length);
  sheet_put(&sheet, TEXT("\n"));
  write_text(sheet_text(&sheet));
}

// Takes prompt and line, or the pager's question, off the screen, so that log lines begin in
// column 1.
static void hide_typing(const shell_progress_t *progress) {
  write_blanks(progress->paused ? kMore.length : kPromptColumns + progress->editor.length);
}

static void show_typing(const shell_progress_t *progress) {
  if (progress->paused) return paging_ask(progress);
  show_line(progress);
}

// Prints what has been logged since. The step watches the log from here on.
static void print_log(shell_progress_t *progress) {
  const bool typing = progress->ansi && (reference_is_none(progress->step) || progress->paused);
  bool hidden = false;
  for (size_t i = 0; i < kLogLinesPerStep; i++) {
    log_line_t line;
    if (!status_is_ok(log_read(progress->log_next, &line))) break;
    progress->log_next = line.number + 1;
    if (progress->quiet) continue;
    if (typing && !hidden) hide_typing(progress);
    hidden = true;
    write_log_line(progress, &line);
  }
  if (typing && hidden) show_typing(progress);
}

static void start(shell_progress_t *progress) {
  const bool_result_t quiet = machine_option(TEXT("quiet"));
  progress->quiet = status_is_ok(quiet.status) && quiet.value;
  progress->started = true;
  monitor_enter(&state_shell_boot->monitor);
  // The task may have been made anew; the boot happened once.
  if (state_shell_boot->ready_cycles == 0) {
    state_set(&state_shell_boot->ready_cycles, cycle_counter());
  }
  monitor_exit(&state_shell_boot->monitor);
  const status_t logged = log_write(TEXT("shell"), TEXT("ready"));
  // Who waits for this line waits for it on the console, whatever becomes of the log.
  if (progress->quiet || !status_is_ok(logged)) write_text(TEXT("[shell] ready\n"));
  print_log(progress);
  progress->ansi = option_is(TEXT("terminal"), TEXT("ansi"));
  progress->colours = progress->ansi && !option_is(TEXT("colour"), TEXT("off"));
  if (progress->ansi) find_size(progress);
  write_prompt(progress);
}

static void write_answer(const shell_progress_t *progress, status_t status, text_t message) {
  sheet_t sheet = {};
  if (status_is_ok(status)) {
    sheet_put(&sheet, TEXT("= ok"));
  } else {
    sheet_put(&sheet, TEXT("= error "));
    sheet_put(&sheet, status_text_name(status));
    sheet_put(&sheet, TEXT(": "));
    sheet_put(&sheet, message.length == 0 ? status_text_meaning(status) : message);
  }
  for (size_t i = 0; i < sheet.length; i++) {
    if (sheet.text[i] < ' ') sheet.text[i] = ' ';  // one line, whatever the message
  }
  const enum terminal_style style = status_is_ok(status) ? kTerminalStyleGood : kTerminalStyleBad;
  sheet_t line = {};
  if (progress->colours) sheet_put(&line, terminal_style_text(style));
  sheet_put(&line, sheet_text(&sheet));
  if (progress->colours) sheet_put(&line, terminal_style_text(kTerminalStylePlain));
  sheet_put(&line, TEXT("\n"));
  write_text(sheet_text(&line));
}

// Answers a line that no command has been begun for.
static void answer(shell_progress_t *progress, status_t status, text_t before, text_t word,
                   text_t after) {
  status = command_refuse(&progress->command, status, before, word, after);
  write_answer(progress, status, COMMAND_FIELD(progress->command.message));
}

// Commands of the published interface that later stages build.
static bool is_planned(text_t word) {
  return text_equal(word, TEXT("rollback")) || text_equal(word, TEXT("spill")) ||
         text_equal(word, TEXT("fault")) || text_equal(word, TEXT("faults"));
}

static reference_result_t obtain_step(text_t word) {
  if (word.length > kCommandNameBytes) return (reference_result_t){.status = ERR(NOT_FOUND)};
  sheet_t function = {};
  sheet_put(&function, TEXT("command_"));
  sheet_put(&function, word);
  sheet_put(&function, TEXT("_step"));
  return reference_obtain(text_slice(SPAN_OF(text, function.text), 0, function.length));
}

static void answer_unknown(shell_progress_t *progress, text_t word) {
  name_t near;
  sheet_t after = {};
  if (status_is_ok(completion_nearest(word, &near))) {
    sheet_put(&after, TEXT("; did you mean "));
    sheet_put(&after, COMMAND_FIELD(near.characters));
    sheet_put(&after, TEXT("?"));
  } else {
    sheet_put(&after, TEXT("; type help"));
  }
  answer(progress, ERR(NOT_FOUND), TEXT("no command "), word, sheet_text(&after));
}

static void begin_command(shell_progress_t *progress, text_t word) {
  const reference_result_t step = obtain_step(word);
  if (status_is_ok(step.status)) {
    progress->step = step.value;
    paging_start(progress);
  } else if (is_planned(word)) {
    answer(progress, ERR(UNSUPPORTED), TEXT("the command "), word, TEXT(" is not built yet"));
  } else if (status_is(step.status, STATUS_NOT_FOUND)) {
    answer_unknown(progress, word);
  } else {
    answer(progress, step.status, TEXT("the command "), word, TEXT(" cannot be reached"));
  }
}

// A new command, with the line that was just read.
static void reset_command(command_t *command, uint32_t line_length) {
  command->line_length = line_length;
  command->output_length = 0;
  command->stage = 0;
  command->after = 0;
  command->cursor = 0;
  command->message[0] = 0;
  command->result = OK;
  for (size_t i = 0; i < kCommandPrivateBytes; i++) command->memory[i] = 0;
}

static void end_line(shell_progress_t *progress) {
  const bool overflow = progress->editor.overflow != 0;
  if (progress->ansi) write_text(TEXT("\n"));
  reset_command(&progress->command, progress->editor.length);
  line_editor_reset(&progress->editor);
  const text_t word = command_word(&progress->command, 0);
  if (overflow) {
    answer(progress, ERR(NO_SPACE), TEXT("the line"), TEXT(""), TEXT(" is too long"));
  } else if (word.length != 0 && *text_at(word, 0) != '#') {
    line_editor_remember(&progress->editor, command_line(&progress->command));
    begin_command(progress, word);
  }
  if (reference_is_none(progress->step)) write_prompt(progress);
}

static void cancel_line(shell_progress_t *progress) {
  line_editor_reset(&progress->editor);
  if (!progress->ansi) return;
  write_text(TEXT("^C\n"));
  write_prompt(progress);
}

// The key that a character ends; 0: none yet. What the terminal says by itself is dealt with.
static uint32_t decode(shell_progress_t *progress, uint32_t character) {
  const uint32_t key = line_editor_decode(&progress->editor, character);
  if (key != kLineEditorReport) return key;
  set_size(progress, progress->editor.first, progress->editor.parameter);
  return 0;
}

static void take_character(shell_progress_t *progress, uint32_t character) {
  const bool second_half = progress->returned && character == '\n';
  progress->returned = character == '\r';
  if (second_half) return;
  const uint32_t key = decode(progress, character);
  if (key == '\t' && progress->ansi) return complete_line(progress);
  if (key != 0) progress->tabbed = false;
  if (key == '\r' || key == '\n') {
    end_line(progress);
  } else if (key == 0x03) {
    cancel_line(progress);
  } else if (key != 0) {
    edit_line(progress, key);
  }
}

static bool is_final(u32_result_t character) {
  return status_is_ok(character.status) || status_is(character.status, STATUS_WOULD_BLOCK);
}

// Reads by whatever way is left. BUSY: nothing is there, and nothing could be watched.
static u32_result_t read_character(void) {
  u32_result_t character = console_multiplexer_read();
  if (is_final(character) || status_is(character.status, STATUS_BUSY)) return character;
  // While the driver is there, its handler takes what comes.
  character = serial_port_read();
  if (is_final(character)) return character;
  character = emergency_read();
  if (!status_is_ok(character.status)) character.status = ERR(BUSY);
  return character;
}

// Reads characters until a command has begun or none is there.
static status_t read_line(shell_progress_t *progress) {
  for (size_t i = 0; i < kKeysPerStep && reference_is_none(progress->step); i++) {
    const u32_result_t character = read_character();
    if (status_is(character.status, STATUS_BUSY)) return OK;  // to be called again
    TRY(character.status);
    take_character(progress, character.value);
  }
  return OK;
}

static void end_command(shell_progress_t *progress) {
  status_ignore(reference_release(progress->step), "it is not used again either way");
  progress->step = (reference_t){};
  progress->answered = false;
  write_prompt(progress);
}

static void finish_command(shell_progress_t *progress, status_t status) {
  command_t *command = &progress->command;
  if (progress->answered) {
    if (!status_is(status, STATUS_END)) {
      status_ignore(log_write(command_word(command, 0), status_text_name(status)), "only news");
    }
    end_command(progress);
    return;
  }
  if (status_is(status, STATUS_END)) {
    status = command->result;
  } else if (status_is(status, STATUS_FAULT)) {
    status = command_refuse(command, status, TEXT("command "), command_word(command, 0),
                            TEXT(" failed, or a cell that it called did"));
  }
  write_answer(progress, status, COMMAND_FIELD(command->message));
  if (!status_is_ok(status) || command->after == 0) {
    end_command(progress);
    return;
  }
  command->stage = command->after;
  command->after = 0;
  progress->answered = true;
}

// Goes on from the command's last step, once its output is out.
static status_t leave_step(shell_progress_t *progress) {
  const status_t outcome = progress->outcome;
  if (status_is_ok(outcome) || status_is(outcome, STATUS_WOULD_BLOCK)) return outcome;
  finish_command(progress, outcome);
  return OK;
}

static status_t run_command(shell_progress_t *progress) {
  command_t *command = &progress->command;
  progress->outcome =
      reference_call(progress->step, (uint64_t)(uintptr_t)command, 0, 0, 0, 0).status;
  print_log(progress);
  if (progress->answered) command->output_length = 0;
  return paging_print(progress) ? leave_step(progress) : OK;
}

// Reads what the reader wants of a command whose output was held up.
static status_t turn_page(shell_progress_t *progress) {
  const u32_result_t character = read_character();
  if (status_is(character.status, STATUS_BUSY)) return OK;  // to be called again
  TRY(character.status);
  const uint32_t key = decode(progress, character.value);
  if (key != 0) paging_take(progress, key);
  if (progress->paused || !paging_print(progress)) return OK;
  // What the command waits for was watched in an earlier step: it is asked again.
  return status_is(progress->outcome, STATUS_WOULD_BLOCK) ? OK : leave_step(progress);
}

status_t shell_step(task_progress_t *task) {
  shell_progress_t progress;
  TRY(SEALED_OPEN(task, kShellTag, kShellVersion, &progress));
  if (!progress.started) start(&progress);
  print_log(&progress);
  status_t status;
  if (reference_is_none(progress.step)) {
    status = read_line(&progress);
  } else {
    status = progress.paused ? turn_page(&progress) : run_command(&progress);
  }
  SEALED_COMMIT(task, kShellTag, kShellVersion, &progress);
  return status;
}

u64_result_t shell_ready_cycles(void) {
  u64_result_t result = {};
  monitor_enter(&state_shell_boot->monitor);
  result.value = state_shell_boot->ready_cycles;
  monitor_exit(&state_shell_boot->monitor);
  if (result.value == 0) result.status = ERR(WOULD_BLOCK);
  return result;
}
