// SPDX-License-Identifier: MIT
#include "testing/qemu/interactive.h"

#include <unistd.h>

#include <poll.h>

#include <string>

#include "testing/qemu/machine.h"
#include "testing/qemu/output.h"
#include "testing/qemu/script_runner.h"
#include "testing/qemu/terminal.h"
#include "testing/qemu/transcript.h"

namespace qemu {
namespace {

constexpr char kEscape = 'A' - '@';
constexpr auto kForever = std::chrono::hours(24);

bool IsReadable(int descriptor) {
  pollfd watched = {descriptor, POLLIN, 0};
  return poll(&watched, 1, 0) > 0;
}

// What passes between the user and one machine.
class Session {
 public:
  int Run(const Options &options, const std::string &initrd, const std::string &display) {
    Wiring wiring;
    wiring.initrd = initrd;
    wiring.display = display;
    wiring.ansi = to_terminal_;
    wiring.unattended = !from_terminal_;
    if (const Problem problem = machine_.Start(options, wiring); !problem.empty()) {
      Say(problem);
      return kExitDied;
    }
    if (from_terminal_) Say("the shell of Theseus; Ctrl-A x leaves it");
    RawTerminal raw;
    while (!machine_.ended() && !left_) Exchange();
    return Status();
  }

 private:
  void OnSerial(std::string_view bytes) {
    if (to_terminal_) {
      output_.Write(bytes);
      if (!from_terminal_) FindReady(bytes);
      return;
    }
    output_.Write(FindReady(bytes));
  }

  std::string_view FindReady(std::string_view bytes) {
    const std::string_view added = transcript_.Add(bytes);
    while (const auto line = transcript_.NextLine(&position_)) ready_ |= *line == kReadyLine;
    return added;
  }

  bool TakesInput() const { return input_open_ && (from_terminal_ || ready_); }

  void Exchange() {
    const int input = TakesInput() ? STDIN_FILENO : -1;
    const bool took_input = TakesInput();
    machine_.Run(
        Clock::now() + kForever,
        [&] { return (input >= 0 && IsReadable(input)) || TakesInput() != took_input; }, input);
    if (input >= 0 && !machine_.ended() && IsReadable(input)) ReadInput();
  }

  void ReadInput() {
    char buffer[4096];
    const ssize_t got = read(STDIN_FILENO, buffer, sizeof buffer);
    std::string bytes(buffer, got > 0 ? static_cast<size_t>(got) : 0);
    input_open_ = got > 0;
    if (from_terminal_) {
      left_ = filter_.Filter(&bytes) || !input_open_;  // a terminal that is gone asks no more
    } else if (!input_open_) {
      bytes = "\npoweroff 0\n";
    }
    machine_.SendSerial(bytes);
  }

  int Status() const {
    const Ending &ending = machine_.ending();
    switch (ending.kind) {
      case Ending::Kind::kRunning:
        return kExitOk;
      case Ending::Kind::kInterrupted:
        return 128 + ending.code;
      case Ending::Kind::kPoweredOff:
        return ending.code == 0 ? kExitOk : kExitFailed;
      case Ending::Kind::kDied:
        break;
    }
    Say("the machine died: " + ending.reason);
    return kExitDied;
  }

  const bool from_terminal_ = isatty(STDIN_FILENO);
  const bool to_terminal_ = isatty(STDOUT_FILENO);
  bool input_open_ = true;
  bool ready_ = false;  // only looked at if the input is no terminal
  bool left_ = false;
  EscapeFilter filter_;
  StandardOutput output_;
  Transcript transcript_;
  size_t position_ = 0;
  Machine machine_{[this](std::string_view bytes) { OnSerial(bytes); }};
};

}  // namespace

bool EscapeFilter::Filter(std::string *bytes) {
  std::string kept;
  for (const char c : *bytes) {
    if (!std::exchange(escaped_, false)) {
      escaped_ = c == kEscape;
      if (!escaped_) kept += c;
    } else if (c == 'x') {
      *bytes = kept;
      return true;
    } else if (c == kEscape) {
      kept += c;
    }
  }
  *bytes = kept;
  return false;
}

int RunInteractive(const Options &options, const std::string &initrd, const std::string &display) {
  return Session().Run(options, initrd, display);
}

}  // namespace qemu
