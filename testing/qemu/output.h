// SPDX-License-Identifier: MIT
/// @file
/// Where words go: the machine's to standard output, the runner's own to standard error.
#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace qemu {

/// Prints one sentence of the runner on standard error, after `theseus: `.
void Say(std::string_view sentence);

/// Writes what the machine printed to standard output, in a thread of its own: however slowly it
/// is read there, the machine need not wait. Once nobody reads any more, nothing more is written;
/// the run goes on. The object goes when everything is written.
class StandardOutput {
 public:
  StandardOutput();
  StandardOutput(const StandardOutput &) = delete;
  StandardOutput &operator=(const StandardOutput &) = delete;
  ~StandardOutput();

  void Write(std::string_view bytes);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string queue_;     // with mutex_
  bool closing_ = false;  // with mutex_
  std::thread writer_;
};

}  // namespace qemu
