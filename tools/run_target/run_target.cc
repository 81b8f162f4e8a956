// SPDX-License-Identifier: MIT
#include "tools/run_target/run_target.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "tools/cell_object/files.h"

namespace theseus {
namespace {

constexpr int kNotStarted = 127;

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 65536> buffer;
  for (ssize_t count; (count = read(descriptor, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<size_t>(count));
  }
  return text;
}

[[noreturn]] void become(const std::string &folder, const std::vector<std::string> &command,
                         int output) {
  std::vector<char *> words;
  for (const std::string &word : command) words.push_back(const_cast<char *>(word.c_str()));
  words.push_back(nullptr);
  if (dup2(output, STDOUT_FILENO) >= 0 && chdir(folder.c_str()) == 0) execv(words[0], words.data());
  _exit(kNotStarted);
}

}  // namespace

std::string user_path(const std::string &path) {
  const char *const folder = std::getenv("BUILD_WORKING_DIRECTORY");
  if (path.starts_with("/") || folder == nullptr) return path;
  return std::string(folder) + "/" + path;
}

std::string workspace_folder() {
  const char *const folder = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  if (folder != nullptr) return folder;
  throw Refusal("BUILD_WORKSPACE_DIRECTORY", "not set", "start this by `tools/bazel run`");
}

std::string output_of(const std::string &folder, const std::vector<std::string> &command) {
  int ends[2];
  if (pipe(ends) != 0) throw Refusal(command[0], "cannot be started", "there is no pipe");
  const pid_t child = fork();
  if (child == 0) become(folder, command, ends[1]);
  close(ends[1]);
  const std::string output = child < 0 ? "" : read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    throw Refusal(command[0], "cannot be started", "there is no process for it");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code == kNotStarted)
    throw Refusal(command[0], "cannot be started", "is it in " + folder + "?");
  throw Refusal(command[0], "failed", "it ended with status " + std::to_string(code));
}

}  // namespace theseus
