#include "native/cli/console/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "native/cli/console/signals.h"

namespace hourglass {
namespace {

// How often a writer that waits looks whether it has been asked to stop.
constexpr int kBetweenLooksMs = 100;

// The same pipe, terminal or socket, to be written without blocking. To set O_NONBLOCK on the
// descriptor itself would set it for the shell and for whoever else has it; one that is opened anew
// is ours alone.
class NonBlocking {
 public:
  explicit NonBlocking(int descriptor) : descriptor_(descriptor) {
    struct stat status{};
    if (fstat(descriptor, &status) != 0) return;
    is_socket_ = S_ISSOCK(status.st_mode);
    if (S_ISFIFO(status.st_mode) || isatty(descriptor)) {
      const std::string path = "/dev/fd/" + std::to_string(descriptor);
      opened_ = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    }
  }
  ~NonBlocking() {
    if (opened_ >= 0) close(opened_);
  }
  NonBlocking(const NonBlocking&) = delete;
  NonBlocking& operator=(const NonBlocking&) = delete;

  // As write(), which blocks only where a file takes what it is given.
  bool is_there() const { return is_socket_ || opened_ >= 0; }
  ssize_t write(std::string_view text) const {
    return is_socket_ ? send(descriptor_, text.data(), text.size(), MSG_DONTWAIT)
                      : ::write(opened_, text.data(), text.size());
  }

 private:
  int descriptor_;
  int opened_ = -1;
  bool is_socket_ = false;
};

}  // namespace

void write_unless_stopped(std::FILE* stream, std::string_view text) {
  std::fflush(stream);
  const int descriptor = fileno(stream);
  const NonBlocking reader(descriptor);
  while (reader.is_there() && !text.empty()) {
    const ssize_t written = reader.write(text);
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (StopRequests::came()) return;
      pollfd look{descriptor, POLLOUT, 0};
      poll(&look, 1, kBetweenLooksMs);
    } else if (errno != EINTR) {
      break;  // the stream itself notes what is wrong
    }
  }
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

}  // namespace hourglass
