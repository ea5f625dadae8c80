// The examples of every job's --help are run as they are printed, one after the other, in a directory that holds the
// files they name.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "support/program.hpp"
#include "support/temporary_directory.hpp"

namespace cardseg::endtoend {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> examples_of(const std::string& job) {
  std::istringstream help(support::run_cardseg(job + " --help").out);
  std::vector<std::string> examples;
  bool is_in_examples = false;
  for (std::string line; std::getline(help, line);) {
    if (is_in_examples && line.starts_with("  ")) examples.push_back(line.substr(2));
    is_in_examples = is_in_examples || line == "examples:";
  }
  return examples;
}

class Examples : public testing::TestWithParam<std::string> {
 protected:
  // shards/, portfolio.ini, customers.csv and transactions.csv as a user has them, and run/; but not what the job
  // itself makes.
  void SetUp() override {
    fs::create_directory(scratch_ / "bin");
    fs::create_symlink(support::program(), scratch_ / "bin/cardseg");
    in_scratch("cardseg generate --customers 3000 --rows-per-shard 1000 --output made");
    fs::rename(scratch_ / "made/shards", scratch_ / "shards");
    fs::rename(scratch_ / "made/description.ini", scratch_ / "portfolio.ini");
    std::ofstream csv(scratch_ / "customers.csv");
    csv << "id,balance,postcode\n";
    for (int i = 0; i < 100; ++i) csv << i << "," << i * 1.5 << ",0" << 1000 + i << "\n";
    csv.close();
    std::ofstream(scratch_ / "transactions.csv") << "id,date,amount\n17,2026-03-04,12.50\n18,2026-05-06,3\n";
    if (GetParam() != "fit") in_scratch("cardseg fit --shards shards/ --segments 5 --restarts 1 --output run/");
    if (GetParam() == "compare") in_scratch("cardseg assign shards/ --model run/model.json --output scored/");
    if (GetParam() == "outcome") {
      in_scratch("cardseg list run/ --top 3000 --holdout 20% --campaign autumn --output autumn.csv");
      std::ofstream responses(scratch_ / "responses.csv");
      responses << "customer_id,amount\n";
      std::ifstream listed(scratch_ / "autumn.csv");
      std::string line;
      std::getline(listed, line);
      for (int i = 0; std::getline(listed, line); ++i)
        if (i % 7 == 0) responses << line.substr(0, line.find(',')) << "," << i << "\n";
    }
    if (GetParam() == "convert" || GetParam() == "rfm") fs::remove_all(scratch_ / "shards");
  }

  void in_scratch(const std::string& line) const {
    // More ranks than cores, and as root where the tests run as root; else the line is as it was printed.
    const std::string environment =
        "PATH=" + (scratch_ / "bin").string() +
        ":$PATH OMPI_MCA_rmaps_base_oversubscribe=1 "
        "OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_btl_vader_single_copy_mechanism=none OMP_NUM_THREADS=1 ";
    const auto outcome = support::run_shell("cd " + scratch_.path().string() + " && " + environment + line, 300);
    EXPECT_EQ(outcome.exit_code, 0) << line << "\n" << outcome.err;
  }

  support::TemporaryDirectory scratch_;
};

TEST_P(Examples, Run) {
  const std::vector<std::string> examples = examples_of(GetParam());
  ASSERT_FALSE(examples.empty());

  for (const std::string& line : examples) in_scratch(line);
}

INSTANTIATE_TEST_SUITE_P(Jobs, Examples,
                         testing::Values("generate", "convert", "rfm", "inspect", "plan", "validate", "fit", "study",
                                         "assign", "drift", "profile", "compare", "refresh", "list", "outcome",
                                         "export", "name", "verify", "status", "scaling"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace cardseg::endtoend
