// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "tools/cellc/kit.h"
#include "tools/cellc/options.h"
#include "tools/cellc/pipeline.h"

namespace {

namespace fs = std::filesystem;

constexpr int kViolation = 1;
constexpr int kUsageError = 2;
constexpr char kKit[] = "tools/cellc/kit.txt";

// The folder in which the tools lie: where Bazel started the program, or beside the program.
fs::path ToolFolder(const char *program) {
  const char *runfiles = std::getenv("RUNFILES_DIR");
  for (const fs::path &folder :
       {fs::current_path(), fs::absolute(std::string(program) + ".runfiles/theseus"),
        fs::path(runfiles == nullptr ? "" : runfiles) / "theseus"}) {
    std::error_code error;
    if (fs::exists(folder / kKit, error)) return folder;
  }
  return {};
}

// The folder that relative paths of the command line mean.
fs::path UserFolder() {
  const char *folder = std::getenv("BUILD_WORKING_DIRECTORY");
  return folder == nullptr ? fs::current_path() : fs::path(folder);
}

fs::path MakeScratch() {
  const char *base = std::getenv("TEST_TMPDIR");
  std::string pattern =
      (base == nullptr ? fs::temp_directory_path() : fs::path(base)).string() + "/cellc.XXXXXX";
  return mkdtemp(pattern.data()) == nullptr ? fs::path() : fs::path(pattern);
}

int Fail(const std::string &message) {
  std::cerr << "cellc: " << message << "\n";
  return kViolation;
}

int Build(const cellc::Options &options, const char *program) {
  const fs::path user = UserFolder();
  const fs::path tools = ToolFolder(program);
  if (tools.empty())
    return Fail("its tools are not here; run it by `tools/bazel run //tools/cellc`");
  std::stringstream kit;
  kit << std::ifstream(tools / kKit).rdbuf();
  const fs::path scratch = MakeScratch();
  if (scratch.empty()) return Fail("there is no folder for temporary files");
  fs::current_path(tools);
  const std::vector<std::string> errors = cellc::Compile({.options = options,
                                                          .kit = cellc::ParseKit(kit.str()),
                                                          .source = user / options.source,
                                                          .output = user / options.output,
                                                          .scratch = scratch});
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  for (const std::string &error : errors) std::cerr << error << "\n";
  return errors.empty() ? 0 : kViolation;
}

}  // namespace

int main(int argc, char **argv) {
  const cellc::Options options =
      cellc::ParseOptions(std::vector<std::string>(argv + 1, argv + argc));
  if (!options.mistake.empty()) {
    std::cerr << "cellc: " << options.mistake << "\n" << cellc::kUsage;
    return kUsageError;
  }
  if (options.help) {
    std::cout << cellc::kUsage;
    return 0;
  }
  return Build(options, argv[0]);
}
