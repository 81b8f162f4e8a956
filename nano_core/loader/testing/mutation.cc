// SPDX-License-Identifier: MIT
#include "nano_core/loader/testing/mutation.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "nano_core/loader/testing/random.h"

namespace theseus::testing {
namespace {

// Fields stand on multiples of their size, more often than not.
size_t place(Random &random, size_t length, size_t width) {
  if (length < width) return length;
  const size_t any = random.below(length - width + 1);
  return random.below(4) == 0 ? any : any / width * width;
}

void set_word(Random &random, std::string &input) {
  const uint64_t edges[] = {0,
                            1,
                            2,
                            7,
                            0x10,
                            0x7f,
                            0x80,
                            0xff,
                            0x7fff,
                            0xffff,
                            0x7fffffff,
                            0x80000000,
                            0xffffffff,
                            INT64_MAX,
                            UINT64_MAX,
                            input.size(),
                            input.size() - 1,
                            UINT64_MAX - input.size() + 1};
  const size_t width = size_t{1} << random.below(4);
  const size_t at = place(random, input.size(), width);
  if (at + width > input.size()) return;
  uint64_t word = 0;
  std::memcpy(&word, &input[at], width);
  // An edge, or a little more or less than what was there.
  word =
      random.below(3) == 0 ? word + random.below(33) - 16 : edges[random.below(std::size(edges))];
  std::memcpy(&input[at], &word, width);
}

void copy_part(Random &random, std::string &input) {
  const size_t length = std::min<size_t>(input.size(), size_t{1} << random.below(7));
  const std::string part = input.substr(place(random, input.size(), length), length);
  const size_t at = place(random, input.size(), length);
  if (random.below(4) == 0) {
    input.insert(at, part);
  } else {
    input.replace(at, part.size(), part);
  }
}

void mutate(Random &random, std::string &input) {
  if (input.empty()) return;
  switch (random.below(10)) {
    case 0:
      input.erase(random.below(input.size()), random.below(16));
      break;
    case 1:
      input.resize(random.below(input.size()));
      break;
    case 2:
      copy_part(random, input);
      break;
    case 3:
    case 4:
      input[random.below(input.size())] ^= static_cast<char>(1 << random.below(8));
      break;
    default:
      set_word(random, input);
  }
}

void run(const std::string &input) {
  // Exactly as long as the input, so that a sanitizer sees each byte read behind it.
  const std::unique_ptr<uint8_t[]> exact(new uint8_t[input.size()]);
  std::memcpy(exact.get(), input.data(), input.size());
  LLVMFuzzerTestOneInput(exact.get(), input.size());
}

}  // namespace

void run_mutations(const std::vector<std::string> &seeds, uint64_t count) {
  const bool trace = std::getenv("MUTATION_TRACE") != nullptr;
  for (const std::string &seed : seeds) run(seed);
  for (uint64_t i = 0; i < count; i++) {
    Random random(i);
    std::string input = seeds[i % seeds.size()];
    if (trace) std::fprintf(stderr, "mutation %llu\n", static_cast<unsigned long long>(i));
    for (uint64_t steps = 1 + random.below(3); steps > 0; steps--) mutate(random, input);
    run(input);
  }
}

size_t run_corpus(const std::string &folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto &entry : std::filesystem::directory_iterator(folder)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto &path : paths) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    run(bytes.str());
  }
  return paths.size();
}

}  // namespace theseus::testing
