// SPDX-License-Identifier: MIT
#include "cells/shell/shell.h"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "cells/completion/completion.h"
#include "cells/console_multiplexer/console_multiplexer.h"
#include "cells/log/log.h"
#include "cells/serial_port/serial_port.h"
#include "patterns/command.h"
#include "testing/host/fake_core.h"
#include "testing/host/ports.h"
#include "testing/host/state.h"

HOST_STATE_BYTES(shell_boot, 64);

namespace {

struct World {
  std::string console;  // what was written
  std::deque<uint32_t> input;
  std::deque<uint32_t> serial_input;  // what waits in the serial port's driver
  status_t serial_status = ERR(UNAVAILABLE);
  std::vector<std::pair<std::string, std::string>> log;
  status_t write_status = OK, read_status = ERR(WOULD_BLOCK), log_status = OK;
  std::function<status_t(command_t *)> command;  // what every command does
  int calls = 0;
  std::vector<std::string> candidates;  // whatever is typed
  std::string nearest;
  std::string serial;  // what went to the serial line alone
  console_multiplexer_size_t screen = {};
};

World world;

}  // namespace

status_t console_multiplexer_write(text_t text) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (status_is_ok(world.write_status)) world.console += fake_string(text);
  return world.write_status;
}

u32_result_t console_multiplexer_read(void) {
  if (world.input.empty() || !status_is(world.read_status, STATUS_WOULD_BLOCK)) {
    return {world.read_status, 0};
  }
  const uint32_t character = world.input.front();
  world.input.pop_front();
  return {OK, character};
}

status_t console_multiplexer_size(console_multiplexer_size_t *size) {
  if (world.screen.rows == 0) return ERR(UNAVAILABLE);
  *size = world.screen;
  return OK;
}

// Those candidates that begin as the last word does.
status_t completion_find(text_t line, uint64_t place, completion_t *completion) {
  const std::string text = fake_string(line);
  const std::string word = text.substr(text.rfind(' ') + 1);
  for (; place < world.candidates.size(); place++) {
    if (world.candidates[place].compare(0, word.size(), word) != 0) continue;
    *completion = {fake_name(world.candidates[place]), word.size(), place + 1};
    return OK;
  }
  return ERR(END);
}

status_t completion_nearest(text_t, name_t *command) {
  *command = fake_name(world.nearest);
  return world.nearest.empty() ? ERR(NOT_FOUND) : OK;
}

status_t serial_port_write(text_t text) {
  world.serial += fake_string(text);
  return OK;
}

u32_result_t serial_port_read(void) {
  if (world.serial_input.empty()) return {world.serial_status, 0};
  const uint32_t character = world.serial_input.front();
  world.serial_input.pop_front();
  return {OK, character};
}

status_t log_write(text_t source, text_t message) {
  EXPECT_EQ(host_monitor_depth(), 0u);
  if (status_is_ok(world.log_status)) {
    world.log.emplace_back(fake_string(source), fake_string(message));
  }
  return world.log_status;
}

status_t log_read(uint64_t number, log_line_t *line) {
  if (!status_is_ok(world.log_status)) return world.log_status;
  if (number >= world.log.size()) return ERR(END);
  *line = {};
  line->number = number;
  world.log[number].first.copy(line->source, kLogSourceBytes - 1);
  world.log[number].second.copy(line->message, kLogMessageBytes - 1);
  return OK;
}

u64_result_t reference_call(reference_t, uint64_t command, uint64_t, uint64_t, uint64_t, uint64_t) {
  world.calls++;
  return {world.command(reinterpret_cast<command_t *>(command)), 0};
}

namespace {

class ShellTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HOST_STATE_CLEAR(shell_boot);
    fake_core() = {};
    world = {};
    host_cycles = 42;
    world.command = [](command_t *) { return ERR(END); };
    fake_core().references["command_nothing_step"] = ERR(NOT_FOUND);
    for (const char *word : {"rollback", "spill", "fault", "faults"}) {
      fake_core().references[std::string("command_") + word + "_step"] = ERR(NOT_FOUND);
    }
  }

  static void Ansi() { fake_core().values = {{"terminal", "ansi"}, {"colour", "off"}}; }

  // A terminal with so many rows, and a command that prints numbered lines, ten in each step.
  static void Pages(const std::string &rows, uint64_t lines) {
    Ansi();
    fake_core().values["rows"] = rows;
    world.command = [lines](command_t *command) {
      for (int i = 0; i < 10 && command->cursor < lines; i++) {
        command_put_decimal(command, ++command->cursor);
        command_put(command, TEXT("\n"));
      }
      return command->cursor == lines ? ERR(END) : OK;
    };
  }

  status_t Step() {
    const status_t status = shell_step(&task_);
    EXPECT_EQ(host_monitor_depth(), 0u);
    return status;
  }

  // Steps until the shell waits, or has been asked often.
  void Run() {
    for (int i = 0; i < 100; i++) {
      if (status_is(Step(), STATUS_WOULD_BLOCK)) return;
    }
  }

  // What the shell prints when `text` is typed.
  std::string Type(const std::string &text) {
    Run();
    world.console.clear();
    for (const char character : text) world.input.push_back(static_cast<uint8_t>(character));
    Run();
    return world.console;
  }

  task_progress_t task_ = {};
};

TEST_F(ShellTest, Step_First_SaysReady) {
  Run();
  EXPECT_EQ(world.console, "[shell] ready\n");
  EXPECT_EQ(shell_ready_cycles().value, 42u);
}

TEST_F(ShellTest, ReadyCycles_BeforeTheFirstStep_IsWouldBlock) {
  EXPECT_TRUE(status_is(shell_ready_cycles().status, STATUS_WOULD_BLOCK));
}

TEST_F(ShellTest, Step_SecondTask_KeepsTheBootTime) {
  Run();
  task_ = {};
  host_cycles = 99;
  Run();
  EXPECT_EQ(shell_ready_cycles().value, 42u);
}

TEST_F(ShellTest, Step_Quiet_SaysReadyAndNoMore) {
  fake_core().options.insert("quiet");
  Run();
  EXPECT_EQ(world.console, "[shell] ready\n");
  world.log.emplace_back("timer", "news");
  Run();
  EXPECT_EQ(world.console, "[shell] ready\n");
}

TEST_F(ShellTest, Step_LogGone_SaysReadyAnyway) {
  world.log_status = ERR(UNAVAILABLE);
  Run();
  EXPECT_EQ(world.console, "[shell] ready\n");
}

TEST_F(ShellTest, Step_Ansi_PromptsAfterReady) {
  Ansi();
  Run();
  EXPECT_EQ(world.console, "[shell] ready\ntheseus> ");
}

TEST_F(ShellTest, Line_KnownCommand_IsAnsweredOk) {
  EXPECT_EQ(Type("cells\n"), "= ok\n");
  EXPECT_EQ(fake_core().obtained, std::vector<std::string>{"command_cells_step"});
  EXPECT_EQ(fake_core().references_held, 0);
}

TEST_F(ShellTest, Line_UnknownCommand_IsNotFound) {
  EXPECT_EQ(Type("nothing\n"), "= error NOT_FOUND: no command nothing; type help\n");
  EXPECT_EQ(Type(std::string(200, 'x') + "\n").substr(0, 28), "= error NOT_FOUND: no comman");
}

TEST_F(ShellTest, Line_PlannedCommand_IsUnsupported) {
  for (const char *word : {"rollback", "spill", "fault", "faults"}) {
    EXPECT_EQ(Type(std::string(word) + " x\n"),
              std::string("= error UNSUPPORTED: the command ") + word + " is not built yet\n");
  }
}

TEST_F(ShellTest, Line_BlankOrComment_IsNotAnswered) {
  EXPECT_EQ(Type("\n   \n# cells\n  # x\n"), "");
}

TEST_F(ShellTest, Line_CarriageReturn_EndsItOnce) {
  EXPECT_EQ(Type("a\rb\r\nc\n"), "= ok\n= ok\n= ok\n");
}

TEST_F(ShellTest, Line_TooLong_IsRefused) {
  EXPECT_EQ(Type(std::string(600, 'x') + "\n"), "= error NO_SPACE: the line is too long\n");
  EXPECT_EQ(Type("cells\n"), "= ok\n");
}

TEST_F(ShellTest, Command_Output_IsPrintedEachStep) {
  world.command = [](command_t *command) {
    command_put(command, TEXT("row\n"));
    return command->cursor++ < 2 ? OK : ERR(END);
  };
  EXPECT_EQ(Type("x\n"), "row\nrow\nrow\n= ok\n");
}

TEST_F(ShellTest, Command_OutputWithoutLineFeed_GetsOne) {
  world.command = [](command_t *command) {
    command_put(command, TEXT("half"));
    return ERR(END);
  };
  EXPECT_EQ(Type("x\n"), "half\n= ok\n");
}

TEST_F(ShellTest, Command_Error_SaysItsMessage) {
  world.command = [](command_t *command) {
    command_put(command, TEXT("before\n"));
    return command_refuse(command, ERR(BUSY), TEXT("two\n"), TEXT("lines"), TEXT(""));
  };
  EXPECT_EQ(Type("x\n"), "before\n= error BUSY: two lines\n");
}

TEST_F(ShellTest, Command_ErrorWithoutMessage_SaysTheMeaning) {
  world.command = [](command_t *) { return ERR(IO_ERROR); };
  EXPECT_EQ(Type("x\n"), "= error IO_ERROR: a device failed\n");
}

TEST_F(ShellTest, Command_Result_IsAnsweredWhateverItIs) {
  world.command = [](command_t *command) {
    command->result = ERR(WOULD_BLOCK);
    return ERR(END);
  };
  EXPECT_EQ(Type("x\n").substr(0, 21), "= error WOULD_BLOCK: ");
}

TEST_F(ShellTest, Command_MessageOfTheOneBefore_IsGone) {
  world.command = [](command_t *command) {
    return command_refuse(command, ERR(BUSY), TEXT("first"), TEXT(""), TEXT(""));
  };
  Type("x\n");
  world.command = [](command_t *command) {
    EXPECT_EQ(command->stage + command->cursor + command->output_length + command->memory[0], 0u);
    return ERR(IO_ERROR);
  };
  EXPECT_EQ(Type("y\n"), "= error IO_ERROR: a device failed\n");
}

TEST_F(ShellTest, Command_Waits_TheStepWaitsToo) {
  world.command = [](command_t *command) {
    return command->cursor++ == 0 ? ERR(WOULD_BLOCK) : ERR(END);
  };
  Run();
  world.console.clear();
  world.input = {'x', '\n', 'y', '\n'};
  EXPECT_TRUE(status_is_ok(Step()));
  EXPECT_TRUE(status_is(Step(), STATUS_WOULD_BLOCK));
  EXPECT_EQ(world.console, "");
  EXPECT_EQ(world.input.size(), 2u) << "what is typed ahead waits";
  Run();
  Run();
  EXPECT_EQ(world.console, "= ok\n= ok\n");
}

TEST_F(ShellTest, Command_Fails_IsAnsweredFault) {
  world.command = [](command_t *command) {
    command->output_length = 0xffffffff;  // it may have written anywhere in its progress
    return ERR(FAULT);
  };
  const std::string answer = Type("x\n");
  EXPECT_NE(answer.find("= error FAULT: command x failed"), std::string::npos);
  EXPECT_EQ(answer.back(), '\n');
}

TEST_F(ShellTest, Command_AfterAnswer_GoesOnOnceMore) {
  std::vector<std::string> seen;
  world.command = [&seen](command_t *command) {
    seen.push_back(world.console);
    command_put(command, TEXT("x\n"));
    if (command->stage == 3) return ERR(END);
    command->after = 3;
    return ERR(END);
  };
  EXPECT_EQ(Type("poweroff\n"), "x\n= ok\n");
  EXPECT_EQ(seen, (std::vector<std::string>{"", "x\n= ok\n"}));
}

TEST_F(ShellTest, Command_AfterAnswerFails_OnlyLogs) {
  world.command = [](command_t *command) {
    if (command->stage == 1) return ERR(UNSUPPORTED);
    command->after = 1;
    return ERR(END);
  };
  EXPECT_EQ(Type("poweroff\n"), "= ok\n[poweroff] UNSUPPORTED\n");
}

TEST_F(ShellTest, Command_ErrorWithAfter_DoesNotGoOn) {
  world.command = [](command_t *command) {
    command->after = 1;
    command->result = ERR(BUSY);
    return ERR(END);
  };
  Type("x\n");
  EXPECT_EQ(world.calls, 1);
}

TEST_F(ShellTest, Command_CellWithdrawn_IsUnavailable) {
  world.command = [](command_t *) { return ERR(UNAVAILABLE); };
  EXPECT_EQ(Type("mem\n"), "= error UNAVAILABLE: nobody serves that interface now\n");
  EXPECT_EQ(fake_core().references_held, 0);
}

TEST_F(ShellTest, Log_DuringACommand_StandsBeforeItsOutput) {
  world.command = [](command_t *command) {
    world.log.emplace_back("hello", "called");
    command_put(command, TEXT("row\n"));
    return ERR(END);
  };
  EXPECT_EQ(Type("x\n"), "[hello] called\nrow\n= ok\n");
}

TEST_F(ShellTest, Log_WhileALineIsTyped_DoesNotCutIt) {
  Ansi();
  Type("ab");
  world.console.clear();
  world.log.emplace_back("timer", "news");
  Run();
  EXPECT_EQ(world.console, "\r           \r[timer] news\ntheseus> ab");
}

TEST_F(ShellTest, Ansi_Typing_IsEchoedAndEdited) {
  Ansi();
  EXPECT_EQ(Type("ac\x1b[Db\n"), "ac\bbc\b\n= ok\ntheseus> ");
  EXPECT_EQ(fake_core().obtained.back(), "command_abc_step");
}

TEST_F(ShellTest, Ansi_KeysOfTheScreensKeyboard_Edit) {
  Ansi();
  Type("one\n");
  world.input = {kConsoleMultiplexerUp, '\n'};
  Run();
  EXPECT_EQ(fake_core().obtained,
            (std::vector<std::string>{"command_one_step", "command_one_step"}));
}

TEST_F(ShellTest, Ansi_CtrlC_DropsTheLine) {
  Ansi();
  EXPECT_EQ(Type("abc\x03"), "abc^C\ntheseus> ");
  EXPECT_EQ(Type("x\n"), "x\n= ok\ntheseus> ");
}

TEST_F(ShellTest, Unknown_LikeAnother_IsAskedBack) {
  world.nearest = "swap";
  EXPECT_EQ(Type("nothing\n"), "= error NOT_FOUND: no command nothing; did you mean swap?\n");
}

TEST_F(ShellTest, Tab_OneCandidate_IsTypedWithABlank) {
  Ansi();
  world.candidates = {"swap", "state"};
  EXPECT_EQ(Type("sw\t"), "swap ");
  EXPECT_EQ(Type("\n"), "\n= ok\ntheseus> ");
  EXPECT_EQ(fake_core().obtained.back(), "command_swap_step");
}

TEST_F(ShellTest, Tab_SeveralCandidates_TypesWhatTheyShare) {
  Ansi();
  world.candidates = {"keyboard", "keymap", "keymap_dvorak"};
  EXPECT_EQ(Type("swap k\t"), "swap key");
  EXPECT_EQ(Type("m\t"), "map") << "the shorter one is whole, but not the only one";
  const std::string back(11, '\b');
  EXPECT_EQ(Type("\x15x\t"), back + std::string(11, ' ') + back + "x") << "nothing begins so";
}

TEST_F(ShellTest, Tab_Twice_ListsInColumns) {
  Ansi();
  fake_core().values["columns"] = "30";
  world.candidates = {"keyboard", "keymap", "keymap_dvorak"};
  EXPECT_EQ(Type("swap key\t"), "swap key") << "the first one is silent";
  EXPECT_EQ(Type("\t"), "\nkeyboard       keymap\nkeymap_dvorak\ntheseus> swap key");
}

TEST_F(ShellTest, Tab_TwiceWithAKeyBetween_IsSilent) {
  Ansi();
  world.candidates = {"keyboard", "keymap"};
  EXPECT_EQ(Type("key\ty\x7f\t"), "keyy\b \b");
}

TEST_F(ShellTest, Tab_InsideALine_CompletesUpToTheCursor) {
  Ansi();
  world.candidates = {"swap"};
  EXPECT_EQ(Type("sx\x1b[D\t"), "sx\bwx\bax\bpx\b x\b");
}

TEST_F(ShellTest, NoTerminal_Tab_IsNotCompleted) {
  world.candidates = {"swap"};
  EXPECT_EQ(Type("sw\t\t\n"), "= ok\n");
  EXPECT_EQ(fake_core().obtained.back(), "command_sw_step");
}

TEST_F(ShellTest, Pages_LongOutput_IsHeldUp) {
  Pages("5", 9);
  EXPECT_EQ(Type("x\n"), "x\n1\n2\n3\n4\n-- more --");
  EXPECT_EQ(Type("z\x1b[A"), "") << "other keys do nothing";
  EXPECT_EQ(Type(" "), "\r          \r5\n6\n7\n8\n-- more --");
  EXPECT_EQ(Type("\r"), "\r          \r9\n= ok\ntheseus> ");
}

TEST_F(ShellTest, Pages_AcrossSteps_CountOn) {
  Pages("15", 30);
  std::string lines;
  for (int i = 1; i <= 14; i++) lines += std::to_string(i) + "\n";
  EXPECT_EQ(Type("x\n"), "x\n" + lines + "-- more --");
  EXPECT_EQ(Type("\n"), "\r          \r15\n-- more --");
  EXPECT_EQ(world.calls, 2);
  EXPECT_NE(Type("a").find("\n29\n30\n= ok\ntheseus> "), std::string::npos);
}

TEST_F(ShellTest, Pages_Q_EndsTheOutputNotTheCommand) {
  Pages("5", 95);
  Type("x\n");
  EXPECT_EQ(Type("q"), "\r          \r= ok\ntheseus> ");
  EXPECT_EQ(world.calls, 10);
  EXPECT_EQ(fake_core().references_held, 0);
  EXPECT_EQ(Type("x\n").substr(0, 5), "x\n1\n2") << "the next one prints again";
}

TEST_F(ShellTest, Pages_CommandThatWaits_IsAskedAgain) {
  Pages("3", 9);
  world.command = [](command_t *command) {
    command_put(command, TEXT("1\n2\n3\n"));
    return command->cursor++ == 0 ? ERR(WOULD_BLOCK) : ERR(END);
  };
  EXPECT_EQ(Type("x\n"), "x\n1\n2\n-- more --");
  EXPECT_EQ(Type(" "), "\r          \r3\n1\n-- more --") << "else nobody watches its event";
  EXPECT_EQ(Type("q"), "\r          \r= ok\ntheseus> ");
}

TEST_F(ShellTest, Pages_CommandThatFails_IsAnsweredBehindItsOutput) {
  Pages("3", 9);
  world.command = [](command_t *command) {
    command_put(command, TEXT("1\n2\n3\n"));
    return ERR(BUSY);
  };
  EXPECT_EQ(Type("x\n"), "x\n1\n2\n-- more --");
  EXPECT_EQ(Type(" ").find("\r          \r3\n= error BUSY: "), 0u);
}

TEST_F(ShellTest, Pages_LogLine_DoesNotCutTheQuestion) {
  Pages("3", 9);
  Type("x\n");
  world.console.clear();
  world.log.emplace_back("timer", "news");
  Run();
  EXPECT_EQ(world.console, "\r          \r[timer] news\n-- more --");
}

TEST_F(ShellTest, Pages_NoTerminal_NeverStops) {
  Pages("3", 50);
  fake_core().values.erase("terminal");
  const std::string output = Type("x\n");
  EXPECT_NE(output.find("\n50\n= ok\n"), std::string::npos);
  EXPECT_EQ(output.find("more"), std::string::npos);
}

TEST_F(ShellTest, Size_NotGiven_IsAskedForOnTheSerialLineAlone) {
  Pages("", 50);
  fake_core().values.erase("rows");
  Run();
  EXPECT_EQ(world.serial,
            "\x1b"
            "7\x1b[999;999H\x1b[6n\x1b"
            "8");
  EXPECT_EQ(world.console, "[shell] ready\ntheseus> ");
  EXPECT_NE(Type("x\n").find("\n23\n-- more --"), std::string::npos) << "24 rows until it answers";
  Type("q");
  EXPECT_EQ(Type("\x1b[5;80R"), "");
  EXPECT_EQ(Type("x\n"), "x\n1\n2\n3\n4\n-- more --");
  EXPECT_EQ(Type("\x1b[1;1Rq"), "\r          \r= ok\ntheseus> ") << "no size of any terminal";
  EXPECT_EQ(Type("x\n"), "x\n1\n2\n3\n4\n-- more --");
}

TEST_F(ShellTest, Size_OfTheScreen_ServesWithoutATerminal) {
  Pages("", 50);
  fake_core().values.erase("rows");
  fake_core().values["console"] = "screen";
  world.screen = {80, 4};
  EXPECT_EQ(Type("x\n"), "x\n1\n2\n3\n-- more --");
  EXPECT_EQ(world.serial, "");
}

TEST_F(ShellTest, Size_RowsZero_NeverStops) {
  Pages("0", 50);
  EXPECT_NE(Type("x\n").find("\n50\n= ok\n"), std::string::npos);
  EXPECT_EQ(world.serial, "");
}

TEST_F(ShellTest, Colours_PromptHeaderAndAnswers_HaveThem) {
  fake_core().values = {{"terminal", "ansi"}, {"rows", "0"}};
  Run();
  EXPECT_EQ(world.console, "[shell] ready\n\x1b[1mtheseus> \x1b[0m");
  world.command = [](command_t *command) {
    command_put(command, TEXT("NAME  BYTES\nA     1\n"));
    return command->line[0] == 'y' ? ERR(IO_ERROR) : ERR(END);
  };
  EXPECT_EQ(Type("x\n"),
            "x\n\x1b[1mNAME  BYTES\n\x1b[0mA     1\n\x1b[32m= ok\x1b[0m\n\x1b[1mtheseus> \x1b[0m");
  EXPECT_NE(Type("y\n").find("\x1b[31m= error IO_ERROR: a device failed\x1b[0m\n"),
            std::string::npos);
}

TEST_F(ShellTest, Colours_NoTerminal_ThereIsNoEscapeSequence) {
  Run();
  world.command = [](command_t *command) {
    command_put(command, TEXT("NAME  BYTES\n"));
    return ERR(END);
  };
  Type("x\ny\nnothing\n");
  EXPECT_EQ(world.console.find('\x1b'), std::string::npos);
  EXPECT_EQ(world.serial, "");
}

TEST_F(ShellTest, NoTerminal_Typing_IsNotEchoed) { EXPECT_EQ(Type("cel\x7fls\x1b[D"), ""); }

TEST_F(ShellTest, ConsoleGone_Answer_ComesByTheEmergencyConsole) {
  Run();
  world.write_status = ERR(UNAVAILABLE);
  world.read_status = ERR(UNAVAILABLE);
  fake_core().emergency_input = "cells\n";
  for (int i = 0; i < 5; i++) EXPECT_TRUE(status_is_ok(Step())) << "it is asked again";
  EXPECT_EQ(fake_core().emergency, "= ok\n");
}

TEST_F(ShellTest, ConsoleGone_SerialPortThere_ReadsFromItsDriver) {
  Run();
  world.write_status = ERR(UNAVAILABLE);
  world.read_status = ERR(UNAVAILABLE);
  world.serial_status = ERR(WOULD_BLOCK);
  world.serial_input = {'x', '\n'};
  EXPECT_TRUE(status_is_ok(Step()));
  EXPECT_TRUE(status_is_ok(Step()));
  EXPECT_TRUE(status_is(Step(), STATUS_WOULD_BLOCK)) << "its event wakes the shell";
  EXPECT_EQ(fake_core().emergency, "= ok\n");
}

TEST_F(ShellTest, ConsoleFails_Answer_BeginsInColumnOne) {
  Run();
  world.input = {'x', '\n'};
  world.write_status = ERR(FAULT);
  Run();
  EXPECT_EQ(fake_core().emergency, "\n= ok\n");
}

TEST_F(ShellTest, ConsoleBusy_Read_IsTriedAgain) {
  Run();
  world.read_status = ERR(BUSY);
  EXPECT_TRUE(status_is_ok(Step()));
}

TEST_F(ShellTest, Step_ForeignProgress_IsInvalidObject) {
  task_.seal.tag = 1;
  EXPECT_TRUE(status_is(Step(), STATUS_INVALID_OBJECT));
}

}  // namespace
