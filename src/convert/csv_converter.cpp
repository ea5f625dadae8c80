#include "cardseg/convert/csv_converter.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "cardseg/comm/agree.hpp"
#include "cardseg/convert/conversion_record.hpp"
#include "cardseg/core/field.hpp"
#include "cardseg/core/range.hpp"
#include "cardseg/core/with_commas.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_staging.hpp"
#include "convert/csv_bad_row_limit.hpp"
#include "convert/csv_bad_row_listing.hpp"
#include "convert/csv_columns.hpp"
#include "convert/csv_expectation.hpp"
#include "convert/csv_id_column.hpp"
#include "convert/csv_input.hpp"
#include "convert/csv_rows.hpp"
#include "convert/csv_shards.hpp"
#include "convert/csv_survey.hpp"
#include "convert/divided_csv.hpp"
#include "convert/evidence_exchange.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

std::string set_stem(const ConvertOptions& options) { return stem_of(options.inputs.front()); }

// The work of one conversion, phase by phase. Every function is collective unless it says Local.
class Conversion {
 public:
  Conversion(const comm::Communicator& comm, const ConvertOptions& options, core::Events& events)
      : comm_(comm), options_(options), events_(events), reader_(options.conventions) {}

  ConvertReport run() try {
    comm::agree(comm_, [&] { validate(options_); });
    csv_.emplace(comm_, options_, [this] {
      stage();
      return files_->staged("input.csv");
    });
    look_at_columns();
    if (!files_) stage();
    csv_->begin_digest();
    io::ShardStaging& files = *files_;
    first_ = csv_->first_record();
    survey();
    decide_types();
    warn_of_unused_gap_words();
    const std::vector<CsvRowIndex::Entry> starts =
        locate_shards(comm_, survey_.index, report_.rows, options_.rows_per_shard);
    std::vector<std::string> local_files = write_shards(starts, files);
    if (report_.bad_rows > 0) list_bad_rows(files, local_files);
    report_.sources = csv_->sources();
    comm::agree(comm_, [&] {
      csv_->file().check_unchanged();
      if (!comm_.is_root()) return;
      io::write_file(files.staged(conversion_record_name), conversion_json(options_, report_));
      local_files.emplace_back(conversion_record_name);
    });
    files.publish(local_files);
    return std::move(report_);
  } catch (...) {
    remove_made_directory();
    throw;
  }

 private:
  void stage() {
    std::error_code ignored;
    makes_directory_ =
        comm_.min(std::filesystem::exists(options_.output_directory, ignored) ? std::int64_t{1} : std::int64_t{0}) == 0;
    files_.emplace(comm_, options_.output_directory, set_stem(options_),
                   std::vector<std::string>{bad_rows_name(options_), conversion_record_name}, options_.overwrite);
  }

  // A failed conversion leaves no empty directory that it made.
  void remove_made_directory() {
    files_.reset();
    std::error_code ignored;
    if (makes_directory_ && comm_.is_root()) std::filesystem::remove(options_.output_directory, ignored);
  }

  void look_at_columns() {
    comm::agree(comm_, [&] { columns_ = columns_of(csv_->dialect(), options_); });
    expect_columns();
    for (const std::string& warning : csv_->dialect().warnings) events_.warning(warning);
    report_.input_bytes = csv_->input_bytes();
    report_.delimiter = csv_->dialect().delimiter;
  }

  void survey() {
    const Range bytes = csv_->bytes();
    const auto on_progress = [&](std::int64_t offset) {
      events_.progress("examining rows", offset - bytes.begin, bytes.size());
    };
    survey_ = comm::agree(comm_, [&] {
      return survey_rows(
          {file(), dialect(), columns_, reader_, options_.bad_rows, id_column(dialect().column_names), on_progress},
          first_, bytes.end);
    });
    evidence_ = united(comm_, survey_.evidence);
    report_.rows = comm_.sum(survey_.index.rows());
    report_.bad_rows = comm_.sum(survey_.bad.count());
    report_.blank_lines = comm_.sum(survey_.blank_lines);
    report_.bad_row_reasons = reasons_of(comm_, survey_.bad);
    check_bad_rows(comm_, options_, file(), dialect().column_names, survey_.bad, report_.rows + report_.bad_rows);
  }

  const CsvFile& file() const { return csv_->file(); }
  CsvDialect& dialect() { return csv_->dialect(); }

  // What --like and dates among the given types say of the columns.
  void expect_columns() {
    Expectation like;
    if (!options_.like.empty()) {
      std::string bytes =
          comm::agree(comm_, [&] { return comm_.is_root() ? packed(read_expectation(options_.like)) : std::string(); });
      comm_.broadcast(bytes, 0);
      like = unpacked(bytes);
    }
    expected_ = comm::agree(comm_, [&] { return expected_columns(like, options_, file(), dialect(), columns_); });
  }

  FileFacts file_facts() {
    FileFacts facts{options_.conventions, dialect().delimiter, false};
    if (file().has_parts())
      facts.place = [this](std::int64_t line) {
        const CsvFile::Place place = file().place_of(line);
        return "line " + std::to_string(place.line) + " of " + place.file;
      };
    for (std::size_t c = 0; c < columns_.size(); ++c)
      facts.has_decimal_commas =
          facts.has_decimal_commas || (columns_[c].rule == ValueRule::undecided && has_decimal_commas(evidence_[c]));
    return facts;
  }

  // Local arithmetic on what all ranks know, but for the second survey.
  void decide_types() {
    std::vector<std::string> notes(columns_.size());
    std::vector<bool> is_given(columns_.size());
    const FileFacts facts = file_facts();
    bool has_infinite = false;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      is_given[c] = columns_[c].rule != ValueRule::undecided;
      if (columns_[c].rule == ValueRule::left_out || columns_[c].rule == ValueRule::text) continue;
      const InferredType inferred = infer(evidence_[c], facts);
      if (inferred.ambiguity) refuse(c, *inferred.ambiguity);
      if (is_given[c]) continue;
      columns_[c].rule = rule_of(inferred);
      notes[c] = inferred.note;
      if (expected_[c]) take_expected(c, *expected_[c], inferred, notes[c]);
      has_infinite =
          has_infinite || (columns_[c].rule != ValueRule::text && evidence_[c].count(ValueClass::infinite) > 0);
    }
    if (has_infinite) survey();  // rows that turned out bad only now
    for (std::size_t c = 0; c < columns_.size(); ++c) report_column(c, is_given[c], notes[c]);
    report_sums();
  }

  void take_expected(std::size_t c, const ExpectedColumn& expected, const InferredType& inferred, std::string& note) {
    const Conformed conformed = conform(expected, inferred, evidence_[c]);
    if (!conformed.rule) {
      Error error(ExitCode::bad_data,
                  "column " + std::to_string(c + 1) + " (" + columns_[c].name + ") " + conformed.note);
      error.in_file(file().place_of(1).file);
      throw comm::AgreedError(error.remedy("Correct the values, or convert without " + core::field("like") + " and " +
                                           core::field("type") + " for this column"));
    }
    columns_[c].rule = *conformed.rule;
    if (!conformed.note.empty()) note = conformed.note;
    if (columns_[c].rule == ValueRule::text) note.clear();
  }

  [[noreturn]] void refuse(std::size_t column, const Ambiguity& ambiguity) const {
    Error error(ExitCode::bad_data,
                "column " + std::to_string(column + 1) + " (" + columns_[column].name + ") " + ambiguity.reason);
    error.in_file(file().place_of(1).file).remedy(ambiguity.remedy);
    throw comm::AgreedError(error);
  }

  void report_sums() {
    std::vector<const DecimalSum*> sums;
    std::vector<std::string*> texts;
    for (std::size_t c = 0, kept = 0; c < columns_.size(); ++c) {
      if (columns_[c].rule == ValueRule::left_out) continue;
      ConvertedColumn& column = report_.columns[kept++];
      if (columns_[c].rule == ValueRule::text) continue;
      sums.push_back(&survey_.sums[c]);
      texts.push_back(&column.sum);
    }
    const std::vector<std::string> global = united(comm_, sums);
    for (std::size_t i = 0; i < texts.size(); ++i) *texts[i] = global[i];
  }

  void warn_of_unused_gap_words() {
    std::vector<std::int64_t> found(options_.missing.size(), 0);
    for (std::size_t i = 0; i < survey_.gap_words_found.size(); ++i) found[i] = survey_.gap_words_found[i] ? 1 : 0;
    comm_.allreduce_max(std::span(found));
    for (std::size_t i = 0; i < found.size(); ++i) {
      const GapWord& gap = options_.missing[i];
      if (found[i] == 0)
        events_.warning(core::field("na") + " " + text_of(gap) + ": the word does not occur" +
                        (gap.column.empty() ? "" : " in that column"));
    }
  }

  void report_column(std::size_t c, bool is_given, const std::string& note) {
    if (columns_[c].rule == ValueRule::left_out) return;
    const ValueRule rule = columns_[c].rule;
    io::ColumnSpec spec{columns_[c].name, type_of(rule), 0};
    spec.is_date = rule == ValueRule::date || rule == ValueRule::date_as_float64;
    if (spec.type == io::ColumnType::text) spec.text_bytes = std::max<std::int64_t>(evidence_[c].longest_bytes, 1);
    if (!note.empty()) events_.warning("column " + spec.name + " " + note);
    specs_.push_back(spec);
    report_.columns.push_back({spec, evidence_[c].missing(), is_given, note, ""});
  }

  // Returns the names of the shards that this rank wrote.
  std::vector<std::string> write_shards(const std::vector<CsvRowIndex::Entry>& starts, const io::ShardStaging& files) {
    const auto shards = static_cast<std::int64_t>(starts.size());
    for (std::int64_t shard = 0; shard < shards; ++shard)
      report_.shards.push_back(options_.output_directory / io::shard_name(set_stem(options_), shard, shards));
    const Range local_shards = core::local_range(comm_.rank(), shards, comm_.size());
    // Where no row was bad, every byte was found to be text, and every gap was counted.
    const bool is_clean = report_.bad_rows == 0;
    for (std::size_t c = 0; c < columns_.size(); ++c)
      columns_[c].may_have_gaps = !is_clean || evidence_[c].missing() > 0;
    const ShardWork work{file(),
                         dialect().delimiter,
                         columns_,
                         reader_,
                         specs_,
                         is_clean ? CsvRecordReader::TextCheck::is_done : CsvRecordReader::TextCheck::is_due,
                         options_.deflate_level};
    const auto rows_of = [&](std::int64_t shard) {
      return std::min(options_.rows_per_shard, report_.rows - shard * options_.rows_per_shard);
    };
    std::int64_t local_rows = 0;
    std::vector<std::string> local_names = comm::agree(comm_, [&] {
      std::vector<std::string> names;
      for (std::int64_t shard = local_shards.begin; shard < local_shards.end; ++shard) {
        names.push_back(io::shard_name(set_stem(options_), shard, shards));
        try {
          local_rows +=
              write_shard(work, starts[static_cast<std::size_t>(shard)], rows_of(shard), files.staged(names.back()));
        } catch (Error& error) {
          if (error.place().file == files.staged(names.back())) error.in_file(options_.output_directory / names.back());
          throw;
        }
        events_.progress("writing shards", shard + 1 - local_shards.begin, local_shards.size());
      }
      return names;
    });
    report_.rows_written = comm_.sum(local_rows);
    return local_names;
  }

  void list_bad_rows(const io::ShardStaging& files, std::vector<std::string>& local_files) {
    const std::string name = bad_rows_name(options_);
    write_bad_rows(comm_, file(), survey_.bad, dialect().column_names, files.staged(name));
    if (comm_.is_root()) local_files.push_back(name);
    report_.bad_rows_list = options_.output_directory / name;
  }

  comm::Communicator comm_;
  const ConvertOptions& options_;
  core::Events& events_;
  ValueReader reader_;
  std::optional<io::ShardStaging> files_;
  std::optional<DividedCsv> csv_;
  std::vector<CsvColumn> columns_;
  std::vector<std::optional<ExpectedColumn>> expected_;
  bool makes_directory_ = false;
  std::vector<io::ColumnSpec> specs_;  // of the columns that are kept
  std::optional<RecordStart> first_;
  RowSurvey survey_;
  std::vector<ColumnEvidence> evidence_;  // global
  ConvertReport report_;
};

}  // namespace

ConvertReport convert_csv(const comm::Communicator& comm, const ConvertOptions& options, core::Events& events) {
  return Conversion(comm, options, events).run();
}

}  // namespace cardseg::convert
