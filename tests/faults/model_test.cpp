// Models and run directories that are not what they should be.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "cardseg/io/atomic_file.hpp"
#include "faults/refusal.hpp"

namespace cardseg::faults {
namespace {

using core::ExitCode;
namespace fs = std::filesystem;

class Models : public Faults {
 protected:
  void SetUp() override {
    make_portfolio();
    const auto fitted = support::run_cardseg("fit --segments 3 --shards " + at("shards") + " --output " + at("run"));
    ASSERT_EQ(fitted.exit_code, 0) << fitted.err;
  }

  void expect_assign_refused(ExitCode code, const std::vector<std::string>& words,
                             const std::string& model = "run/model.json") const {
    expect_refused("assign --model " + at(model) + " --shards " + at("shards") + " --output " + output(), code, words);
  }
  template <class Change>
  void change_shards(Change change) const {
    for (const char* shard : {"a.h5", "b.h5"}) {
      Columns columns = customers(20, shard[0] == 'a' ? 0 : 20);
      change(columns);
      write_shard(at("shards") + "/" + shard, columns);
    }
  }
};

TEST_F(Models, MustExist) {
  expect_assign_refused(ExitCode::input_missing, {at("none.json"), "No such file"}, "none.json");
  expect_assign_refused(ExitCode::input_missing, {at("run"), "is a directory. Name the model.json in it"}, "run");
}

TEST_F(Models, MustBeModels) {
  write_text(at("customers.csv"), "secret,4711\n");
  expect_assign_refused(ExitCode::bad_data, {at("customers.csv"), "not JSON", "model.json of a run"}, "customers.csv");
  expect_assign_refused(ExitCode::bad_data, {"a.h5", "not JSON", "model.json of a run"}, "shards/a.h5");
  expect_assign_refused(ExitCode::bad_data, {"manifest.json", "not a cardseg model"}, "run/manifest.json");
  for (const char* text : {"[]", "4711", "{}", "{\"format\":\"cardseg-model\"}", "null", "\"secret\""}) {
    write_text(at("other.json"), text);
    expect_assign_refused(ExitCode::bad_data, {at("other.json"), "model.json of a run"}, "other.json");
  }
}

TEST_F(Models, MayNotBeEditedOrCutOff) {
  const std::string model = io::read_file(at("run/model.json"));
  std::string edited = model;
  edited.replace(edited.find("\"weight\": 1.0"), 13, "\"weight\": 2.0");
  write_text(at("edited.json"), edited);
  write_text(at("cut.json"), model.substr(0, model.size() / 2));

  expect_assign_refused(ExitCode::bad_data, {at("edited.json"), "changed after cardseg wrote it"}, "edited.json");
  expect_assign_refused(ExitCode::bad_data, {at("cut.json"), "not JSON"}, "cut.json");
}

TEST_F(Models, MayNotBeNestedWithoutEnd) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  write_text(at("deep.json"), R"({"format": "cardseg-model", "format_version": 2, "columns": )" + deep + "}");

  expect_assign_refused(ExitCode::bad_data, {at("deep.json"), "nested deeper than 64 levels"}, "deep.json");
}

TEST_F(Models, MustBeRegularFiles) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);

  expect_assign_refused(ExitCode::input_missing, {at("pipe"), "not a regular file"}, "pipe");
  expect_refused("assign --model /dev/zero --shards " + at("shards") + " --output " + output(), ExitCode::input_missing,
                 {"/dev/zero", "not a regular file"});
}

TEST_F(Models, NeedTheirColumns) {
  change_shards([](Columns& c) { column(c, "balance").name = "balanse"; });
  expect_assign_refused(ExitCode::bad_data, {"a.h5, column balance", "the shards do not have it", "balanse"});

  change_shards([](Columns& c) { column(c, "customer_id").name = "number"; });
  expect_assign_refused(ExitCode::bad_data, {"a.h5, column customer_id", "id column"});
}

TEST_F(Models, NeedNumbersWhereTheyWereFittedOnNumbers) {
  change_shards([](Columns& c) { column(c, "age").values = std::vector<std::string>(20, "secret"); });

  expect_assign_refused(ExitCode::bad_data, {"a.h5, column age", "holds text", "fitted on numbers", "cardseg convert"});
}

// verify does not start MPI: on one rank only.
class Runs : public Models {
 protected:
  void expect_verify_refused(const std::string& run, ExitCode code, const std::vector<std::string>& words) const {
    const auto outcome = support::run_cardseg("verify " + run);
    EXPECT_EQ(outcome.exit_code, static_cast<int>(code)) << outcome.out;
    EXPECT_EQ(count(outcome.err, "cardseg: error: " + run), 1) << outcome.err;
    for (const std::string& word : words) EXPECT_THAT(outcome.out + outcome.err, testing::HasSubstr(word));
  }
};

TEST_F(Runs, MustExist) {
  expect_verify_refused(at("nowhere"), ExitCode::input_missing, {"no such directory"});
  expect_verify_refused(at("run/model.json"), ExitCode::input_missing, {"no such directory"});
}

TEST_F(Runs, MustBeComplete) {
  fs::remove(at("run/manifest.json"));

  expect_verify_refused(at("run"), ExitCode::bad_data, {"incomplete", "manifest.json"});
}

TEST_F(Runs, MustHoldWhatTheManifestSays) {
  write_text(at("run/segments.csv"), "other");
  fs::remove(at("run/centroids.csv"));
  write_text(at("run/labels/c.h5"), "more");

  expect_verify_refused(
      at("run"), ExitCode::bad_data,
      {"segments.csv: changed", "centroids.csv: missing", "labels/c.h5: not in the manifest", "3 files differ"});
}

TEST_F(Runs, MayHoldRegularFilesAlone) {
  fs::remove(at("run/segments.csv"));
  ASSERT_EQ(::mkfifo(at("run/segments.csv").c_str(), 0600), 0);
  fs::rename(at("run/centroids.csv"), at("centroids.csv"));
  fs::create_symlink(at("centroids.csv"), at("run/centroids.csv"));

  expect_verify_refused(at("run"), ExitCode::bad_data,
                        {"segments.csv: not a regular file", "centroids.csv: not a regular file", "2 files differ"});
}

TEST_F(Runs, MustHaveAManifestOfTheirOwnFiles) {
  std::string manifest = io::read_file(at("run/manifest.json"));
  manifest.replace(manifest.find("segments.csv"), 12, "../../segments.csv");
  write_text(at("run/manifest.json"), manifest);
  expect_verify_refused(at("run"), ExitCode::bad_data, {"../../segments.csv: not a file below the run"});

  const std::size_t outputs = manifest.find("\"outputs\": [");
  write_text(at("run/manifest.json"), manifest.substr(0, outputs) + "\"outputs\": []}");
  expect_verify_refused(at("run"), ExitCode::bad_data, {"manifest.json: names no file"});
}

TEST_F(Runs, MustHaveAManifestThatCanBeRead) {
  write_text(at("run/manifest.json"), "secret 4711");

  expect_verify_refused(at("run"), ExitCode::bad_data, {"run/manifest.json", "not JSON", "Run the job again"});
}

}  // namespace
}  // namespace cardseg::faults
