#include "faults/refusal.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_file.hpp"
#include "cardseg/io/shard_writer.hpp"

namespace cardseg::faults {
namespace {

namespace fs = std::filesystem;

// What cardseg itself said on stderr, without the launcher's lines, whose process numbers may be anything.
std::string own_lines(const std::string& err) {
  std::istringstream lines(err);
  std::string own;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("cardseg: ") || line.find(" warning ") != std::string::npos) own += line + "\n";
  return own;
}

void check_refusal(const support::Outcome& outcome, core::ExitCode code, const std::vector<std::string>& words) {
  EXPECT_EQ(outcome.exit_code, static_cast<int>(code));
  EXPECT_EQ(count(outcome.err, "cardseg: error: "), 1) << outcome.err;
  const std::string said = own_lines(outcome.err);
  for (const std::string& word : words) EXPECT_THAT(said, testing::HasSubstr(word));
  EXPECT_THAT(said, testing::Not(testing::AnyOf(testing::HasSubstr(secret_digits), testing::HasSubstr(secret_word))));
  if (std::getenv("CARDSEG_SHOW_MESSAGES")) std::printf("%d %s", outcome.exit_code, said.c_str());
}

}  // namespace

Columns customers(std::int64_t rows, std::int64_t first_row) {
  std::vector<std::int64_t> id;
  std::vector<std::int32_t> age;
  std::vector<double> balance;
  std::vector<double> purchases;
  std::vector<std::string> region;
  for (std::int64_t row = first_row; row < first_row + rows; ++row) {
    id.push_back(4711000000 + row);
    age.push_back(471100 + static_cast<std::int32_t>(row * 37 % 13));
    balance.push_back(4711e6 + 0.5 + static_cast<double>(row * 53 % 97));
    purchases.push_back(4711e3 + 0.5 + static_cast<double>(row * 71 % 89));
    region.push_back("secret-" + std::to_string(row % 4));
  }
  return {{"customer_id", id}, {"age", age}, {"balance", balance}, {"purchases", purchases}, {"region", region}};
}

Column& column(Columns& columns, const std::string& name) {
  for (Column& each : columns)
    if (each.name == name) return each;
  throw std::invalid_argument("no column " + name);
}

void write_shard(const fs::path& path, const Columns& columns) {
  fs::create_directories(path.parent_path());
  std::vector<io::ColumnSpec> specs;
  io::Block block;
  for (const Column& each : columns) {
    specs.push_back({each.name, static_cast<io::ColumnType>(each.values.index()), 16});
    block.push_back(each.values);
  }
  io::ShardWriter writer(path, specs, io::row_count(block.front()));
  writer.append(block);
  writer.commit();
}

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

void flip_a_bit(const fs::path& path, double share) {
  std::string bytes = io::read_file(path);
  char& byte = bytes[static_cast<std::size_t>(share * static_cast<double>(bytes.size()))];
  byte = static_cast<char>(byte ^ 1);
  write_text(path, bytes);
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (std::size_t place = text.find(part); place != std::string::npos; place = text.find(part, place + 1)) ++found;
  return found;
}

void expect_nothing_half_written(const fs::path& directory) {
  if (!fs::is_directory(directory)) return;
  EXPECT_FALSE(fs::exists(directory / "manifest.json"));
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    EXPECT_THAT(entry.path().string(), testing::Not(testing::HasSubstr("partial")));
    if (entry.path().extension() != ".h5") continue;
    EXPECT_NO_THROW(io::ShardFile(entry.path())) << entry.path();
  }
}

std::string Faults::make_portfolio(int shards) const {
  for (int i = 0; i < shards; ++i)
    write_shard(scratch_ / "shards" / (std::string(1, static_cast<char>('a' + i)) + ".h5"), customers(20, 20 * i));
  return at("shards");
}

void Faults::expect_refused(const std::string& arguments, core::ExitCode code,
                            const std::vector<std::string>& words) const {
  for (const int ranks : {0, 3}) {
    SCOPED_TRACE(testing::Message() << ranks << " ranks: " << arguments);
    fs::remove_all(output());
    check_refusal(support::run_cardseg(arguments, {.ranks = ranks, .seconds = 60}), code, words);
    expect_nothing_half_written(output());
  }
}

void Faults::expect_fit_refused(const std::string& shards, core::ExitCode code, const std::vector<std::string>& words,
                                const std::string& options) const {
  expect_refused("fit --shards " + shards + " --output " + output() + " " + options, code, words);
}

support::Outcome Faults::expect_done(const std::string& arguments) const {
  support::Outcome outcome;
  for (const int ranks : {0, 3}) {
    fs::remove_all(output());
    outcome = support::run_cardseg(arguments, {.ranks = ranks, .seconds = 60});
    EXPECT_EQ(outcome.exit_code, 0) << ranks << " ranks: " << arguments << "\n" << outcome.err;
  }
  return outcome;
}

}  // namespace cardseg::faults
