#include <gmock/gmock.h>
#include <unistd.h>

#include <functional>
#include <map>

#include "cardseg/core/error.hpp"
#include "cardseg/generate/generator.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "cardseg/io/shard_writer.hpp"
#include "support/world.hpp"

namespace cardseg::generate {
namespace {

namespace fs = std::filesystem;
using support::world;
using testing::HasSubstr;

// A directory that all ranks see, empty at first, removed at the end.
class Scratch {
 public:
  Scratch() {
    std::string name;
    if (world().is_root()) {
      name = (fs::temp_directory_path() / ("cardseg-generator-" + std::to_string(::getpid()))).string();
      fs::remove_all(name);
      fs::create_directories(name);
    }
    world().broadcast(name, 0);
    directory_ = name;
  }
  ~Scratch() {
    world().barrier();
    if (world().is_root()) fs::remove_all(directory_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  fs::path operator/(const std::string& name) const { return directory_ / name; }

 private:
  fs::path directory_;
};

void write_as_root(const fs::path& path, const std::string& text) {
  if (world().is_root()) {
    fs::create_directories(path.parent_path());
    io::write_file(path, text);
  }
  world().barrier();
}

// SHA-256 of every file below a directory, by relative name.
std::map<std::string, std::string> digests(const fs::path& directory) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.is_regular_file())
      found[entry.path().lexically_relative(directory).string()] = io::sha256_of_file(entry.path());
  return found;
}

GeneratorReport generate(const comm::Communicator& comm, const GeneratorOptions& options) {
  core::Events silent;
  return generate_portfolio(comm, options, silent);
}

core::ExitCode code_of(const std::function<void()>& work, std::string* message = nullptr) {
  try {
    work();
  } catch (const core::Error& error) {
    if (message) *message = error.what();
    return error.code();
  }
  return core::ExitCode::done;
}

}  // namespace

TEST(GeneratePortfolio, WritesTheSameBytesOnAnyNumberOfRanks) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 10007, .rows_per_shard = 1500, .extra_features = 3, .deflate_level = 1};

  options.output_directory = scratch / "shared";
  const GeneratorReport report = generate(world(), options);
  if (world().is_root()) {
    options.output_directory = scratch / "alone";
    generate({}, options);
  }
  world().barrier();

  const auto files = digests(scratch / "shared");
  EXPECT_EQ(files, digests(scratch / "alone"));
  EXPECT_EQ(files.size(), 2u * 7 + 2);
  EXPECT_TRUE(files.contains("shards/portfolio-00006-of-00007.h5"));
  EXPECT_TRUE(files.contains("truth/portfolio-00000-of-00007.h5"));
  EXPECT_EQ(report.customers, 10007);
  EXPECT_EQ(report.shards, 7);
  EXPECT_EQ(report.columns, 1 + 22 + 3);
  std::int64_t counted = 0;
  for (const GeneratedSegment& segment : report.segments) counted += segment.customers;
  EXPECT_EQ(counted, 10007);
}

TEST(GeneratePortfolio, PutsEachShardsOwnRowsInIt) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 70500, .rows_per_shard = 70000};
  options.output_directory = scratch / "portfolio";
  const PortfolioGenerator generator(options);

  generate(world(), options);

  if (world().is_root()) {
    io::ShardWriter last(scratch / "last.h5", generator.columns(), 500);
    last.append(generator.rows({70000, 70500}));
    last.commit();
    EXPECT_EQ(io::sha256_of_file(scratch / "last.h5"),
              io::sha256_of_file(scratch / "portfolio" / "shards" / "portfolio-00001-of-00002.h5"));
    io::ShardWriter truth(scratch / "truth.h5", generator.truth_columns(), 70000);
    truth.append(generator.truth({0, 70000}));
    truth.commit();
    EXPECT_EQ(io::sha256_of_file(scratch / "truth.h5"),
              io::sha256_of_file(scratch / "portfolio" / "truth" / "portfolio-00000-of-00002.h5"));
  }
}

TEST(GeneratePortfolio, WritesOneEmptyShardForNoCustomers) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 0};
  options.output_directory = scratch / "none";

  const GeneratorReport report = generate(world(), options);

  EXPECT_EQ(report.shards, 1);
  EXPECT_TRUE(fs::exists(scratch / "none" / "shards" / "portfolio-00000-of-00001.h5"));
  EXPECT_TRUE(fs::exists(scratch / "none" / "truth" / "portfolio-00000-of-00001.h5"));
}

TEST(GeneratePortfolio, WorksWithFewerCustomersThanRanks) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 2, .rows_per_shard = 1};
  options.output_directory = scratch / "two/";

  const GeneratorReport report = generate(world(), options);

  EXPECT_EQ(report.shards, 2);
  EXPECT_EQ(digests(scratch / "two").size(), 2u * 2 + 2);
}

TEST(GeneratePortfolio, ListsTheSegmentsAndWritesADescription) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 1000, .segments = 2};
  options.output_directory = scratch / "portfolio";

  const GeneratorReport report = generate(world(), options);

  const std::string csv = io::read_file(scratch / "portfolio" / "truth" / "segments.csv");
  EXPECT_THAT(csv, testing::StartsWith("number,name,description,share,customers\n1,transactors,"));
  EXPECT_THAT(csv, HasSubstr(",0.545455," + std::to_string(report.segments[0].customers) + "\n2,revolvers,"));
  EXPECT_EQ(io::read_file(scratch / "portfolio" / "description.ini"), generated_description(options));
}

TEST(GeneratePortfolio, LeavesAnExistingPortfolioUnlessToldToOverwrite) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 300, .rows_per_shard = 100};
  options.output_directory = scratch / "portfolio";
  generate(world(), options);
  const auto before = digests(scratch / "portfolio");
  world().barrier();

  options.rows_per_shard = 200;
  std::string message;
  EXPECT_EQ(code_of([&] { generate(world(), options); }, &message), core::ExitCode::cannot_create);
  EXPECT_THAT(message, HasSubstr("add overwrite"));
  EXPECT_EQ(digests(scratch / "portfolio"), before);
  world().barrier();

  options.overwrite = true;
  generate(world(), options);
  EXPECT_EQ(digests(scratch / "portfolio").size(), 2u * 2 + 2) << "the earlier shards are gone";
  for (const auto& entry : fs::directory_iterator(scratch / "")) EXPECT_EQ(entry.path().filename(), "portfolio");
}

TEST(GeneratePortfolio, LeavesAnOutputThatAppearsWhileItWrites) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 10};
  options.output_directory = scratch / "portfolio";
  class Intruder : public core::Events {
   public:
    explicit Intruder(fs::path file) : file_(std::move(file)) {}
    void progress(std::string_view, std::int64_t, std::int64_t, std::string_view,
                  std::span<const core::Fact>) override {
      fs::create_directories(file_.parent_path());
      io::write_file(file_, "somebody else's");
    }

   private:
    fs::path file_;
  } intruder(scratch / "portfolio" / "description.ini");

  EXPECT_EQ(code_of([&] { generate_portfolio(world(), options, intruder); }), core::ExitCode::cannot_create);
  EXPECT_EQ(io::read_file(scratch / "portfolio" / "description.ini"), "somebody else's");
}

TEST(GeneratePortfolio, ReportsItsProgressInCustomers) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 1000, .rows_per_shard = 300};
  options.output_directory = scratch / "portfolio";
  class Recorder : public core::Events {
   public:
    void progress(std::string_view, std::int64_t done, std::int64_t total, std::string_view,
                  std::span<const core::Fact>) override {
      EXPECT_GT(done, last_done);
      last_done = done;
      last_total = total;
    }
    std::int64_t last_done = 0;
    std::int64_t last_total = 0;
  } recorder;

  generate_portfolio(world(), options, recorder);

  EXPECT_EQ(recorder.last_done, recorder.last_total);
  EXPECT_EQ(world().sum(recorder.last_done), 1000);
}

TEST(GeneratePortfolio, NeverOverwritesWhatIsNotAPortfolio) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 10, .overwrite = true};
  options.output_directory = scratch / "papers";
  write_as_root(scratch / "papers" / "thesis.txt", "years of work");
  write_as_root(scratch / "file", "a file");

  EXPECT_EQ(code_of([&] { generate(world(), options); }), core::ExitCode::cannot_create);
  EXPECT_EQ(io::read_file(scratch / "papers" / "thesis.txt"), "years of work");
  options.output_directory = scratch / "file";
  EXPECT_EQ(code_of([&] { generate(world(), options); }), core::ExitCode::cannot_create);
}

TEST(GeneratePortfolio, LeavesNothingWhereOneRankFails) {
  const Scratch scratch;
  GeneratorOptions options{.customers = 1000, .rows_per_shard = 100};
  options.output_directory = scratch / "parent" / "portfolio";
  // The last rank fails in its second shard.
  class Failure : public core::Events {
   public:
    void progress(std::string_view, std::int64_t done, std::int64_t, std::string_view,
                  std::span<const core::Fact>) override {
      if (world().rank() == world().size() - 1 && done > 100) throw core::Error(core::ExitCode::io, "the disk is full");
    }
  } failure;
  std::string message;

  const core::ExitCode code = code_of([&] { generate_portfolio(world(), options, failure); }, &message);

  EXPECT_EQ(code, core::ExitCode::io);
  EXPECT_THAT(message, HasSubstr("the disk is full"));
  world().barrier();
  EXPECT_TRUE(fs::is_empty(scratch / "parent"));
}

TEST(GeneratePortfolio, ReportsAnOutputThatCannotBeMade) {
  const Scratch scratch;
  write_as_root(scratch / "file", "a file");
  GeneratorOptions options{.customers = 10};
  options.output_directory = scratch / "file" / "portfolio";

  EXPECT_EQ(code_of([&] { generate(world(), options); }), core::ExitCode::cannot_create);
  options.output_directory.clear();
  EXPECT_EQ(code_of([&] { generate(world(), options); }), core::ExitCode::usage);
}

TEST(GeneratePortfolio, TakesAnEmptyDirectoryAsItsOutput) {
  const Scratch scratch;
  if (world().is_root()) fs::create_directories(scratch / "empty");
  world().barrier();
  GeneratorOptions options{.customers = 10};
  options.output_directory = scratch / "empty";

  generate(world(), options);

  EXPECT_TRUE(fs::exists(scratch / "empty" / "description.ini"));
}

}  // namespace cardseg::generate
