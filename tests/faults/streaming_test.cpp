// Scratch files that cannot be made and memory that is not enough: refused before any row is read.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>

#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
namespace fs = std::filesystem;

// 500,000 customers with 20 features: 40 MB in memory, of which streaming needs some 10.
class StreamingFaults : public Faults {
 protected:
  void SetUp() override {
    ASSERT_EQ(support::run_cardseg("generate --extra-features 2 --customers 500000 --output " + at("portfolio"),
                                   {.ranks = 0, .seconds = 300})
                  .exit_code,
              0);
  }

  std::string input() const {
    return " --shards " + at("portfolio/shards") + " --description " + at("portfolio/description.ini") + " ";
  }
  // On one rank and on three: a limit for each that lets features be streamed and not be kept.
  void expect_streaming_refused(const std::string& options, ExitCode code,
                                const std::vector<std::string>& words) const {
    for (int ranks : {1, 3}) {
      const std::string limit = " --trust off --memory-limit " + std::string(ranks == 1 ? "75M" : "163M");
      for (const char* job : {"fit --segments 3", "study --segments 2..3"}) {
        const support::Outcome done =
            support::run_cardseg(job + input() + limit + options + " --output " + output(), {.ranks = ranks});
        EXPECT_EQ(done.exit_code, static_cast<int>(code)) << done.err;
        EXPECT_EQ(count(done.err, "cardseg: error:"), 1) << done.err;
        for (const std::string& word : words) EXPECT_THAT(done.err, testing::HasSubstr(word));
        expect_nothing_half_written(output());
      }
    }
  }
};

// A small file system in memory that unmounts itself. Needs root.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& place) : place_(place) {
    fs::create_directory(place);
    is_mounted_ = ::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=4m") == 0;
  }
  ~SmallDisk() {
    if (is_mounted_) ::umount2(place_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }

 private:
  std::string place_;
  bool is_mounted_ = false;
};

TEST_F(StreamingFaults, RefusesAScratchDirectoryThatIsMissing) {
  expect_streaming_refused(" --scratch " + at("nowhere"), ExitCode::cannot_create,
                           {at("nowhere"), "No such file or directory", "--scratch"});
}

TEST_F(StreamingFaults, RefusesAScratchDirectoryThatIsAFile) {
  write_text(at("file"), "a file");

  expect_streaming_refused(" --scratch " + at("file"), ExitCode::cannot_create, {at("file"), "--scratch"});
}

TEST_F(StreamingFaults, RefusesAScratchDirectoryWithoutPermission) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere: run the tests as another user to test this";
  fs::create_directory(at("closed"));
  fs::permissions(at("closed"), fs::perms::owner_read | fs::perms::owner_exec);

  expect_streaming_refused(" --scratch " + at("closed"), ExitCode::permission, {at("closed"), "--scratch"});
  fs::permissions(at("closed"), fs::perms::owner_all);
}

TEST_F(StreamingFaults, RefusesAFullDiskAndWarnsOfOneInMemory) {
  const SmallDisk disk(at("disk"));
  if (!disk.is_mounted()) GTEST_SKIP() << "a file system cannot be mounted here: run the tests as root to test this";

  expect_streaming_refused(" --scratch " + at("disk"), ExitCode::cannot_create,
                           {at("disk"), "No space left on device", "bytes", "--scratch",
                            "is kept in memory: a scratch file there saves none"});
  EXPECT_TRUE(fs::is_empty(at("disk")));
}

TEST_F(StreamingFaults, RefusesAFileAboveTheLimitOnSizes) {
  const support::Outcome done =
      support::run_shell("ulimit -f 40000; exec " + support::program() + " fit --segments 3" + input() +
                         "--trust off --memory-limit 75M --scratch " + at("") + " --output " + output());

  EXPECT_EQ(done.exit_code, static_cast<int>(ExitCode::cannot_create)) << done.err;
  EXPECT_THAT(done.err, testing::HasSubstr("ulimit -f"));
}

TEST_F(StreamingFaults, RefusesALimitBelowWhatStreamingNeedsAndNamesTheLeast) {
  expect_refused("fit --segments 3" + input() + "--memory-limit 50M --output " + output(), ExitCode::usage,
                 {"--memory-limit leaves", "even if features are streamed", "Use --memory-limit"});
}

TEST_F(StreamingFaults, WorksWithTheLeastLimitThatItNames) {
  const support::Outcome refused = support::run_cardseg("validate" + input() + "--memory-limit 1M", {.ranks = 2});
  const std::string option = "Use --memory-limit ";
  const std::size_t at_option = refused.err.find(option);
  ASSERT_NE(at_option, std::string::npos) << refused.err;
  const std::string least =
      refused.err.substr(at_option + option.size(), refused.err.find(" or more") - at_option - option.size());

  const support::Outcome done = support::run_cardseg("validate" + input() + "--memory-limit " + least, {.ranks = 2});

  EXPECT_EQ(done.exit_code, 0) << least << done.err;
  EXPECT_THAT(done.out, testing::HasSubstr("streamed from scratch"));
}

TEST_F(StreamingFaults, RefusesLimitsThatAreNoSize) {
  for (const char* size : {"0", "-1", "1X", "1e99", "much"}) {
    SCOPED_TRACE(size);
    expect_refused("fit --segments 3" + input() + "--memory-limit " + size + " --output " + output(), ExitCode::usage,
                   {"--memory-limit"});
  }
}

}  // namespace
}  // namespace cardseg::faults
