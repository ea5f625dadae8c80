#include "cardseg/comm/exchange.hpp"

#include <algorithm>
#include <optional>

#include "cardseg/comm/agree.hpp"

namespace cardseg::comm {
namespace {

using Bytes = std::span<const std::byte>;

// A length in groups of seven bits, the lowest first; all but the last have the eighth bit set.
constexpr int length_bits = 7;
constexpr std::uint8_t goes_on = 0x80;

void append_length(std::size_t length, std::vector<std::byte>& stream) {
  for (; length >= goes_on; length >>= length_bits)
    stream.push_back(static_cast<std::byte>((length & (goes_on - 1)) | goes_on));
  stream.push_back(static_cast<std::byte>(length));
}

// What a stream begins with.
struct Head {
  std::size_t length = 0;  // of the record
  std::size_t bytes = 0;   // of the head itself
};

// None where the head is cut off.
std::optional<Head> head_of(Bytes stream) {
  Head head;
  for (const std::byte each : stream) {
    const auto group = std::to_integer<std::size_t>(each);
    head.length |= (group & (goes_on - 1)) << (length_bits * head.bytes);
    ++head.bytes;
    if (group < goes_on) return head;
  }
  return std::nullopt;
}

// Puts the pieces of one source's stream together again.
class Inbox {
 public:
  template <class Use>
  void append(Bytes piece, Use use) {
    if (cut_.empty()) {
      const std::size_t used = use_whole_records(piece, use);
      cut_.assign(piece.begin() + static_cast<std::ptrdiff_t>(used), piece.end());
    } else {
      cut_.insert(cut_.end(), piece.begin(), piece.end());
      const std::size_t used = use_whole_records(cut_, use);
      cut_.erase(cut_.begin(), cut_.begin() + static_cast<std::ptrdiff_t>(used));
    }
    if (cut_.empty()) return;
    if (const std::optional<Head> head = head_of(cut_)) cut_.reserve(head->bytes + head->length);
  }

 private:
  // Returns the bytes of the records that were whole.
  template <class Use>
  static std::size_t use_whole_records(Bytes stream, Use use) {
    std::size_t used = 0;
    for (;;) {
      const Bytes rest = stream.subspan(used);
      const std::optional<Head> head = head_of(rest);
      if (!head || rest.size() - head->bytes < head->length) return used;
      use(rest.subspan(head->bytes, head->length));
      used += head->bytes + head->length;
    }
  }

  std::vector<std::byte> cut_;  // begins with a head; not a whole record
};

std::size_t longest_stream(const Outbox& outbox) {
  std::size_t longest = 0;
  for (int r = 0; r < outbox.ranks(); ++r) longest = std::max(longest, outbox.stream(r).size());
  return longest;
}

// The piece that begins at `at`, as far as there is one.
Bytes piece_of(Bytes stream, std::size_t at, std::size_t size) {
  const std::size_t begin = std::min(at, stream.size());
  return stream.subspan(begin, std::min(size, stream.size() - begin));
}

}  // namespace

void Outbox::add(int destination, std::span<const std::byte> record) {
  std::vector<std::byte>& stream = streams_[static_cast<std::size_t>(destination)];
  append_length(record.size(), stream);
  stream.insert(stream.end(), record.begin(), record.end());
}

void exchange(const Communicator& comm, const Outbox& outbox, const Received& received, std::int64_t round_bytes) {
  const auto piece = static_cast<std::size_t>(std::max<std::int64_t>(1, round_bytes / comm.size()));
  const auto longest = static_cast<std::size_t>(comm.max(static_cast<std::int64_t>(longest_stream(outbox))));
  std::vector<Inbox> inboxes(static_cast<std::size_t>(comm.size()));
  std::vector<Bytes> to_rank(static_cast<std::size_t>(comm.size()));
  std::optional<core::Error> failure;
  for (std::size_t at = 0; at < longest; at += piece) {
    for (int r = 0; r < comm.size(); ++r) to_rank[static_cast<std::size_t>(r)] = piece_of(outbox.stream(r), at, piece);
    const std::vector<std::vector<std::byte>> pieces = comm.alltoall(to_rank);
    if (failure) continue;
    try {
      for (int r = 0; r < comm.size(); ++r) {
        const auto source = static_cast<std::size_t>(r);
        inboxes[source].append(pieces[source], [&](Bytes record) { received(r, record); });
      }
    } catch (...) {
      failure = current_error();
      if (comm.size() > 1 && failure->place().rank < 0) failure->on_rank(comm.rank());
    }
  }
  throw_agreed(comm, failure);
}

}  // namespace cardseg::comm
