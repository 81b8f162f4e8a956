// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "nano_core/loader/object.h"
#include "nano_core/loader/testing/elf_builder.h"
#include "tools/cell_object/command.h"
#include "tools/cell_object/files.h"

namespace {

using theseus::testing::bytes_of;
using theseus::testing::ElfBuilder;
using theseus::testing::Image;
using theseus::testing::string_of;

constexpr uint64_t kTextFlags = kElfFlagAllocate | kElfFlagExecute;

// What `ld.lld -r` leaves of a small cell: debug sections, local names, an empty .data.
ElfBuilder linked() {
  ElfBuilder builder;
  builder.section({.name = ".data", .flags = kElfFlagAllocate | kElfFlagWrite})
      .section({.name = ".rodata",
                .flags = kElfFlagAllocate,
                .data = std::string(16, 'r'),
                .alignment = 8})
      .section(
          {.name = ".text", .flags = kTextFlags, .data = std::string(64, '\x90'), .alignment = 16})
      .section({.name = ".debug_info", .data = std::string(32, 'd')})
      .section({.name = ".comment", .data = "clang"});
  builder
      .symbol({.name = "bell.c", .bind = kElfBindLocal, .type = kElfSymbolFile, .section = "*ABS*"})
      .symbol({.name = "helper",
               .bind = kElfBindLocal,
               .type = kElfSymbolFunction,
               .section = ".text",
               .value = 32,
               .bytes = 16})
      .symbol({.name = "memcpy",
               .type = kElfSymbolFunction,
               .section = ".text",
               .value = 48,
               .bytes = 16})
      .symbol({.name = "bell_ring", .type = kElfSymbolFunction, .section = ".text", .bytes = 32})
      .symbol({.name = "timer_now"})
      .symbol({.name = "monitor_enter"})
      .symbol({.name = "state_bell_count"});
  builder.relocation(".text", {0, kElfRelocationPlt32, "timer_now", -4})
      .relocation(".text", {4, kElfRelocationPlt32, "monitor_enter", -4})
      .relocation(".text", {8, kElfRelocationPc32, "state_bell_count", -4})
      .relocation(".text", {12, kElfRelocationPlt32, "memcpy", -4})
      .relocation(".text", {16, kElfRelocationPlt32, "helper", -4})
      .relocation(".text", {24, kElfRelocation32S, ".rodata", 8})
      .relocation(".text", {28, kElfRelocationNone, "", 0})
      .relocation(".debug_info", {0, 10, ".text", 0});
  return builder;
}

class CellObjectTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "/cell_object_" +
              ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    put("in.o", linked().build().bytes());
    put("bell.interface", "bell_ring 0123456789abcdef i:8@8\n");
    put("timer.interface", "timer_now 1111111111111111 :8@8\ntimer_unused 2222222222222222 :0@0\n");
    put("core.interface", "monitor_enter 3333333333333333 p:0@0\n");
  }

  std::string path(const std::string &name) const { return folder_ + "/" + name; }
  void put(const std::string &name, const std::string &content) const {
    theseus::write_files({{path(name), content}});
  }
  std::string get(const std::string &name) const { return theseus::read_file(path(name)); }
  bool exists(const std::string &name) const { return std::filesystem::exists(path(name)); }

  int run(std::vector<std::string> arguments) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = theseus::cell_object(arguments, out, err);
    out_ = out.str();
    err_ = err.str();
    return status;
  }

  std::vector<std::string> description() const {
    return {"--object",
            path("in.o"),
            "--name",
            name_,
            "--implements",
            "bell",
            "--interface",
            "2",
            "--version",
            "7",
            "--summary",
            summary_,
            "--init",
            "eager",
            "--stack",
            "4096",
            "--right",
            "port_io",
            "--right",
            "mmio",
            "--export",
            "bell_ring",
            "--interface-file",
            path("bell.interface"),
            "--import-interface",
            "timer=" + path("timer.interface"),
            "--import-interface",
            "nano_core=" + path("core.interface"),
            "--client",
            "shell",
            "--client",
            "alarm",
            "--state",
            "bell_count:4444444444444444:1:32"};
  }

  int manifest(const std::vector<std::string> &more = {}) {
    std::vector<std::string> arguments = {"manifest"};
    for (const std::string &word : description()) arguments.push_back(word);
    for (const std::string &word : more) arguments.push_back(word);
    arguments.insert(arguments.end(), {"-o", path("manifest"), "--keep", path("keep")});
    return run(arguments);
  }

  int stamp() {
    return run(
        {"stamp", "--object", path("in.o"), "--manifest", path("manifest"), "-o", path("out.o")});
  }

  void expect_refusal(const std::string &message, const std::vector<std::string> &more = {}) {
    EXPECT_EQ(manifest(more), 1);
    EXPECT_EQ(err_.find("error: " + name_ + ": " + message), 0u) << err_;
    EXPECT_EQ(err_.find('\n'), err_.size() - 1);
    EXPECT_FALSE(exists("manifest"));
    EXPECT_FALSE(exists("keep"));
    EXPECT_FALSE(exists("manifest.tmp"));
  }

  void expect_refused_object(const ElfBuilder &builder, const std::string &message) {
    put("in.o", builder.build().bytes());
    expect_refusal(message);
  }

  std::string name_ = "bell_loud";
  std::string summary_ = "rings";
  std::string folder_;
  std::string out_;
  std::string err_;
};

TEST_F(CellObjectTest, Manifest_HasEachLineInOrder) {
  ASSERT_EQ(manifest(), 0) << err_;
  EXPECT_EQ(get("manifest"),
            "theseus 1\nhash " + std::string(64, '0') +
                "\nname bell_loud\nimplements bell\ninterface 2\nversion 7\nsummary rings\n"
                "init eager\nstack 4096\nright mmio\nright port_io\n"
                "export bell_ring 0123456789abcdef i:8@8\n"
                "import nano_core monitor_enter 3333333333333333\n"
                "import timer timer_now 1111111111111111\n"
                "client alarm\nclient shell\nstate bell_count 4444444444444444 1 32\nend\n");
  EXPECT_EQ(get("keep"), "bell_ring\n");
  EXPECT_FALSE(exists("manifest.tmp"));
}

TEST_F(CellObjectTest, Manifest_Defaults) {
  put("in.o", ElfBuilder().build().bytes());
  put("empty", "");
  ASSERT_EQ(run({"manifest", "--object", path("in.o"), "--name", "bell", "--summary", "rings",
                 "--interface-file", path("empty"), "-o", path("manifest")}),
            0)
      << err_;
  EXPECT_NE(get("manifest")
                .find("implements bell\ninterface 1\nversion 1\nsummary rings\n"
                      "init lazy\nstack 4096\nend\n"),
            std::string::npos);
}

TEST_F(CellObjectTest, Manifest_Driver_NeedsResetAndReadWindow) {
  ElfBuilder builder;
  builder.section({.name = ".text",
                   .flags = kElfFlagAllocate | kElfFlagExecute,
                   .data = std::string(64, '\x90')});
  for (const char *name : {"bell_interrupt", "bell_reset"}) {
    builder.symbol({.name = name, .type = kElfSymbolFunction, .section = ".text", .bytes = 16});
  }
  put("in.o", builder.build().bytes());
  const std::string handler = "bell_interrupt 0123456789abcdef :0@0\n";
  const std::string reset = "bell_reset 0123456789abcdef :0@0\n";
  const auto make = [&](const std::string &published, const std::vector<std::string> &more) {
    put("own", published);
    std::vector<std::string> line = {"manifest",  "--object",  path("in.o"),    "--name",
                                     "bell",      "--summary", "rings",         "--interface-file",
                                     path("own"), "-o",        path("manifest")};
    line.insert(line.end(), more.begin(), more.end());
    return run(line);
  };
  const std::vector<std::string> window = {"--read-window", "3"};
  EXPECT_EQ(make(handler + reset, window), 0) << err_;
  EXPECT_NE(get("manifest").find("stack 4096\nread_window 3\nexport"), std::string::npos);
  EXPECT_EQ(make(handler + reset, {}), 1);
  EXPECT_NE(err_.find("read_window missing"), std::string::npos) << err_;
  EXPECT_EQ(make(handler, window), 1);
  EXPECT_NE(err_.find("reset missing"), std::string::npos) << err_;
  EXPECT_EQ(make("", window), 1);
  EXPECT_EQ(make(reset, {}), 0) << err_;
}

TEST_F(CellObjectTest, Manifest_StateOfTheInterfaceFile_Counts) {
  put("bell.interface",
      "bell_ring 0123456789abcdef i:8@8\nstate bell_other 5555555555555555 2 64\n");
  ASSERT_EQ(manifest(), 0) << err_;
  EXPECT_NE(get("manifest")
                .find("state bell_count 4444444444444444 1 32\n"
                      "state bell_other 5555555555555555 2 64\nend\n"),
            std::string::npos);
}

TEST_F(CellObjectTest, Manifest_WithoutExportOptions_PublishesTheWholeInterface) {
  ASSERT_EQ(
      run({"manifest", "--object", path("in.o"), "--name", "bell", "--summary", "rings",
           "--exports", path("bell.interface"), "--imports", "timer=" + path("timer.interface"),
           "--imports", "nano_core=" + path("core.interface"), "--state",
           "bell_count:4444444444444444:1:32", "--output", path("manifest")}),
      0)
      << err_;
  EXPECT_NE(get("manifest").find("export bell_ring"), std::string::npos);
}

TEST_F(CellObjectTest, Stamp_WritesWhatTheLoaderTakes) {
  ASSERT_EQ(manifest(), 0) << err_;
  ASSERT_EQ(stamp(), 0) << err_;
  const std::string file = get("out.o");
  object_t object = {};
  message_t message = {};
  ASSERT_TRUE(status_is_ok(object_parse(bytes_of(file), &object, &message))) << message.text;
  EXPECT_TRUE(status_is_ok(object_verify_hash(bytes_of(file), &object, &message)));
  EXPECT_EQ(string_of(object.manifest.name), "bell_loud");
  EXPECT_EQ(object.layout.text_bytes, 64u);
  EXPECT_EQ(object.layout.rodata_bytes, 16u);
}

TEST_F(CellObjectTest, Stamp_KeepsReferences) {
  ASSERT_EQ(manifest(), 0) << err_;
  ASSERT_EQ(stamp(), 0) << err_;
  const std::string file = get("out.o");
  object_t object = {};
  message_t message = {};
  ASSERT_TRUE(status_is_ok(object_parse(bytes_of(file), &object, &message))) << message.text;
  uint8_t text[64];
  uint8_t rodata[16];
  const object_placement_t placement = {.text = {text, 64},
                                        .rodata = {rodata, 16},
                                        .text_address = 0x100000,
                                        .rodata_address = 0x200000,
                                        .stubs_address = 0x300000,
                                        .stub_bytes = 64,
                                        .state_slots_address = 0x400000};
  ASSERT_TRUE(status_is_ok(object_place(&object, &placement, &message))) << message.text;
  const auto target = [&](size_t offset) {
    int32_t relative;
    std::memcpy(&relative, text + offset, sizeof(relative));
    return 0x100000 + offset + 4 + static_cast<uint64_t>(int64_t{relative});
  };
  EXPECT_EQ(target(0), 0x300040u);   // timer_now is import 1
  EXPECT_EQ(target(4), 0x300000u);   // monitor_enter is import 0
  EXPECT_EQ(target(8), 0x400000u);   // the slot of the state
  EXPECT_EQ(target(12), 0x100030u);  // memcpy, linked in
  EXPECT_EQ(target(16), 0x100020u);  // helper
  int32_t absolute;
  std::memcpy(&absolute, text + 24, sizeof(absolute));
  EXPECT_EQ(absolute, 0x200008);
}

TEST_F(CellObjectTest, Stamp_DropsWhatNobodyLoads) {
  ASSERT_EQ(manifest(), 0) << err_;
  ASSERT_EQ(stamp(), 0) << err_;
  for (const char *gone : {"helper", "memcpy", "bell.c", ".debug_info", ".comment", ".data"}) {
    EXPECT_EQ(get("out.o").find(gone), std::string::npos) << gone;
  }
}

TEST_F(CellObjectTest, Stamp_IsTheSameForTheSameInput) {
  ASSERT_EQ(manifest(), 0) << err_;
  ASSERT_EQ(stamp(), 0) << err_;
  const std::string first = get("out.o");
  std::vector<std::string> arguments = {"build"};
  for (const std::string &word : description()) arguments.push_back(word);
  arguments.insert(arguments.end(), {"-o", path("built.o")});
  ASSERT_EQ(run(arguments), 0) << err_;
  EXPECT_EQ(get("built.o"), first);
}

TEST_F(CellObjectTest, Stamp_OfAStampedObject_ReplacesTheManifest) {
  ASSERT_EQ(manifest(), 0) << err_;
  ASSERT_EQ(stamp(), 0) << err_;
  const std::string first = get("out.o");
  put("in.o", first);
  ASSERT_EQ(stamp(), 0) << err_;
  EXPECT_EQ(get("out.o"), first);
}

TEST_F(CellObjectTest, Stamp_WhatTheLoaderRefuses_WritesNothing) {
  ASSERT_EQ(manifest(), 0) << err_;
  put("in.o", linked().relocation(".text", {28, kElfRelocation64, "timer_now", 0}).build().bytes());
  EXPECT_EQ(stamp(), 1);
  EXPECT_EQ(err_.find("error: bell_loud: bad object: a reference to timer_now takes the address"),
            0u)
      << err_;
  EXPECT_FALSE(exists("out.o"));
}

TEST_F(CellObjectTest, Stamp_ReferenceToWhatIsNotLoaded_IsRefused) {
  ASSERT_EQ(manifest(), 0) << err_;
  put("in.o",
      linked().relocation(".text", {28, kElfRelocationPc32, ".comment", 0}).build().bytes());
  EXPECT_EQ(stamp(), 1);
  EXPECT_EQ(err_.find("error: bell_loud: reference to .comment: "), 0u) << err_;
}

TEST_F(CellObjectTest, Stamp_ExportOutsideOfLoadedSections_IsRefused) {
  ASSERT_EQ(manifest(), 0) << err_;
  Image image = linked().build();
  const uint16_t comment = image.index(".comment");
  image.edit_symbol("bell_ring", [&](elf_symbol_t &symbol) { symbol.section = comment; });
  put("in.o", image.bytes());
  EXPECT_EQ(stamp(), 1);
  EXPECT_EQ(err_.find("error: bell_loud: export bell_ring: "), 0u) << err_;
}

TEST_F(CellObjectTest, Stamp_MalformedManifest_IsRefused) {
  put("manifest", "theseus 2\n");
  EXPECT_EQ(stamp(), 1);
  EXPECT_EQ(err_.find("error: manifest: malformed: manifest line 1"), 0u) << err_;
  EXPECT_FALSE(exists("out.o"));
}

TEST_F(CellObjectTest, Verify_SaysForEachFile) {
  ASSERT_EQ(manifest(), 0) << err_;
  ASSERT_EQ(stamp(), 0) << err_;
  EXPECT_EQ(run({"verify", path("out.o")}), 0);
  EXPECT_EQ(out_, path("out.o") + ": ok\n");
  std::string altered = get("out.o");
  altered[0x41] ^= 1;  // code
  put("altered.o", altered);
  EXPECT_EQ(run({"verify", path("altered.o"), path("out.o"), path("in.o")}), 1);
  EXPECT_EQ(out_, path("altered.o") +
                      ": error BAD_OBJECT: the hash of bell_loud does not fit its bytes: it was "
                      "altered after it was stamped\n" +
                      path("out.o") + ": ok\n" + path("in.o") +
                      ": error BAD_OBJECT: section .data is writable: make it constant, keep it "
                      "with the client, or declare state\n");
}

TEST_F(CellObjectTest, Verify_OutOfReach_IsRefused) {
  ASSERT_EQ(manifest(), 0) << err_;
  put("in.o",
      linked().relocation(".text", {28, kElfRelocationPc32, ".rodata", INT32_MAX}).build().bytes());
  EXPECT_EQ(stamp(), 1);
  EXPECT_NE(err_.find("a reference to .rodata is out of reach"), std::string::npos) << err_;
}

TEST_F(CellObjectTest, Undefined_NoImport_IsNamed) {
  expect_refused_object(linked().symbol({.name = "keyboard_peek"}),
                        "undeclared import keyboard_peek: add the cell that publishes it to deps");
}

TEST_F(CellObjectTest, Undefined_State_IsNamed) {
  expect_refused_object(linked().symbol({.name = "state_bell_other"}),
                        "undeclared state bell_other: add it to the cell's state");
}

TEST_F(CellObjectTest, Undefined_LibraryCall_IsNamedAsSuch) {
  for (const char *name : {"printf", "memset", "__udivti3", "__stack_chk_fail"}) {
    expect_refused_object(linked().symbol({.name = name}),
                          std::string("library call ") + name + ": ");
  }
}

TEST_F(CellObjectTest, Import_PublishedTwice_IsRefused) {
  put("other.interface", "timer_now 1111111111111111 :8@8\n");
  expect_refusal("import timer_now: both other and timer publish it",
                 {"--import-interface", "other=" + path("other.interface")});
}

TEST_F(CellObjectTest, Export_NotInTheBuildFile_IsRefused) {
  put("bell.interface", "bell_mute 1111111111111111 :0@0\nbell_ring 0123456789abcdef i:8@8\n");
  expect_refusal("undeclared export bell_mute: add it to exports");
}

TEST_F(CellObjectTest, Export_NotInTheInterface_IsRefused) {
  expect_refusal("unpublished export bell_mute: mark its prototype with CELL_EXPORT",
                 {"--export", "bell_mute"});
}

TEST_F(CellObjectTest, Export_Twice_IsRefused) {
  expect_refusal("exports: one is named twice", {"--export", "bell_ring"});
}

TEST_F(CellObjectTest, Export_NotDefined_IsRefused) {
  put("bell.interface", "bell_mute 1111111111111111 :0@0\nbell_ring 0123456789abcdef i:8@8\n");
  expect_refusal("undefined export bell_mute: it is published, but", {"--export", "bell_mute"});
}

TEST_F(CellObjectTest, Export_NoFunction_IsRefused) {
  Image image = linked().build();
  image.edit_symbol("bell_ring", [](elf_symbol_t &symbol) {
    symbol.info = kElfBindGlobal << 4 | kElfSymbolData;
  });
  put("in.o", image.bytes());
  expect_refusal("undefined export bell_ring: ");
}

TEST_F(CellObjectTest, Export_InNoSection_IsRefused) {
  Image image = linked().build();
  image.edit_symbol("bell_ring", [](elf_symbol_t &symbol) { symbol.section = kElfUndefined; });
  put("in.o", image.bytes());
  expect_refusal("undefined export bell_ring: ");
  image.edit_symbol("bell_ring", [](elf_symbol_t &symbol) { symbol.section = kElfAbsolute; });
  put("in.o", image.bytes());
  expect_refusal("undefined export bell_ring: ");
}

TEST_F(CellObjectTest, Export_OfAnotherInterface_IsRefused) {
  put("bell.interface", "gong_ring 0123456789abcdef i:8@8\n");
  expect_refusal("export gong_ring: a published name begins with bell_");
}

TEST_F(CellObjectTest, Name_Malformed_IsRefused) {
  name_ = "Bell";
  expect_refusal("name Bell: a name is");
  name_ = "b" + std::string(63, 'e');
  expect_refusal("name " + name_ + ": a name is");
  name_ = "bell";
  expect_refusal("client //cells/x: a name is", {"--client", "//cells/x"});
  expect_refusal("implements B: a name is", {"--implements", "B"});
  expect_refusal("state B: a name is", {"--state", "B:4444444444444444:1:32"});
  put("bell.interface", "Bell_ring 0123456789abcdef i:8@8\n");
  expect_refusal("export Bell_ring: a name is");
}

TEST_F(CellObjectTest, Summary_TooLong_IsRefused) {
  summary_ = std::string(121, 's');
  expect_refusal("summary: it has 1 to 120 characters, not 121");
  summary_ = "";
  expect_refusal("summary: it has 1 to 120 characters, not 0");
}

TEST_F(CellObjectTest, OtherValues_AreCheckedByTheLoadersReader) {
  expect_refusal("manifest `right dma`: manifest line 10 names no right", {"--right", "dma"});
  expect_refusal("manifest `right mmio`: manifest line 11 says what", {"--right", "mmio"});
  expect_refusal("manifest `stack x`: manifest line 9", {"--stack", "x"});
  expect_refusal("manifest `init never`: manifest line 8", {"--init", "never"});
  expect_refusal("manifest `version -1`: manifest line 6", {"--version", "-1"});
  summary_ = "b\xc3\xb6se";
  expect_refusal("manifest `summary b\xc3\xb6se`: manifest line 7");
}

TEST_F(CellObjectTest, State_DeclaredTwice_IsRefused) {
  expect_refusal("state bell_count: it is declared twice",
                 {"--state", "bell_count:4444444444444444:1:32"});
}

TEST_F(CellObjectTest, Interface_Malformed_IsRefused) {
  for (const char *line : {"bell_ring", "bell_ring 0123456789abcdef", "a b c d",
                           "state bell_x 4444444444444444 1 32 5", "other a b c d"}) {
    put("bell.interface", std::string(line) + "\n");
    EXPECT_EQ(manifest(), 1) << line;
    EXPECT_NE(err_.find("bell.interface: line `" + std::string(line) + "`: "), std::string::npos)
        << err_;
  }
  put("bell.interface", "bell_ring 0123456789abcdef i:8@8\nbell_ring 0123456789abcdef i:8@8\n");
  EXPECT_EQ(manifest(), 1);
}

TEST_F(CellObjectTest, Section_Writable_NamesTheVariable) {
  expect_refused_object(linked()
                            .section({.name = ".bss",
                                      .type = kElfSectionNoBytes,
                                      .flags = kElfFlagAllocate | kElfFlagWrite,
                                      .data = "1234"})
                            .symbol({.name = "label", .bind = kElfBindLocal, .section = ".bss"})
                            .symbol({.name = "table",
                                     .bind = kElfBindLocal,
                                     .type = kElfSymbolData,
                                     .section = ".rodata"})
                            .symbol({.name = "counter",
                                     .bind = kElfBindLocal,
                                     .type = kElfSymbolData,
                                     .section = ".bss"}),
                        "writable section .bss (counter): make it const");
}

TEST_F(CellObjectTest, Section_LargerThanTheFile_IsRefusedForWhatItIs) {
  Image image = linked()
                    .section({.name = ".bss",
                              .type = kElfSectionNoBytes,
                              .flags = kElfFlagAllocate | kElfFlagWrite})
                    .build();
  image.edit_section(".bss", [](elf_section_t &section) { section.bytes = 1 << 30; });
  put("in.o", image.bytes());
  expect_refusal("writable section .bss: make it const");
}

TEST_F(CellObjectTest, Section_ThreadLocal_IsRefused) {
  expect_refused_object(
      linked()
          .section({.name = ".tbss",
                    .flags = kElfFlagAllocate | kElfFlagWrite | kElfFlagThreadLocal,
                    .data = "1234"})
          .symbol({.name = "mine",
                   .bind = kElfBindLocal,
                   .type = kElfSymbolThreadLocal,
                   .section = ".tbss"}),
      "thread-local section .tbss (mine): ");
}

TEST_F(CellObjectTest, Section_Constructors_AreRefused) {
  const uint64_t flags = kElfFlagAllocate | kElfFlagWrite;
  expect_refused_object(
      linked().section({.name = ".init_array", .flags = flags, .data = "12345678"}),
      "constructors in section .init_array: ");
  expect_refused_object(linked().section({.name = ".ctors", .flags = flags, .data = "12345678"}),
                        "constructors in section .ctors: ");
  for (const uint32_t type :
       {kElfSectionInitArray, kElfSectionFiniArray, kElfSectionPreinitArray}) {
    expect_refused_object(
        linked().section({.name = ".x", .type = type, .flags = flags, .data = "12345678"}),
        "constructors in section .x: ");
  }
}

TEST_F(CellObjectTest, Section_Compressed_IsRefused) {
  expect_refused_object(
      linked().section(
          {.name = ".rodata.z", .flags = kElfFlagAllocate | kElfFlagCompressed, .data = "1234"}),
      "compressed section .rodata.z: ");
}

TEST_F(CellObjectTest, Section_OfAnotherName_IsRefused) {
  expect_refused_object(
      linked().section({.name = ".eh_frame", .flags = kElfFlagAllocate, .data = "1234"}),
      "section .eh_frame: only .text and .rodata are loaded");
  expect_refused_object(linked().section({.name = ".init", .flags = kTextFlags, .data = "1234"}),
                        "section .init: only .text and .rodata are loaded");
  expect_refused_object(linked().section({.name = ".rodata.n",
                                          .type = kElfSectionNote,
                                          .flags = kElfFlagAllocate,
                                          .data = "1234"}),
                        "section .rodata.n: only .text and .rodata are loaded");
}

TEST_F(CellObjectTest, Symbol_OfAKindThatIsNotLoaded_IsRefused) {
  expect_refused_object(
      linked().symbol({.name = "x", .type = kElfSymbolCommon, .section = ".text"}),
      "common symbol x: ");
  expect_refused_object(
      linked().symbol({.name = "x", .type = kElfSymbolIndirect, .section = ".text"}),
      "indirect function x: ");
  expect_refused_object(linked().symbol({.name = "x", .bind = kElfBindWeak}), "weak symbol x: ");
  Image image = linked().symbol({.name = "x", .type = kElfSymbolData}).build();
  image.edit_symbol("x", [](elf_symbol_t &symbol) { symbol.section = kElfCommon; });
  put("in.o", image.bytes());
  expect_refusal("common symbol x: ");
}

TEST_F(CellObjectTest, Relocation_OfUnknownType_NamesTheSymbol) {
  expect_refused_object(linked().relocation(".text", {28, 42, "helper", 0}),
                        "relocation type 42 against helper: compile with the flags of a cell");
  expect_refused_object(linked().relocation(".rodata", {0, 10, ".text", 0}),
                        "relocation type 10 against .text: compile with the flags of a cell");
}

TEST_F(CellObjectTest, Input_TruncatedAtEveryLength_IsRefused) {
  const std::string file = linked().build().bytes();
  for (size_t length = 0; length < file.size(); length++) {
    put("in.o", file.substr(0, length));
    EXPECT_EQ(manifest(), 1) << length;
  }
  EXPECT_EQ(err_.find("error: bell_loud: bad object: "), 0u) << err_;
}

TEST_F(CellObjectTest, Input_Damaged_IsRefused) {
  const std::vector<void (*)(Image &)> damages = {
      [](Image &image) { image.edit_header([](elf_header_t &h) { h.file_class = 1; }); },
      [](Image &image) { image.edit_header([](elf_header_t &h) { h.data = 2; }); },
      [](Image &image) { image.edit_header([](elf_header_t &h) { h.type = 2; }); },
      [](Image &image) { image.edit_header([](elf_header_t &h) { h.machine = 183; }); },
      [](Image &image) { image.edit_header([](elf_header_t &h) { h.section_bytes = 40; }); },
      [](Image &image) { image.edit_header([](elf_header_t &h) { h.section_names = 1000; }); },
      [](Image &image) { image.edit_section(".symtab", [](elf_section_t &s) { s.link = 1000; }); },
      [](Image &image) {
        image.edit_section(".rela.text", [](elf_section_t &s) { s.info = 1000; });
      },
      [](Image &image) { image.edit_section(".text", [](elf_section_t &s) { s.name = 1 << 20; }); },
      [](Image &image) { image.edit_symbol("helper", [](elf_symbol_t &s) { s.name = 1 << 20; }); },
      [](Image &image) { image.edit_symbol(".text", [](elf_symbol_t &s) { s.section = 1000; }); },
      [](Image &image) {
        image.edit_relocation(".text", 0,
                              [](elf_relocation_t &r) { r.info |= uint64_t{1000} << 32; });
      },
  };
  for (size_t i = 0; i < damages.size(); i++) {
    Image image = linked().build();
    damages[i](image);
    put("in.o", image.bytes());
    expect_refusal("bad object: ");
    EXPECT_FALSE(err_.empty()) << i;
  }
}

TEST_F(CellObjectTest, Input_NoObject_IsRefused) {
  put("in.o", std::string(100, 'x'));
  expect_refusal("bad object: it is no relocatable x86-64 ELF file");
}

TEST_F(CellObjectTest, Files_MissingOrNotWritable_AreNamed) {
  EXPECT_EQ(run({"verify", path("none.o")}), 1);
  EXPECT_EQ(err_, "error: " + path("none.o") + ": cannot be read: No such file or directory\n");
  std::vector<std::string> arguments = {"build"};
  for (const std::string &word : description()) arguments.push_back(word);
  arguments.insert(arguments.end(), {"-o", path("no/folder/out.o")});
  EXPECT_EQ(run(arguments), 1);
  EXPECT_NE(err_.find("cannot be written"), std::string::npos) << err_;
}

TEST_F(CellObjectTest, Files_OneOfTwoNotWritable_NoneIsWritten) {
  std::vector<std::string> arguments = {"manifest"};
  for (const std::string &word : description()) arguments.push_back(word);
  arguments.insert(arguments.end(), {"-o", path("manifest"), "--keep", path("no/folder/keep")});
  EXPECT_EQ(run(arguments), 1);
  EXPECT_FALSE(exists("manifest"));
  EXPECT_FALSE(exists("manifest.tmp"));
}

TEST_F(CellObjectTest, Usage_ExitsWith2) {
  EXPECT_EQ(run({}), 2);
  EXPECT_NE(err_.find("usage: cell_object"), std::string::npos);
  EXPECT_EQ(run({"polish"}), 2);
  EXPECT_EQ(run({"verify"}), 2);
  EXPECT_EQ(run({"manifest", "--name"}), 2);
  EXPECT_EQ(run({"manifest", "--colour", "red"}), 2);
  EXPECT_EQ(run({"manifest", "a.o", "b.o"}), 2);
  EXPECT_EQ(run({"manifest", "--name", "bell", "-o", "x"}), 2);
  EXPECT_EQ(run({"build", "--object", path("in.o"), "-o", path("out.o")}), 2);
  EXPECT_EQ(run({"stamp", "--object", path("in.o"), "-o", path("out.o")}), 2);
  EXPECT_EQ(run({"stamp", "--object", path("in.o"), "--manifest", path("manifest")}), 2);
  EXPECT_EQ(run({"manifest", "--state", "a:b"}), 2);
  EXPECT_EQ(run({"manifest", "--import-interface", "timer"}), 2);
}

}  // namespace
