#include "cardseg/portfolio/customer_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/mix_bits.hpp"
#include "cardseg/core/name_list.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/portfolio/distinct_keys.hpp"
#include "cardseg/portfolio/schema.hpp"

namespace cardseg::portfolio {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

constexpr std::int64_t read_rows = 65536;

std::int64_t hash_of(const std::string& text) { return static_cast<std::int64_t>(core::mix_text(text)); }

// Two rows with one id.
struct Pair {
  std::int64_t first = -1;
  std::int64_t second = -1;
};

class IdColumn {
 public:
  IdColumn(const io::ShardSet& shards, const std::string& name, IdChosenBy chosen_by)
      : shards_(shards), index_(shards.column_index(name)), name_(name), chosen_by_(chosen_by) {}

  // Local. A hash of each id; equal ids have equal hashes.
  std::vector<std::int64_t> hashes(Range rows) {
    std::vector<std::int64_t> all;
    all.reserve(static_cast<std::size_t>(rows.size()));
    for (std::int64_t begin = rows.begin; begin < rows.end; begin += read_rows) {
      const Range piece{begin, std::min(begin + read_rows, rows.end)};
      if (is_text())
        append_hashes_of_texts(piece, all);
      else
        append_hashes_of_numbers(piece, all);
    }
    return all;
  }

  // Of the rows that were hashed: ids with blanks around them.
  std::int64_t blank_ids() const { return blank_ids_; }

  // The first row that repeats an id; none where ids that share a hash differ.
  Pair find_first(const Repetitions& found) const {
    Pair first;
    for (const std::vector<std::int64_t>& rows : found.first) {
      if (first.second >= 0 && rows[1] > first.second) break;  // these come later
      const Pair pair = find_pair(rows);
      if (pair.second >= 0 && (first.second < 0 || pair.second < first.second)) first = pair;
    }
    return first;
  }

  Error repeated(const Pair& pair, std::int64_t repetitions) const {
    const io::RowPlace place = shards_.place_of(pair.first);
    const std::string count =
        repetitions == 1 ? "it is the only repetition"
                         : fmt::format("it is the first of {} rows that repeat an id", core::with_commas(repetitions));
    const std::string reason = fmt::format("this row repeats the customer id of row {} of {} (rows count from 1); {}",
                                           place.row + 1, place.file.string(), count);
    const std::string one_row = looks_like_transactions(repetitions)
                                    ? "These look like transactions, several rows of one customer: cardseg rfm turns "
                                      "them into one row a customer. Where they are not, "
                                    : "Every row is one customer: ";
    return error_at(pair.second, reason).remedy(one_row + "correct the ids that repeat" + choice());
  }

 private:
  // The same of rows that share one hash. Read again, each id must have the hash that it had: else the file does not
  // give the same texts each time.
  Pair find_pair(const std::vector<std::int64_t>& rows) const {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      texts.push_back(text_at(rows[i]));
      if (is_text() && hash_of(texts.back()) != hash_of(texts.front()))
        throw error_at(rows[i], "this customer id is another one when it is read again")
            .remedy("The file is damaged, or changed meanwhile: copy or write this shard again, and run again");
      const auto same = std::find(texts.begin(), texts.end() - 1, texts.back());
      if (same != texts.end() - 1) return {rows[static_cast<std::size_t>(same - texts.begin())], rows[i]};
    }
    return {};
  }

  bool is_text() const { return shards_.columns()[static_cast<std::size_t>(index_)].type == io::ColumnType::text; }

  bool looks_like_transactions(std::int64_t repetitions) const {
    if (chosen_by_ == IdChosenBy::labels) return false;
    const bool has_dates = std::ranges::any_of(shards_.columns(), &io::StoredColumn::is_date);
    return repetitions * (has_dates ? 10 : 2) >= shards_.rows();
  }

  std::string choice() const {
    if (chosen_by_ == IdChosenBy::model) return ". The model says which column is the id";
    if (chosen_by_ == IdChosenBy::labels) return "";
    return ", or name another column with " + core::field("id") + "; " + core::field("id") + " " + no_id +
           " numbers the rows";
  }

  Error error_at(std::int64_t row, const std::string& reason) const {
    const io::RowPlace place = shards_.place_of(row);
    Error error(ExitCode::bad_data, reason);
    error.in_file(place.file.string()).in_column(name_).at_row(place.row);
    return error;
  }

  std::string text_at(std::int64_t row) const {
    if (is_text()) return shards_.read_texts(index_, {row, row + 1}).front();
    std::int64_t number = 0;
    shards_.read_integers(index_, {row, row + 1}, std::span(&number, 1));
    return std::to_string(number);
  }

  void append_hashes_of_numbers(Range rows, std::vector<std::int64_t>& all) const {
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(rows.size()));
    try {
      shards_.read_integers(index_, rows, numbers);
    } catch (Error& error) {
      if (error.place().first_row != error.place().last_row) throw;  // damage, not a number that is no id
      throw error.remedy("Ids are texts or whole numbers, one in every row: correct the column" + choice());
    }
    for (std::int64_t number : numbers) all.push_back(mixed(number));
  }

  void append_hashes_of_texts(Range rows, std::vector<std::int64_t>& all) {
    const std::vector<std::string> texts = shards_.read_texts(index_, rows);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i].empty())
        throw error_at(rows.begin + static_cast<std::int64_t>(i), "the customer id is empty")
            .remedy("Give every customer an id" + choice());
      if (core::trimmed(texts[i]).size() < texts[i].size()) ++blank_ids_;
      all.push_back(hash_of(texts[i]));
    }
  }

  const io::ShardSet& shards_;
  int index_;
  std::string name_;
  IdChosenBy chosen_by_;
  std::int64_t blank_ids_ = 0;
};

void warn_of_blanks(const std::string& name, std::int64_t ids, core::Events& events) {
  if (ids == 0) return;
  events.warning(
      fmt::format("column {}: {} with blanks around {}; '7' and ' 7' are different customers, here and "
                  "wherever the labels are joined",
                  name, ids == 1 ? "one id" : core::with_commas(ids) + " ids", ids == 1 ? "it" : "them"));
}

}  // namespace

void check_unique_ids(const comm::Communicator& comm, const io::ShardSet& shards, const std::string& id_column,
                      core::Events& events, IdChosenBy chosen_by) {
  IdColumn ids(shards, id_column, chosen_by);
  const Range mine = core::local_range(comm.rank(), shards.rows(), comm.size());
  const std::vector<std::int64_t> local_hashes = comm::agree(comm, [&] { return ids.hashes(mine); });
  warn_of_blanks(id_column, comm.sum(ids.blank_ids()), events);
  if (are_distinct(comm, local_hashes)) return;
  const Repetitions found = find_repetitions(comm, local_hashes, mine.begin);
  Pair first = comm::agree(comm, [&] { return comm.is_root() ? ids.find_first(found) : Pair{}; });
  first = {comm.max(first.first), comm.max(first.second)};
  if (first.second >= 0) throw comm::AgreedError(ids.repeated(first, found.rows));
}

}  // namespace cardseg::portfolio
