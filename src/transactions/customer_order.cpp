#include "transactions/customer_order.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <span>
#include <string_view>

#include "cardseg/comm/agree.hpp"
#include "cardseg/comm/exchange.hpp"

namespace cardseg::transactions {
namespace {

constexpr std::size_t samples_a_rank = 256;

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

// Length and text of each.
std::string packed(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) {
    const std::uint32_t length = static_cast<std::uint32_t>(text.size());
    all.append(reinterpret_cast<const char*>(&length), sizeof length);
    all += text;
  }
  return all;
}

void append_unpacked(std::string_view all, std::vector<std::string>& texts) {
  while (!all.empty()) {
    std::uint32_t length = 0;
    std::memcpy(&length, all.data(), sizeof length);
    texts.emplace_back(all.substr(sizeof length, length));
    all.remove_prefix(sizeof length + length);
  }
}

// Collective. Keys that divide all keys into parts of about one size, one part fewer than there are ranks; ascending.
std::vector<std::string> find_splitters(const comm::Communicator& comm, const std::vector<std::string>& local_keys) {
  std::vector<std::string> local;
  const std::size_t samples = std::min(samples_a_rank, local_keys.size());
  for (std::size_t s = 0; s < samples; ++s) local.push_back(local_keys[s * local_keys.size() / samples]);
  std::vector<std::string> all;
  for (const std::string& bytes : comm.allgather(packed(local))) append_unpacked(bytes, all);
  std::ranges::sort(all);
  std::vector<std::string> splitters;
  const auto ranks = static_cast<std::size_t>(comm.size());
  for (std::size_t r = 1; r < ranks && !all.empty(); ++r) splitters.push_back(all[r * all.size() / ranks]);
  return splitters;
}

struct ReceivedKey {
  std::string key;
  int source = 0;
};

}  // namespace

bool is_whole_number(const std::string& id) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), number);
  return problem == std::errc{} && end == id.data() + id.size() && std::to_string(number) == id;
}

std::string sort_key(const std::string& id, bool is_number) {
  if (!is_number) return id;
  std::int64_t number = 0;
  std::from_chars(id.data(), id.data() + id.size(), number);
  const std::uint64_t ordered = static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63);
  std::string key;
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(ordered >> shift & 0xFF);
  return key;
}

std::vector<std::int64_t> global_places(const comm::Communicator& comm, const std::vector<std::string>& local_keys) {
  const std::vector<std::string> splitters = find_splitters(comm, local_keys);
  const auto part_of = [&](const std::string& key) {
    return static_cast<int>(std::ranges::upper_bound(splitters, key) - splitters.begin());
  };
  const comm::Outbox keys = comm::agree(comm, [&] {
    comm::Outbox made(comm.size());
    for (const std::string& key : local_keys) made.add(part_of(key), bytes_of(key));
    return made;
  });
  std::vector<ReceivedKey> part;
  comm::exchange(comm, keys, [&](int source, std::span<const std::byte> bytes) {
    part.push_back({std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), source});
  });
  std::ranges::sort(part, {}, &ReceivedKey::key);
  std::int64_t place = static_cast<std::int64_t>(comm.exscan_sum(std::ssize(part)));
  const comm::Outbox answers = comm::agree(comm, [&] {
    comm::Outbox made(comm.size());
    for (const ReceivedKey& each : part) made.add(each.source, std::as_bytes(std::span(&place, 1))), ++place;
    return made;
  });
  // A source's keys were ascending, and so are the places that each part answers; parts are ascending, too.
  std::vector<std::int64_t> places;
  comm::exchange(comm, answers, [&](int, std::span<const std::byte> bytes) {
    std::int64_t answered = 0;
    std::memcpy(&answered, bytes.data(), sizeof answered);
    places.push_back(answered);
  });
  std::ranges::sort(places);
  return places;
}

}  // namespace cardseg::transactions
