#include "transactions/row_source.hpp"

#include <algorithm>
#include <system_error>

#include "cardseg/comm/agree.hpp"
#include "cardseg/core/error.hpp"
#include "transactions/shard_rows.hpp"

namespace cardseg::transactions {
namespace {

namespace fs = std::filesystem;
using core::Error;
using core::ExitCode;

class CsvRows : public RowSource {
 public:
  CsvRows(const comm::Communicator& comm, const convert::ConvertOptions& options, const fs::path& copy)
      : rows_(comm, options, copy) {}

  const std::vector<std::string>& column_names() const override { return rows_.column_names(); }
  std::vector<std::string> warnings() const override { return rows_.warnings(); }
  std::string file() const override { return rows_.file(); }
  void use(std::size_t customer, std::size_t, std::size_t, const std::vector<std::size_t>&) override {
    rows_.name_rows_by(customer);
  }
  bool next() override { return rows_.next(); }
  std::int64_t done() const override { return rows_.bytes_done(); }
  std::int64_t total() const override { return rows_.bytes_total(); }
  std::string_view text(std::size_t column) override { return rows_.text(column); }
  std::optional<convert::DecimalNumber> decimal(std::size_t column) override { return rows_.decimal(column); }
  std::optional<convert::Moment> moment(std::size_t column) override { return rows_.moment(column); }
  void reject(convert::CsvProblem problem, std::size_t column, const std::string& remedy) override {
    rows_.reject(problem, column, remedy);
  }
  convert::CsvReading finish(const fs::path& list) override { return rows_.finish(list); }

 private:
  convert::CsvRowReader rows_;
};

bool is_shard(const fs::path& file) { return file.extension() == ".h5" || file.extension() == ".hdf5"; }

std::vector<fs::path> files_in(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code failure;
  for (fs::directory_iterator at(directory, failure), end; !failure && at != end; at.increment(failure))
    if (!at->path().filename().string().starts_with('.') && at->is_regular_file()) files.push_back(at->path());
  if (failure) throw Error(ExitCode::permission, "cannot be listed: " + failure.message()).in_file(directory.string());
  if (std::ranges::any_of(files, is_shard)) std::erase_if(files, [](const fs::path& file) { return !is_shard(file); });
  if (files.empty())
    throw Error(ExitCode::input_missing, "holds no file").in_file(directory.string()).remedy("Check the path");
  std::ranges::sort(files);
  return files;
}

}  // namespace

std::vector<fs::path> files_of(const std::vector<fs::path>& inputs) {
  std::vector<fs::path> files;
  for (const fs::path& input : inputs) {
    std::error_code unreachable;
    if (!fs::is_directory(input, unreachable)) {
      files.push_back(input);
      continue;
    }
    const std::vector<fs::path> inside = files_in(input);
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

std::unique_ptr<RowSource> open_rows(const comm::Communicator& comm, const convert::ConvertOptions& options,
                                     const char* table, const fs::path& copy) {
  const auto shards = std::ranges::count_if(options.inputs, is_shard);
  if (shards == 0) return std::make_unique<CsvRows>(comm, options, copy);
  if (shards < std::ssize(options.inputs))
    throw comm::AgreedError(
        Error(ExitCode::usage, std::string("some ") + table + " are in HDF5 shards and some in CSV files")
            .remedy("Name one kind"));
  return std::make_unique<ShardRows>(comm, options, table);
}

}  // namespace cardseg::transactions
