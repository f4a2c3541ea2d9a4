#include "native/platform/import_thread.h"

#include <iterator>
#include <memory>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/session/engine/failures.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kImportNumber = 1;  // the front end's; there is one

// Several files and folders as one set: what is in a folder has its name before its path.
class JoinedFiles final : public FileSet {
 public:
  static std::unique_ptr<FileSet> of(const std::vector<fs::path>& paths) {
    std::vector<std::unique_ptr<FileSet>> parts;
    std::vector<Entry> entries;
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (const fs::path& path : paths) {
      parts.push_back(files_at(path));
      std::error_code error;
      const std::string folder =
          fs::is_directory(path, error) ? path.filename().string() + "/" : "";
      for (std::size_t i = 0; i < parts.back()->size(); ++i) {
        Entry entry = parts.back()->entries()[i];
        entry.path.insert(0, folder);
        entries.push_back(std::move(entry));
        places.emplace_back(parts.size() - 1, i);
      }
    }
    return std::unique_ptr<FileSet>(
        new JoinedFiles(std::move(entries), std::move(parts), std::move(places)));
  }

  std::string title(std::size_t file) const override { return part(file).title(at(file)); }
  std::vector<std::uint8_t> read(std::size_t file) const override {
    return part(file).read(at(file));
  }
  std::vector<std::uint8_t> head(std::size_t file, std::size_t most) const override {
    return part(file).head(at(file), most);
  }

 private:
  JoinedFiles(std::vector<Entry> entries, std::vector<std::unique_ptr<FileSet>> parts,
              std::vector<std::pair<std::size_t, std::size_t>> places)
      : FileSet("files", std::move(entries)),
        parts_(std::move(parts)),
        places_(std::move(places)) {}

  const FileSet& part(std::size_t file) const { return *parts_[places_[file].first]; }
  std::size_t at(std::size_t file) const { return places_[file].second; }

  std::vector<std::unique_ptr<FileSet>> parts_;
  std::vector<std::pair<std::size_t, std::size_t>> places_;  // of each file: its part, and where
};

}  // namespace

ImportThread::ImportThread(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this] { work(); }) {}

ImportThread::~ImportThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  came_.notify_one();
  thread_.join();
}

void ImportThread::open(std::vector<fs::path> paths, bool use) {
  post([this, paths = std::move(paths), use] {
    if (!use) stage("open");
    guarded([&] {
      take(paths);
      if (use) {
        this->use();
      } else {
        preview();
      }
    });
  });
}

void ImportThread::ask(const std::string& arguments) {
  const Json json = parse_json(arguments);
  const std::string action =
      json.is_object() && json.contains("action") ? json["action"].get<std::string>() : "";
  const std::string options =
      json.is_object() && json.contains("options") ? json_text(json["options"]) : "{}";
  if (action == "preview" || action == "use") {
    post([this, action, options] {
      options_ = options;
      guarded([&] {
        if (action == "use") {
          use();
        } else {
          preview();
        }
      });
    });
  } else if (action == "add" || action == "undo") {
    post([this, action, json] {
      guarded([&] {
        if (action == "add") {
          made_.push_back(made_sample(json));
        } else if (!made_.empty()) {
          made_.pop_back();
        }
        const auto name = json.find("name");
        const bool is_named = name != json.end() && name->is_string();
        take_made(is_named ? name->get<std::string>() : import_.set());
      });
    });
  } else if (action == "forget") {
    post([this] {
      made_.clear();
      import_.forget();
      stage("none");
    });
  }
}

void ImportThread::provide() {
  post([this] {
    try {
      use();
    } catch (...) {
      const std::string sentence = session::sentence_of_current_exception();
      const std::lock_guard lock(mutex_);
      commands_.push_back({0, session::DataFailed{"own", sentence}});
    }
  });
}

std::vector<session::Event> ImportThread::take_events() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

std::vector<session::Command> ImportThread::take_commands() {
  const std::lock_guard lock(mutex_);
  return std::exchange(commands_, {});
}

void ImportThread::work() {
  for (;;) {
    std::vector<std::function<void()>> tasks;
    {
      std::unique_lock lock(mutex_);
      came_.wait(lock, [this] { return stop_ || !tasks_.empty(); });
      if (stop_) return;
      tasks = std::exchange(tasks_, {});
    }
    for (const auto& task : tasks) {
      task();
      wake_();
    }
  }
}

void ImportThread::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  came_.notify_one();
}

void ImportThread::tell(session::Event event) {
  {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  wake_();
}

void ImportThread::stage(const char* name) {
  tell(session::JobProgress{.job = kImportNumber,
                            .kind = std::string(session::kImportJob),
                            .share = 0,
                            .stage = name,
                            .words = name,
                            .paused = false});
}

void ImportThread::guarded(const std::function<void()>& task) {
  try {
    task();
  } catch (...) {
    const Sentence sentence = session::sentence_of_current_exception();
    tell(session::JobProgress{.job = kImportNumber,
                              .kind = std::string(session::kImportJob),
                              .share = 0,
                              .stage = "refused",
                              .words = sentence_json(sentence),
                              .paused = false});
    tell(session::JobEnded{.job = kImportNumber,
                           .kind = std::string(session::kImportJob),
                           .reason = session::JobEnd::kFailed,
                           .message = sentence.text});
  }
}

void ImportThread::take(const std::vector<fs::path>& paths) {
  options_ = "{}";
  made_.clear();
  import_.forget();
  std::error_code error;
  if (paths.size() == 1) {
    const fs::path whole = fs::weakly_canonical(paths[0], error);
    import_.take(files_at(paths[0]), to_utf8(whole.filename().string()));
  } else {
    import_.take(JoinedFiles::of(paths), "files");
  }
}

void ImportThread::take_made(const std::string& name) {
  if (made_.empty()) {
    import_.forget();
    return stage("none");
  }
  if (made_.size() == 1) options_ = "{}";  // what was said was of files before
  import_.take(files_in_memory(name, files_of_samples(made_)), name);
  tell(session::JobProgress{.job = kImportNumber,
                            .kind = std::string(session::kImportJob),
                            .share = 0,
                            .stage = "made",
                            .words = std::to_string(made_.size()),
                            .paused = false});
  preview();
}

void ImportThread::preview() {
  stage("reading");
  session::JobResult result = import_.preview(options_);
  result.job = kImportNumber;
  tell(std::move(result));
}

void ImportThread::use() {
  session::ProvideData data;
  data.name = "own";
  data.samples = import_.samples(options_);
  const std::lock_guard lock(mutex_);
  commands_.push_back({0, std::move(data)});
}

}  // namespace hourglass
