// SPDX-License-Identifier: MIT
#include "tools/compile_commands/compile_commands.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "tools/cell_object/files.h"
#include "tools/compile_commands/command.h"

namespace theseus {
namespace {

using Strings = std::vector<std::string>;

// What Bazel 4.2.3 printed for some files of this workspace, shortened to them.
constexpr char kRecorded[] = "tools/compile_commands/testdata/aquery.json";

std::vector<CompileCommand> recorded() {
  return compile_commands(parse_json(kRecorded, read_file(kRecorded)), "/base");
}

bool has(const CompileCommand &command, const std::string &word) {
  return std::find(command.arguments.begin(), command.arguments.end(), word) !=
         command.arguments.end();
}

// One action as Bazel prints it.
std::string action(const std::string &configuration, const Strings &words,
                   const std::string &mnemonic = "CppCompile") {
  std::string text = "{\"mnemonic\": \"" + mnemonic + "\", \"configurationId\": " + configuration +
                     ", \"arguments\": [";
  for (size_t i = 0; i < words.size(); i++) text += (i == 0 ? "\"" : ", \"") + words[i] + "\"";
  return text + "]}";
}

std::vector<CompileCommand> commands_of(const Strings &actions) {
  std::string text =
      "{\"configuration\": [{\"id\": 1, \"mnemonic\": \"k8-fastbuild\"}, {\"id\": 2, "
      "\"mnemonic\": \"k8-opt\"}, {\"id\": \"3\", \"mnemonic\": \"host\"}], "
      "\"actions\": [";
  for (size_t i = 0; i < actions.size(); i++) text += (i == 0 ? "" : ", ") + actions[i];
  return compile_commands(parse_json("sample", text + "]}"), "/base");
}

TEST(CompileCommandsTest, Recorded_CellHasTheMachineFirstAndThenTheHost) {
  const std::vector<CompileCommand> commands = recorded();
  Strings files;
  for (const CompileCommand &command : commands) files.push_back(command.file);
  EXPECT_EQ(files, (Strings{"cells/keymap/keymap.c", "cells/keymap/keymap.c",
                            "cells/keymap/keymap_test.cc", "nano_core/gate/gate.S",
                            "nano_core/loader/archive.c", "nano_core/loader/archive.c"}));
  EXPECT_TRUE(has(commands[0], "--target=x86_64-unknown-linux-elf"));
  EXPECT_TRUE(has(commands[0], "-mgeneral-regs-only"));
  EXPECT_TRUE(has(commands[1], "--target=x86_64-linux-gnu"));
  EXPECT_TRUE(has(commands[4], "--target=x86_64-unknown-linux-elf"));
}

TEST(CompileCommandsTest, Recorded_OutsidePathsBeginInTheOutputBase) {
  const std::vector<CompileCommand> commands = recorded();
  EXPECT_EQ(commands[0].arguments[0], "/base/external/llvm/bin/clang");
  EXPECT_TRUE(has(commands[1], "--sysroot=/base/external/sysroot"));
  EXPECT_TRUE(has(commands[2], "/base/external/googletest/usr/src/googletest/googletest/include"));
  for (const CompileCommand &command : commands) {
    for (const std::string &word : command.arguments) {
      EXPECT_FALSE(word.starts_with("external/")) << word;
      EXPECT_EQ(word.find("=external/"), std::string::npos) << word;
    }
  }
}

TEST(CompileCommandsTest, Recorded_FlagsOfTheBuildAreDropped) {
  for (const CompileCommand &command : recorded()) {
    for (const std::string &word : command.arguments) {
      for (const char *start : {"-MD", "-MF", "-frandom-seed", "-o", "-Werror", "-fsanitize",
                                "-fstrict-flex-arrays", "-ftrivial", "-std=c23"}) {
        EXPECT_FALSE(word.starts_with(start)) << word;
      }
      EXPECT_FALSE(word.ends_with(".o") || word.ends_with(".d")) << word;
    }
    EXPECT_TRUE(has(command, "-c"));
    EXPECT_TRUE(has(command, command.file));
  }
  EXPECT_TRUE(has(recorded()[0], "-std=c2x"));
  EXPECT_TRUE(has(recorded()[2], "-std=c++20"));
}

TEST(CompileCommandsTest, Commands_OfTools_GiveWayToThoseForUse) {
  const auto commands = commands_of({action("2", {"cc", "-DTOOL", "-c", "a.c"}),
                                     action("\"3\"", {"cc", "-DTOOL", "-c", "b.c"}),
                                     action("1", {"cc", "-DUSE", "-c", "a.c"})});
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_TRUE(has(commands[0], "-DUSE"));
  EXPECT_EQ(commands[1].file, "b.c");
}

TEST(CompileCommandsTest, Commands_OfOthers_AreLeftOut) {
  EXPECT_TRUE(commands_of({action("1", {"cc", "-c", "external/x/a.c"}),
                           action("1", {"cc", "-c", "bazel-out/a.c"}),
                           action("1", {"cc", "-fsanitize=address,undefined", "-c", "a.c"}),
                           action("1", {"cc", "-c"}), action("1", {"cc"}), action("1", {}),
                           action("1", {"ar", "-c", "a.c"}, "CppArchive")})
                  .empty());
}

TEST(CompileCommandsTest, Text_ThatIsNoAnswer_IsRefused) {
  EXPECT_THROW(compile_commands(parse_json("x", "{}"), "/base"), Refusal);
  EXPECT_THROW(compile_commands(parse_json("x", "[]"), "/base"), Refusal);
}

TEST(CompileCommandsTest, Json_IsADatabaseInTheFormThatToolsRead) {
  const std::string text = compile_commands_json({{"a.c", {"cc", "-DA=\"b\"", "-c", "a.c"}}}, "/w");
  EXPECT_EQ(text,
            "[\n{\"directory\":\"/w\",\"file\":\"a.c\",\"arguments\":[\"cc\","
            "\"-DA=\\\"b\\\"\",\"-c\",\"a.c\"]}\n]\n");
  EXPECT_EQ(parse_json("x", compile_commands_json({}, "/w")).size(), 0u);
}

// A clone whose Bazel is a script.
class CompileCommandsToolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    clone_ = ::testing::TempDir() + "/compile_commands_" +
             ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(clone_ + "/tools");
    setenv("BUILD_WORKSPACE_DIRECTORY", clone_.c_str(), 1);
    write_files({{clone_ + "/answer", read_file(kRecorded)}});
    be_bazel("echo \"$*\" >>calls\ncase $1 in info) echo /base ;; aquery) cat answer ;; esac\n");
  }

  void be_bazel(const std::string &body) {
    write_files({{clone_ + "/tools/bazel", "#!/bin/sh\n" + body}});
    std::filesystem::permissions(clone_ + "/tools/bazel", std::filesystem::perms::owner_all);
  }

  int run(const Strings &arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = compile_commands_tool(arguments, out, err);
    out_ = out.str();
    err_ = err.str();
    return status;
  }

  std::string clone_;
  std::string out_;
  std::string err_;
};

TEST_F(CompileCommandsToolTest, Run_AsksBazelAndWritesTheFile) {
  ASSERT_EQ(run({}), 0) << err_;
  EXPECT_EQ(out_, "compile_commands.json: 6 commands\n");
  const Json commands = parse_json("x", read_file(clone_ + "/compile_commands.json"));
  EXPECT_EQ(commands.size(), 6u);
  EXPECT_EQ(json_string(commands[0].at("directory")), clone_);
  EXPECT_NE(read_file(clone_ + "/calls").find("//... + deps(//:image)"), std::string::npos);
  ASSERT_EQ(run({"--for", "//cells/keymap/..."}), 0) << err_;
  EXPECT_NE(read_file(clone_ + "/calls").find("//cells/keymap/... + deps(//:image)"),
            std::string::npos);
}

TEST_F(CompileCommandsToolTest, Bazel_Failing_IsSaidAndNothingIsWritten) {
  be_bazel("exit 7\n");
  EXPECT_EQ(run({}), 1);
  EXPECT_NE(err_.find("tools/bazel: failed: it ended with status 7"), std::string::npos) << err_;
  EXPECT_FALSE(std::filesystem::exists(clone_ + "/compile_commands.json"));
}

TEST_F(CompileCommandsToolTest, Usage_ExitsWith2) {
  EXPECT_EQ(run({"--for"}), 2);
  EXPECT_EQ(run({"x"}), 2);
  EXPECT_EQ(run({"--help"}), 0);
  EXPECT_EQ(out_.find("usage: tools/bazel run //tools/compile_commands"), 0u);
}

}  // namespace
}  // namespace theseus
