#include "cardseg/monitor/joined_customers.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/exchange.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/mix_bits.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::monitor {
namespace {

using core::Error;
using core::ExitCode;

// A row on its way: this, then the bytes of its id.
struct SentRow {
  JoinedSide side;
  std::int32_t is_after = 0;
};

struct ReceivedRow {
  std::string id;
  SentRow sent;
};

template <class T>
T value_or(const std::vector<T>& values, std::size_t i, T otherwise) {
  return values.empty() ? otherwise : values[i];
}

void send(const LocalLabels& labels, std::int64_t first_row, bool is_after, comm::Outbox& outbox) {
  std::vector<std::byte> record;
  for (std::size_t i = 0; i < labels.ids.size(); ++i) {
    SentRow sent;
    std::memset(static_cast<void*>(&sent), 0, sizeof sent);
    sent.side = {first_row + static_cast<std::int64_t>(i),
                 value_or(labels.margin, i, 0.0),
                 value_or(labels.weight, i, 1.0),
                 value_or(labels.value, i, 0.0),
                 labels.segment[i],
                 value_or(labels.by_other_model, i, std::int32_t{0})};
    sent.is_after = is_after ? 1 : 0;
    const std::string& id = labels.ids[i];
    record.resize(sizeof sent + id.size());
    std::memcpy(record.data(), &sent, sizeof sent);
    std::memcpy(record.data() + sizeof sent, id.data(), id.size());
    outbox.add(static_cast<int>(core::mix_text(id) % static_cast<std::uint64_t>(outbox.ranks())), record);
  }
}

std::int64_t first_row_of(const comm::Communicator& comm, const SideShape& shape) {
  return core::local_range(comm.rank(), shape.rows, comm.size()).begin;
}

std::vector<ReceivedRow> receive(const comm::Communicator& comm, const comm::Outbox& outbox) {
  std::vector<ReceivedRow> received;
  comm::exchange(comm, outbox, [&](int, std::span<const std::byte> record) {
    ReceivedRow& row = received.emplace_back();
    std::memcpy(static_cast<void*>(&row.sent), record.data(), sizeof row.sent);
    row.id.assign(reinterpret_cast<const char*>(record.data()) + sizeof row.sent, record.size() - sizeof row.sent);
  });
  return received;
}

// Rows of one id side by side become one customer.
std::vector<JoinedCustomer> join(std::vector<ReceivedRow> rows) {
  std::ranges::sort(rows, {}, &ReceivedRow::id);
  std::vector<JoinedCustomer> joined;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || rows[i].id != rows[i - 1].id) joined.emplace_back();
    (rows[i].sent.is_after != 0 ? joined.back().after : joined.back().before) = rows[i].sent.side;
  }
  return joined;
}

}  // namespace

JoinedCustomers::JoinedCustomers(const comm::Communicator& comm, LocalLabels before, SideShape before_shape,
                                 LocalLabels after, SideShape after_shape)
    : before_(before_shape), after_(after_shape), shared_(before_shape.segments, after_shape.segments) {
  comm::Outbox outbox(comm.size());
  comm::agree(comm, [&] {
    send(std::exchange(before, {}), first_row_of(comm, before_), false, outbox);
    send(std::exchange(after, {}), first_row_of(comm, after_), true, outbox);
  });
  std::vector<ReceivedRow> rows = receive(comm, outbox);
  local_ = comm::agree(comm, [&] { return join(std::move(rows)); });
  for (const JoinedCustomer& each : local_)
    if (each.is_shared()) ++shared_.at(each.before.segment - 1, each.after.segment - 1);
  comm.allreduce_sum(std::span(shared_.customers));
  if (shared_customers() == 0)
    throw comm::AgreedError(
        Error(ExitCode::bad_data, "no customer is in both: none of the ids of " + core::with_commas(before_.rows) +
                                      " customers before is among " + core::with_commas(after_.rows) + " after")
            .remedy("Compare labels whose ids are of one kind, of customers that are in both"));
}

std::int64_t JoinedCustomers::shared_customers() const {
  std::int64_t sum = 0;
  for (const std::int64_t customers : shared_.customers) sum += customers;
  return sum;
}

std::vector<std::int32_t> JoinedCustomers::send_back(const comm::Communicator& comm,
                                                     const std::vector<std::int32_t>& answers, Side side) const {
  struct Answer {
    std::int64_t row;
    std::int64_t answer;
  };
  const std::int64_t rows = side == Side::before ? before_.rows : after_.rows;
  comm::Outbox outbox(comm.size());
  comm::agree(comm, [&] {
    for (std::size_t i = 0; i < local_.size(); ++i) {
      const JoinedSide& at = side == Side::before ? local_[i].before : local_[i].after;
      if (at.row < 0) continue;
      const Answer answer{at.row, answers[i]};
      outbox.add(core::row_owner(at.row, rows, comm.size()), std::as_bytes(std::span(&answer, 1)));
    }
  });
  const core::Range mine = core::local_range(comm.rank(), rows, comm.size());
  std::vector<std::int32_t> by_row(static_cast<std::size_t>(mine.size()));
  comm::exchange(comm, outbox, [&](int, std::span<const std::byte> record) {
    Answer answer{};
    std::memcpy(&answer, record.data(), sizeof answer);
    by_row[static_cast<std::size_t>(answer.row - mine.begin)] = static_cast<std::int32_t>(answer.answer);
  });
  return by_row;
}

}  // namespace cardseg::monitor
