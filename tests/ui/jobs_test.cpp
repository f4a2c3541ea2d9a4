// The front end's side of background jobs.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/ui/harness.h"

using namespace hourglass;
using namespace hourglass::ui;
using session::JobEnd;
using session::JobEnded;
using session::JobProgress;
using session::JobResult;
using State = JobView::State;

namespace {

struct Client {
  std::vector<session::Command> commands;
  Send send = [this](session::Command command) { commands.push_back(std::move(command)); };
  Jobs jobs;

  template <typename Body>
  const Body& last() const {
    return std::get<Body>(commands.back().body);
  }
  bool receive(session::Event event) { return jobs.receive(send, event); }
  std::uint64_t start(const std::string& kind = "pca") {
    jobs.start(send, kind, "{}");
    const auto number = last<session::StartJob>().job;
    CHECK(receive(session::Reply{commands.back().id, {}, {}}));
    return number;
  }
  const JobView& view(const char* kind = "pca") const { return jobs.view(kind); }
};

}  // namespace

TEST_CASE("jobs: progress, findings and the end of a job are its view") {
  Client client;
  CHECK(client.view().state == State::kNone);
  const auto job = client.start();
  CHECK(client.view().state == State::kWorking);
  CHECK(client.receive(JobProgress{job, "pca", 0.25, "covariance", "Adding up", false}));
  CHECK(client.view().share == 0.25);
  CHECK(client.view().stage == "covariance");
  CHECK(client.receive(
      JobResult{job, "pca", 0, false, "{\"a\":2}", {{"mean", {2}, session::Floats{1, 2}}}}));
  const std::uint64_t revision = client.view().result.revision;
  CHECK(revision > 0);
  CHECK_FALSE(client.view().whole);
  REQUIRE(client.view().result.floats("mean"));
  CHECK(client.view().result.bytes("mean") == nullptr);
  CHECK(client.view().result.size("mean", 0) == 2);
  CHECK(client.view().result.size("mean", 1) == 0);
  CHECK(client.view().result.number("a") == 2);
  CHECK(client.view().result.number("b", 7) == 7);
  CHECK(client.receive(JobResult{job, "pca", 0, true, "{}", {}}));
  CHECK(client.view().result.revision > revision);
  CHECK(client.receive(JobEnded{job, "pca", JobEnd::kDone, ""}));
  CHECK(client.view().state == State::kDone);
  // What is told of a job that is nobody's here is for others.
  CHECK_FALSE(client.receive(JobProgress{job, "pca", 0.5, "", "", false}));
  CHECK_FALSE(client.receive(session::Reply{1, {}, {}}));
}

TEST_CASE("jobs: pausing, going on and cancelling") {
  Client client;
  const auto job = client.start();
  client.jobs.pause(client.send, "pca");
  CHECK(client.last<session::PauseJob>().job == job);
  CHECK(client.view().state == State::kPaused);
  client.jobs.resume(client.send, "pca");
  CHECK(client.last<session::ResumeJob>().job == job);
  client.jobs.cancel(client.send, "pca");
  CHECK(client.last<session::CancelJob>().job == job);
  const auto id = client.commands.back().id;
  CHECK(client.view().state == State::kCancelled);
  // It had ended by itself: no news for anybody.
  CHECK(client.receive(session::Failure{id, "There is no job 1; it may have ended."}));
  CHECK(client.view().message.empty());
  const std::size_t sent = client.commands.size();
  client.jobs.cancel(client.send, "pca");
  client.jobs.pause(client.send, "pca");
  CHECK(client.commands.size() == sent);
}

TEST_CASE("jobs: another start takes the place of the one there is") {
  Client client;
  const auto first = client.start();
  client.receive(JobResult{first, "pca", 0, false, "{\"a\":1}", {}});
  client.jobs.start(client.send, "pca", "{\"components\":3}");
  REQUIRE(client.commands.size() == 3);
  CHECK(std::get<session::CancelJob>(client.commands[1].body).job == first);
  const auto second = client.last<session::StartJob>().job;
  CHECK(second != first);
  CHECK_FALSE(client.receive(JobEnded{first, "pca", JobEnd::kCancelled, ""}));
  CHECK(client.view().state == State::kWorking);
  // The picture of the first stays until there is a better one.
  CHECK(client.view().result.number("a") == 1);
}

TEST_CASE("jobs: what the engine refuses, and what fails, is the job's own message") {
  Client client;
  client.jobs.start(client.send, "pca", "{}");
  CHECK(client.receive(session::Failure{client.commands.back().id, "Too few images."}));
  CHECK(client.view().state == State::kFailed);
  CHECK(client.view().message == "Too few images.");
  const auto job = client.start();
  CHECK(client.view().message.empty());
  CHECK(client.receive(JobEnded{job, "pca", JobEnd::kOutdated, "The data set is another one."}));
  CHECK(client.view().state == State::kFailed);
  CHECK(client.view().message == "The data set is another one.");
}

TEST_CASE("jobs: of the questions that come while one is under way the newest is kept") {
  Client client;
  client.jobs.ask(client.send, "search", 1, "{}");
  CHECK(client.commands.empty());  // there is nobody to ask
  const auto job = client.start("search");
  client.jobs.ask(client.send, "search", 1, "{}");
  CHECK(client.commands.size() == 1);  // it is still at work
  client.receive(JobResult{job, "search", 0, true, "{}", {}});
  CHECK(client.view("search").state == State::kReady);
  client.jobs.ask(client.send, "search", 1, "{\"image\":1}");
  client.jobs.ask(client.send, "search", 1, "{\"image\":1}");
  client.jobs.ask(client.send, "search", 2, "{\"image\":2}");
  client.jobs.ask(client.send, "search", 3, "{\"image\":3}");
  REQUIRE(client.commands.size() == 2);
  const auto question = client.last<session::AskJob>();
  CHECK(question.job == job);
  CHECK(client.receive(JobResult{job, "search", question.question, true, "{\"n\":1}", {}}));
  CHECK(client.view("search").answer.number("n") == 1);
  CHECK(client.view("search").asked == 1);
  CHECK(client.view("search").result.number("n") == 0);
  CHECK(client.receive(session::Reply{client.commands.back().id, {}, {}}));
  REQUIRE(client.commands.size() == 3);
  CHECK(client.last<session::AskJob>().arguments == "{\"image\":3}");
  // A question that is refused ends nothing.
  CHECK(client.receive(session::Failure{client.commands.back().id, "There is no image 3."}));
  CHECK(client.view("search").state == State::kReady);
  CHECK(client.view("search").message == "There is no image 3.");
  client.jobs.ask(client.send, "search", 4, "{}");
  CHECK(client.commands.size() == 4);
}

TEST_CASE("jobs: with other data nothing is shown of what was found in those before") {
  Harness harness;
  feed(harness);
  harness.settle();
  REQUIRE(harness.click("workspace.applications"));
  REQUIRE(harness.click("pca:start"));
  const auto job = harness.last<session::StartJob>()->job;
  harness.app.receive(
      JobResult{job, "pca", 0, true, "{}", {{"test_mse", {2}, session::Floats{0.5f, 0.25f}}}});
  harness.app.receive(JobEnded{job, "pca", JobEnd::kDone, ""});
  harness.settle();
  CHECK_FALSE(harness.widget("plot:pca").empty());
  feed(harness);
  harness.settle();
  CHECK(harness.widget("plot:pca").empty());
}

TEST_CASE("PCA: a click starts it, and what it finds is drawn") {
  for (const auto& [width, height] : {std::pair{1280.0f, 800.0f}, {390.0f, 844.0f}}) {
    Harness harness(width, height);
    feed(harness);
    harness.settle();
    REQUIRE(harness.click("workspace.applications"));
    REQUIRE(harness.click("pca:start"));
    const auto* start = harness.last<session::StartJob>();
    REQUIRE(start);
    CHECK(start->kind == "pca");
    const std::uint64_t job = start->job;
    harness.app.receive(JobProgress{job, "pca", 0.5, "covariance", "", false});
    harness.settle();
    CHECK(harness.widget("pca:progress").w > 50);
    CHECK(harness.widget("pca:start").empty());
    REQUIRE(harness.click("pca:pause"));
    CHECK(harness.sent<session::PauseJob>() == 1);
    REQUIRE(harness.click("pca:pause"));
    CHECK(harness.sent<session::ResumeJob>() == 1);
    session::Floats components(4 * 784, 0.5f);
    JobResult result{job, "pca", 0, true, "{}", {}};
    result.arrays.push_back({"components", {4, 784}, std::move(components)});
    result.arrays.push_back({"test_mse", {5}, session::Floats{0.07f, 0.05f, 0.04f, 0.03f, 0.02f}});
    harness.app.receive(std::move(result));
    harness.app.receive(JobEnded{job, "pca", JobEnd::kDone, ""});
    harness.settle();
    CHECK(harness.widget("plot:pca").w > 100);
    CHECK(harness.widget("pca:components").h > 30);
    REQUIRE(harness.click("pca:start"));
    CHECK(harness.sent<session::StartJob>() == 2);
    REQUIRE(harness.click("pca:cancel"));
    CHECK(harness.sent<session::CancelJob>() == 1);
  }
}
