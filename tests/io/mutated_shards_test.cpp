// Shards of which bytes were changed at random are read, each in a process: refused, or read to the end. Never a crash,
// a hang or much memory; and where checksums and digests cover values, never others. With CARDSEG_CAMPAIGN 100 times
// as many.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <random>

#include "cardseg/core/error.hpp"
#include "cardseg/io/shard_file.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "io/hdf5_guard.hpp"
#include "support/raw_hdf5.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::io {
namespace {

namespace fs = std::filesystem;

constexpr int variants = 150;  // of each file
constexpr unsigned seconds = 20;
constexpr rlim_t most_memory = rlim_t{1} << 30;
constexpr std::size_t rows = 300;

// How the reading of a variant ended, as the exit code of its process.
enum Ended { same = 1, other = 2, refused = 3, refused_by_guard = 4, refused_otherwise = 5 };

std::uint64_t hash_of(const std::string& bytes, std::uint64_t hash) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
  return hash;
}

// Of all names, types and values.
std::uint64_t values_of(const fs::path& path) {
  const ShardFile shard(path);
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (std::size_t column = 0; column < shard.header().columns.size(); ++column) {
    const StoredColumn& stored = shard.header().columns[column];
    hash = hash_of(stored.name + stored.stored_type, hash);
    if (stored.type == ColumnType::text) {
      for (const std::string& text : shard.read_texts(column, {0, shard.header().rows}))
        hash = hash_of(text + "\n", hash);
      continue;
    }
    std::vector<double> numbers(static_cast<std::size_t>(shard.header().rows));
    shard.read_numbers(column, {0, shard.header().rows}, numbers);
    hash = hash_of({reinterpret_cast<const char*>(numbers.data()), 8 * numbers.size()}, hash);
  }
  return hash;
}

Ended read_variant(const fs::path& path, std::uint64_t expected) {
  try {
    return values_of(path) == expected ? same : other;
  } catch (const core::Error& error) {
    if (hdf5::has_crashed()) return refused_by_guard;
    return error.code() == core::ExitCode::bad_data || error.code() == core::ExitCode::io ? refused : refused_otherwise;
  }
}

std::string changed(std::string bytes, std::mt19937_64& random) {
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  const std::size_t at = below(bytes.size());
  switch (below(6)) {
    case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8))); break;
    case 1: bytes[at] = static_cast<char>(random()); break;
    case 2: {
      const std::uint64_t numbers[] = {0, ~std::uint64_t{0}, std::uint64_t{1} << 63, bytes.size(), random()};
      const std::uint64_t number = numbers[below(5)];
      const std::size_t size = std::size_t{1} << below(4);
      std::memcpy(bytes.data() + at, &number, std::min(size, bytes.size() - at));
      break;
    }
    case 3: bytes.resize(at); break;
    case 4: {
      const std::size_t size = std::min<std::size_t>(64, bytes.size() - at);
      bytes.replace(at, size, std::string(size, '\0'));
      break;
    }
    default: {
      const std::size_t size = std::min<std::size_t>(16, bytes.size() - at);
      const std::size_t from = below(bytes.size() - size + 1);
      bytes.replace(at, size, bytes.substr(from, size));
    }
  }
  return bytes;
}

class MutatedShards : public testing::Test {
 protected:
  // How many ended how; what is neither crashes, hangs nor takes too much memory has a positive code.
  std::map<int, int> read_variants(std::uint64_t seed) const {
    std::ifstream file(path(), std::ios::binary);
    const std::string good{std::istreambuf_iterator<char>(file), {}};
    const std::uint64_t expected = values_of(path());
    const char* campaign = std::getenv("CARDSEG_CAMPAIGN");
    std::map<int, int> counts;
    for (int i = 0; i < (campaign ? 100 : 1) * variants; ++i) {
      std::mt19937_64 random(seed * 1'000'000 + static_cast<std::uint64_t>(i));
      const std::string bytes = changed(good, random);
      if (bytes == good) continue;
      std::ofstream(variant(), std::ios::binary) << bytes;
      const int ended = read_in_process(expected);
      ++counts[ended];
      if (ended < same || ended > refused)
        std::fprintf(stderr, "seed %d, variant %d: %d\n", static_cast<int>(seed), i, ended);
    }
    return counts;
  }

  fs::path path() const { return directory_ / "shard.h5"; }
  fs::path variant() const { return directory_ / "variant.h5"; }

  int read_in_process(std::uint64_t expected) const {
    const pid_t child = ::fork();
    if (child == 0) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
      const rlimit memory = {most_memory, most_memory};
      ::setrlimit(RLIMIT_AS, &memory);
#endif
      ::alarm(seconds);
      ::_exit(read_variant(variant(), expected));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  support::TemporaryDirectory directory_;
};

void expect_none_wrong(const std::map<int, int>& counts, bool is_covered) {
  for (const auto& [ended, count] : counts) {
    const bool is_right = ended == same || ended == refused || (ended == other && !is_covered);
    EXPECT_TRUE(is_right || ended == refused_by_guard) << count << " variants ended with " << ended;
  }
}

void write_own(const fs::path& path, int deflate_level) {
  std::vector<double> numbers(rows);
  std::iota(numbers.begin(), numbers.end(), 0.5);
  std::vector<std::int32_t> integers(rows, 7);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < rows; ++i) texts.push_back("id" + std::to_string(i));
  ShardWriter writer(path, {{"a", ColumnType::float64}, {"b", ColumnType::int32}, {"t", ColumnType::text, 8}}, rows,
                     {.deflate_level = deflate_level});
  writer.append({numbers, integers, texts});
  writer.commit();
}

TEST_F(MutatedShards, OfCardsegGiveTheirValuesOrNone) {
  for (const int level : {0, 6}) {
    write_own(path(), level);
    expect_none_wrong(read_variants(static_cast<std::uint64_t>(1 + level)), true);
  }
}

// In the format that h5py writes unless it is told otherwise.
TEST_F(MutatedShards, OfOthersAreReadOrRefused) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < rows; ++i) ids.push_back("customer-" + std::to_string(i));
  std::vector<const char*> pointers;
  for (const std::string& id : ids) pointers.push_back(id.c_str());
  std::vector<double> numbers(rows);
  std::iota(numbers.begin(), numbers.end(), 0.5);
  {
    support::RawHdf5 file(path());
    const hid_t deflated = support::chunks_of({64});
    H5Pset_shuffle(deflated);
    H5Pset_deflate(deflated, 4);
    file.add("id", support::text_type(0), pointers);
    file.add("packed_id", support::text_type(0), pointers, deflated);
    file.add("packed", H5T_IEEE_F64LE, numbers, deflated);
    file.add("plain", H5T_IEEE_F64LE, numbers);
  }
  expect_none_wrong(read_variants(11), false);
}

TEST_F(MutatedShards, OfOneMatrixAreReadOrRefused) {
  std::vector<float> values(rows * 4);
  std::iota(values.begin(), values.end(), 0.25F);
  {
    support::RawHdf5 file(path(), "/");
    const hid_t properties = support::chunks_of({100, 2});
    H5Pset_deflate(properties, 4);
    const hid_t matrix = file.add("m", H5T_IEEE_F32LE, {rows, 4}, values.data(), properties);
    file.name_columns(matrix, {"a", "b", "c", "d"}, true);
  }
  expect_none_wrong(read_variants(21), false);
}

}  // namespace
}  // namespace cardseg::io
