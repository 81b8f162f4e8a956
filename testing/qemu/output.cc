// SPDX-License-Identifier: MIT
#include "testing/qemu/output.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace qemu {
namespace {

bool WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

void Say(std::string_view sentence) {
  WriteAll(STDERR_FILENO, "theseus: " + std::string(sentence) + "\n");
}

StandardOutput::StandardOutput() {
  // Signals are the main thread's business, see StopSignals.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  writer_ = std::thread([this] { Run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

StandardOutput::~StandardOutput() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_one();
  writer_.join();
}

void StandardOutput::Write(std::string_view bytes) {
  {
    const std::lock_guard lock(mutex_);
    queue_ += bytes;
  }
  changed_.notify_one();
}

void StandardOutput::Run() {
  std::unique_lock lock(mutex_);
  for (bool open = true;;) {
    changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const std::string bytes = std::exchange(queue_, {});
    lock.unlock();
    open = open && WriteAll(STDOUT_FILENO, bytes);
    lock.lock();
  }
}

}  // namespace qemu
