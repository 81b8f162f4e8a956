// SPDX-License-Identifier: MIT
#include "cells/shell/shell.h"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

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
    for (const char *word : {"rollback", "spill", "fault", "faults", "trace"}) {
    for (const char *word : {"rollback", "spill", "fault", "faults", "cpus"}) {
      fake_core().references[std::string("command_") + word + "_step"] = ERR(NOT_FOUND);
    }
  }

  void Ansi() { fake_core().values["terminal"] = "ansi"; }

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
  for (const char *word : {"rollback", "spill", "fault", "faults", "trace"}) {
  for (const char *word : {"rollback", "spill", "fault", "faults", "cpus"}) {
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
