#include "convert/divided_csv.hpp"

#include <utility>

#include "cardseg/comm/agree.hpp"
#include "convert/csv_input.hpp"

namespace cardseg::convert {
namespace {

using core::Error;
using core::ExitCode;

HeaderOptions header_options(const ConvertOptions& options) {
  if (!options.field_places.empty()) return {'\t', 0, false, options.column_names};
  return {options.delimiter, options.header_line, !options.has_no_header, options.column_names};
}

}  // namespace

DividedCsv::DividedCsv(const comm::Communicator& comm, const ConvertOptions& options,
                       const std::function<std::filesystem::path()>& copy_path)
    : comm_(comm), options_(options) {
  const bool is_copied = comm::agree(comm_, [&] { return needs_copy(options_); });
  if (is_copied)
    copy(copy_path());
  else
    open(options_.inputs.front(), {});
  check_is_same();
  const core::Range rows = core::local_range(comm_.rank(), file_->size() - dialect_.data.offset, comm_.size());
  bytes_ = {dialect_.data.offset + rows.begin, dialect_.data.offset + rows.end};
}

// One rank makes the copy, all read it.
void DividedCsv::copy(const std::filesystem::path& path) {
  CopiedInput copied = comm::agree(
      comm_, [&] { return comm_.is_root() ? copy_input(options_, header_options(options_), path) : CopiedInput{}; });
  copied = from_root(comm_, copied);
  sources_ = copied.sources;
  open(path, std::move(copied.parts));
}

// `parts`: of a copy; none where the input itself is read.
void DividedCsv::open(const std::filesystem::path& path, std::vector<FilePart> parts) {
  comm::agree(comm_, [&] {
    if (parts.empty())
      file_.emplace(path);
    else
      file_.emplace(path, std::move(parts));
    dialect_ = read_dialect(*file_, header_options(options_));
  });
}

void DividedCsv::check_is_same() const {
  const bool is_same = comm_.min(file_->size()) == comm_.max(file_->size()) &&
                       comm_.min(file_->modified_ns()) == comm_.max(file_->modified_ns());
  comm::agree(comm_, [&] {
    if (is_same) return;
    Error error(ExitCode::bad_data, "is not the same file on all ranks");
    error.in_file(file_->place_of(1).file);
    error.remedy("Put it on a file system that all nodes share, and convert when nothing writes to it");
    throw error;
  });
}

std::int64_t DividedCsv::input_bytes() const {
  if (sources_.empty()) return file_->size();
  std::int64_t bytes = 0;
  for (const SourceFile& source : sources_) bytes += source.bytes;
  return bytes;
}

std::optional<RecordStart> DividedCsv::first_record() const {
  RangeStructure local;
  if (comm_.size() > 1) local = comm::agree(comm_, [&] { return scan_structure(*file_, dialect_.delimiter, bytes_); });
  std::vector<RangeStructure> all(static_cast<std::size_t>(comm_.size()));
  const std::vector<std::int64_t> line_feeds = comm_.allgather(local.line_feeds);
  for (std::size_t state = 0; state < local.ends.size(); ++state) {
    const std::vector<std::int64_t> ends = comm_.allgather(static_cast<std::int64_t>(local.ends[state]));
    for (std::size_t r = 0; r < all.size(); ++r) all[r].ends[state] = static_cast<QuoteState>(ends[r]);
  }
  for (std::size_t r = 0; r < all.size(); ++r) all[r].line_feeds = line_feeds[r];
  const RangeStart start = chain(all)[static_cast<std::size_t>(comm_.rank())];
  return comm::agree(
      comm_, [&] { return convert::first_record(*file_, dialect_.delimiter, bytes_, start, dialect_.data.line); });
}

void DividedCsv::begin_digest() {
  comm::agree(comm_, [&] {
    if (sources_.empty() && comm_.is_root()) digest_.emplace(*file_);
  });
}

const std::vector<SourceFile>& DividedCsv::sources() {
  if (!sources_.empty()) return sources_;
  const std::vector<SourceFile> found = comm::agree(comm_, [&] {
    if (!digest_) return std::vector<SourceFile>{};
    return std::vector<SourceFile>{{options_.inputs.front().string(), file_->size(), digest_->hex(), "none", "UTF-8"}};
  });
  sources_ = from_root(comm_, CopiedInput{{}, found}).sources;
  return sources_;
}

}  // namespace cardseg::convert
