// A person's own files on a thread of their own, so that neither the window nor training waits for
// them.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/session/engine/data_import.h"
#include "core/session/protocol/messages.h"
#include "native/platform/made_samples.h"

namespace hourglass {

// Answers the jobs of the kind "import" (core/session/engine/data_import.h), which are none of the
// session's: events for the front end and commands for the session come out.
class ImportThread {
 public:
  // `wake` is called from this thread whenever there is something to take.
  explicit ImportThread(std::function<void()> wake);
  ~ImportThread();  // after what is being read
  ImportThread(const ImportThread&) = delete;
  ImportThread& operator=(const ImportThread&) = delete;

  // Files and folders in the place of those before, to be looked at; with `use` they are the data
  // at once.
  void open(std::vector<std::filesystem::path> paths, bool use = false);
  // What the front end asks for, as the arguments of a job.
  void ask(const std::string& arguments);
  // The session asks for the data.
  void provide();

  std::vector<session::Event> take_events();
  std::vector<session::Command> take_commands();

 private:
  void work();
  void post(std::function<void()> task);
  void tell(session::Event event);
  void stage(const char* name);
  // Runs `task`; what it throws is told as the end of the job.
  void guarded(const std::function<void()>& task);
  void take(const std::vector<std::filesystem::path>& paths);
  void take_made(const std::string& name);
  void preview();
  void use();

  std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::function<void()>> tasks_;
  std::vector<session::Event> events_;
  std::vector<session::Command> commands_;
  bool stop_ = false;
  // The thread's own.
  session::DataImport import_;
  std::string options_ = "{}";
  std::vector<MadeSample> made_;  // empty where the files are others
  std::thread thread_;
};

}  // namespace hourglass
