#include "cardseg/run/run_directory.hpp"

#include <gmock/gmock.h>

#include "cardseg/comm/agree.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/world.hpp"

namespace cardseg::run {
namespace {

namespace fs = std::filesystem;
using core::ExitCode;
using support::error_of;
using support::TemporaryDirectory;
using support::world;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void write_as_root(const fs::path& path, const std::string& text = "x") {
  if (world().is_root()) {
    fs::create_directories(path.parent_path());
    io::write_file(path, text);
  }
  world().barrier();
}

Manifest manifest_of(const std::vector<FileDigest>& outputs) {
  return {"fit", {{"seed", "1"}, {"segments", "3"}},    {{"cardseg", "0.1.0"}},
          77,    {{"part-0.h5", std::string(64, 'a')}}, outputs,
          {}};
}

// A whole run: two outputs, a label file and their manifest.
void write_run(const fs::path& directory) {
  write_as_root(directory / "model.json", "model");
  write_as_root(directory / "segments.csv", "segments");
  write_as_root(directory / "labels" / "part-0.h5", "labels");
  write_as_root(directory / "run.json", "varies");
  const std::vector<FileDigest> outputs =
      digest_outputs(world(), directory, {"model.json", "segments.csv", "labels/part-0.h5"});
  write_as_root(directory / "manifest.json", to_json(manifest_of(outputs)));
}

std::vector<std::string> described(const std::vector<Finding>& findings) {
  std::vector<std::string> texts;
  for (const Finding& finding : findings) texts.push_back(finding.file + ": " + finding.what);
  return texts;
}

// What a job with --overwrite does: it finds out that it can write, and removes the old run when it is about to.
void prepare_and_clear(const fs::path& directory) {
  prepare_run_directory(world(), directory, true, {});
  clear_run_directory(world(), directory, {"labels"});
}

}  // namespace

TEST(Manifest, ReadsBackToTheSameText) {
  const Manifest manifest = manifest_of({{"model.json", std::string(64, 'b')}});

  EXPECT_EQ(to_json(manifest_from_json(to_json(manifest))), to_json(manifest));
}

TEST(Manifest, RefusesWhatIsNone) {
  for (const char* text : {"", "{}", "[]", "{\"format\": \"cardseg-model\"}", "{\"format\": \"cardseg-manifest\"}"})
    EXPECT_EQ(error_of([&] { manifest_from_json(text); }).code(), ExitCode::bad_data) << text;
}

TEST(RunDirectory, IsMadeWithItsParentsWhereAbsent) {
  const TemporaryDirectory scratch(world());

  prepare_run_directory(world(), scratch / "a" / "run", false, {});
  clear_run_directory(world(), scratch / "a" / "run", {"labels"});

  EXPECT_TRUE(fs::is_directory(scratch / "a" / "run" / "labels"));
}

TEST(RunDirectory, MayHoldFilesOfOthersAndKeepsThem) {
  const TemporaryDirectory scratch(world());
  write_as_root(scratch / "notes.txt");
  write_as_root(scratch / "data" / "model.json");
  write_as_root(scratch / "download.partial");

  prepare_run_directory(world(), scratch.path(), false, {});
  prepare_and_clear(scratch.path());

  EXPECT_TRUE(fs::exists(scratch / "notes.txt"));
  EXPECT_TRUE(fs::exists(scratch / "data" / "model.json"));
  EXPECT_TRUE(fs::exists(scratch / "download.partial"));
}

TEST(RunDirectory, WithAWholeRunIsRefusedOnAllRanks) {
  const TemporaryDirectory scratch(world());
  write_run(scratch.path());

  const core::Error error = error_of([&] { prepare_run_directory(world(), scratch.path(), false, {}); });

  EXPECT_EQ(error.code(), ExitCode::cannot_create);
  EXPECT_THAT(error.what(), HasSubstr("already holds a run"));
  EXPECT_THAT(error.what(), HasSubstr("with overwrite"));
  EXPECT_THAT(verify_run(scratch.path()), IsEmpty());
}

TEST(RunDirectory, WithPartOfARunIsRefusedAndSaysSo) {
  const TemporaryDirectory scratch(world());
  write_as_root(scratch / "model.json");

  const core::Error error = error_of([&] { prepare_run_directory(world(), scratch.path(), false, {}); });

  EXPECT_THAT(error.what(), HasSubstr("a run that did not finish"));
}

TEST(RunDirectory, WithTemporaryFilesAloneIsNoRunAndLosesThem) {
  const TemporaryDirectory scratch(world());
  write_as_root(scratch / "labels" / "part-0.h5.host-17.partial");

  prepare_run_directory(world(), scratch.path(), false, {});
  prepare_and_clear(scratch.path());
  EXPECT_FALSE(fs::exists(scratch / "labels" / "part-0.h5.host-17.partial"));
}

TEST(RunDirectory, LosesTheOldRunAndNothingElseWhereOverwritten) {
  const TemporaryDirectory scratch(world());
  write_run(scratch.path());
  write_as_root(scratch / "notes.txt");
  write_as_root(scratch / "labels" / "readme.txt");

  prepare_and_clear(scratch.path());

  EXPECT_TRUE(fs::exists(scratch / "notes.txt"));
  EXPECT_TRUE(fs::exists(scratch / "labels" / "readme.txt"));
  for (const char* name : {"manifest.json", "model.json", "segments.csv", "run.json", "labels/part-0.h5"})
    EXPECT_FALSE(fs::exists(scratch / name)) << name;
}

TEST(RunDirectory, KnowsLabelsByEitherExtensionOfShards) {
  const TemporaryDirectory scratch(world());
  write_run(scratch.path());
  write_as_root(scratch / "labels" / "part-1.hdf5");

  EXPECT_THAT(described(verify_run(scratch.path())), ElementsAre("labels/part-1.hdf5: not in the manifest"));
  world().barrier();  // before the files are removed
  prepare_and_clear(scratch.path());
  EXPECT_FALSE(fs::exists(scratch / "labels" / "part-1.hdf5"));
}

TEST(RunDirectory, LosesTheModelsOfAStudyAndWhatThatLeavesEmpty) {
  const TemporaryDirectory scratch(world());
  for (const char* file : {"study.csv", "models/k02/model.json", "models/k03/centroids.csv", "models/k04/notes.txt",
                           "models/k12/model.json.host-17.partial", "models/knob/model.json"})
    write_as_root(scratch / file);

  prepare_run_directory(world(), scratch.path(), true, {});
  clear_run_directory(world(), scratch.path(), {"models/k05"});

  for (const char* gone : {"study.csv", "models/k02", "models/k03", "models/k12", "labels"})
    EXPECT_FALSE(fs::exists(scratch / gone)) << gone;
  for (const char* kept : {"models/k04/notes.txt", "models/knob/model.json", "models/k05"})
    EXPECT_TRUE(fs::exists(scratch / kept)) << kept;
}

TEST(RunDirectory, CannotBeAFile) {
  const TemporaryDirectory scratch(world());
  write_as_root(scratch / "run");

  EXPECT_EQ(error_of([&] { prepare_and_clear(scratch / "run"); }).code(), ExitCode::cannot_create);
  EXPECT_TRUE(fs::is_regular_file(scratch / "run"));
}

TEST(DigestOutputs, GivesEveryFileItsDigestInOrder) {
  const TemporaryDirectory scratch(world());
  std::vector<std::string> names;
  for (int i = 0; i < 7; ++i) {
    names.push_back("file-" + std::to_string(6 - i));
    write_as_root(scratch / names.back(), names.back());
  }

  const std::vector<FileDigest> digests = digest_outputs(world(), scratch.path(), names);

  ASSERT_EQ(digests.size(), 7u);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(digests[i].name, names[i]);
    EXPECT_EQ(digests[i].sha256, io::sha256_of_file(scratch / names[i]));
  }
  EXPECT_THAT(digest_outputs(world(), scratch.path(), {}), IsEmpty());
}

TEST(DigestOutputs, FailsOnAllRanksWhereAFileIsAbsent) {
  const TemporaryDirectory scratch(world());

  EXPECT_EQ(error_of([&] { digest_outputs(world(), scratch.path(), {"absent"}); }).code(), ExitCode::input_missing);
}

TEST(VerifyRun, FindsNothingInAnUntouchedRun) {
  const TemporaryDirectory scratch(world());
  write_run(scratch.path());
  write_as_root(scratch / "run.json", "varies again");
  write_as_root(scratch / "notes.txt");

  EXPECT_THAT(verify_run(scratch.path()), IsEmpty());
}

TEST(VerifyRun, NamesWhatIsChangedMissingOrAdded) {
  const TemporaryDirectory scratch(world());
  write_run(scratch.path());
  write_as_root(scratch / "model.json", "model?");
  write_as_root(scratch / "labels" / "part-9.h5");
  if (world().is_root()) fs::remove(scratch / "segments.csv");
  world().barrier();

  EXPECT_THAT(described(verify_run(scratch.path())),
              ElementsAre("model.json: changed", "segments.csv: missing", "labels/part-9.h5: not in the manifest"));
}

TEST(VerifyRun, LooksIntoTheModelsOfAStudy) {
  const TemporaryDirectory scratch(world());
  write_run(scratch.path());
  write_as_root(scratch / "models" / "k05" / "model.json");

  EXPECT_THAT(described(verify_run(scratch.path())), ElementsAre("models/k05/model.json: not in the manifest"));
}

TEST(VerifyRun, TellsAnIncompleteRunFromNone) {
  const TemporaryDirectory scratch(world());
  write_as_root(scratch / "model.json");

  EXPECT_EQ(error_of([&] { verify_run(scratch.path()); }).code(), ExitCode::bad_data);
  EXPECT_EQ(error_of([&] { verify_run(scratch / "absent"); }).code(), ExitCode::input_missing);
}

}  // namespace cardseg::run
