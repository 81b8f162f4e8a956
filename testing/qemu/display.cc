// SPDX-License-Identifier: MIT
#include "testing/qemu/display.h"

#include <cstdio>
#include <cstdlib>

#include "testing/qemu/command_line.h"
#include "testing/qemu/output.h"
#include "testing/qemu/text.h"

namespace qemu {
namespace {

// What `qemu -display help` lists, a name a line.
std::string AvailableDisplays(const std::string &program) {
  const std::string command = Quoted({program, "-display", "help"}) + " 2>/dev/null";
  std::string text;
  FILE *pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char buffer[256];
  while (fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
  pclose(pipe);
  return text;
}

bool HasGraphicalSession() {
  return getenv("DISPLAY") != nullptr || getenv("WAYLAND_DISPLAY") != nullptr;
}

}  // namespace

std::string ChooseDisplay(const Options &options) {
  if (!options.display) return "none";
  if (HasGraphicalSession()) {
    const std::string available = AvailableDisplays(options.qemu);
    for (const std::string_view line : Lines(available)) {
      if (line == "gtk" || line == "sdl") return std::string(line);
    }
  }
  Say("this QEMU opens no window here; look with a VNC viewer at 127.0.0.1:5900");
  return "vnc=127.0.0.1:0";
}

}  // namespace qemu
