// SPDX-License-Identifier: MIT
#include "testing/qemu/terminal.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <initializer_list>

namespace qemu {
namespace {

// Globals, because a signal handler can reach nothing else.
termios g_original;
volatile sig_atomic_t g_is_raw = 0;

void Restore() {
  if (!g_is_raw) return;
  tcsetattr(STDIN_FILENO, TCSANOW, &g_original);
  g_is_raw = 0;
}

void RestoreAndCrash(int signal) {
  Restore();
  ::signal(signal, SIG_DFL);
  raise(signal);
}

}  // namespace

RawTerminal::RawTerminal() {
  if (tcgetattr(STDIN_FILENO, &g_original) != 0) return;
  static const bool registered = std::atexit(Restore) == 0;
  static_cast<void>(registered);
  for (const int crash : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) {
    signal(crash, RestoreAndCrash);
  }
  termios raw = g_original;
  cfmakeraw(&raw);
  raw.c_oflag |= OPOST | ONLCR;  // the machine's LF starts a line here too
  g_is_raw = 1;
  tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

RawTerminal::~RawTerminal() { Restore(); }

}  // namespace qemu
