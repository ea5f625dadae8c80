#include "segments/list_reasons.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "cardseg/cluster/assignment.hpp"
#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/portfolio/load.hpp"
#include "segments/row_blocks.hpp"

namespace cardseg::segments {
namespace {

using core::Range;

io::CsvValue listed_value(const ReasonColumn& column, double value) {
  if (!column.words.empty()) return std::isnan(value) ? std::string() : column.words[static_cast<std::size_t>(value)];
  if (io::is_integer(column.spec.type)) return static_cast<std::int64_t>(value);
  return value;
}

void check_label(const Candidate& candidate, std::int32_t segment) {
  if (candidate.is_placed || candidate.segment == segment + 1) return;
  throw core::Error(core::ExitCode::bad_data, "the labels are not of this model: it gives a customer another segment")
      .remedy("Name the model.json that the run was scored with in " + core::field("model"));
}

template <class T>
class Finder {
 public:
  Finder(const comm::Communicator& comm, const ListSources& sources, const ReasonOptions& options)
      : comm_(comm), from_(sources), reasoner_(*sources.model, options), columns_(reason_columns(reasoner_)) {}

  // Collective. The candidates lie in `rows`.
  void add(Range rows, std::span<const Candidate> candidates, std::vector<std::vector<io::CsvValue>>& found) const {
    rows =
        candidates.empty() ? Range{rows.begin, rows.begin} : Range{candidates.front().row, candidates.back().row + 1};
    const auto matrix = portfolio::encode_rows<T>(comm_, *from_.shards, from_.model->columns, rows);
    comm::agree(comm_, [&] {
      cluster::Scores scores;
      cluster::append_scores(matrix, from_.model->centroids, scores);
      for (const Candidate& each : candidates) {
        const auto at = static_cast<std::size_t>(each.row - rows.begin);
        check_label(each, scores.segment[at]);
        const int segment = each.is_placed ? -1 : scores.segment[at];
        const std::vector<double> values =
            reason_values(reasoner_, matrix.point(each.row - rows.begin), segment, scores.second[at]);
        std::vector<io::CsvValue>& listed = found.emplace_back();
        for (std::size_t c = 0; c < columns_.size(); ++c) listed.push_back(listed_value(columns_[c], values[c]));
      }
    });
  }

 private:
  const comm::Communicator& comm_;
  const ListSources& from_;
  Reasoner reasoner_;
  std::vector<ReasonColumn> columns_;
};

}  // namespace

std::vector<std::vector<io::CsvValue>> find_list_reasons(const comm::Communicator& comm, const ListSources& sources,
                                                         const ReasonOptions& options,
                                                         std::span<const Candidate> candidates) {
  std::vector<std::vector<io::CsvValue>> found;
  portfolio::with_precision(sources.model->precision, [&]<class T>(std::type_identity<T>) {
    const Finder<T> finder(comm, sources, options);
    auto next = candidates.begin();
    for_each_block(comm, sources.labels.rows(), [&](Range rows) {
      const auto end =
          std::find_if(next, candidates.end(), [&](const Candidate& each) { return each.row >= rows.end; });
      finder.add(rows, {next, end}, found);
      next = end;
    });
  });
  return found;
}

}  // namespace cardseg::segments
