#include "cardseg/io/atomic_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cardseg/core/error.hpp"
#include "support/file_size_limit.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"

namespace cardseg::io {
namespace {

using core::ExitCode;
using support::error_of;
using support::TemporaryDirectory;
using testing::EndsWith;
using testing::HasSubstr;
namespace fs = std::filesystem;

TEST(AtomicFile, ReadsBackWhatWasWritten) {
  const TemporaryDirectory directory;
  const std::string text = std::string("a\0b\n", 4) + std::string(3 << 20, 'x');

  write_file(directory / "a.txt", text);

  EXPECT_EQ(read_file(directory / "a.txt"), text);
  EXPECT_EQ(directory.entries(), 1);
}

TEST(AtomicFile, ReplacesAFileWhole) {
  const TemporaryDirectory directory;
  write_file(directory / "a.txt", "a longer text");

  write_file(directory / "a.txt", "short");

  EXPECT_EQ(read_file(directory / "a.txt"), "short");
  EXPECT_EQ(directory.entries(), 1);
}

TEST(AtomicFile, WritesAndReadsAnEmptyFile) {
  const TemporaryDirectory directory;

  write_file(directory / "a.txt", "");

  EXPECT_EQ(read_file(directory / "a.txt"), "");
  // The digest of no bytes, FIPS 180-4.
  EXPECT_EQ(sha256_of_file(directory / "a.txt"), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(AtomicFile, IsReadableByItsOwnerAlone) {
  const TemporaryDirectory directory;

  write_file(directory / "a.txt", "secret");

  struct stat facts {};
  ASSERT_EQ(::stat((directory / "a.txt").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST(AtomicFile, TakesANameAsLongAsTheFileSystemAllows) {
  const TemporaryDirectory directory;
  const std::string name(255, 'n');

  write_file(directory / name, "text");

  EXPECT_EQ(read_file(directory / name), "text");
}

TEST(AtomicFile, WritesInTheWorkingDirectory) {
  const TemporaryDirectory directory;
  const fs::path before = fs::current_path();
  fs::current_path(directory.path());

  write_file("a.txt", "text");
  fs::current_path(before);

  EXPECT_EQ(read_file(directory / "a.txt"), "text");
}

TEST(AtomicFile, NamesTheMissingDirectoryOfAnOutput) {
  const TemporaryDirectory directory;
  const fs::path path = directory / "absent" / "a.txt";

  const core::Error error = error_of([&] { write_file(path, "text"); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_EQ(error.place().file, path.string());
  EXPECT_THAT(error.what(), HasSubstr("No such file or directory"));
}

TEST(AtomicFile, DoesNotReplaceADirectory) {
  const TemporaryDirectory directory;
  fs::create_directory(directory / "a");

  const core::Error error = error_of([&] { write_file(directory / "a", "text"); });

  EXPECT_EQ(error.place().file, (directory / "a").string());
  EXPECT_EQ(directory.entries(), 1);
}

TEST(AtomicFile, LeavesTheOldFileWhereTheDiskIsFull) {
  const TemporaryDirectory directory;
  write_file(directory / "a.txt", "old");

  const core::Error error = [&] {
    const support::FileSizeLimit limit(64 << 10);
    return error_of([&] { write_file(directory / "a.txt", std::string(1 << 20, 'x')); });
  }();

  EXPECT_EQ(error.code(), ExitCode::io);
  EXPECT_EQ(error.place().file, (directory / "a.txt").string());
  EXPECT_FALSE(error.remedy_text().empty());
  EXPECT_EQ(read_file(directory / "a.txt"), "old");
  EXPECT_EQ(directory.entries(), 1);
}

TEST(AtomicFile, SaysThatAnInputIsMissing) {
  const TemporaryDirectory directory;

  EXPECT_EQ(error_of([&] { read_file(directory / "a.txt"); }).code(), ExitCode::input_missing);
  EXPECT_EQ(error_of([&] { sha256_of_file(directory / "a.txt"); }).code(), ExitCode::input_missing);
}

TEST(AtomicFile, DoesNotReadADirectory) {
  const TemporaryDirectory directory;

  const core::Error error = error_of([&] { read_file(directory.path()); });

  EXPECT_EQ(error.code(), ExitCode::input_missing);
  EXPECT_THAT(error.what(), HasSubstr("Is a directory"));
}

TEST(AtomicFile, SaysThatPermissionIsLacking) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read and write everything";
  const TemporaryDirectory directory;
  write_file(directory / "a.txt", "text");
  ::chmod((directory / "a.txt").c_str(), 0);
  ::chmod(directory.path().c_str(), 0500);

  EXPECT_EQ(error_of([&] { read_file(directory / "a.txt"); }).code(), ExitCode::permission);
  EXPECT_EQ(error_of([&] { write_file(directory / "b.txt", "text"); }).code(), ExitCode::permission);
  ::chmod(directory.path().c_str(), 0700);
}

TEST(AtomicFile, MakesParentsOfADirectoryOnce) {
  const TemporaryDirectory directory;

  make_directory(directory / "a" / "b");
  make_directory(directory / "a" / "b");

  EXPECT_TRUE(fs::is_directory(directory / "a" / "b"));
}

TEST(AtomicFile, CannotMakeADirectoryOfAFile) {
  const TemporaryDirectory directory;
  write_file(directory / "a", "text");

  EXPECT_EQ(error_of([&] { make_directory(directory / "a"); }).code(), ExitCode::cannot_create);
  EXPECT_EQ(error_of([&] { make_directory(directory / "a" / "b"); }).code(), ExitCode::cannot_create);
}

TEST(AtomicFile, NamesTemporariesAfterTheFile) {
  const fs::path name = temporary_name("run/model.json");

  EXPECT_EQ(name.parent_path(), "run");
  EXPECT_THAT(name.filename().string(), testing::StartsWith("model.json."));
  EXPECT_THAT(name.string(), EndsWith(".partial"));
}

}  // namespace
}  // namespace cardseg::io
