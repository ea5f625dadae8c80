#include "cardseg/comm/communicator.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <numeric>
#include <thread>

#include "cardseg/core/error.hpp"
#include "comm/handle.hpp"
#include "comm/hang_watch.hpp"
#include "comm/mpi_check.hpp"

namespace cardseg::comm {
namespace {

// A message of this size is far below the int limit of MPI counts; larger ones go in pieces.
constexpr std::size_t piece_bytes = std::size_t{1} << 28;
constexpr std::chrono::milliseconds quiet_sleep{2};

template <class T>
MPI_Datatype datatype();
template <>
MPI_Datatype datatype<std::int64_t>() {
  return MPI_INT64_T;
}
template <>
MPI_Datatype datatype<double>() {
  return MPI_DOUBLE;
}

template <class T>
void allreduce(const Group& group, std::span<T> values, MPI_Op op) {
  constexpr std::size_t piece = piece_bytes / sizeof(T);
  for (std::size_t at = 0; at < values.size(); at += piece) {
    const int count = mpi_count(std::min(piece, values.size() - at));
    const Counted counted(group, static_cast<std::size_t>(count) * sizeof(T));
    T* const piece_values = values.data() + at;
    collective(
        group, "MPI_Allreduce",
        [&] { return MPI_Allreduce(MPI_IN_PLACE, piece_values, count, datatype<T>(), op, group.comm); },
        [&](MPI_Request* request) {
          return MPI_Iallreduce(MPI_IN_PLACE, piece_values, count, datatype<T>(), op, group.comm, request);
        });
  }
}

template <class T>
std::vector<T> allgather_one(const Group& group, int size, T value) {
  std::vector<T> all(static_cast<std::size_t>(size));
  const Counted counted(group, sizeof(T));
  collective(
      group, "MPI_Allgather",
      [&] { return MPI_Allgather(&value, 1, datatype<T>(), all.data(), 1, datatype<T>(), group.comm); },
      [&](MPI_Request* request) {
        return MPI_Iallgather(&value, 1, datatype<T>(), all.data(), 1, datatype<T>(), group.comm, request);
      });
  return all;
}

std::vector<int> exchanged_counts(const Group& group, const std::vector<int>& counts) {
  std::vector<int> received(counts.size());
  const Counted counted(group, counts.size() * sizeof(int));
  check_mpi(MPI_Alltoall(counts.data(), 1, MPI_INT, received.data(), 1, MPI_INT, group.comm), "MPI_Alltoall");
  return received;
}

std::vector<int> offsets_of(const std::vector<int>& counts) {
  std::vector<int> offsets;
  std::size_t total = 0;
  for (const int count : counts) {
    offsets.push_back(mpi_count(total));
    total += static_cast<std::size_t>(count);
  }
  return offsets;
}

std::vector<std::int64_t> as_limbs(std::span<const core::int128> values) {
  std::vector<std::int64_t> limbs;
  limbs.reserve(2 * values.size());
  for (core::int128 value : values) {
    const core::Limbs two = core::to_limbs(value);
    limbs.insert(limbs.end(), {two.low, two.high});
  }
  return limbs;
}

}  // namespace

void check_mpi(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw core::Error(core::ExitCode::system,
                    std::string(call) + " failed: " + std::string(text, static_cast<std::size_t>(length)));
}

int mpi_count(std::size_t count) {
  if (count > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw core::Error(core::ExitCode::internal, "a message has more items than MPI can count");
  return static_cast<int>(count);
}

void Communicator::allreduce_sum(std::span<std::int64_t> values) const {
  if (handle_) allreduce(*handle_, values, MPI_SUM);
}

void Communicator::allreduce_sum(std::span<core::int128> values) const {
  if (!handle_) return;
  std::vector<std::int64_t> limbs = as_limbs(values);
  allreduce(*handle_, std::span<std::int64_t>(limbs), MPI_SUM);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = core::from_limbs({limbs[2 * i], limbs[2 * i + 1]});
}

void Communicator::allreduce_max(std::span<double> values) const {
  if (handle_) allreduce(*handle_, values, MPI_MAX);
}

void Communicator::allreduce_min(std::span<double> values) const {
  if (handle_) allreduce(*handle_, values, MPI_MIN);
}

void Communicator::allreduce_max(std::span<std::int64_t> values) const {
  if (handle_) allreduce(*handle_, values, MPI_MAX);
}

void Communicator::allreduce_min(std::span<std::int64_t> values) const {
  if (handle_) allreduce(*handle_, values, MPI_MIN);
}

std::int64_t Communicator::sum(std::int64_t value) const {
  allreduce_sum(std::span(&value, 1));
  return value;
}

std::int64_t Communicator::min(std::int64_t value) const {
  allreduce_min(std::span(&value, 1));
  return value;
}

std::int64_t Communicator::max(std::int64_t value) const {
  allreduce_max(std::span(&value, 1));
  return value;
}

double Communicator::min(double value) const {
  allreduce_min(std::span(&value, 1));
  return value;
}

double Communicator::max(double value) const {
  allreduce_max(std::span(&value, 1));
  return value;
}

core::int128 Communicator::exscan_sum(core::int128 value) const {
  if (!handle_) return 0;
  const core::Limbs mine = core::to_limbs(value);
  const std::int64_t sent[2] = {mine.low, mine.high};
  std::int64_t before[2] = {0, 0};
  const Counted counted(*handle_, sizeof sent);
  check_mpi(MPI_Exscan(sent, before, 2, MPI_INT64_T, MPI_SUM, handle_->comm), "MPI_Exscan");
  return rank_ == 0 ? 0 : core::from_limbs({before[0], before[1]});  // rank 0 receives nothing
}

void Communicator::broadcast(std::span<std::byte> bytes, int root) const {
  if (!handle_) return;
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
    const int count = mpi_count(std::min(piece_bytes, bytes.size() - at));
    const Counted counted(*handle_, static_cast<std::size_t>(count));
    std::byte* const piece = bytes.data() + at;
    collective(
        *handle_, "MPI_Bcast", [&] { return MPI_Bcast(piece, count, MPI_BYTE, root, handle_->comm); },
        [&](MPI_Request* request) { return MPI_Ibcast(piece, count, MPI_BYTE, root, handle_->comm, request); });
  }
}

void Communicator::broadcast(std::string& text, int root) const {
  if (!handle_) return;
  auto length = static_cast<std::int64_t>(text.size());
  broadcast(std::as_writable_bytes(std::span(&length, 1)), root);
  text.resize(static_cast<std::size_t>(length));
  broadcast(std::as_writable_bytes(std::span(text)), root);
}

std::vector<std::int64_t> Communicator::allgather(std::int64_t value) const {
  return handle_ ? allgather_one(*handle_, size_, value) : std::vector<std::int64_t>{value};
}

std::vector<double> Communicator::allgather(double value) const {
  return handle_ ? allgather_one(*handle_, size_, value) : std::vector<double>{value};
}

std::vector<std::string> Communicator::allgather(const std::string& text) const {
  if (!handle_) return {text};
  const std::vector<std::int64_t> lengths = allgather(static_cast<std::int64_t>(text.size()));
  std::vector<int> counts;
  std::vector<int> offsets;
  std::int64_t total = 0;
  for (std::int64_t length : lengths) {
    counts.push_back(mpi_count(static_cast<std::size_t>(length)));
    offsets.push_back(mpi_count(static_cast<std::size_t>(total)));
    total += length;
  }
  std::string joined(static_cast<std::size_t>(total), '\0');
  const Counted counted(*handle_, text.size());
  check_mpi(MPI_Allgatherv(text.data(), mpi_count(text.size()), MPI_BYTE, joined.data(), counts.data(), offsets.data(),
                           MPI_BYTE, handle_->comm),
            "MPI_Allgatherv");
  std::vector<std::string> texts;
  for (std::size_t r = 0; r < lengths.size(); ++r)
    texts.push_back(joined.substr(static_cast<std::size_t>(offsets[r]), static_cast<std::size_t>(lengths[r])));
  return texts;
}

std::vector<std::vector<std::byte>> Communicator::alltoall(std::span<const std::span<const std::byte>> to_rank) const {
  if (!handle_) return {{to_rank.front().begin(), to_rank.front().end()}};
  std::vector<int> send_counts;
  std::vector<std::byte> sent;
  for (const std::span<const std::byte> part : to_rank) {
    send_counts.push_back(mpi_count(part.size()));
    sent.insert(sent.end(), part.begin(), part.end());
  }
  const std::vector<int> receive_counts = exchanged_counts(*handle_, send_counts);
  const std::vector<int> send_offsets = offsets_of(send_counts);
  const std::vector<int> receive_offsets = offsets_of(receive_counts);
  std::vector<std::byte> received(std::accumulate(receive_counts.begin(), receive_counts.end(), std::size_t{0}));
  {
    const Counted counted(*handle_, sent.size());
    check_mpi(MPI_Alltoallv(sent.data(), send_counts.data(), send_offsets.data(), MPI_BYTE, received.data(),
                            receive_counts.data(), receive_offsets.data(), MPI_BYTE, handle_->comm),
              "MPI_Alltoallv");
  }
  std::vector<std::vector<std::byte>> parts;
  for (std::size_t r = 0; r < receive_counts.size(); ++r)
    parts.emplace_back(received.begin() + receive_offsets[r],
                       received.begin() + receive_offsets[r] + receive_counts[r]);
  return parts;
}

void Communicator::barrier() const {
  if (!handle_) return;
  const Counted counted(*handle_, 0);
  collective(
      *handle_, "MPI_Barrier", [&] { return MPI_Barrier(handle_->comm); },
      [&](MPI_Request* request) { return MPI_Ibarrier(handle_->comm, request); });
}

void Communicator::quiet_barrier() const {
  if (!handle_) return;
  const Counted counted(*handle_, 0);
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibarrier(handle_->comm, &request), "MPI_Ibarrier");
  for (int is_done = 0;;) {
    check_mpi(MPI_Test(&request, &is_done, MPI_STATUS_IGNORE), "MPI_Test");
    if (is_done) return;
    std::this_thread::sleep_for(quiet_sleep);
  }
}

Communicator Communicator::split(int colour) const {
  if (!handle_) return {};
  MPI_Comm made = MPI_COMM_NULL;
  {
    const Counted counted(*handle_, sizeof colour);
    check_mpi(MPI_Comm_split(handle_->comm, colour, rank_, &made), "MPI_Comm_split");
  }
  Communicator group;
  group.handle_ = std::make_shared<const Handle>(made, true);
  check_mpi(MPI_Comm_set_errhandler(made, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check_mpi(MPI_Comm_rank(made, &group.rank_), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(made, &group.size_), "MPI_Comm_size");
  if (group.size_ == 1) group.handle_ = nullptr;
  return group;
}

Traffic Communicator::traffic() const { return handle_ ? handle_->traffic : Traffic(); }

void Communicator::send(std::span<const std::byte> bytes, int destination, int tag) const {
  if (!handle_) throw core::Error(core::ExitCode::internal, "a rank alone has nobody to send to");
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
    const int count = mpi_count(std::min(piece_bytes, bytes.size() - at));
    const Counted counted(*handle_, static_cast<std::size_t>(count));
    check_mpi(MPI_Send(bytes.data() + at, count, MPI_BYTE, destination, tag, handle_->comm), "MPI_Send");
  }
}

void Communicator::receive(std::span<std::byte> bytes, int source, int tag) const {
  if (!handle_) throw core::Error(core::ExitCode::internal, "a rank alone has nobody to receive from");
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
    const int count = mpi_count(std::min(piece_bytes, bytes.size() - at));
    const Counted counted(*handle_, static_cast<std::size_t>(count));
    check_mpi(MPI_Recv(bytes.data() + at, count, MPI_BYTE, source, tag, handle_->comm, MPI_STATUS_IGNORE), "MPI_Recv");
  }
}

}  // namespace cardseg::comm
