// SPDX-License-Identifier: MIT
/// @file
/// Stands in for QEMU in the runner's tests: the same channels, a shell of a few words, and ways to
/// end that a real machine rarely shows. The kernel command line chooses its character:
///   silent      never says that its shell is ready
///   deaf        acknowledges no key
///   sluggish    acknowledges keys late, and reports when more than the window are unread
///   refusing    refuses every key
///   traced      knows the command `trace json`
///   stubborn    refuses to power off
///   by_itself   powers off without an exit code
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "testing/qemu/keyboard.h"
#include "testing/qemu/text.h"

namespace qemu {
namespace {

constexpr int kDebugExit(int value) { return (value << 1 | 1) & 0xff; }
constexpr int kReadDelayMs = 5;

void Write(int descriptor, std::string_view text) {
  if (write(descriptor, text.data(), text.size()) < 0) _exit(3);
}

class FakeQemu {
 public:
  explicit FakeQemu(const std::vector<std::string> &arguments) {
    for (size_t i = 0; i + 1 < arguments.size(); i++) {
      if (arguments[i] == "-append") words_ = arguments[i + 1];
      if (arguments[i] == "-chardev") TakeChannel(arguments[i + 1]);
    }
  }

  [[noreturn]] void Run() {
    Write(qmp_, "{\"QMP\": {\"capabilities\": [\"event\"]}}\r\n");
    Boot();
    for (;;) {
      pollfd watched[] = {{STDIN_FILENO, POLLIN, 0}, {qmp_, POLLIN, 0}};
      const int timeout = unread_ > 0 ? kReadDelayMs : -1;
      if (poll(watched, 2, timeout) == 0) ReadKey();
      if (watched[0].revents != 0) Take(STDIN_FILENO, &serial_rest_);
      if (watched[1].revents != 0) Take(qmp_, &qmp_rest_);
    }
  }

 private:
  bool Is(std::string_view word) const { return Contains(words_, word); }

  void TakeChannel(const std::string &value) {
    const int descriptor = std::atoi(value.substr(value.find("fd=") + 3).c_str());
    if (Contains(value, "id=debugcon")) debugcon_ = descriptor;
    if (Contains(value, "id=qmp")) qmp_ = descriptor;
  }

  void Boot() { Write(STDOUT_FILENO, Is("silent") ? "boot\r\n" : "boot\r\n[shell] ready\r\n"); }

  void Take(int descriptor, std::string *rest) {
    char buffer[4096];
    const ssize_t got = read(descriptor, buffer, sizeof buffer);
    if (got <= 0) _exit(0);  // the runner is gone
    rest->append(buffer, static_cast<size_t>(got));
    for (size_t end; (end = rest->find('\n')) != std::string::npos;) {
      const std::string line = rest->substr(0, end);
      rest->erase(0, end + 1);
      descriptor == STDIN_FILENO ? Command(line) : KeyEvent(line);
    }
  }

  void KeyEvent(const std::string &line) {
    if (Contains(line, "screendump")) {
      return Write(qmp_, "{\"id\": \"picture\", \"error\": {\"desc\": \"no screen\"}}\r\n");
    }
    if (!Contains(line, "\"down\":false")) return;
    if (Is("refusing")) Write(qmp_, "{\"error\": {\"desc\": \"bad key\"}}\r\n");
    if (Is("deaf") || Is("refusing")) return;
    if (++unread_ > kKeyWindow) Write(STDOUT_FILENO, "overrun\r\n");
    if (!Is("sluggish")) ReadKey();
  }

  void ReadKey() {
    Write(debugcon_, "K");
    unread_--;
  }

  void Reset() { Write(qmp_, "{\"event\": \"RESET\", \"data\": {\"guest\": true}}\r\n"); }

  void Answer(const std::string &text) { Write(STDOUT_FILENO, text + "\r\n= ok\r\n"); }

  void Command(const std::string &line) {
    const std::string word = line.substr(0, line.find(' '));
    if (word == "poweroff" && !Is("stubborn")) PowerOff(line);
    if (word == "die") _exit(1);
    if (word == "killed") raise(SIGKILL);
    if (word == "panic") _exit(kDebugExit(0x7f));
    if (word == "vanish") _exit(kDebugExit(0x10));
    if (word == "hang") return;
    if (word == "reset") return Reset();
    if (word == "reboot") return Reboot();
    if (word == "echo") return Answer(line.substr(5));
    if (word == "cpio") return Answer(words_);
    if (line == "trace json" && Is("traced")) {
      return Answer("{\"traceEvents\":[\r\n[log] x\r\n{\"ph\":\"M\"}\r\n]}");
    }
    if (word == "late") Write(STDOUT_FILENO, "[log] = ok is no answer here\r\n");
    Write(STDOUT_FILENO, "= error NOT_FOUND: no command '" + word + "'\r\n");
  }

  [[noreturn]] void PowerOff(const std::string &line) {
    Write(debugcon_, "P");
    if (Is("by_itself")) ShutDown();
    _exit(kDebugExit(0x10 + std::atoi(line.substr(line.find(' ') + 1).c_str())));
  }

  [[noreturn]] void ShutDown() {
    Write(qmp_,
          "{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, "
          "\"reason\": \"guest-shutdown\"}}\r\n");
    _exit(0);
  }

  // As the real one: the firmware resets again before anything is printed.
  void Reboot() {
    Write(debugcon_, "R");
    Write(STDOUT_FILENO, "= ok\r\n");
    for (int i = 0; i < 3; i++) Reset();
    usleep(20'000);
    Boot();
  }

  std::string words_;
  int debugcon_ = -1;
  int qmp_ = -1;
  uint64_t unread_ = 0;
  std::string serial_rest_;
  std::string qmp_rest_;
};

}  // namespace
}  // namespace qemu

int main(int count, char **values) {
  qemu::FakeQemu(std::vector<std::string>(values + 1, values + count)).Run();
}
