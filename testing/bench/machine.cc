// SPDX-License-Identifier: MIT
#include "testing/bench/machine.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "testing/qemu/command_line.h"

namespace bench {

Ran RunProgram(const std::vector<std::string> &line) {
  Ran ran;
  FILE *pipe = popen(qemu::Quoted(line).c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  while (const size_t got = fread(buffer, 1, sizeof buffer, pipe)) ran.output.append(buffer, got);
  ran.ok = pclose(pipe) == 0;
  return ran;
}

Ran RunScript(const std::string &machine, const std::vector<std::string> &flags,
              const std::vector<std::string> &commands) {
  std::string folder = std::filesystem::temp_directory_path() / "bench.XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return {};
  std::ofstream script(folder + "/script");
  for (const std::string &command : commands) script << command << "\n";
  script.close();
  std::vector<std::string> line = {machine};
  line.insert(line.end(), flags.begin(), flags.end());
  line.insert(line.end(), {"--script", folder + "/script"});
  Ran ran = RunProgram(line);
  std::error_code ignored;  // at worst a temporary file stays
  std::filesystem::remove_all(folder, ignored);
  return ran;
}

}  // namespace bench
