#include "cardseg/segments/model.hpp"
#include "cardseg/segments/model_json.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cardseg/core/sha256.hpp"
#include "cardseg/io/atomic_file.hpp"
#include "support/small_model.hpp"
#include "support/temporary_directory.hpp"
#include "support/thrown_error.hpp"
#include "support/watched_model.hpp"
#include "support/world.hpp"
#include "support/write_shard.hpp"

namespace cardseg::segments {
namespace {

using core::ExitCode;
using support::error_of;
using support::small_model;
using support::TemporaryDirectory;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsNan;
using testing::SizeIs;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// Of format 2, whose id depended on the names of segments.
std::string as_format_2(nlohmann::ordered_json body) {
  const auto program = body["program"];
  body["format_version"] = 2;
  for (auto& segment : body["segments"]) segment.erase("is_given");
  body.erase("model_id");
  body.erase("program");
  const std::string id = core::sha256_hex(body.dump());
  body["program"] = program;
  body["model_id"] = id;
  return body.dump();
}

io::ShardSet shards_with(const TemporaryDirectory& directory, const std::vector<support::ShardColumn>& columns) {
  support::write_shard({}, directory / "a.h5", columns);
  return {comm::Communicator(), {directory / "a.h5"}};
}

const std::vector<double> two = {1.0, 2.0};
const std::vector<std::int64_t> ids = {1, 2};

}  // namespace

TEST(Model, ReadsBackToTheSameText) {
  const std::string text = to_json(small_model());

  const Model model = model_from_json(text);

  EXPECT_EQ(to_json(model), text);
  EXPECT_EQ(model_id(model), model_id(small_model()));
  EXPECT_EQ(model.centroids.values, small_model().centroids.values);
  EXPECT_EQ(model.fit.option("seed"), "18446744073709551615");
  EXPECT_EQ(model.fit.best_restart, 7);
  EXPECT_EQ(model.id_column(), "customer_id");
  EXPECT_EQ(model.column_of(1).column.name, "spend, total");
  EXPECT_THAT(std::get<portfolio::NumberEncoder>(model.columns[2].encoder).fill, IsNan());
  EXPECT_EQ(model.columns[2].facts.mean, 1.0 / 3);
  EXPECT_EQ(model.totals.mass, small_model().totals.mass);
  EXPECT_EQ(model.fit.reached, 4);
  EXPECT_EQ(model.fit.bound->least, 1.25);
  EXPECT_TRUE(model.fit.bound->is_estimate);
}

TEST(Model, KeepsThatNoRestartReachedTheBestApartFromNotKnowingIt) {
  for (const std::optional<int> reached : {std::optional(0), std::optional<int>()}) {
    Model model = small_model();
    model.fit.reached = reached;

    EXPECT_EQ(model_from_json(to_json(model)).fit.reached, reached);
  }
}

TEST(Model, KeepsFromHowManySegmentsItWasFittedAgain) {
  Model model = small_model();
  EXPECT_THAT(to_json(model), Not(HasSubstr("refitted_from")));
  model.fit.refitted_from = 2;

  EXPECT_EQ(model_from_json(to_json(model)).fit.refitted_from, 2);
}

TEST(Model, HasAnIdThatItsTextCarriesAndThatEveryNumberShapes) {
  Model other = small_model();
  other.centroids.values[3] = std::nextafter(other.centroids.values[3], 0.0);

  EXPECT_THAT(model_id(small_model()), SizeIs(64));
  EXPECT_THAT(to_json(small_model()), HasSubstr(model_id(small_model())));
  EXPECT_NE(model_id(other), model_id(small_model()));
}

TEST(Model, KeepsBothPrecisions) {
  Model model = small_model();
  model.precision = portfolio::Precision::float64;

  EXPECT_EQ(model_from_json(to_json(model)).precision, portfolio::Precision::float64);
}

TEST(Model, HasAnIdThatDoesNotDependOnTheProgramsVersion) {
  Model other = small_model();
  other.program = {"9.9", "123456"};

  EXPECT_EQ(model_id(other), model_id(small_model()));
  EXPECT_NE(to_json(other), to_json(small_model()));
  EXPECT_EQ(model_from_json(to_json(other)).program.commit, "123456");
}

TEST(Model, KeepsNamesWithoutBeingAnotherModelByThem) {
  Model model = small_model();
  model.names[1] = {"2",
                    "Gr\xC3\xBC\xC3\x9F"
                    "e, \"quoted\"",
                    true};

  const Model read = model_from_json(to_json(model));

  EXPECT_EQ(model_id(model), model_id(small_model()));
  EXPECT_EQ(to_json(read), to_json(model));
  EXPECT_EQ(read.names[1].name, model.names[1].name);
  EXPECT_TRUE(read.names[1].is_given);
  EXPECT_FALSE(read.names[0].is_given);
}

TEST(Model, ReadsFormat2) {
  const Model model = model_from_json(as_format_2(nlohmann::ordered_json::parse(to_json(small_model()))));

  EXPECT_EQ(model.names[2].name, "Segment 3");
  EXPECT_FALSE(model.names[2].is_given);
  EXPECT_EQ(to_json(model), to_json(small_model()));
}

TEST(Model, RefusesNamesOfFormat2ThatWereChanged) {
  const std::string text = as_format_2(nlohmann::ordered_json::parse(to_json(small_model())));

  EXPECT_THAT(error_of([&] { model_from_json(replaced(text, "Segment 3", "Segment 4")); }).what(),
              HasSubstr("changed after cardseg wrote it"));
}

TEST(Model, KeepsWhoIsSegmentedAsWhatAReaderMustKnow) {
  Model model = small_model();
  model.population = {"tenure >= 6", {{"tenure", {999, -1}}}, 70};

  const Model read = model_from_json(to_json(model));

  EXPECT_EQ(read.population.filter, "tenure >= 6");
  EXPECT_EQ(read.population.missing_codes, model.population.missing_codes);
  EXPECT_EQ(read.population.not_segmented, 70);
  EXPECT_EQ(to_json(read), to_json(model));
  EXPECT_NE(model_id(read), model_id(small_model()));
  EXPECT_THAT(to_json(model), HasSubstr("\"requires\": [\n  \"filter\"\n ]"));
  EXPECT_EQ(to_json(small_model()).find("population"), std::string::npos);
}

TEST(Model, RefusesToScoreByWhatItDoesNotKnow) {
  nlohmann::ordered_json body = nlohmann::ordered_json::parse(to_json(small_model()));
  body["requires"] = {"offsets"};

  EXPECT_THAT(error_of([&] { model_from_json(as_format_2(body)); }).what(), HasSubstr("scores by 'offsets'"));
}

// A model.json as cardseg 0.1.0 wrote it before columns had roles.
TEST(Model, ReadsFormat1) {
  const Model model = read_model(std::filesystem::path(CARDSEG_TEST_FILES) / "model_format_1.json");

  EXPECT_EQ(model.id_column(), "customer_id");
  EXPECT_EQ(model.layout.features(), 4);
  EXPECT_EQ(model.segments(), 3);
  EXPECT_EQ(model.totals.all_customers(), 1000);
  EXPECT_EQ(model.totals.total_mass(), 1000.0);
  EXPECT_EQ(model.fit.option("seeding"), "refined");
  EXPECT_EQ(model.names[2].name, "Segment 3");
  EXPECT_EQ(model.fit.reached, std::nullopt);
  EXPECT_EQ(
      std::ranges::count(model.columns, portfolio::Role::unused, [](const auto& each) { return each.column.role; }), 1);
}

// As format 2 was before ranges took the place of the smallest and the largest value.
TEST(Model, ReadsFactsThatWereSmallestAndLargestValues) {
  nlohmann::ordered_json body = nlohmann::ordered_json::parse(to_json(small_model()));
  for (auto& column : body["columns"])
    if (column.contains("facts"))
      column["facts"] = {{"present", 70}, {"missing", 3}, {"min", -1.25}, {"max", 99.5}, {"mean", 1.0}};

  const Model model = model_from_json(as_format_2(body));

  EXPECT_EQ(model.columns[1].facts.range.low, -1.25);
  EXPECT_EQ(model.columns[1].facts.range.high, 99.5);
  EXPECT_THAT(model.columns[1].facts.sd, IsNan());
}

TEST(Model, GivesCentroidsInOriginalUnits) {
  EXPECT_DOUBLE_EQ(small_model().original(0, 0), 10.0);
  EXPECT_DOUBLE_EQ(small_model().original(1, 0), 10.0 + 2.0 / 3);
}

TEST(Model, RefusesTextThatWasChanged) {
  const std::string text = to_json(small_model());
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"factor\": 0.5", "\"factor\": 0.25"},
                                                        {"\"customers\": 50", "\"customers\": 51"},
                                                        {"\"centre\": 10.0", "\"centre\": 10.5"},
                                                        {"\"reason\": \"text\"", "\"reason\": \"\""},
                                                        {"0.3333333333333333", "0.3333333333333334"},
                                                        {"10.666666666666666", "11.666666666666666"},
                                                        {"\"segment\": 2", "\"segment\": 3"},
                                                        {"\"inertia\": 1.25", "\"note\": 1, \"inertia\": 1.25"}}) {
    const core::Error error = error_of([&] { model_from_json(replaced(text, from, to)); });

    EXPECT_EQ(error.code(), ExitCode::bad_data) << from;
    EXPECT_THAT(error.what(), HasSubstr("changed after cardseg wrote it")) << from;
  }
}

TEST(Model, AcceptsAnotherLayoutOfTheSameContent) {
  std::string dense;
  for (char c : to_json(small_model()))
    if (c != '\n') dense += c;

  EXPECT_EQ(model_id(model_from_json(dense)), model_id(small_model()));
}

TEST(Model, RefusesWhatIsNoModel) {
  const std::string text = to_json(small_model());
  for (const std::string& other :
       {std::string(), std::string("{}"), std::string("[1, 2]"), std::string("null"), text.substr(0, 200),
        replaced(text, "cardseg-model", "other-model"), replaced(text, "\"factor\"", "\"faktor\""),
        replaced(text, "\"model_id\"", "\"id\"")})
    EXPECT_EQ(error_of([&] { model_from_json(other); }).code(), ExitCode::bad_data) << other.substr(0, 40);
}

TEST(Model, SaysWhereItWasWrittenByALaterVersion) {
  const std::string text = replaced(to_json(small_model()), "\"format_version\": 4", "\"format_version\": 5");

  EXPECT_THAT(error_of([&] { model_from_json(text); }).what(), HasSubstr("later version of cardseg"));
}

TEST(Model, ReadsFormat3WhoseIdsAreTheSame) {
  nlohmann::ordered_json body = nlohmann::ordered_json::parse(to_json(small_model()));
  body["format_version"] = 3;

  const Model model = model_from_json(body.dump());

  EXPECT_EQ(model_id(model), model_id(small_model()));
  EXPECT_FALSE(model.baseline);
}

TEST(Model, KeepsItsBaselineWhichIsNoPartOfItsId) {
  const Model model = support::watched_model();

  const Model read = model_from_json(to_json(model));

  EXPECT_EQ(to_json(read), to_json(model));
  EXPECT_EQ(model_id(read), model_id(small_model()));
  ASSERT_TRUE(read.baseline);
  EXPECT_EQ(read.baseline->columns.front().edges, model.baseline->columns.front().edges);
  EXPECT_TRUE(read.baseline->columns.front().counts[3][1].is_withheld);
  EXPECT_EQ(read.baseline->columns.back().column.levels.known.front().name, "Bonn");
  EXPECT_TRUE(read.baseline->scores[1].distance.back().is_withheld);
}

TEST(Model, FindsThatItsBaselineWasChanged) {
  const std::string text = to_json(support::watched_model());

  const core::Error error = error_of([&] { model_from_json(replaced(text, "\"min_cell\": 10", "\"min_cell\": 11")); });

  EXPECT_THAT(error.what(), HasSubstr("its baseline was changed after cardseg wrote it"));
}

TEST(Model, NamesTheFileThatCannotBeUsed) {
  const TemporaryDirectory directory;
  io::write_file(directory / "model.json", "{}");

  EXPECT_EQ(error_of([&] { read_model(directory / "model.json"); }).place().file, (directory / "model.json").string());
  EXPECT_EQ(error_of([&] { read_model(directory / "absent.json"); }).code(), ExitCode::input_missing);
}

TEST(CheckSchema, AcceptsShardsWithTheModelsColumnsAndOthers) {
  const TemporaryDirectory directory;

  EXPECT_NO_THROW(check_schema(
      small_model(),
      shards_with(directory, {{"balance", two}, {"spend, total", two}, {"customer_id", ids}, {"other", two}})));
}

TEST(CheckSchema, AsksForTheColumnsOfTheFilter) {
  const TemporaryDirectory directory;
  const io::ShardSet shards = shards_with(directory, {{"balance", two}, {"spend, total", two}, {"customer_id", ids}});
  Model model = small_model();
  model.population.filter = "tenure >= 6";

  const core::Error error = error_of([&] { check_schema(model, shards); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_THAT(error.what(), HasSubstr("the model's filter names 'tenure', but the shards have no such column"));
}

TEST(CheckSchema, NamesAColumnThatIsAbsentAndTheNearestName) {
  const TemporaryDirectory directory;
  const io::ShardSet shards = shards_with(directory, {{"balances", two}, {"spend, total", two}, {"customer_id", ids}});

  const core::Error error = error_of([&] { check_schema(small_model(), shards); });

  EXPECT_EQ(error.code(), ExitCode::bad_data);
  EXPECT_EQ(error.place().column, "balance");
  EXPECT_THAT(error.what(), HasSubstr("'balances'"));
}

TEST(CheckSchema, TakesNumbersOfAnyTypeAndNamesAColumnOfText) {
  const TemporaryDirectory whole;
  const TemporaryDirectory text;
  const std::vector<float> narrow = {1.0F, 2.0F};
  const std::vector<std::string> texts = {"a", "b"};
  const io::ShardSet numbers = shards_with(whole, {{"balance", ids}, {"spend, total", narrow}, {"customer_id", ids}});
  const io::ShardSet words = shards_with(text, {{"balance", texts}, {"spend, total", two}, {"customer_id", ids}});

  EXPECT_NO_THROW(check_schema(small_model(), numbers));
  EXPECT_THAT(error_of([&] { check_schema(small_model(), words); }).what(),
              AllOf(HasSubstr("balance"), HasSubstr("the column holds text; the model was fitted on numbers")));
}

TEST(CheckSchema, RefusesShardsWithoutAUsableIdColumn) {
  const TemporaryDirectory directory;
  const TemporaryDirectory flags;
  const std::vector<std::int8_t> yes_no = {1, 0};
  const io::ShardSet absent = shards_with(directory, {{"balance", two}, {"spend, total", two}});
  const io::ShardSet flagged = shards_with(flags, {{"balance", two}, {"spend, total", two}, {"customer_id", yes_no}});

  EXPECT_EQ(error_of([&] { check_schema(small_model(), absent); }).place().column, "customer_id");
  EXPECT_THAT(error_of([&] { check_schema(small_model(), flagged); }).what(),
              HasSubstr("the id column is stored as boolean"));
}

}  // namespace cardseg::segments
