// Texts of variable length in files whose heap was damaged, byte by byte, and on purpose.
#include "io/global_heap.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>

#include "cardseg/core/error.hpp"
#include "cardseg/io/shard_file.hpp"
#include "support/raw_hdf5.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io {
namespace {

using support::RawHdf5;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::string bytes_of_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class GlobalHeapTest : public testing::Test {
 protected:
  fs::path path() const { return directory_ / "shard.h5"; }

  // A shard with these texts, whose bytes are changed.
  core::Error refusal(const std::function<void(std::string&)>& change) const {
    write({"alpha", "beta", "gamma"});
    std::string bytes = bytes_of_file(path());
    change(bytes);
    std::ofstream(path(), std::ios::binary) << bytes;
    return support::error_of([&] { ShardFile(path()).read_texts(0, {0, 3}); });
  }

  void write(const std::vector<const char*>& texts, hid_t properties = H5P_DEFAULT) const {
    RawHdf5(path()).add("t", support::text_type(0), texts, properties);
  }

  support::TemporaryDirectory directory_;
};

template <class Number>
void put(std::string& bytes, std::size_t place, Number number) {
  std::memcpy(bytes.data() + place, &number, sizeof number);
}

// Where the reference to a text of these bytes is: its length, the collection's address, its index.
std::size_t reference_to(const std::string& bytes, std::uint32_t length) {
  const auto heap = static_cast<std::uint64_t>(bytes.find("GCOL"));
  std::string wanted(12, '\0');
  put(wanted, 0, length);
  put(wanted, 4, heap);
  return bytes.find(wanted);
}

TEST_F(GlobalHeapTest, GivesTextsOfEveryLayout) {
  const std::vector<const char*> texts = {"x", "", nullptr, "\xC3\xA4\xC3\xB6", "x"};
  const hid_t compact = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_layout(compact, H5D_COMPACT);
  const hid_t deflated = support::chunks_of({2});
  H5Pset_shuffle(deflated);
  H5Pset_deflate(deflated, 4);
  for (const hid_t properties : {hid_t{H5P_DEFAULT}, compact, deflated}) {
    write(texts, properties);

    EXPECT_THAT(ShardFile(path()).read_texts(0, {0, 5}), testing::ElementsAre("x", "", "", "\xC3\xA4\xC3\xB6", "x"));
    EXPECT_THAT(ShardFile(path()).read_texts(0, {3, 5}), testing::ElementsAre("\xC3\xA4\xC3\xB6", "x"));
  }
}

TEST_F(GlobalHeapTest, GivesTextsBehindAUserBlock) {
  {
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_userblock(creation, 512);
    const hid_t file = H5Fcreate(path().c_str(), H5F_ACC_TRUNC, creation, H5P_DEFAULT);
    const hid_t group = H5Gcreate2(file, "customers", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hsize_t count = 2;
    const hid_t space = H5Screate_simple(1, &count, nullptr);
    const hid_t type = support::text_type(0);
    const hid_t dataset = H5Dcreate2(group, "t", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const std::vector<const char*> texts = {"one", "two"};
    H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data());
    H5Dclose(dataset), H5Tclose(type), H5Sclose(space), H5Gclose(group), H5Fclose(file), H5Pclose(creation);
  }

  EXPECT_THAT(ShardFile(path()).read_texts(0, {0, 2}), testing::ElementsAre("one", "two"));
}

TEST_F(GlobalHeapTest, SurvivesManyCollections) {
  std::vector<std::string> texts;
  for (int i = 0; i < 20000; ++i)
    texts.push_back(std::string(static_cast<std::size_t>(i % 1500), 'a') + std::to_string(i));
  std::vector<const char*> pointers;
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  write(pointers);

  EXPECT_EQ(ShardFile(path()).read_texts(0, {0, 20000}), texts);
}

TEST_F(GlobalHeapTest, RefusesWhatLiesOutsideOfTheFile) {
  EXPECT_THAT(refusal([](std::string& bytes) { put(bytes, reference_to(bytes, 4) + 4, bytes.size()); }).what(),
              HasSubstr("the heap of its texts: a collection lies outside of the file"));
  EXPECT_THAT(refusal([](std::string& bytes) { put(bytes, reference_to(bytes, 4) + 4, ~std::size_t{1}); }).what(),
              HasSubstr("a collection lies outside of the file"));
  EXPECT_THAT(refusal([](std::string& bytes) { put(bytes, bytes.find("GCOL") + 8, bytes.size()); }).what(),
              HasSubstr("a collection ends outside of the file"));
}

TEST_F(GlobalHeapTest, RefusesWhatIsNoCollection) {
  EXPECT_THAT(refusal([](std::string& bytes) { bytes[bytes.find("GCOL")] = 'X'; }).what(),
              HasSubstr("a collection is not one"));
  EXPECT_THAT(refusal([](std::string& bytes) { bytes[bytes.find("GCOL") + 4] = 9; }).what(),
              HasSubstr("a collection is not one"));
}

TEST_F(GlobalHeapTest, RefusesIndicesAndLengthsThatDoNotFit) {
  EXPECT_THAT(refusal([](std::string& bytes) { put(bytes, reference_to(bytes, 4) + 12, 77U); }).what(),
              HasSubstr("a text that is named is not there"));
  EXPECT_THAT(refusal([](std::string& bytes) { put(bytes, reference_to(bytes, 4), 400U); }).what(),
              HasSubstr("a text is longer than its place"));
  EXPECT_THAT(refusal([](std::string& bytes) { put(bytes, reference_to(bytes, 4), 5000U); }).what(),
              HasSubstr("a text is longer than 4096 bytes"));
  EXPECT_THAT(refusal([](std::string& bytes) { put(bytes, bytes.find("GCOL") + 16 + 8, ~std::size_t{0} / 2); }).what(),
              HasSubstr("a text ends outside of its collection"));
}

TEST_F(GlobalHeapTest, RefusesTwoTextsOfOneNumber) {
  const core::Error error = refusal([](std::string& bytes) {
    const std::size_t second = bytes.find("GCOL") + 16 + 16 + 8;  // after one text of up to 8 bytes
    bytes[second] = bytes[bytes.find("GCOL") + 16];
  });

  EXPECT_THAT(error.what(), HasSubstr("two texts have one number"));
  EXPECT_EQ(error.place().column, "t");
}

// What HDF5 1.10 crashes on, loops in, or gives other texts for. Other texts are allowed only where the text or the
// reference itself was hit: no checksum covers them.
TEST_F(GlobalHeapTest, NeverCrashesWhateverBitIsFlipped) {
  write({"alpha", "beta", "gamma"});
  const std::string good = bytes_of_file(path());
  const std::size_t heap = good.find("GCOL");
  const std::size_t references = reference_to(good, 5);
  for (const std::size_t begin : {heap, references})
    for (std::size_t at = begin; at < std::min(begin + 120, good.size()); ++at)
      for (int bit = 0; bit < 8; ++bit) {
        std::string bytes = good;
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
        std::ofstream(path(), std::ios::binary) << bytes;
        try {
          EXPECT_EQ(ShardFile(path()).read_texts(0, {0, 3}).size(), 3U);
        } catch (const core::Error& error) {
          EXPECT_EQ(error.code(), core::ExitCode::bad_data) << error.what();
        }
      }
}

// 2,000 names that share one text of 4 MB took 12.5 GB.
TEST_F(GlobalHeapTest, LimitsTextsOfAttributesAsThoseOfColumns) {
  const std::string large(std::size_t{4} << 20, 'x');
  {
    RawHdf5 file(path(), "/");
    const std::vector<float> row(8, 1.0F);
    const hid_t matrix = file.add("m", H5T_IEEE_F32LE, {1, 8}, row.data());
    file.name_columns(matrix, std::vector<std::string>(8, large), true);
  }

  EXPECT_THAT(support::error_of([&] { const ShardFile shard(path()); }).what(),
              HasSubstr("a text is longer than 4096 bytes"));
}

// A collection of so many bytes with one text, "a".
std::string collection_of(std::uint64_t bytes) {
  std::string collection(bytes, '\0');
  collection.replace(0, 5, std::string("GCOL\1"));
  put(collection, 8, bytes);
  collection[16] = 1;  // its number
  put(collection, 24, std::uint64_t{1});
  collection[32] = 'a';
  return collection;
}

// Collections that do not fit in the memory that is kept, and take turns.
TEST_F(GlobalHeapTest, RefusesToReadTheSameCollectionsAgainAndAgain) {
  constexpr std::uint64_t size = std::uint64_t{12} << 20;
  std::ofstream(path(), std::ios::binary) << std::string(512, '\0') << collection_of(size) << collection_of(size);
  const int descriptor = ::open(path().c_str(), O_RDONLY);
  GlobalHeap heap({descriptor, 0, 512 + 2 * static_cast<std::int64_t>(size), true});
  const auto text_at = [&](std::uint64_t address) {
    std::string reference(16, '\0');
    put(reference, 0, 1U);
    put(reference, 4, address);
    put(reference, 12, 1U);
    return heap.text(std::as_bytes(std::span(reference)).first<16>(), 4096);
  };

  EXPECT_EQ(text_at(512), "a");
  EXPECT_EQ(text_at(512 + size), "a");
  const core::Error error = support::error_of([&] {
    for (int i = 0; i < 100; ++i) text_at(512 + size * static_cast<std::uint64_t>(i % 2));
  });
  ::close(descriptor);

  EXPECT_THAT(error.what(), HasSubstr("again and again"));
}

}  // namespace
}  // namespace cardseg::io
