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
#include "convert/background_digest.hpp"
#include "convert/csv_bad_row_listing.hpp"
#include "convert/csv_columns.hpp"
#include "convert/csv_dialect.hpp"
#include "convert/csv_expectation.hpp"
#include "convert/csv_id_column.hpp"
#include "convert/csv_input.hpp"
#include "convert/csv_quotes.hpp"
#include "convert/csv_rows.hpp"
#include "convert/csv_shards.hpp"
#include "convert/csv_survey.hpp"
#include "convert/evidence_exchange.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;
using core::Range;

std::string set_stem(const ConvertOptions& options) { return stem_of(options.inputs.front()); }

HeaderOptions header_options(const ConvertOptions& options) {
  return {options.delimiter, options.header_line, !options.has_no_header, options.column_names};
}

// The work of one conversion, phase by phase. Every function is collective unless it says Local.
class Conversion {
 public:
  Conversion(const comm::Communicator& comm, const ConvertOptions& options, core::Events& events)
      : comm_(comm), options_(options), events_(events), reader_(options.conventions) {}

  ConvertReport run() try {
    const bool is_copied = comm::agree(comm_, [&] {
      validate(options_);
      return needs_copy(options_.inputs, options_.encoding);
    });
    if (is_copied) {
      stage();
      copy();
    } else {
      open({});
      stage();
      comm::agree(comm_, [&] {
        if (comm_.is_root()) digest_.emplace(*file_);
      });
    }
    io::ShardStaging& files = *files_;
    find_first_record();
    survey();
    decide_types();
    warn_of_unused_gap_words();
    const std::vector<CsvRowIndex::Entry> starts =
        locate_shards(comm_, survey_.index, report_.rows, options_.rows_per_shard);
    std::vector<std::string> local_files = write_shards(starts, files);
    if (report_.bad_rows > 0) list_bad_rows(files, local_files);
    digest_source();
    comm::agree(comm_, [&] {
      file_->check_unchanged();
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

  // Of an input that was read as it is; copies were digested on their way.
  void digest_source() {
    if (!report_.sources.empty()) return;
    const std::vector<SourceFile> sources = comm::agree(comm_, [&] {
      if (!digest_) return std::vector<SourceFile>{};
      return std::vector<SourceFile>{
          {options_.inputs.front().string(), file_->size(), digest_->hex(), "none", "UTF-8"}};
    });
    report_.sources = from_root(comm_, CopiedInput{{}, sources}).sources;
  }

  // One rank makes the copy, all read it.
  void copy() {
    const std::filesystem::path path = files_->staged("input.csv");
    CopiedInput copied = comm::agree(comm_, [&] {
      return comm_.is_root() ? copy_input(options_.inputs, options_.encoding, header_options(options_), path)
                             : CopiedInput{};
    });
    copied = from_root(comm_, copied);
    report_.sources = copied.sources;
    open(std::move(copied.parts));
  }

  // `parts`: of a copy; none where the input itself is read.
  void open(std::vector<FilePart> parts) {
    comm::agree(comm_, [&] {
      if (parts.empty())
        file_.emplace(options_.inputs.front());
      else
        file_.emplace(files_->staged("input.csv"), std::move(parts));
      dialect_ = read_dialect(*file_, header_options(options_));
      columns_ = columns_of(dialect_, options_);
    });
    expect_columns();
    for (const std::string& warning : dialect_.warnings) events_.warning(warning);
    const bool is_same = comm_.min(file_->size()) == comm_.max(file_->size()) &&
                         comm_.min(file_->modified_ns()) == comm_.max(file_->modified_ns());
    comm::agree(comm_, [&] {
      if (is_same) return;
      Error error(ExitCode::bad_data, "is not the same file on all ranks");
      error.in_file(file_->place_of(1).file);
      error.remedy("Put it on a file system that all nodes share, and convert when nothing writes to it");
      throw error;
    });
    const Range rows = core::local_range(comm_.rank(), file_->size() - dialect_.data.offset, comm_.size());
    bytes_ = {dialect_.data.offset + rows.begin, dialect_.data.offset + rows.end};
    report_.input_bytes = file_->size();
    for (const SourceFile& source : report_.sources) report_.input_bytes += source.bytes;
    if (!report_.sources.empty()) report_.input_bytes -= file_->size();
    report_.delimiter = dialect_.delimiter;
  }

  void find_first_record() {
    RangeStructure local;
    if (comm_.size() > 1)
      local = comm::agree(comm_, [&] { return scan_structure(*file_, dialect_.delimiter, bytes_); });
    std::vector<RangeStructure> all(static_cast<std::size_t>(comm_.size()));
    const std::vector<std::int64_t> line_feeds = comm_.allgather(local.line_feeds);
    for (std::size_t state = 0; state < local.ends.size(); ++state) {
      const std::vector<std::int64_t> ends = comm_.allgather(static_cast<std::int64_t>(local.ends[state]));
      for (std::size_t r = 0; r < all.size(); ++r) all[r].ends[state] = static_cast<QuoteState>(ends[r]);
    }
    for (std::size_t r = 0; r < all.size(); ++r) all[r].line_feeds = line_feeds[r];
    const RangeStart start = chain(all)[static_cast<std::size_t>(comm_.rank())];
    first_ =
        comm::agree(comm_, [&] { return first_record(*file_, dialect_.delimiter, bytes_, start, dialect_.data.line); });
  }

  void survey() {
    const std::int64_t before = bytes_.begin;
    const auto on_progress = [&](std::int64_t offset) {
      events_.progress("examining rows", offset - before, bytes_.size());
    };
    survey_ = comm::agree(comm_, [&] {
      return survey_rows(
          {*file_, dialect_, columns_, reader_, options_.bad_rows, id_column(dialect_.column_names), on_progress},
          first_, bytes_.end);
    });
    evidence_ = united(comm_, survey_.evidence);
    report_.rows = comm_.sum(survey_.index.rows());
    report_.bad_rows = comm_.sum(survey_.bad.count());
    report_.blank_lines = comm_.sum(survey_.blank_lines);
    std::array<std::int64_t, csv_problem_count> counts = survey_.bad.counts();
    comm_.allreduce_sum(std::span(counts));
    report_.bad_row_reasons.clear();
    for (std::size_t p = 0; p < counts.size(); ++p)
      if (counts[p] > 0) report_.bad_row_reasons.push_back({describe(static_cast<CsvProblem>(p)), counts[p]});
    check_bad_rows();
  }

  // What --like and dates among the given types say of the columns.
  void expect_columns() {
    Expectation like;
    if (!options_.like.empty()) {
      std::string bytes =
          comm::agree(comm_, [&] { return comm_.is_root() ? packed(read_expectation(options_.like)) : std::string(); });
      comm_.broadcast(bytes, 0);
      like = unpacked(bytes);
    }
    expected_ = comm::agree(comm_, [&] { return expected_columns(like, options_, *file_, dialect_, columns_); });
  }

  // More bad rows than may be skipped are an error that says why the most of them are bad.
  void check_bad_rows() const {
    const std::int64_t all = report_.rows + report_.bad_rows;
    if (static_cast<double>(report_.bad_rows) <= options_.max_bad_share * static_cast<double>(all)) return;
    const std::string local_first = survey_.bad.count() == 0
                                        ? ""
                                        : lines_of(survey_.bad.first_rows().front(), *file_) + " " +
                                              describe(survey_.bad.first_rows().front().what, dialect_.column_names);
    const std::vector<std::string> firsts = comm_.allgather(local_first);
    const auto first =
        std::find_if(firsts.begin(), firsts.end(), [](const std::string& each) { return !each.empty(); });
    const auto most = std::max_element(report_.bad_row_reasons.begin(), report_.bad_row_reasons.end(),
                                       [](const ReasonCount& a, const ReasonCount& b) { return a.rows < b.rows; });
    Error error(ExitCode::bad_data,
                core::with_commas(report_.bad_rows) + " of " + core::with_commas(all) +
                    " rows do not parse, more than " + core::field("max-bad-rows") + " " +
                    share_text(options_.max_bad_share) + " allows; " + core::with_commas(most->rows) +
                    (most->rows == 1 ? " of them holds " : " of them hold ") + most->reason + "; the first: " + *first);
    error.in_file(file_->place_of(1).file);
    throw comm::AgreedError(
        error.remedy(most->reason == describe(CsvProblem::invalid_utf8)
                         ? "Name the file's " + core::field("encoding") + "; without " + core::field("bad-rows") +
                               " skip the likely one is said"
                         : "Mend the cause, or raise " + core::field("max-bad-rows") + " where the loss is meant"));
  }

  FileFacts file_facts() const {
    FileFacts facts{options_.conventions, dialect_.delimiter, false};
    if (file_->has_parts())
      facts.place = [this](std::int64_t line) {
        const CsvFile::Place place = file_->place_of(line);
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
      error.in_file(file_->place_of(1).file);
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
    error.in_file(file_->place_of(1).file).remedy(ambiguity.remedy);
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
    const ShardWork work{*file_,
                         dialect_.delimiter,
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
    write_bad_rows(comm_, *file_, survey_.bad, dialect_.column_names, files.staged(name));
    if (comm_.is_root()) local_files.push_back(name);
    report_.bad_rows_list = options_.output_directory / name;
  }

  comm::Communicator comm_;
  const ConvertOptions& options_;
  core::Events& events_;
  ValueReader reader_;
  std::optional<io::ShardStaging> files_;
  std::optional<CsvFile> file_;
  std::optional<BackgroundDigest> digest_;  // of an input that is read as it is; on rank 0
  CsvDialect dialect_;
  std::vector<CsvColumn> columns_;
  std::vector<std::optional<ExpectedColumn>> expected_;
  bool makes_directory_ = false;
  std::vector<io::ColumnSpec> specs_;  // of the columns that are kept
  Range bytes_;                        // of this rank
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
