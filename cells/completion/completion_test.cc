// SPDX-License-Identifier: MIT
#include "cells/completion/completion.h"

#include "testing/host/command_test.h"

namespace {

using Words = std::vector<std::string>;

class CompletionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fake_core() = {};
    FakeCore &core = fake_core();
    core.objects = {
        fake_object("heap", "heap", "memory"),
        fake_object("broken", "", ""),
        fake_object("keymap_dvorak", "keymap", "another layout"),
        fake_object("command_swap", "command_swap",
                    "swap NAME [OBJECT] | NAME=OBJECT ... | --all: replaces cells"),
        fake_object("command_state", "command_state", "state [BLOB]: blobs"),
        fake_object("command_call", "command_call", "call NAME FUNCTION [INTEGER...]: calls"),
        fake_object("command_work", "command_work", "work start|stop [all|keys ...]: loads"),
        fake_object("command_help", "command_help", "help [COMMAND]: lists the commands")};
    core.bad_objects = {"broken"};
    core.instances = {fake_instance("nano_core"), fake_instance("keyboard"),
                      fake_instance("keymap")};
    export_info_t read = {};
    read.function = fake_name("keyboard_read");
    export_info_t peek = {};
    peek.function = fake_name("keyboard_peek");
    core.exports["keyboard"] = {read, peek};
    blob_info_t blob = {};
    blob.name = fake_name("heap_pools");
    core.blobs = {blob};
  }

  // All that may stand at the end of the line. Every one has what is typed at its beginning.
  static Words Find(const std::string &line, uint64_t typed = 0) {
    Words found;
    completion_t completion = {};
    for (uint64_t place = 0;; place = completion.next) {
      const status_t status = completion_find({line.data(), line.size()}, place, &completion);
      if (status_is(status, STATUS_END)) return found;
      EXPECT_STATUS(OK, status);
      EXPECT_EQ(completion.typed, typed) << line;
      if (!status_is_ok(status) || found.size() > 100) return found;
      found.push_back(completion.text.characters);
    }
  }

  static std::string Nearest(const std::string &word) {
    name_t name = {};
    const status_t status = completion_nearest({word.data(), word.size()}, &name);
    EXPECT_TRUE(status_is_ok(status) || status_is(status, STATUS_NOT_FOUND));
    return name.characters;
  }
};

TEST_F(CompletionTest, Find_FirstWord_AreCommands) {
  EXPECT_EQ(Find(""), (Words{"swap", "state", "call", "work", "help"}));
  EXPECT_EQ(Find("s", 1), (Words{"swap", "state"}));
  EXPECT_EQ(Find("  s", 1), (Words{"swap", "state"}));
  EXPECT_EQ(Find("x", 1), Words{});
}

TEST_F(CompletionTest, Find_Name_AreServedInterfaces) {
  EXPECT_EQ(Find("swap key", 3), (Words{"keyboard", "keymap"}));
  EXPECT_EQ(Find("call "), (Words{"nano_core", "keyboard", "keymap"}));
}

TEST_F(CompletionTest, Find_Object_AreFilesOfTheArchive) {
  EXPECT_EQ(Find("swap keymap k", 1), Words{"keymap_dvorak"});
  EXPECT_EQ(Find("swap keymap h", 1), Words{"heap"}) << "malformed ones are left out";
}

TEST_F(CompletionTest, Find_Pairs_NameThenObject) {
  EXPECT_EQ(Find("swap keymap=key", 3), Words{"keymap_dvorak"});
  EXPECT_EQ(Find("swap keymap=keymap_dvorak keyb", 4), Words{"keyboard"});
  EXPECT_EQ(Find("swap keymap=keymap_dvorak keyboard=he", 2), Words{"heap"});
}

TEST_F(CompletionTest, Find_Function_IsOneOfTheInterfaceBefore) {
  EXPECT_EQ(Find("call keyboard "), (Words{"keyboard_read", "keyboard_peek"}));
  EXPECT_EQ(Find("call keyboard keyboard_p", 10), Words{"keyboard_peek"});
  EXPECT_EQ(Find("call nobody "), Words{});
  EXPECT_EQ(Find("call keyboard keyboard_peek "), Words{}) << "nobody can list numbers";
}

TEST_F(CompletionTest, Find_Literals_AreThoseOfTheUsage) {
  EXPECT_EQ(Find("work st", 2), (Words{"start", "stop"}));
  EXPECT_EQ(Find("work start "), (Words{"all", "keys"}));
  EXPECT_EQ(Find("work start keys a", 1), Words{"all"}) << "dots: any number of them";
  EXPECT_EQ(Find("work dance "), Words{}) << "the word before does not fit";
  EXPECT_EQ(Find("swap --a", 3), Words{"--all"});
}

TEST_F(CompletionTest, Find_CommandAndBlob_AreListed) {
  EXPECT_EQ(Find("help ca", 2), Words{"call"});
  EXPECT_EQ(Find("state h", 1), Words{"heap_pools"});
}

TEST_F(CompletionTest, Find_NoSuchCommandOrArgument_IsEnd) {
  EXPECT_EQ(Find("dance key", 0), Words{});
  EXPECT_EQ(Find("help call c", 0), Words{});
}

TEST_F(CompletionTest, Nearest_SlipOfTheFinger_IsFound) {
  EXPECT_EQ(Nearest("swpa"), "swap");
  EXPECT_EQ(Nearest("sta"), "state");
  EXPECT_EQ(Nearest("hepl"), "help");
  EXPECT_EQ(Nearest("wwork"), "work");
}

TEST_F(CompletionTest, Nearest_SomethingElse_IsNotFound) {
  EXPECT_EQ(Nearest("nonsense"), "");
  EXPECT_EQ(Nearest(""), "");
  EXPECT_EQ(Nearest("s"), "") << "half of all commands begin so";
  EXPECT_EQ(Nearest(std::string(500, 'x')), "");
}

}  // namespace
