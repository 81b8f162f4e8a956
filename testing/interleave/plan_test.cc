// SPDX-License-Identifier: MIT
#include "testing/interleave/plan.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace interleave {
namespace {

constexpr int kCount = 3;
constexpr uint64_t kPoints = 50;
constexpr unsigned kAll = (1u << kCount) - 1;

// Who runs at each point where all can always run.
std::string Course(uint64_t seed, uint64_t points) {
  Plan plan;
  plan.Begin(seed, kCount, points, false);
  int current = plan.Choose(kAll);
  std::string course;
  for (uint64_t point = 1; point <= kPoints; point++) {
    if (point >= plan.next()) {
      EXPECT_FALSE(plan.AtPoint(point, current, true)) << "nobody asked for interrupts";
      current = plan.Choose(kAll);
    }
    course += static_cast<char>('0' + current);
  }
  return course;
}

int Switches(const std::string &course) {
  int switches = 0;
  for (size_t i = 1; i < course.size(); i++) switches += course[i] != course[i - 1];
  return switches;
}

TEST(PlanTest, Begin_SameSeed_IsTheSameCourse) {
  for (uint64_t seed = 0; seed < 200; seed++) {
    EXPECT_EQ(Course(seed, kPoints), Course(seed, kPoints));
  }
}

TEST(PlanTest, Begin_OtherSeeds_AreOtherCourses) {
  std::set<std::string> courses;
  for (uint64_t seed = 0; seed < 1000; seed++) courses.insert(Course(seed, kPoints));
  EXPECT_GT(courses.size(), 800u);
}

TEST(PlanTest, Begin_MostSeeds_PreemptSeldom) {
  int seldom = 0;
  int often = 0;
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const int switches = Switches(Course(seed, kPoints));
    seldom += switches >= 1 && switches <= 3;
    often += switches > 3;
  }
  EXPECT_GT(seldom, 850);
  EXPECT_GT(often, 20) << "some schedules change at random";
}

TEST(PlanTest, Begin_NoPoints_PreemptsNobody) {
  for (uint64_t seed = 0; seed < 100; seed++) EXPECT_EQ(Switches(Course(seed, 0)), 0);
}

TEST(PlanTest, Begin_EachPoint_IsOnceThatOfAPreemption) {
  std::set<size_t> places;
  for (uint64_t seed = 0; seed < 2000; seed++) {
    const std::string course = Course(seed, kPoints);
    for (size_t i = 1; i < course.size(); i++) {
      if (course[i] != course[i - 1]) places.insert(i);
    }
  }
  EXPECT_EQ(places.size(), kPoints - 1);
}

TEST(PlanTest, AtPoint_NotInterruptible_ComesInLater) {
  for (uint64_t seed = 0; seed < 200; seed++) {
    Plan plan;
    plan.Begin(seed, 1, kPoints, true);
    int held_off = 0;
    int delivered = 0;
    for (uint64_t point = 1; point <= kPoints; point++) {
      if (point >= plan.next()) held_off += plan.AtPoint(point, 0, false);
    }
    for (uint64_t point = kPoints + 1; point <= kPoints + 10; point++) {
      if (point >= plan.next()) delivered += plan.AtPoint(point, 0, true);
    }
    EXPECT_EQ(held_off, 0);
    EXPECT_LE(delivered, 1) << "those that fell due meanwhile merge";
  }
}

TEST(PlanTest, Demote_TheHighest_LetsAllOthersGoFirst) {
  for (uint64_t seed = 0; seed < 100; seed++) {
    Plan plan;
    plan.Begin(seed, kCount, 0, false);
    const int highest = plan.Choose(kAll);
    plan.Demote(highest);
    const int next = plan.Choose(kAll);
    EXPECT_NE(next, highest);
    plan.Demote(next);
    const int last = plan.Choose(kAll);
    EXPECT_NE(last, next);
    EXPECT_NE(last, highest);
    EXPECT_EQ(plan.Choose(1u << highest), highest) << "it can go where nobody else can";
  }
}

}  // namespace
}  // namespace interleave
