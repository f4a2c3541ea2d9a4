#include "core/base/memory_reserve.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace hourglass {
namespace {

constexpr std::size_t kReserveBytes = std::size_t{256} << 10;
std::atomic<void*> memory_reserve{nullptr};

void give_memory_reserve() {
  void* const reserve = memory_reserve.exchange(nullptr);
  if (!reserve) throw std::bad_alloc();
  std::free(reserve);
}

}  // namespace

void keep_memory_back() noexcept {
  if (memory_reserve.load()) return;
  void* const mine = std::malloc(kReserveBytes);
  void* nothing = nullptr;
  if (!mine) return;
  if (!memory_reserve.compare_exchange_strong(nothing, mine)) std::free(mine);
  std::set_new_handler(give_memory_reserve);
}

}  // namespace hourglass
