// Answers the questions of compare_twin_test, one a line: what is compared with Python's own.
//
//   match ROWS COLUMNS SHARED...     the most that partners can share
//   vi ROWS COLUMNS CUSTOMERS...     variation of information
//   exact HITS CUSTOMERS             Clopper-Pearson
//   wilson HITS CUSTOMERS
//   newcombe HITS CUSTOMERS HITS CUSTOMERS
//   equal HITS CUSTOMERS HITS CUSTOMERS
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>

#include "cardseg/monitor/matching.hpp"
#include "cardseg/monitor/migration.hpp"
#include "cardseg/quality/proportions.hpp"

namespace {

using namespace cardseg;

std::int64_t next() {
  std::int64_t number = 0;
  std::cin >> number;
  return number;
}

quality::Proportion next_proportion() {
  const std::int64_t hits = next();
  return {hits, next()};
}

std::int64_t best_sum() {
  const std::int64_t rows = next();
  const std::int64_t columns = next();
  monitor::SharedMass shared(static_cast<std::size_t>(rows),
                             std::vector<core::int128>(static_cast<std::size_t>(columns)));
  for (auto& line : shared)
    for (core::int128& cell : line) cell = next();
  std::int64_t sum = 0;
  const std::vector<int> partner = monitor::match_segments(shared);
  for (std::size_t i = 0; i < partner.size(); ++i)
    if (partner[i] >= 0) sum += static_cast<std::int64_t>(shared[i][static_cast<std::size_t>(partner[i])]);
  return sum;
}

double information() {
  const auto rows = static_cast<int>(next());
  const auto columns = static_cast<int>(next());
  quality::Contingency table(rows, columns);
  for (std::int64_t& cell : table.customers) cell = next();
  return monitor::variation_of_information(table);
}

void print(const quality::Interval& interval) { std::printf("%.17g %.17g\n", interval.low, interval.high); }

}  // namespace

int main() {
  for (std::string question; std::cin >> question;) {
    if (question == "match") {
      std::printf("%lld\n", static_cast<long long>(best_sum()));
    } else if (question == "vi") {
      std::printf("%.17g\n", information());
    } else if (question == "exact") {
      print(quality::clopper_pearson(next_proportion()));
    } else if (question == "wilson") {
      print(quality::wilson(next_proportion()));
    } else {
      const quality::Proportion first = next_proportion();
      const quality::Proportion second = next_proportion();
      if (question == "newcombe")
        print(quality::newcombe(first, second));
      else
        std::printf("%.17g\n", quality::equal_shares_probability(first, second));
    }
  }
  return 0;
}
