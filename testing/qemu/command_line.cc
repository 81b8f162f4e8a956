// SPDX-License-Identifier: MIT
#include "testing/qemu/command_line.h"

namespace qemu {
namespace {

using Arguments = std::vector<std::string>;

void AddAll(Arguments *arguments, const Arguments &more) {
  arguments->insert(arguments->end(), more.begin(), more.end());
}

std::string KernelWords(const Options &options, const Wiring &wiring) {
  std::string words = wiring.ansi ? "terminal=ansi" : "terminal=plain";
  if (wiring.ansi && wiring.unattended) words += " rows=0";
  if (options.icount) words += " icount";
  if (options.gdb) words += " gdb";
  if (!options.append.empty()) words += " " + options.append;
  return words;
}

void AddMachine(const Options &options, Arguments *arguments) {
  AddAll(arguments, {"-machine", options.machine, "-cpu", options.cpu, "-m",
                     std::to_string(options.memory_mib), "-smp", std::to_string(options.processors),
                     "-nodefaults", "-no-user-config", "-action", "reboot=reset"});
  if (options.icount) {
    AddAll(arguments, {"-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off", "-rtc",
                       "clock=vm,base=2026-01-01", "-seed", "1"});
  } else {
    AddAll(arguments, {"-accel", options.accelerator});
  }
}

// SeaBIOS is QEMU's own choice. qboot does little more than start the kernel, but sets no screen
// mode. OVMF.fd keeps its variables in memory, so each start is the first.
void AddFirmware(const Options &options, Arguments *arguments) {
  if (options.firmware == "uefi") {
    AddAll(arguments, {"-bios", "OVMF.fd"});
  } else if (options.firmware.empty() && options.media.empty() && !options.display) {
    AddAll(arguments, {"-bios", "qboot.rom"});
  }
}

// A value among others, which commas separate.
std::string Escaped(const std::string &value) {
  std::string escaped;
  for (const char c : value) escaped += c == ',' ? ",," : std::string(1, c);
  return escaped;
}

// Read only, so that several machines can share the file.
void AddMedium(const Options &options, Arguments *arguments) {
  const std::string drive = "if=none,id=medium,format=raw,readonly=on,file=" + Escaped(options.iso);
  if (options.media == "cdrom") {
    AddAll(arguments, {"-drive", drive + ",media=cdrom", "-device", "ide-cd,drive=medium"});
  } else if (options.media == "disk") {
    AddAll(arguments, {"-drive", drive, "-device", "virtio-blk-pci,drive=medium"});
  } else {
    AddAll(arguments,
           {"-device", "qemu-xhci", "-drive", drive, "-device", "usb-storage,drive=medium"});
  }
}

void AddSystem(const Options &options, const Wiring &wiring, Arguments *arguments) {
  if (!options.media.empty()) {
    AddMedium(options, arguments);
    // Where the medium's menu looks for words (tools/iso).
    const std::string words = Escaped(KernelWords(options, wiring));
    return AddAll(arguments, {"-smbios", "type=1,sku=theseus:" + words});
  }
  AddAll(arguments, {"-kernel", options.kernel, "-initrd", wiring.initrd, "-append",
                     KernelWords(options, wiring)});
}

void AddChannel(const std::string &id, const std::string &back_end, Arguments *arguments) {
  // The id comes right after the back end's name; its own options follow.
  const size_t comma = back_end.find(',');
  std::string value = back_end.substr(0, comma) + ",id=" + id;
  if (comma != std::string::npos) value += back_end.substr(comma);
  AddAll(arguments, {"-chardev", value});
}

void AddConsole(const Wiring &wiring, Arguments *arguments) {
  AddChannel("channel", wiring.channel, arguments);
  AddAll(arguments, {"-device", "virtio-serial-pci", "-device", "virtconsole,chardev=channel"});
}

void AddChannels(const Wiring &wiring, Arguments *arguments) {
  AddChannel("serial", wiring.serial, arguments);
  AddAll(arguments, {"-serial", "chardev:serial"});
  AddChannel("debugcon", wiring.debugcon, arguments);
  AddAll(arguments, {"-device", "isa-debugcon,iobase=0xe9,chardev=debugcon"});
  if (wiring.qmp.empty()) return;
  AddChannel("qmp", wiring.qmp, arguments);
  AddAll(arguments, {"-mon", "chardev=qmp,mode=control"});
}

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-+=./,:@%").find(c) != std::string_view::npos;
}

}  // namespace

std::vector<std::string> CommandLine(const Options &options, const Wiring &wiring) {
  Arguments arguments = {options.qemu};
  AddMachine(options, &arguments);
  AddFirmware(options, &arguments);
  AddSystem(options, wiring, &arguments);
  AddAll(&arguments, {"-device", "VGA", "-display", wiring.display});
  if (!options.no_debug_exit) {
    AddAll(&arguments, {"-device", "isa-debug-exit,iobase=0xf4,iosize=4"});
  }
  AddChannels(wiring, &arguments);
  if (options.channel) AddConsole(wiring, &arguments);
  if (options.gdb) AddAll(&arguments, {"-gdb", options.gdb_at, "-S"});
  AddAll(&arguments, options.extra);
  return arguments;
}

std::string Quoted(const std::vector<std::string> &arguments) {
  std::string line;
  for (const std::string &argument : arguments) {
    if (!line.empty()) line += ' ';
    bool plain = !argument.empty();
    for (const char c : argument) plain = plain && IsPlain(c);
    if (plain) {
      line += argument;
      continue;
    }
    line += '\'';
    for (const char c : argument) c == '\'' ? line += "'\\''" : line += c;
    line += '\'';
  }
  return line;
}

}  // namespace qemu
