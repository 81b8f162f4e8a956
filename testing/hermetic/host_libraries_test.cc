// Which shared libraries a host test has loaded: none, or only the sysroot's.

#include <gtest/gtest.h>

#include <fstream>
#include <string>

TEST(HostLibrariesTest, Maps_OfThisProcess_NameOnlyTheSysroot) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find(".so") == std::string::npos) continue;
    EXPECT_NE(line.find("external/sysroot/"), std::string::npos) << line;
  }
}
