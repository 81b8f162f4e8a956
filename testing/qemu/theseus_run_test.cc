// SPDX-License-Identifier: MIT
/// @file
/// The whole runner against a fake QEMU.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "testing/qemu/command_line.h"
#include "testing/qemu/text.h"

namespace qemu {
namespace {

constexpr const char *kProgram = "testing/qemu/theseus_run";
constexpr const char *kFake = "testing/qemu/fake_qemu";

struct Outcome {
  int status;
  std::string out;
  std::string err;
};

class TheseusRunTest : public testing::Test {
 protected:
  std::string Path(const std::string &name) const {
    const auto *test = testing::UnitTest::GetInstance()->current_test_info();
    return testing::TempDir() + "/" + test->name() + "." + name;
  }

  static std::string Read(const std::string &path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  Outcome Run(std::vector<std::string> flags, const std::string &input = "") {
    std::vector<std::string> line = {kProgram, "--qemu",    kFake, "--kernel",
                                     kFake,    "--archive", kFake, "--archive-tool",
                                     "false"};
    line.insert(line.end(), flags.begin(), flags.end());
    std::ofstream(Path("in")) << input;
    const std::string command = "env -u XML_OUTPUT_FILE " + Quoted(line) + " <" + Path("in") +
                                " >" + Path("out") + " 2>" + Path("err");
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), Read(Path("out")), Read(Path("err"))};
  }

  Outcome Script(const std::string &script, std::vector<std::string> flags = {}) {
    std::ofstream(Path("script")) << script;
    flags.insert(flags.end(), {"--script", Path("script")});
    return Run(flags);
  }
};

TEST_F(TheseusRunTest, Script_AllWell_PrintsOnlyTheMachine) {
  const Outcome run = Script("echo one\n# comment\n\necho two\n");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out, "boot\n[shell] ready\none\n= ok\ntwo\n= ok\n");
  EXPECT_EQ(run.err, "");
}

TEST_F(TheseusRunTest, Script_Empty_IsSuccess) { EXPECT_EQ(Script("").status, 0); }

TEST_F(TheseusRunTest, Script_CommandFails_IsOneAndGoesOn) {
  const Outcome run = Script("nonsense\necho two\n");
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(Contains(run.out, "two"));
  EXPECT_TRUE(Contains(run.err, "line 1: nonsense: answered '= error NOT_FOUND")) << run.err;
}

TEST_F(TheseusRunTest, Script_Bang_WantsFailure) {
  EXPECT_EQ(Script("! nonsense\n").status, 0);
  EXPECT_EQ(Script("! echo x\n").status, 1);
}

TEST_F(TheseusRunTest, Script_AnswerInsideALine_IsNone) {
  EXPECT_EQ(Script("! late\necho x\n@expect x\n@expect-not NOT_FOUND\n").status, 0);
}

TEST_F(TheseusRunTest, Script_PowerOff_GivesItsCode) {
  EXPECT_EQ(Script("poweroff 0\n").status, 0);
  const Outcome run = Script("poweroff 3\n");
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(Contains(run.err, "powered off with code 3")) << run.err;
  EXPECT_EQ(Script("poweroff 0\necho x\n").status, 1);
}

TEST_F(TheseusRunTest, Script_PowerOffWithoutExitDevice_IsSuccess) {
  const Outcome run = Script("echo x\n", {"--no-debug-exit", "--append", "by_itself"});
  EXPECT_EQ(run.status, 0) << run.err;
}

TEST_F(TheseusRunTest, DryRun_NoDebugExit_LeavesTheDeviceOut) {
  EXPECT_TRUE(Contains(Run({"--dry-run"}).out, "isa-debug-exit"));
  EXPECT_FALSE(Contains(Run({"--dry-run", "--no-debug-exit"}).out, "isa-debug-exit"));
}

TEST_F(TheseusRunTest, Script_PowerOffRefused_IsOne) {
  const Outcome run = Script("echo x\n", {"--append", "stubborn"});
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(Contains(run.err, "power off: the machine refused")) << run.err;
}

TEST_F(TheseusRunTest, Script_Death_IsFour) {
  for (const char *end : {"die", "killed", "panic", "vanish", "reset"}) {
    const Outcome run = Script(std::string("echo x\n") + end + "\necho after\n");
    EXPECT_EQ(run.status, 4) << end << run.err;
    EXPECT_FALSE(Contains(run.out, "after")) << end;
    EXPECT_TRUE(Contains(run.err, std::string("died during '") + end + "'")) << run.err;
  }
}

TEST_F(TheseusRunTest, Script_Reboot_GoesOnAfterwards) {
  EXPECT_EQ(Script("echo x\nreboot\n").status, 0);
  const Outcome run =
      Script("reboot\necho y\n@expect y\nreboot\n@wait nothing\n", {"--timeout", "1"});
  EXPECT_EQ(run.out,
            "boot\n[shell] ready\n= ok\nboot\n[shell] ready\ny\n= ok\n= ok\n"
            "boot\n[shell] ready\n");
  EXPECT_EQ(run.status, 3);
}

TEST_F(TheseusRunTest, Script_ResetAfterReboot_IsFour) {
  EXPECT_EQ(Script("reboot\necho y\nreset\n").status, 4);
}

TEST_F(TheseusRunTest, Script_OutOfTime_IsThree) {
  Outcome run = Script("hang\n", {"--timeout", "1"});
  EXPECT_EQ(run.status, 3);
  EXPECT_TRUE(Contains(run.err, "line 1: hang: out of time")) << run.err;
  run = Script("echo x\n", {"--timeout", "1", "--append", "silent"});
  EXPECT_EQ(run.status, 3);
  EXPECT_TRUE(Contains(run.err, "[shell] ready")) << run.err;
}

TEST_F(TheseusRunTest, Script_Sleep_AddsToTheTime) {
  EXPECT_EQ(Script("@sleep 1200\necho x\n", {"--timeout", "1"}).status, 0);
}

TEST_F(TheseusRunTest, Script_Type_KeepsToTheWindow) {
  const Outcome run = Script("@type aAbB cCdD!\n@key ctrl-alt-delete a b\n@expect-not overrun\n",
                             {"--append", "sluggish"});
  EXPECT_EQ(run.status, 0) << run.err << run.out;
}

TEST_F(TheseusRunTest, Script_Started_IsJudgedAtItsFinish) {
  EXPECT_EQ(Script("@start echo x\n@type a\n@wait x\n@finish\n@expect = ok\n").status, 0);
  const Outcome run = Script("@start nonsense\n@sleep 1\n@finish\necho y\n");
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(Contains(run.err, "line 3: @finish: answered '= error NOT_FOUND")) << run.err;
  EXPECT_EQ(Script("@start hang\n@finish\n", {"--timeout", "1"}).status, 3);
  EXPECT_EQ(Script("@start die\n@finish\n").status, 4);
}

TEST_F(TheseusRunTest, Script_KeyNotRead_IsNamed) {
  const Outcome run = Script("@type Ab\necho y\n", {"--append", "deaf", "--key-timeout", "1"});
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(Contains(run.err, "did not acknowledge key 'shift-a' within 1 s")) << run.err;
  EXPECT_TRUE(Contains(run.out, "y\n= ok"));
}

TEST_F(TheseusRunTest, Script_KeyRefused_SaysWhy) {
  const Outcome run = Script("@type a\n", {"--append", "refusing", "--key-timeout", "1"});
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(Contains(run.err, "bad key")) << run.err;
}

TEST_F(TheseusRunTest, Script_CheckFails_ShowsBothSides) {
  const Outcome run =
      Script("echo seen\n@expect wanted\n@match ^s..n$\n@wait = ok\n", {"--timeout", "1"});
  EXPECT_TRUE(Contains(run.err, "line 2: @expect wanted: expected 'wanted'")) << run.err;
  EXPECT_TRUE(Contains(run.err, "    seen\n    = ok")) << run.err;
  EXPECT_FALSE(Contains(run.err, "line 3")) << run.err;
  EXPECT_EQ(run.status, 3) << "@wait looks behind the answer";
}

TEST_F(TheseusRunTest, Script_Junit_HasACasePerLine) {
  const Outcome run = Script("echo ok\nnonsense\n", {"--junit", Path("xml")});
  EXPECT_EQ(run.status, 1);
  const std::string xml = Read(Path("xml"));
  EXPECT_TRUE(Contains(xml, "tests=\"4\" failures=\"1\"")) << xml;
  EXPECT_TRUE(Contains(xml, "name=\"line 2: nonsense\"")) << xml;
}

TEST_F(TheseusRunTest, Script_Send_GoesToTheSerialLine) {
  EXPECT_EQ(Script("@send echo a\n@send  b\\n\n@wait a b\n@wait = ok\n").status, 0);
}

TEST_F(TheseusRunTest, Script_Terminal_IsToldToTheMachine) {
  const Outcome run = Script("cpio\n@expect terminal=ansi\n", {"--terminal"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(Script("echo \x1b[31m= error X: y\x1b[0m\n", {"--terminal"}).status, 1)
      << "colours do not hide an answer";
}

TEST_F(TheseusRunTest, Script_Trace_IsWritten) {
  const Outcome run = Script("echo x\n", {"--trace", Path("json"), "--append", "traced"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(Read(Path("json")), "{\"traceEvents\":[\n{\"ph\":\"M\"}\n]}\n");
  EXPECT_FALSE(Contains(run.out, "traceEvents"));
}

TEST_F(TheseusRunTest, Script_TraceThatCannotBeTaken_IsOne) {
  Outcome run = Script("echo x\n", {"--trace", Path("json")});
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(Contains(run.err, "trace: answered '= error NOT_FOUND")) << run.err;
  run = Script("poweroff 0\n", {"--trace", Path("json"), "--append", "traced"});
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(Contains(run.err, "trace: the machine was gone")) << run.err;
  run = Script("echo x\n", {"--trace", "/nonexistent/x", "--append", "traced"});
  EXPECT_EQ(run.status, 2);
  EXPECT_TRUE(Contains(run.err, "--trace: ")) << run.err;
}

TEST_F(TheseusRunTest, Script_Tap_NotOkFails) {
  EXPECT_EQ(Script("echo 1..1\necho ok 1 - a\n", {"--tap"}).status, 0);
  EXPECT_EQ(Script("echo 1..1\necho not ok 1 - a\n", {"--tap"}).status, 1);
  EXPECT_EQ(Script("echo 1..2\necho ok 1 - a\n", {"--tap"}).status, 1);
  EXPECT_EQ(Script("echo not ok 1 - a\n").status, 0);
}

TEST_F(TheseusRunTest, Script_Bad_IsUsage) {
  const Outcome run = Script("echo x\n@foo\n");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_TRUE(Contains(run.err, "line 2: unknown word '@foo'")) << run.err;
}

TEST_F(TheseusRunTest, Flags_Bad_AreUsage) {
  for (const std::vector<std::string> &flags :
       std::vector<std::vector<std::string>>{{"--nope"},
                                             {"--smp", "x"},
                                             {"--script", "/nonexistent"},
                                             {"--add", "/nonexistent"},
                                             {"--icount", "--smp", "2"}}) {
    const Outcome run = Run(flags);
    EXPECT_EQ(run.status, 2) << flags[0];
    EXPECT_TRUE(Contains(run.err, flags[0])) << run.err;
    EXPECT_TRUE(run.err.starts_with("theseus: ")) << run.err;
  }
}

TEST_F(TheseusRunTest, Add_ToolFails_IsUsage) {
  const Outcome run = Script("echo x\n", {"--add", std::string(kFake) + "=x"});
  EXPECT_EQ(run.status, 2);
  EXPECT_TRUE(Contains(run.err, "--add: the archive tool failed")) << run.err;
}

TEST_F(TheseusRunTest, Script_NoScreen_Fails) {
  const Outcome run = Script("@screenshot a.png\n@expect-screen x\n");
  EXPECT_EQ(run.status, 1);
  EXPECT_TRUE(Contains(run.err, "line 1: @screenshot a.png: no picture of the screen: no screen"))
      << run.err;
  EXPECT_TRUE(Contains(run.err, "gives no --font")) << run.err;
}

TEST_F(TheseusRunTest, Script_NoShell_NeitherWaitsNorPowersOff) {
  const Outcome run = Script("@no-shell\n@wait boot\n@expect-not ready\n", {"--append=silent"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(Script("@no-shell\n@wait nothing\n", {"--timeout=1"}).status, 3);
}

TEST_F(TheseusRunTest, DryRun_PrintsCommandLine) {
  const Outcome run = Run({"--dry-run", "--append", "a b"});
  EXPECT_EQ(run.status, 0);
  EXPECT_TRUE(run.out.starts_with(kFake)) << run.out;
  EXPECT_TRUE(Contains(run.out, "-append 'terminal=plain a b'")) << run.out;
}

TEST_F(TheseusRunTest, DryRun_OtherMachine_IsPassedOn) {
  const Outcome run = Run({"--dry-run", "--machine", "pc,hpet=off", "--cpu=qemu64", "--extra",
                           "-device", "--extra=pci-testdev"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(Contains(run.out, "-machine pc,hpet=off -cpu qemu64 ")) << run.out;
  EXPECT_TRUE(run.out.ends_with(" -device pci-testdev\n")) << run.out;
  EXPECT_EQ(Run({"--extra", ""}).status, 2);
}

TEST_F(TheseusRunTest, Help_NamesEveryFlag) {
  const Outcome run = Run({"--help"});
  EXPECT_EQ(run.status, 0);
  for (const char *flag :
       {"--script",   "--add",      "--smp",     "--mem",          "--icount",  "--accel",
        "--append",   "--timeout",  "--display", "--gdb",          "--dry-run", "--junit",
        "--tap",      "--machine",  "--cpu",     "--extra",        "--gdb-at",  "--media",
        "--firmware", "--terminal", "--trace",   "--no-debug-exit"}) {
    EXPECT_TRUE(Contains(run.out, flag)) << flag;
  }
}

TEST_F(TheseusRunTest, Interactive_PipedInput_IsAnsweredThenPoweredOff) {
  const Outcome run = Run({}, "echo one\nnonsense\n");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("boot\n[shell] ready\none\n= ok\n= error")) << run.out;
  EXPECT_EQ(Run({}, "poweroff 2\n").status, 1);
  EXPECT_EQ(Run({}, "reset\n").status, 4);
}

}  // namespace
}  // namespace qemu
