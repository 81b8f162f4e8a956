// SPDX-License-Identifier: MIT
#include "testing/qemu/command_line.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace qemu {
namespace {

Options Image() {
  Options options;
  options.qemu = "Q";
  options.kernel = "K";
  return options;
}

Wiring Wires() { return {"A", "socket,fd=3", "null", "", "none", "null", false, false}; }

// What follows `flag`, for each time that it stands there, joined by '|'.
std::string After(const std::vector<std::string> &line, const std::string &flag) {
  std::string values;
  for (size_t i = 0; i + 1 < line.size(); i++) {
    if (line[i] == flag) values += (values.empty() ? "" : "|") + line[i + 1];
  }
  return values;
}

TEST(CommandLineTest, CommandLine_Default_UsesTcgAndBothProcessors) {
  const auto line = CommandLine(Image(), Wires());
  EXPECT_EQ(line[0], "Q");
  EXPECT_EQ(After(line, "-accel"), "tcg");
  EXPECT_EQ(After(line, "-smp"), "2");
  EXPECT_EQ(After(line, "-m"), "128");
  EXPECT_EQ(After(line, "-initrd"), "A");
  EXPECT_EQ(After(line, "-append"), "terminal=plain");
  EXPECT_EQ(After(line, "-icount"), "");
  EXPECT_EQ(After(line, "-chardev"), "socket,id=serial,fd=3|null,id=debugcon");
  EXPECT_EQ(After(line, "-mon"), "");
}

TEST(CommandLineTest, CommandLine_Channel_IsAVirtioConsole) {
  Options options = Image();
  EXPECT_EQ(After(CommandLine(options, Wires()), "-device").find("virt"), std::string::npos);
  options.channel = true;
  Wiring wires = Wires();
  wires.channel = "socket,fd=9";
  const auto line = CommandLine(options, wires);
  EXPECT_NE(After(line, "-chardev").find("socket,id=channel,fd=9"), std::string::npos);
  EXPECT_NE(After(line, "-device").find("virtconsole,chardev=channel"), std::string::npos);
}

TEST(CommandLineTest, CommandLine_Icount_IsDeterministic) {
  Options options = Image();
  options.icount = true;
  options.processors = 1;
  options.append = "quiet";
  const auto line = CommandLine(options, Wires());
  EXPECT_EQ(After(line, "-accel"), "tcg,thread=single");
  EXPECT_EQ(After(line, "-icount"), "shift=0,sleep=off");
  EXPECT_EQ(After(line, "-rtc"), "clock=vm,base=2026-01-01");
  EXPECT_EQ(After(line, "-seed"), "1");
  EXPECT_EQ(After(line, "-append"), "terminal=plain icount quiet");
}

TEST(CommandLineTest, CommandLine_Flags_ReachQemu) {
  Options options = Image();
  options.accelerator = "kvm";
  options.gdb = true;
  Wiring wires = Wires();
  wires.ansi = true;
  wires.qmp = "socket,fd=5";
  wires.display = "gtk";
  const auto line = CommandLine(options, wires);
  EXPECT_EQ(After(line, "-accel"), "kvm");
  EXPECT_EQ(After(line, "-append"), "terminal=ansi gdb");
  EXPECT_EQ(After(line, "-mon"), "chardev=qmp,mode=control");
  EXPECT_EQ(After(line, "-display"), "gtk");
  EXPECT_NE(std::find(line.begin(), line.end(), "-S"), line.end());
}

TEST(CommandLineTest, CommandLine_Media_LeavesKernelToTheLoader) {
  Options options = Image();
  options.iso = "I";
  options.append = "a,b";
  for (const auto &[media, device] :
       {std::pair("cdrom", "ide-cd,drive=medium"), std::pair("disk", "virtio-blk-pci,drive=medium"),
        std::pair("usb", "usb-storage,drive=medium")}) {
    options.media = media;
    const auto line = CommandLine(options, Wires());
    EXPECT_EQ(After(line, "-kernel") + After(line, "-initrd") + After(line, "-append"), "");
    EXPECT_NE(After(line, "-drive").find("readonly=on,file=I"), std::string::npos);
    EXPECT_NE(After(line, "-device").find(device), std::string::npos) << media;
    EXPECT_EQ(After(line, "-bios"), "");
    EXPECT_EQ(After(line, "-smbios"), "type=1,sku=theseus:terminal=plain a,,b");
  }
}

TEST(CommandLineTest, CommandLine_Firmware_IsChosen) {
  Options options = Image();
  EXPECT_EQ(After(CommandLine(options, Wires()), "-bios"), "qboot.rom");
  options.firmware = "bios";
  EXPECT_EQ(After(CommandLine(options, Wires()), "-bios"), "");
  options.firmware = "uefi";
  EXPECT_EQ(After(CommandLine(options, Wires()), "-bios"), "OVMF.fd");
}

TEST(CommandLineTest, Quoted_OddCharacters_AreProtected) {
  EXPECT_EQ(Quoted({"a,b=1", "", "a b", "it's", "$x"}), "a,b=1 '' 'a b' 'it'\\''s' '$x'");
}

}  // namespace
}  // namespace qemu
