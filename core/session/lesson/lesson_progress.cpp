#include "core/session/lesson/lesson_progress.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/session/lesson/lesson_code.h"

namespace hourglass::session {
namespace {

std::vector<StepProgress> fresh_steps(const Lesson& lesson) {
  std::vector<StepProgress> steps;
  for (const LessonStep& step : lesson.steps) {
    StepProgress progress;
    progress.answers.resize(leaves_of(step.goal).size());
    progress.done = step.goal.kind == GoalKind::kNone;
    steps.push_back(std::move(progress));
  }
  return steps;
}

bool is_question(const Goal& goal) {
  return goal.kind == GoalKind::kChoice || goal.kind == GoalKind::kNumber;
}

Json answer_json(const Goal& goal, const GoalAnswer& answer) {
  if (goal.kind == GoalKind::kChoice) {
    const std::size_t choice = static_cast<std::size_t>(answer.choice);
    return answer.choice < 0 ? Json() : Json(goal.choices[choice].text.in(false));
  }
  return answer.number ? Json(*answer.number) : Json();
}

// Whether an answer in a saved text can be one to this goal.
bool read_answer(const Json& json, const Goal& goal, GoalAnswer& answer) {
  if (!json.is_object()) return false;
  const auto choice = json.find("choice"), number = json.find("number"),
             attempts = json.find("attempts"), met = json.find("met");
  if (choice != json.end() && choice->is_number_integer()) {
    const auto given = choice->get<std::int64_t>();
    if (given < -1 || given >= static_cast<std::int64_t>(goal.choices.size())) return false;
    answer.choice = static_cast<int>(given);
  }
  if (number != json.end() && number->is_number()) answer.number = number->get<double>();
  if (attempts != json.end() && attempts->is_number_integer()) {
    answer.attempts = std::clamp<std::int64_t>(attempts->get<std::int64_t>(), 0, 1'000'000);
  }
  answer.met = met != json.end() && met->is_boolean() && met->get<bool>();
  return true;
}

bool read_step(const Json& json, const LessonStep& step, StepProgress& progress) {
  if (!json.is_object()) return false;
  const auto flag = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() && found->get<bool>();
  };
  progress.entered = flag("entered");
  progress.done = flag("done") || step.goal.kind == GoalKind::kNone;
  if (const auto hints = json.find("hints"); hints != json.end() && hints->is_number_integer()) {
    progress.hints = static_cast<std::size_t>(std::clamp<std::int64_t>(
        hints->get<std::int64_t>(), 0, static_cast<std::int64_t>(step.hints.size())));
  }
  const auto answers = json.find("answers");
  if (answers == json.end() || !answers->is_array() || answers->size() != progress.answers.size()) {
    return false;
  }
  const std::vector<const Goal*> leaves = leaves_of(step.goal);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (!read_answer((*answers)[i], *leaves[i], progress.answers[i])) return false;
  }
  return true;
}

}  // namespace

std::int64_t StepProgress::attempts() const {
  return std::accumulate(
      answers.begin(), answers.end(), std::int64_t{0},
      [](std::int64_t sum, const GoalAnswer& answer) { return sum + answer.attempts; });
}

LessonProgress::LessonProgress(std::shared_ptr<const Lesson> lesson)
    : lesson_(std::move(lesson)), steps_(fresh_steps(*lesson_)) {}

bool LessonProgress::enter() {
  if (finished()) return false;
  return !std::exchange(steps_[at_].entered, true);
}

bool LessonProgress::next() {
  if (finished() || !steps_[at_].done) return false;
  ++at_;
  return true;
}

bool LessonProgress::back() {
  if (at_ == 0) return false;
  --at_;
  return true;
}

void LessonProgress::restart() {
  at_ = 0;
  steps_ = fresh_steps(*lesson_);
}

bool LessonProgress::choose(std::size_t leaf, int choice) {
  if (finished()) return false;
  const std::vector<const Goal*> leaves = leaves_of(step().goal);
  if (leaf >= leaves.size() || leaves[leaf]->kind != GoalKind::kChoice || choice < 0 ||
      choice >= static_cast<int>(leaves[leaf]->choices.size())) {
    return false;
  }
  GoalAnswer& answer = steps_[at_].answers[leaf];
  if (answer.met) return false;
  answer.choice = choice;
  ++answer.attempts;
  answer.met = is_right(*leaves[leaf], choice);
  return answer.met;
}

bool LessonProgress::enter_number(std::size_t leaf, double number) {
  if (finished()) return false;
  const std::vector<const Goal*> leaves = leaves_of(step().goal);
  if (leaf >= leaves.size() || leaves[leaf]->kind != GoalKind::kNumber) return false;
  GoalAnswer& answer = steps_[at_].answers[leaf];
  if (answer.met) return false;
  answer.number = number;
  ++answer.attempts;
  answer.met = is_right(*leaves[leaf], number);
  return answer.met;
}

bool LessonProgress::take_hint() {
  if (finished() || steps_[at_].hints >= step().hints.size()) return false;
  ++steps_[at_].hints;
  return true;
}

bool LessonProgress::observe(const FactLookup& facts) {
  if (finished() || steps_[at_].done) return false;
  steps_[at_].done = is_met(step().goal, steps_[at_].answers, facts);
  return steps_[at_].done;
}

std::int64_t LessonProgress::attempts() const {
  std::int64_t sum = 0;
  for (const StepProgress& step : steps_) sum += step.attempts();
  return sum;
}

std::size_t LessonProgress::hints() const {
  std::size_t sum = 0;
  for (const StepProgress& step : steps_) sum += step.hints;
  return sum;
}

std::size_t LessonProgress::steps_done() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      steps_, [](const StepProgress& step) { return step.done && step.entered; }));
}

double LessonProgress::score(std::size_t at) const {
  const StepProgress& step = steps_[at];
  if (!step.done || !step.entered) return 0;
  const std::vector<const Goal*> leaves = leaves_of(lesson_->steps[at].goal);
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const GoalAnswer& answer = step.answers[i];
    if (!is_question(*leaves[i]) || leaves[i]->predict || answer.attempts == 0) continue;
    if (answer.met) sum += 1 / static_cast<double>(answer.attempts);
    ++count;
  }
  return count > 0 ? sum / count : 1;
}

double LessonProgress::score() const {
  double sum = 0, count = 0;
  const bool any = std::ranges::any_of(
      lesson_->steps, [](const LessonStep& step) { return step.goal.kind != GoalKind::kNone; });
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (any && lesson_->steps[i].goal.kind == GoalKind::kNone) continue;
    sum += score(i);
    ++count;
  }
  return sum / count;
}

void LessonProgress::set_student(std::string_view name) {
  const std::size_t begin = std::min(name.find_first_not_of(" \t\r\n"), name.size());
  name = name.substr(begin, name.find_last_not_of(" \t\r\n") + 1 - begin);
  if (name.size() > kMaxStudentBytes) {
    // Not within a character of several bytes.
    std::size_t end = kMaxStudentBytes;
    while (end > 0 && (static_cast<std::uint8_t>(name[end]) & 0xC0) == 0x80) --end;
    name = name.substr(0, end);
  }
  student_ = printable(name);
}

std::string LessonProgress::code() const {
  const auto whole = [](auto number) {
    return static_cast<int>(std::min<std::uint64_t>(static_cast<std::uint64_t>(number), 1000));
  };
  return lesson_code(lesson_->name, lesson_->check, student_,
                     {.steps = whole(steps_.size()),
                      .steps_done = whole(steps_done()),
                      .score = static_cast<int>(std::lround(100 * score())),
                      .attempts = whole(attempts()),
                      .hints = whole(hints())});
}

std::string LessonProgress::result() const {
  Json answers = Json::array();
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const std::vector<const Goal*> leaves = leaves_of(lesson_->steps[i].goal);
    for (std::size_t j = 0; j < leaves.size(); ++j) {
      const GoalAnswer& answer = steps_[i].answers[j];
      if (!is_question(*leaves[j]) || answer.attempts == 0) continue;
      Json one = Json::object();
      one["step"] = i + 1;
      one["part"] = j;
      if (leaves[j]->predict) one["predict"] = true;
      one["question"] = leaves[j]->question.in(false);
      one["answer"] = answer_json(*leaves[j], answer);
      // Of a prediction: whether it was the one that the file calls right.
      one["right"] = leaves[j]->kind == GoalKind::kChoice && answer.choice >= 0
                         ? leaves[j]->choices[static_cast<std::size_t>(answer.choice)].right
                         : answer.met;
      one["attempts"] = answer.attempts;
      answers.push_back(std::move(one));
    }
  }
  Json json = Json::object();
  json["name"] = lesson_->name;
  json["step"] = at_ + 1;
  json["of"] = steps_.size();
  json["done"] = finished();
  json["attempts"] = attempts();
  json["hints"] = hints();
  json["score"] = score();
  Json scores = Json::array();
  for (std::size_t i = 0; i < steps_.size(); ++i) scores.push_back(score(i));
  json["scores"] = std::move(scores);
  if (finished()) json["code"] = code();
  if (!student_.empty()) json["student"] = student_;
  json["answers"] = std::move(answers);
  return json_text(json);
}

std::string LessonProgress::saved() const {
  Json steps = Json::array();
  for (const StepProgress& step : steps_) {
    Json answers = Json::array();
    for (const GoalAnswer& answer : step.answers) {
      Json one = Json::object();
      one["choice"] = answer.choice;
      if (answer.number) one["number"] = *answer.number;
      one["attempts"] = answer.attempts;
      one["met"] = answer.met;
      answers.push_back(std::move(one));
    }
    Json one = Json::object();
    one["entered"] = step.entered;
    one["done"] = step.done;
    one["hints"] = step.hints;
    one["answers"] = std::move(answers);
    steps.push_back(std::move(one));
  }
  Json json = Json::object();
  json["name"] = lesson_->name;
  json["at"] = at_;
  if (!student_.empty()) json["student"] = student_;
  json["steps"] = std::move(steps);
  return json_text(json);
}

bool LessonProgress::restore(std::string_view text) {
  const Json json = parse_json(text);
  if (!json.is_object() || !json.contains("name") || json["name"] != lesson_->name) return false;
  const auto at = json.find("at"), steps = json.find("steps");
  if (at == json.end() || !at->is_number_integer() || steps == json.end() || !steps->is_array() ||
      steps->size() != steps_.size()) {
    return false;
  }
  const auto place = at->get<std::int64_t>();
  if (place < 0 || place > static_cast<std::int64_t>(steps_.size())) return false;
  std::vector<StepProgress> read = fresh_steps(*lesson_);
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (!read_step((*steps)[i], lesson_->steps[i], read[i])) return false;
    // A step can be reached only past those before it.
    if (static_cast<std::int64_t>(i) < place && !read[i].done) return false;
  }
  at_ = static_cast<std::size_t>(place);
  steps_ = std::move(read);
  const auto student = json.find("student");
  if (student != json.end() && student->is_string()) set_student(student->get<std::string>());
  return true;
}

}  // namespace hourglass::session
