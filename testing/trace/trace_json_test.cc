// SPDX-License-Identifier: MIT
/// @file
/// The trace that a running machine writes, read as a trace viewer reads it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "tools/json/json.h"

namespace theseus {
namespace {

constexpr char kScript[] =
    "swap keyboard\n"
    "work start\n"
    "swap --all\n"
    "swap keymap=keymap_dvorak formatting=formatting\n"
    "! swap keymap heap\n"
    "unload heap\n"
    "load heap\n"
    "@sleep 300\n"
    "work stop\n";

constexpr int kLanesOfTasks = 100;

// An event that lasts, in nanoseconds: what is written has three digits behind the point.
struct Span {
  std::string category;
  std::string name;
  std::string status;
  long long start = 0;
  long long end = 0;

  bool Contains(const Span &part) const { return start <= part.start && part.end <= end; }
  bool Apart(const Span &other) const { return end <= other.start || other.end <= start; }
};

long long Nanoseconds(const Json &event, const char *member) {
  const Json &value = json_member(event, member);
  return value.is_number() ? static_cast<long long>(value.get<double>() * 1000 + 0.5) : -1;
}

class TraceJsonTest : public testing::Test {
 protected:
  // One boot serves all cases.
  static void SetUpTestSuite() {
    const std::string folder = testing::TempDir();
    std::ofstream(folder + "/script") << kScript;
    const std::string command = "env -u XML_OUTPUT_FILE testing/trace/machine --script " + folder +
                                "/script --trace " + folder + "/trace.json";
    ASSERT_EQ(std::system(command.c_str()), 0);
    std::ostringstream text;
    text << std::ifstream(folder + "/trace.json").rdbuf();
    const Json trace = parse_json("trace.json", text.str());
    events_ = json_member(trace, "traceEvents");
    ASSERT_TRUE(events_.is_array());
    for (const Json &event : events_) ReadSpan(event);
  }

  static std::string Member(const Json &event, const char *name) {
    return json_string(json_member(event, name));
  }

  static int Lane(const Json &event) { return json_member(event, "tid").get<int>(); }

  static void ReadSpan(const Json &event) {
    if (Member(event, "ph") != "X") return;
    Span span;
    span.category = Member(event, "cat");
    span.name = Member(event, "name");
    span.status = Member(json_member(event, "args"), "status");
    span.start = Nanoseconds(event, "ts");
    const long long duration = Nanoseconds(event, "dur");
    ASSERT_GE(duration, 0) << span.name;
    span.end = span.start + duration;
    lanes_[Lane(event)].push_back(span);
  }

  static int Count(const std::string &category, const std::string &status) {
    int count = 0;
    for (const auto &[lane, spans] : lanes_) {
      for (const Span &span : spans) count += span.category == category && span.status == status;
    }
    return count;
  }

  static Json events_;
  static std::map<int, std::vector<Span>> lanes_;
};

Json TraceJsonTest::events_;
std::map<int, std::vector<Span>> TraceJsonTest::lanes_;

TEST_F(TraceJsonTest, Events_All_HaveWhatViewersWant) {
  ASSERT_GT(events_.size(), 100u);
  for (const Json &event : events_) {
    const std::string phase = Member(event, "ph");
    EXPECT_TRUE(phase == "X" || phase == "B" || phase == "E" || phase == "i" || phase == "M");
    EXPECT_NE(Member(event, "name"), "");
    EXPECT_TRUE(json_member(event, "pid").is_number());
    EXPECT_TRUE(json_member(event, "tid").is_number());
    if (phase != "M") EXPECT_GE(Nanoseconds(event, "ts"), 0) << Member(event, "name");
  }
}

TEST_F(TraceJsonTest, Spans_OfOneLane_LieApartOrWithinEachOther) {
  for (const auto &[lane, spans] : lanes_) {
    for (size_t i = 0; i < spans.size(); i++) {
      for (size_t j = 0; j < i; j++) {
        EXPECT_TRUE(spans[i].Contains(spans[j]) || spans[j].Contains(spans[i]) ||
                    spans[i].Apart(spans[j]))
            << lane << ": " << spans[i].name << " and " << spans[j].name;
      }
    }
  }
}

// Each whole request has three parts, which lie within it.
TEST_F(TraceJsonTest, Phases_Each_LiesWithinItsRequest) {
  int phases = 0;
  for (const auto &[lane, spans] : lanes_) {
    for (const Span &part : spans) {
      if (part.category != "prepare" && part.category != "commit" && part.category != "grace") {
        continue;
      }
      phases++;
      bool found = false;
      for (const Span &whole : spans) {
        const bool is_request =
            whole.category == "swap" || whole.category == "load" || whole.category == "unload";
        found = found || (is_request && whole.Contains(part) && whole.end > whole.start);
      }
      EXPECT_TRUE(found) << lane << ": " << part.name << " at " << part.start;
      EXPECT_GT(lane, 0);
    }
  }
  EXPECT_GT(phases, 90);
}

TEST_F(TraceJsonTest, Requests_All_AreThere) {
  EXPECT_GT(Count("swap", "OK"), 30) << "swap --all";
  EXPECT_EQ(Count("swap", "INCOMPATIBLE"), 1);
  EXPECT_EQ(Count("prepare", "INCOMPATIBLE"), 1);
  EXPECT_EQ(Count("unload", "OK"), 1);
  EXPECT_GT(Count("load", "OK"), 30) << "the image's cells at boot, and heap";
  EXPECT_GT(Count("initialise", "OK"), 5);
  EXPECT_EQ(Count("commit", "OK"), Count("grace", "OK"));
}

TEST_F(TraceJsonTest, Tasks_Each_BeginsBeforeItEnds) {
  std::map<int, int> open;
  int ended = 0;
  for (const Json &event : events_) {
    const std::string phase = Member(event, "ph");
    if (phase != "B" && phase != "E") continue;
    const int lane = Lane(event);
    EXPECT_GE(lane, kLanesOfTasks);
    open[lane] += phase == "B" ? 1 : -1;
    ended += phase == "E";
    EXPECT_TRUE(open[lane] == 0 || open[lane] == 1) << lane;
  }
  EXPECT_GE(ended, 3) << "the loads";
}

}  // namespace
}  // namespace theseus
