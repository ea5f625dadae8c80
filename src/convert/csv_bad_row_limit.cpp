#include "convert/csv_bad_row_limit.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/with_commas.hpp"

namespace cardseg::convert {

std::vector<ReasonCount> reasons_of(const comm::Communicator& comm, const BadRowList& local_rows) {
  std::array<std::int64_t, csv_problem_count> counts = local_rows.counts();
  comm.allreduce_sum(std::span(counts));
  std::vector<ReasonCount> reasons;
  for (std::size_t p = 0; p < counts.size(); ++p)
    if (counts[p] > 0) reasons.push_back({describe(static_cast<CsvProblem>(p)), counts[p]});
  return reasons;
}

void check_bad_rows(const comm::Communicator& comm, const ConvertOptions& options, const CsvFile& file,
                    const std::vector<std::string>& column_names, const BadRowList& local_rows, std::int64_t rows) {
  const std::int64_t bad_rows = comm.sum(local_rows.count());
  if (static_cast<double>(bad_rows) <= options.max_bad_share * static_cast<double>(rows)) return;
  const std::string local_first =
      local_rows.count() == 0 ? "" : sentence_of(local_rows.first_rows().front(), file, column_names);
  const std::vector<std::string> firsts = comm.allgather(local_first);
  const auto first = std::ranges::find_if(firsts, [](const std::string& each) { return !each.empty(); });
  const std::vector<ReasonCount> reasons = reasons_of(comm, local_rows);
  const auto most = std::ranges::max_element(reasons, {}, &ReasonCount::rows);
  core::Error error(core::ExitCode::bad_data,
                    core::with_commas(bad_rows) + " of " + core::with_commas(rows) + " rows do not parse, more than " +
                        core::field("max-bad-rows") + " " + share_text(options.max_bad_share) + " allows; " +
                        core::with_commas(most->rows) + (most->rows == 1 ? " of them holds " : " of them hold ") +
                        most->reason + "; the first: " + *first);
  error.in_file(file.place_of(1).file);
  throw comm::AgreedError(
      error.remedy(most->reason == describe(CsvProblem::invalid_utf8)
                       ? "Name the file's " + core::field("encoding") + "; without " + core::field("bad-rows") +
                             " skip the likely one is said"
                       : "Mend the cause, or raise " + core::field("max-bad-rows") + " where the loss is meant"));
}

}  // namespace cardseg::convert
