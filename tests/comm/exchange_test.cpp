#include "cardseg/comm/exchange.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

#include "cardseg/comm/agree.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::comm {
namespace {

using support::world;
using testing::ElementsAre;
using testing::IsEmpty;

void add(Outbox& outbox, int destination, const std::string& record) {
  outbox.add(destination, std::as_bytes(std::span(record)));
}

// [source]: its records, in the order in which they came.
std::vector<std::vector<std::string>> exchanged(const Outbox& outbox, std::int64_t round_bytes) {
  std::vector<std::vector<std::string>> received(static_cast<std::size_t>(world().size()));
  exchange(
      world(), outbox,
      [&](int source, std::span<const std::byte> record) {
        received[static_cast<std::size_t>(source)].emplace_back(reinterpret_cast<const char*>(record.data()),
                                                                record.size());
      },
      round_bytes);
  return received;
}

std::string greeting(int from, int to) { return std::to_string(from) + " to " + std::to_string(to); }

// A record of a size that grows with i, which says where it comes from.
std::string record_of(int from, int i) { return std::to_string(from) + std::string(static_cast<std::size_t>(i), '.'); }

TEST(Exchange, BringsEachRecordToItsRankInOrder) {
  for (const std::int64_t round_bytes : {1, 7, 64, 1 << 20}) {
    Outbox outbox(world().size());
    for (int r = 0; r < world().size(); ++r) {
      add(outbox, r, greeting(world().rank(), r));
      add(outbox, r, "");
      add(outbox, r, "end");
    }

    const auto received = exchanged(outbox, round_bytes);

    for (int from = 0; from < world().size(); ++from)
      EXPECT_THAT(received[static_cast<std::size_t>(from)], ElementsAre(greeting(from, world().rank()), "", "end"));
  }
}

TEST(Exchange, TakesWhatAllRanksSendToOne) {
  Outbox outbox(world().size());
  for (int i = 0; i < 300; ++i) add(outbox, 0, record_of(world().rank(), i));

  const auto received = exchanged(outbox, 1000);

  for (int from = 0; from < world().size(); ++from) {
    const std::vector<std::string>& records = received[static_cast<std::size_t>(from)];
    if (!world().is_root()) {
      EXPECT_THAT(records, IsEmpty());
      continue;
    }
    ASSERT_EQ(records.size(), 300u);
    for (int i = 0; i < 300; ++i) EXPECT_EQ(records[static_cast<std::size_t>(i)], record_of(from, i));
  }
}

TEST(Exchange, TakesWhatOneRankSendsToAll) {
  const int sender = world().size() - 1;
  Outbox outbox(world().size());
  for (int i = 0; i < 1000 && world().rank() == sender; ++i) add(outbox, i % world().size(), std::to_string(i));

  const auto received = exchanged(outbox, 64);

  std::vector<std::string> expected;
  for (int i = world().rank(); i < 1000; i += world().size()) expected.push_back(std::to_string(i));
  for (int from = 0; from < world().size(); ++from)
    EXPECT_EQ(received[static_cast<std::size_t>(from)], from == sender ? expected : std::vector<std::string>());
}

TEST(Exchange, EndsAtOnceWhereNobodyHasARecord) {
  for (const auto& records : exchanged(Outbox(world().size()), 64)) EXPECT_THAT(records, IsEmpty());
}

TEST(Exchange, CutsRecordsThatAreLargerThanARound) {
  const std::string huge(300'000, static_cast<char>('a' + world().rank()));
  const int right = (world().rank() + 1) % world().size();
  const int left = (world().rank() + world().size() - 1) % world().size();
  Outbox outbox(world().size());
  add(outbox, right, "before");
  add(outbox, right, huge);
  add(outbox, right, "after");

  const auto received = exchanged(outbox, 4096);

  EXPECT_THAT(received[static_cast<std::size_t>(left)],
              ElementsAre("before", std::string(300'000, static_cast<char>('a' + left)), "after"));
}

TEST(Exchange, SendsNoMoreThanARoundAtOnce) {
  Outbox outbox(world().size());
  for (int r = 0; r < world().size(); ++r) add(outbox, r, std::string(10'000, 'x'));
  const Traffic before = world().traffic();

  exchanged(outbox, 1000);

  const Traffic sent = world().traffic() - before;
  const std::int64_t rounds = (10'002 + 1000 / world().size() - 1) / (1000 / world().size());
  EXPECT_EQ(sent.calls >= 2 * rounds, world().size() > 1);
}

TEST(Exchange, BringsAnswersBack) {
  Outbox questions(world().size());
  for (int key = 0; key < 50; ++key) add(questions, key % world().size(), std::to_string(key));
  Outbox answers(world().size());
  std::vector<std::string> heard;

  exchange(world(), questions, [&](int source, std::span<const std::byte> record) { answers.add(source, record); });
  exchange(world(), answers, [&](int, std::span<const std::byte> record) {
    heard.emplace_back(reinterpret_cast<const char*>(record.data()), record.size());
  });

  std::vector<std::string> asked;
  for (int key = 0; key < 50; ++key) asked.push_back(std::to_string(key));
  EXPECT_THAT(heard, testing::UnorderedElementsAreArray(asked));
}

TEST(Exchange, FailsOnAllRanksWhereOneCannotTakeARecord) {
  Outbox outbox(world().size());
  for (int i = 0; i < 100; ++i) add(outbox, i % world().size(), "record");

  const auto refuse = [](int, std::span<const std::byte>) {
    if (world().rank() == world().size() - 1) throw core::Error(core::ExitCode::bad_data, "no such record");
  };

  EXPECT_THROW(exchange(world(), outbox, refuse, 16), AgreedError);
}

}  // namespace
}  // namespace cardseg::comm
