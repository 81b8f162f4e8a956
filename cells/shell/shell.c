// SPDX-License-Identifier: MIT
#include "cells/shell/shell.h"

#include "cells/console_multiplexer/console_multiplexer.h"
#include "cells/log/log.h"
#include "cells/serial_port/serial_port.h"
#include "nano_core/api/cycle_counter.h"
#include "nano_core/api/machine.h"
#include "patterns/command.h"
#include "patterns/line_editor.h"
#include "patterns/status_text.h"

typedef struct shell_boot {
  monitor_t monitor;
  uint64_t ready_cycles;  // 0: not ready yet
} shell_boot_t;

STATE(shell_boot_t, shell_boot);

enum {
  kShellTag = SEALED_TAG('S', 'H', 'E', 'L'),
  kShellVersion = 1,
  kKeysPerStep = 64,
  kLogLinesPerStep = 16,
  kEchoBytes = 4 * kCommandLineBytes,
  kCommandNameBytes = 40,
};

// The line is edited in place in command.line; command.output, which is empty while no command is
// under way, keeps the line that was begun while older ones are looked at.
typedef struct shell_progress {
  line_editor_t editor;
  command_t command;
  reference_t step;   // of the command under way; none: a line is being read
  uint64_t log_next;  // number of the first log line that was not printed
  bool started;
  bool ansi;      // prompt and echo
  bool quiet;     // no log lines
  bool answered;  // the command under way is in its part after the answer
  bool returned;  // the last character was a carriage return
} shell_progress_t;

static_assert(sizeof(shell_progress_t) <= kTaskProgressBytes / 4 * 3, "a quarter is kept spare");

static_assert((int)kLineEditorUp == (int)kConsoleMultiplexerUp &&
                  (int)kLineEditorDown == (int)kConsoleMultiplexerDown &&
                  (int)kLineEditorLeft == (int)kConsoleMultiplexerLeft &&
                  (int)kLineEditorRight == (int)kConsoleMultiplexerRight &&
                  (int)kLineEditorHome == (int)kConsoleMultiplexerHome &&
                  (int)kLineEditorEnd == (int)kConsoleMultiplexerEnd &&
                  (int)kLineEditorDelete == (int)kConsoleMultiplexerDelete,
              "keys pass from the console to the editor as they are");

// A line that is put together on the stack and written at once.
typedef struct sheet {
  char text[kMessageBytes + kLogSourceBytes + kNameBytes];
  size_t length;
} sheet_t;

__attribute__((noinline)) static void sheet_put(sheet_t *sheet, text_t text) {
  const text_buffer_t room = SPAN_OF(text_buffer, sheet->text);
  sheet->length +=
      text_copy(text_buffer_slice(room, sheet->length, room.length - sheet->length), text);
}

// Writes by whatever way is left.
__attribute__((noinline)) static void write_text(text_t text) {
  if (text.length == 0) return;
  const status_t status = console_multiplexer_write(text);
  if (status_is_ok(status)) return;
  // A writer that failed half-way has left the cursor anywhere.
  if (status_is(status, STATUS_FAULT)) {
    status_ignore(emergency_write(TEXT("\n")), "there is no other way left");
  }
  status_ignore(emergency_write(text), "there is no other way left");
}

static void write_sheet(const sheet_t *sheet) {
  write_text(text_slice(SPAN_OF(text, sheet->text), 0, sheet->length));
}

static void write_prompt(const shell_progress_t *progress) {
  if (progress->ansi) write_text(TEXT("theseus> "));
}

// Takes prompt and line off the screen, so that log lines begin in column 1.
static void hide_line(const shell_progress_t *progress) {
  char blanks[kCommandLineBytes + 12];
  for (size_t i = 0; i < sizeof(blanks); i++) blanks[i] = ' ';
  const text_t cover = text_slice(SPAN_OF(text, blanks), 0, progress->editor.length + 9);
  write_text(TEXT("\r"));
  write_text(cover);
  write_text(TEXT("\r"));
}

static void show_line(const shell_progress_t *progress) {
  const text_t line = SPAN_OF(text, progress->command.line);
  write_prompt(progress);
  write_text(text_slice(line, 0, progress->editor.length));
  for (size_t i = progress->editor.cursor; i < progress->editor.length; i++) {
    write_text(TEXT("\b"));
  }
}

static void write_log_line(const log_line_t *line) {
  sheet_t sheet = {};
  sheet_put(&sheet, TEXT("["));
  sheet_put(&sheet, COMMAND_FIELD(line->source));
  sheet_put(&sheet, TEXT("] "));
  sheet_put(&sheet, COMMAND_FIELD(line->message));
  sheet_put(&sheet, TEXT("\n"));
  write_sheet(&sheet);
}

// Prints what has been logged since. The step watches the log from here on.
static void print_log(shell_progress_t *progress) {
  const bool line_shown = progress->ansi && reference_is_none(progress->step);
  bool hidden = false;
  for (size_t i = 0; i < kLogLinesPerStep; i++) {
    log_line_t line;
    if (!status_is_ok(log_read(progress->log_next, &line))) break;
    progress->log_next = line.number + 1;
    if (progress->quiet) continue;
    if (line_shown && !hidden) hide_line(progress);
    hidden = true;
    write_log_line(&line);
  }
  if (line_shown && hidden) show_line(progress);
}

static bool option_is(text_t name, text_t wanted) {
  char value[16];
  const size_result_t length = machine_option_value(name, SPAN_OF(text_buffer, value));
  if (!status_is_ok(length.status) || length.value > sizeof(value)) return false;
  return text_equal(text_slice(SPAN_OF(text, value), 0, length.value), wanted);
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
  write_prompt(progress);
}

static void write_answer(status_t status, text_t message) {
  if (status_is_ok(status)) {
    write_text(TEXT("= ok\n"));
    return;
  }
  sheet_t sheet = {};
  sheet_put(&sheet, TEXT("= error "));
  sheet_put(&sheet, status_text_name(status));
  sheet_put(&sheet, TEXT(": "));
  sheet_put(&sheet, message.length == 0 ? status_text_meaning(status) : message);
  for (size_t i = 0; i < sheet.length; i++) {
    if (sheet.text[i] < ' ') sheet.text[i] = ' ';  // one line, whatever the message
  }
  sheet_put(&sheet, TEXT("\n"));
  write_sheet(&sheet);
}

// Answers a line that no command has been begun for.
static void answer(shell_progress_t *progress, status_t status, text_t before, text_t word,
                   text_t after) {
  status = command_refuse(&progress->command, status, before, word, after);
  write_answer(status, COMMAND_FIELD(progress->command.message));
}

// Commands of the published interface that later stages build.
static bool is_planned(text_t word) {
  return text_equal(word, TEXT("rollback")) || text_equal(word, TEXT("spill")) ||
         text_equal(word, TEXT("fault")) || text_equal(word, TEXT("faults")) ||
         text_equal(word, TEXT("trace"));
         text_equal(word, TEXT("cpus"));
}

static reference_result_t obtain_step(text_t word) {
  if (word.length > kCommandNameBytes) return (reference_result_t){.status = ERR(NOT_FOUND)};
  sheet_t function = {};
  sheet_put(&function, TEXT("command_"));
  sheet_put(&function, word);
  sheet_put(&function, TEXT("_step"));
  return reference_obtain(text_slice(SPAN_OF(text, function.text), 0, function.length));
}

static void begin_command(shell_progress_t *progress, text_t word) {
  const reference_result_t step = obtain_step(word);
  if (status_is_ok(step.status)) {
    progress->step = step.value;
  } else if (is_planned(word)) {
    answer(progress, ERR(UNSUPPORTED), TEXT("the command "), word, TEXT(" is not built yet"));
  } else if (status_is(step.status, STATUS_NOT_FOUND)) {
    answer(progress, step.status, TEXT("no command "), word, TEXT("; type help"));
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

static void edit_line(shell_progress_t *progress, uint32_t key) {
  char echo[kEchoBytes];
  line_edit_t edit = {
      .line = SPAN_OF(text_buffer, progress->command.line),
      .draft =
          text_buffer_slice(SPAN_OF(text_buffer, progress->command.output), 0, kCommandLineBytes),
      .echo = SPAN_OF(text_buffer, echo),
  };
  line_editor_apply(&progress->editor, &edit, key);
  if (progress->ansi) write_text(line_editor_text(edit.echo, 0, edit.echo_length));
}

static void take_character(shell_progress_t *progress, uint32_t character) {
  const bool second_half = progress->returned && character == '\n';
  progress->returned = character == '\r';
  if (second_half) return;
  const uint32_t key = line_editor_decode(&progress->editor, character);
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

static void print_output(command_t *command) {
  // The command may have failed while it wrote here.
  const size_t limit = kCommandOutputBytes;
  const size_t length = command->output_length < limit ? command->output_length : limit;
  command->output_length = 0;
  if (length == 0) return;
  write_text(text_slice(SPAN_OF(text, command->output), 0, length));
  if (command->output[length - 1] != '\n') write_text(TEXT("\n"));
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
  write_answer(status, COMMAND_FIELD(command->message));
  if (!status_is_ok(status) || command->after == 0) {
    end_command(progress);
    return;
  }
  command->stage = command->after;
  command->after = 0;
  progress->answered = true;
}

static status_t run_command(shell_progress_t *progress) {
  command_t *command = &progress->command;
  const u64_result_t result =
      reference_call(progress->step, (uint64_t)(uintptr_t)command, 0, 0, 0, 0);
  print_log(progress);
  if (progress->answered) command->output_length = 0;
  print_output(command);
  if (status_is_ok(result.status) || status_is(result.status, STATUS_WOULD_BLOCK)) {
    return result.status;
  }
  finish_command(progress, result.status);
  return OK;
}

status_t shell_step(task_progress_t *task) {
  shell_progress_t progress;
  TRY(SEALED_OPEN(task, kShellTag, kShellVersion, &progress));
  if (!progress.started) start(&progress);
  print_log(&progress);
  const status_t status =
      reference_is_none(progress.step) ? read_line(&progress) : run_command(&progress);
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
