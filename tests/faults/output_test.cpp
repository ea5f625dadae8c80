// Places where nothing can be written, where something is already, and disks that are full.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <unistd.h>

#include "cardseg/io/atomic_file.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
namespace fs = std::filesystem;

// A small file system in memory that unmounts itself. Needs root.
class Mount {
 public:
  Mount(const std::string& place, const std::string& options) : place_(place) {
    fs::create_directory(place);
    is_mounted_ = ::mount("tmpfs", place.c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  ~Mount() {
    if (is_mounted_) ::umount2(place_.c_str(), MNT_DETACH);
  }
  Mount(const Mount&) = delete;
  Mount& operator=(const Mount&) = delete;

  bool is_mounted() const { return is_mounted_; }
  bool make_read_only() const { return ::mount("", place_.c_str(), "", MS_REMOUNT | MS_RDONLY, "") == 0; }

 private:
  std::string place_;
  bool is_mounted_;
};

struct Job {
  std::string name;
  std::string arguments;  // all but --output
};

class Output : public Faults {
 protected:
  void SetUp() override {
    make_portfolio();
    ASSERT_EQ(run("fit --segments 3 --shards " + at("shards") + " --output " + at("run")), 0);
    write_text(at("customers.csv"), "id,balance\n1,4711\n2,47112\n");
    write_text(at("transactions.csv"), "id,date,amount\n4711,2026-01-02,4711\n");
  }

  static int run(const std::string& arguments, int ranks = 0) {
    return support::run_cardseg(arguments, {.ranks = ranks}).exit_code;
  }

  // Every job that writes, on inputs that are good.
  std::vector<Job> jobs() const {
    return {{"fit", "fit --segments 3 --shards " + at("shards")},
            {"study", "study --segments 2..3 --shards " + at("shards")},
            {"assign", "assign --model " + at("run/model.json") + " --shards " + at("shards")},
            {"convert", "convert " + at("customers.csv")},
            {"rfm", "rfm " + at("transactions.csv") + " --as-of 2026-09-30"},
            {"generate", "generate --customers 1000"}};
  }
  void expect_all_refused(const std::string& place, ExitCode code, const std::vector<std::string>& words) const {
    for (const Job& job : jobs()) expect_refused(job.arguments + " --output " + place, code, words);
  }
};

// The disk is full while a job writes: about 400 kB are free, and each job writes more.
class FullDisk : public Output {
 protected:
  void SetUp() override {
    Columns columns = customers(20000);
    write_shard(at("shards/a.h5"), columns);
    write_shard(at("shards/b.h5"), customers(20000, 20000));
    ASSERT_EQ(run("fit --segments 3 --restarts 1 --shards " + at("shards") + " --output " + at("run")), 0);
    std::string csv = "id,balance,region\n";
    for (int i = 0; i < 40000; ++i)
      csv += std::to_string(4711000000 + i) + ",4711." + std::to_string(i) + ",secret" + std::to_string(i) + "\n";
    write_text(at("customers.csv"), csv);
    std::string transactions = "id,date,amount\n";
    for (int i = 0; i < 40000; ++i) transactions += std::to_string(4711000000 + i) + ",2026-01-02,4711.5\n";
    write_text(at("transactions.csv"), transactions);
  }
};

TEST_F(Output, BelowAFileIsRefused) {
  write_text(at("file"), "a file");

  expect_all_refused(at("file/out"), ExitCode::cannot_create, {at("file/out"), "A part of the path is a file"});
  expect_all_refused(at("file"), ExitCode::cannot_create, {at("file")});
  EXPECT_EQ(io::read_file(at("file")), "a file");
}

TEST_F(Output, OnAReadOnlyFileSystemIsRefused) {
  const Mount mount(at("mounted"), "size=1m");
  if (!mount.is_mounted()) GTEST_SKIP() << "a file system cannot be mounted here: run the tests as root to test this";
  fs::create_directory(at("mounted/there"));
  ASSERT_TRUE(mount.make_read_only());

  expect_all_refused(at("mounted/new"), ExitCode::permission, {at("mounted/new"), "read-only", "another place"});
  expect_all_refused(at("mounted/there"), ExitCode::permission, {at("mounted/there"), "read-only", "another place"});
}

TEST_F(Output, WithoutPermissionIsRefused) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere: run the tests as another user to test this";
  fs::create_directory(at("closed"));
  fs::permissions(at("closed"), fs::perms::owner_read | fs::perms::owner_exec);

  expect_all_refused(at("closed/new"), ExitCode::permission, {at("closed/new"), "Permission denied", "Ask the owner"});
  fs::permissions(at("closed"), fs::perms::owner_all);
}

TEST_F(Output, OfGenerateMayNotBeTheRootOfAFileSystem) {
  const Mount mount(at("mounted"), "size=4m");
  if (!mount.is_mounted()) GTEST_SKIP() << "a file system cannot be mounted here: run the tests as root to test this";

  expect_refused("generate --customers 1000 --output " + at("mounted"), ExitCode::cannot_create,
                 {at("mounted"), "directory below it"});
}

TEST_F(Output, ThatHoldsARunIsNotTouched) {
  for (const Job& job : jobs()) {
    SCOPED_TRACE(job.name);
    const std::string place = at("kept-" + job.name);
    ASSERT_EQ(run(job.arguments + " --output " + place), 0);
    const auto before = support::digests(place);

    expect_refused(job.arguments + " --output " + place, ExitCode::cannot_create, {place, "--overwrite"});

    EXPECT_EQ(support::digests(place), before);
  }
}

TEST_F(Output, ThatHoldsARunIsReplacedOnDemand) {
  for (const Job& job : jobs()) {
    SCOPED_TRACE(job.name);
    const std::string place = at("replaced-" + job.name);
    ASSERT_EQ(run(job.arguments + " --output " + place), 0);
    auto before = support::digests(place);
    EXPECT_EQ(run(job.arguments + " --overwrite --output " + place, 3), 0);

    auto after = support::digests(place);
    before.erase("run.json");
    after.erase("run.json");
    EXPECT_EQ(after, before);
  }
}

// --overwrite is for a run that succeeds it, not for one that fails.
TEST_F(Output, ThatHoldsARunIsKeptWhereTheNewInputIsBad) {
  const auto before = support::digests(at("run"));
  Columns columns = customers(20, 40);
  std::get<std::vector<double>>(column(columns, "balance").values)[3] = 4711e200;
  write_shard(at("bad/c.h5"), columns);

  for (const char* shards : {"nowhere", "bad"})
    for (const std::string& job : {std::string("fit --segments 3"), "assign --model " + at("run/model.json")})
      EXPECT_NE(run(job + " --overwrite --shards " + at(shards) + " --output " + at("run")), 0);
  EXPECT_NE(run("fit --segments 41 --overwrite --shards " + at("shards") + " --output " + at("run"), 3), 0);

  EXPECT_EQ(support::digests(at("run")), before);
}

TEST_F(Output, MayNotReplaceWhatTheJobReads) {
  const auto before = support::digests(at("run"));
  const auto refused = [&](const std::string& arguments) {
    expect_refused(arguments + " --overwrite --output " + at("run"), ExitCode::cannot_create,
                   {at("run"), "an input of this job"});
  };

  refused("assign --model " + at("run/model.json") + " --shards " + at("shards"));
  refused("fit --segments 2 --shards " + at("run/labels"));
  refused("fit --segments 3 --shards " + at("shards") + " --seeding file --centroids " + at("run/model.json"));

  EXPECT_EQ(support::digests(at("run")), before);
}

TEST_F(Output, KeepsWhatIsNotOfARun) {
  for (const char* name : {"notes.txt", "write-test", "deep/movie.partial", "labels/notes.txt"})
    write_text(at("run/") + name, "mine");

  EXPECT_EQ(run("fit --segments 2 --overwrite --shards " + at("shards") + " --output " + at("run")), 0);

  for (const char* name : {"notes.txt", "write-test", "deep/movie.partial", "labels/notes.txt"})
    EXPECT_EQ(io::read_file(at("run/") + name), "mine");
}

TEST_F(Output, IsForItsOwnerAlone) {
  for (const auto& entry : fs::recursive_directory_iterator(at("run")))
    EXPECT_EQ(fs::status(entry).permissions() & (fs::perms::group_all | fs::perms::others_all), fs::perms::none)
        << entry.path();
}

TEST_F(FullDisk, EndsEveryJobWithOneMessage) {
  const Mount mount(at("mounted"), "size=400k");
  if (!mount.is_mounted()) GTEST_SKIP() << "a file system cannot be mounted here: run the tests as root to test this";
  for (Job job : jobs()) {
    if (job.name == "study") continue;  // it writes too little
    if (job.name == "generate") job.arguments = "generate --customers 40000 --rows-per-shard 10000";
    const std::string place = at("mounted/" + job.name);
    expect_refused(job.arguments + " --output " + place, ExitCode::io,
                   {place, "No space left on device", "Free some space"});
    expect_nothing_half_written(place);
    fs::remove_all(place);
    EXPECT_EQ(std::distance(fs::directory_iterator(at("mounted")), {}), 0);
  }
}

}  // namespace
}  // namespace cardseg::faults
