#include "comm/hang_watch.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "cardseg/comm/session.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"

namespace cardseg::comm {
namespace {

constexpr int roll_call_tag = 32001;
constexpr double eager_s = 0.01;      // of waiting with all its core
constexpr double roll_call_s = 3.0;   // in which ranks that wait say so
constexpr double deputy_s = 8.0;      // after which the second rank takes the first one for gone
constexpr double bystander_s = 20.0;  // after which the others give up

double limit_s = 0.0;
std::vector<std::string> hosts;  // of the ranks of the world

// A collective call that takes too long.
class RollCall {
 public:
  RollCall(MPI_Request& request, const Group& group, const char* call)
      : request_(request), comm_(group.comm), call_(call) {
    MPI_Comm_rank(comm_, &rank_);
    MPI_Comm_size(comm_, &size_);
    mine_[0] = rank_;
    mine_[1] = group.collectives;
  }

  // Returns where the call comes to its end after all.
  void hold() {
    for (int listener = 0; listener < std::min(size_, 2); ++listener) {
      MPI_Request sent = MPI_REQUEST_NULL;  // never waited for: this rank ends, or the message arrives some time
      if (listener != rank_) MPI_Isend(mine_, 2, MPI_INT64_T, listener, roll_call_tag, comm_, &sent);
    }
    if (rank_ > 1) return is_done_within(bystander_s) ? void() : give_up({});
    if (rank_ == 1 && is_done_within(deputy_s)) return;
    std::set<int> waiting = {rank_};
    if (!is_done_within(roll_call_s, &waiting)) give_up(waiting);
  }

 private:
  bool is_done_within(double seconds, std::set<int>* waiting = nullptr) {
    for (const double end = MPI_Wtime() + seconds; MPI_Wtime() < end;) {
      int is_done = 0;
      check_mpi(MPI_Test(&request_, &is_done, MPI_STATUS_IGNORE), call_);
      if (is_done) return true;
      if (waiting) listen(*waiting);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }

  void listen(std::set<int>& waiting) {
    for (int is_there = 0;;) {
      MPI_Iprobe(MPI_ANY_SOURCE, roll_call_tag, comm_, &is_there, MPI_STATUS_IGNORE);
      if (!is_there) return;
      std::int64_t theirs[2];
      MPI_Recv(theirs, 2, MPI_INT64_T, MPI_ANY_SOURCE, roll_call_tag, comm_, MPI_STATUS_IGNORE);
      if (theirs[1] == mine_[1]) waiting.insert(static_cast<int>(theirs[0]));  // else of an earlier delay
    }
  }

  [[noreturn]] void give_up(const std::set<int>& waiting) const {
    std::string missing;
    for (int rank = 0; rank < size_ && !waiting.empty(); ++rank) {
      if (waiting.contains(rank)) continue;
      const auto place = static_cast<std::size_t>(rank);
      missing += (missing.empty() ? "rank " : ", ") + std::to_string(rank);
      if (static_cast<int>(hosts.size()) == size_) missing += " on " + hosts[place];
    }
    if (missing.empty()) missing = "a rank";
    throw core::Error(core::ExitCode::system, missing + " did not come to " + call_ + " within " +
                                                  core::field("hang-timeout") + " while others waited")
        .remedy("Look at that rank's node; the same command goes on from the last checkpoint");
  }

  MPI_Request& request_;
  MPI_Comm comm_;
  const char* call_;
  int rank_ = 0;
  int size_ = 1;
  std::int64_t mine_[2] = {0, 0};
};

}  // namespace

bool is_watching() { return limit_s > 0; }

void wait_watching(MPI_Request request, const Group& group, const char* call) {
  const double start_s = MPI_Wtime();
  for (int is_done = 0;;) {
    check_mpi(MPI_Test(&request, &is_done, MPI_STATUS_IGNORE), call);
    if (is_done) return;
    const double waited_s = MPI_Wtime() - start_s;
    if (waited_s > limit_s) return RollCall(request, group, call).hold();
    if (waited_s < eager_s)
      std::this_thread::yield();
    else
      std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

void watch_for_hangs(const Communicator& world, double seconds) {
  if (world.size() == 1 || seconds <= 0) return;
  hosts = world.allgather(processor_name());
  limit_s = seconds;
}

}  // namespace cardseg::comm
