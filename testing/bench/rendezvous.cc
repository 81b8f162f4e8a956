// SPDX-License-Identifier: MIT
#include "testing/bench/rendezvous.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "testing/qemu/text.h"

namespace bench {
namespace {

constexpr int kSwaps = 50;
constexpr size_t kBarWidth = 28;
constexpr double kNsPerUs = 1000;
constexpr const char *kUntilAllCame = "@sleep 3000";
constexpr const char *kEmptyName = "swap.rendezvous";

// Bucket 0 is below 1 us, bucket i from 2^(i-1) us on.
size_t BucketOf(double ns) {
  return ns < kNsPerUs ? 0 : static_cast<size_t>(std::floor(std::log2(ns / kNsPerUs))) + 1;
}

std::vector<size_t> Count(const std::vector<double> &samples, size_t buckets) {
  std::vector<size_t> counts(buckets);
  for (const double sample : samples) counts[BucketOf(sample)]++;
  return counts;
}

double Percentile(std::vector<double> samples, double percent) {
  std::sort(samples.begin(), samples.end());
  const auto rank = static_cast<size_t>(std::ceil(percent / 100 * samples.size()));
  return samples[std::max<size_t>(rank, 1) - 1];
}

std::string Us(double ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f us", ns / kNsPerUs);
  return text;
}

std::string Padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

// A sample is never invisible.
std::string Bar(size_t count, size_t all) {
  const size_t length = (count * kBarWidth + all - 1) / all;
  return Padded(std::string(length, '#'), kBarWidth) + "  " + Padded(std::to_string(count), 4);
}

std::string Label(size_t bucket) {
  return bucket == 0 ? "< 1" : std::to_string(size_t{1} << (bucket - 1));
}

std::string Figures(const char *what, const std::vector<double> &samples) {
  return std::string("  ") + what + ": median " + Us(Percentile(samples, 50)) + ", p99 " +
         Us(Percentile(samples, 99)) + ", longest " + Us(Percentile(samples, 100)) + ", of " +
         std::to_string(samples.size()) + "\n";
}

std::string Ratio(const Rendezvous &run, double percent) {
  const double empty = Percentile(run.empty, percent);
  if (empty == 0) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", Percentile(run.pause, percent) / empty);
  return text;
}

// The number behind the word `name`; below 0: there is none.
double NumberAfter(const std::vector<std::string> &words, const std::string &name) {
  const auto found = std::find(words.begin(), words.end(), name);
  return found == words.end() || found + 1 == words.end() ? -1 : std::atof((found + 1)->c_str());
}

}  // namespace

std::vector<std::string> RendezvousCommands() {
  const std::string whole = std::string("bench ") + kEmptyName;
  const std::string sample = whole + ".sample";
  std::vector<std::string> commands = {kUntilAllCame, "work start calls", whole};
  for (int i = 0; i < kSwaps; i++) {
    commands.push_back(sample);
    commands.emplace_back("swap keymap");
  }
  // It says the number of processors once more.
  commands.push_back(whole);
  commands.emplace_back("work stop calls");
  return commands;
}

Rendezvous ReadRendezvous(unsigned asked, std::string_view output) {
  Rendezvous run;
  run.asked = asked;
  const std::string cases = std::string(kEmptyName) + ".p";
  for (const std::string_view line : qemu::Lines(output)) {
    const std::vector<std::string> words = qemu::Words(qemu::Trim(line));
    if (words.size() < 4) continue;
    const bool is_row = words[0] == "bench";
    if (is_row && words[1] == std::string(kEmptyName) + ".sample") {
      run.empty.push_back(std::atof(words[2].c_str()));
    } else if (is_row && words[1].starts_with(cases) && words[1] != cases + "99") {
      const auto online = static_cast<unsigned>(std::atoi(words[1].c_str() + cases.size()));
      run.changed |= run.online != 0 && run.online != online;
      run.online = online;
    } else if (words[0] == "swap" && NumberAfter(words, "pause_ns") >= 0) {
      run.pause.push_back(NumberAfter(words, "pause_ns"));
    }
  }
  return run;
}

std::string Histogram(const Rendezvous &run) {
  const double least = std::min(Percentile(run.empty, 0), Percentile(run.pause, 0));
  const double most = std::max(Percentile(run.empty, 100), Percentile(run.pause, 100));
  const size_t buckets = BucketOf(most) + 1;
  const auto empty = Count(run.empty, buckets);
  const auto pause = Count(run.pause, buckets);
  std::string text = std::to_string(run.online) + (run.online == 1 ? " processor" : " processors");
  if (run.online != run.asked) text += " (of " + std::to_string(run.asked) + ")";
  text +=
      "\n  " + Padded("us", 8) + Padded("empty rendezvous", kBarWidth + 8) + "pause of a swap\n";
  for (size_t i = BucketOf(least); i < buckets; i++) {
    std::string row = "  " + Padded(Label(i), 8) + Bar(empty[i], run.empty.size()) + "  " +
                      Bar(pause[i], run.pause.size());
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text + Figures("empty", run.empty) + Figures("pause", run.pause) +
         "  pause / empty: median " + Ratio(run, 50) + ", p99 " + Ratio(run, 99) + "\n";
}

std::vector<Measurement> AsMeasurements(const Rendezvous &run) {
  const std::string number = ".p" + std::to_string(run.online);
  return {{kEmptyName + number, "ns", run.empty}, {"swap.pause" + number, "ns", run.pause}};
}

}  // namespace bench
