// SPDX-License-Identifier: MIT
/// @file
/// Flags of //:theseus.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "testing/qemu/result.h"

namespace qemu {

/// An object that --add puts into the archive as NAME.o.
struct AddedObject {
  std::string path;
  std::string name;
};

/// Everything that the command line says. Paths are ready to open.
struct Options {
  // From the build rule.
  std::string qemu;
  std::string kernel;
  std::string archive;
  std::string archive_tool;
  std::vector<std::string> debug;  // files CELL.debug, for --gdb
  std::string iso;                 // empty: there is none, so --media is refused
  std::string font;                // of a framebuffer, for @expect-screen
  std::string text_font;           // the ROM that has the text mode's

  // From the user.
  std::string script;  // empty: interactive
  std::vector<AddedObject> adds;
  unsigned processors = 2;
  unsigned memory_mib = 128;
  bool icount = false;
  std::string accelerator = "tcg";
  std::string append;
  std::string media;               // cdrom, disk or usb: boots the ISO from there; empty: -kernel
  std::string firmware;            // bios or uefi; empty: what suits the rest
  std::string machine = "q35";     // as QEMU's -machine takes it
  std::string cpu = "max";         // and -cpu
  std::vector<std::string> extra;  // words at the end of QEMU's command line
  unsigned timeout_s = 60;
  unsigned key_timeout_s = 10;
  bool display = false;
  bool no_debug_exit = false;  // leave QEMU's isa-debug-exit device out
  bool gdb = false;
  std::string gdb_at = "tcp:127.0.0.1:1234";  // as QEMU's -gdb takes it
  bool channel = false;                       // a virtio console, whose host side is the script
  bool dry_run = false;
  bool help = false;
  bool tap = false;
  bool terminal = false;
  std::string junit;  // empty: none
  std::string trace;  // empty: none

  // Which of the flags above stood on the command line.
  bool processors_given = false;
  bool timeout_given = false;
};

/// Reads the flags; `--flag VALUE` and `--flag=VALUE` are the same.
/// @param arguments          without the program's name
/// @param working_directory  the user's, from which relative paths of the user's flags start;
///                           empty: this process's own
/// @errors  unknown flag, missing or bad value, flags that exclude each other: the problem names
///          the flag and the remedy
Result<Options> ParseOptions(std::span<const std::string> arguments,
                             const std::string &working_directory);

/// Checks that every file that the options name can be read.
/// @errors  the problem names the flag and the file
Problem CheckFiles(const Options &options);

/// What --help prints.
std::string_view Help();

}  // namespace qemu
