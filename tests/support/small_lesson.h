// A lesson with a step of every kind, for tests.
#pragma once

#include <string>

namespace hourglass {

inline std::string small_lesson() {
  return R"json({
  "lesson": 1,
  "name": "small",
  "title": {"en": "A small lesson", "zh": "小课"},
  "about": {"en": "Of every kind one step.", "zh": "每种步骤各一个。"},
  "minutes": 3,
  "start": {"preset": "vanilla",
            "settings": {"data": {"set": "strokes"}, "train.learning_rate": 0.5}},
  "shown": ["network", "reconstructions", "noise", "curves", "code"],
  "locked": ["model.*", "train.batch_size"],
  "unlocked": ["model.loss"],
  "hidden": ["toolbar.preset", "penalty.*"],
  "commands": ["run", "pause", "step", "reset"],
  "steps": [
    {"title": {"en": "Look", "zh": "看"},
     "text": {"en": "An **hourglass** copies images.\n\nIts waist is narrow.", "zh": "**沙漏**复制图像。"},
     "show": "reconstructions"},
    {"title": {"en": "Predict", "zh": "猜"}, "text": {"en": "What will happen?", "zh": "会怎样？"},
     "goal": {"kind": "choice", "question": {"en": "Will it learn?", "zh": "会学会吗？"},
              "predict": true,
              "choices": [{"text": {"en": "Yes", "zh": "会"}, "right": true},
                          {"text": {"en": "No", "zh": "不会"}}]}},
    {"title": {"en": "Train", "zh": "训练"}, "text": {"en": "Press Run.", "zh": "按运行。"},
     "start": {"settings": {"train.learning_rate": 0.25}}, "do": ["reset"], "show": "curves",
     "task": {"en": "Train 100 mini-batches", "zh": "训练 100 个小批量"},
     "goal": {"kind": "value", "of": "step", "above": 99},
     "hints": [{"en": "The button is at the top.", "zh": "按钮在上面。"},
               {"en": "It is blue.", "zh": "蓝色。"}],
     "done": {"en": "It learns.", "zh": "它在学习。"}},
    {"title": {"en": "Count", "zh": "数"}, "text": {"en": "How wide is the waist?", "zh": "腰有多宽？"},
     "unlocked": ["model.*"], "commands": ["run"],
     "goal": {"kind": "all", "of": [
       {"kind": "number", "question": {"en": "Units of the code", "zh": "编码的单元数"},
        "low": 31.5, "high": 32.5},
       {"kind": "any", "of": [{"kind": "value", "of": "code_size", "is": 32},
                              {"kind": "value", "of": "phase", "is": "finished"}]},
       {"kind": "choice", "question": {"en": "Is that much?", "zh": "多吗？"},
        "choices": [{"text": {"en": "Yes", "zh": "多"},
                     "reply": {"en": "Out of 784?", "zh": "784 个里？"}},
                    {"text": {"en": "No", "zh": "不多"}, "right": true}]}]}}
  ]
})json";
}

}  // namespace hourglass
