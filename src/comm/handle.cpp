#include "comm/handle.hpp"

#include "cardseg/comm/session.hpp"

namespace cardseg::comm {

Traffic& Traffic::operator+=(const Traffic& other) {
  calls += other.calls;
  bytes += other.bytes;
  elapsed_s += other.elapsed_s;
  return *this;
}

Traffic operator-(const Traffic& after, const Traffic& before) {
  return {after.calls - before.calls, after.bytes - before.bytes, after.elapsed_s - before.elapsed_s};
}

Group::~Group() {
  if (is_owned && is_running()) MPI_Comm_free(&comm);
}

Counted::Counted(const Group& group, std::size_t bytes) : traffic_(group.traffic), start_s_(MPI_Wtime()) {
  ++traffic_.calls;
  traffic_.bytes += static_cast<std::int64_t>(bytes);
}

Counted::~Counted() { traffic_.elapsed_s += MPI_Wtime() - start_s_; }

}  // namespace cardseg::comm
