// Jobs of a driver's session, and what is in their results.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/session/protocol/wire.h"
#include "tests/support/session_driver.h"

namespace hourglass::tests {

template <typename T>
T values_of(const JobResult& result, const std::string& name) {
  for (const JobArray& array : result.arrays) {
    if (array.name == name) return std::get<T>(array.values);
  }
  FAIL("no array " << name);
  return {};
}
inline Floats floats_of(const JobResult& result, const std::string& name) {
  return values_of<Floats>(result, name);
}
inline Bytes bytes_of(const JobResult& result, const std::string& name) {
  return values_of<Bytes>(result, name);
}
inline std::vector<std::uint32_t> indices_of(const JobResult& result, const std::string& name) {
  return values_of<std::vector<std::uint32_t>>(result, name);
}
inline bool has_array(const JobResult& result, const std::string& name) {
  for (const JobArray& array : result.arrays) {
    if (array.name == name) return true;
  }
  return false;
}

inline nlohmann::json fields_of(const JobResult& result) {
  return nlohmann::json::parse(result.fields);
}

// Starts a job of that kind and waits until it has found all.
inline JobResult finished(Driver& driver, const char* kind, const std::string& arguments = "") {
  driver.job_results.clear();
  driver.jobs_ended.clear();
  driver.failures.clear();
  driver.send(StartJob{kind, arguments, 1});
  for (const Failure& failure : driver.failures) FAIL(failure.message);
  driver.advance_until([&] {
    for (const JobEnded& end : driver.jobs_ended) {
      if (end.reason != JobEnd::kDone) FAIL(end.message);
    }
    return !driver.job_results.empty() && driver.job_results.back().done;
  });
  return driver.job_results.back();
}

// What it answers to a question.
inline JobResult answered(Driver& driver, const std::string& arguments = "") {
  driver.failures.clear();
  driver.send(AskJob{1, 7, arguments});
  for (const Failure& failure : driver.failures) FAIL(failure.message);
  REQUIRE(driver.job_results.back().question == 7);
  return driver.job_results.back();
}

// The sentence with which it is refused.
inline std::string refusal(Driver& driver, const char* kind, const std::string& arguments = "") {
  driver.failures.clear();
  driver.send(StartJob{kind, arguments, 9});
  REQUIRE(driver.failures.size() == 1);
  return driver.failures[0].message;
}
inline std::string refused_question(Driver& driver, const std::string& arguments) {
  driver.failures.clear();
  driver.send(AskJob{1, 7, arguments});
  REQUIRE(driver.failures.size() == 1);
  return driver.failures[0].message;
}

// That the job finds the same bits, and answers in the same, beside training on 1, 2 and 8 threads.
inline void check_same_bits(const char* kind, const std::string& arguments,
                            const std::string& question = "-") {
  Bytes expected, expected_answer;
  for (const int threads : {1, 2, 8}) {
    CAPTURE(threads);
    Driver driver(threads);
    driver.set("train.epochs", std::int64_t{100000});
    driver.send(session::Run{});
    const Bytes bytes = encode(Event(finished(driver, kind, arguments)));
    CHECK(driver.status.phase == Phase::kRunning);
    if (threads == 1) expected = bytes;
    CHECK(bytes == expected);
    if (question == "-") continue;
    const Bytes answer = encode(Event(answered(driver, question)));
    if (threads == 1) expected_answer = answer;
    CHECK(answer == expected_answer);
  }
}

}  // namespace hourglass::tests
