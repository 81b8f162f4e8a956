// SPDX-License-Identifier: MIT
#include "testing/qemu/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace qemu {
namespace {

// Even, which no end of a machine gives: see verdict.h.
constexpr int kCannotRun = 126;

// Between fork() and exec(): only calls that are safe there.
[[noreturn]] void Become(char *const *arguments, const Inheritance &inheritance, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kCannotRun);  // the parent died before the line above
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  dup2(inheritance.in >= 0 ? inheritance.in : open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(inheritance.out >= 0 ? inheritance.out : STDERR_FILENO, STDOUT_FILENO);
  for (const int descriptor : inheritance.others) fcntl(descriptor, F_SETFD, 0);
  execvp(arguments[0], arguments);
  _exit(kCannotRun);
}

}  // namespace

Problem Child::Start(const std::vector<std::string> &arguments, const Inheritance &inheritance) {
  std::vector<char *> pointers;
  for (const std::string &argument : arguments) {
    pointers.push_back(const_cast<char *>(argument.c_str()));
  }
  pointers.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return "cannot start " + arguments[0] + ": " + std::strerror(errno);
  if (pid == 0) Become(pointers.data(), inheritance, parent);
  pid_ = pid;
  return {};
}

std::optional<int> Child::Wait(std::chrono::milliseconds patience) {
  constexpr auto kNap = std::chrono::milliseconds(2);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (pid_ != 0) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = 0;
      return status;
    }
    if (std::chrono::steady_clock::now() >= end) break;
    std::this_thread::sleep_for(kNap);
  }
  return std::nullopt;
}

void Child::Kill() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

}  // namespace qemu
