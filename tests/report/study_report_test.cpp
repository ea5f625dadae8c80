#include "cardseg/report/study_report.hpp"

#include <gmock/gmock.h>

#include <deque>

#include "cardseg/profile/disclosure.hpp"
#include "cardseg/report/html.hpp"

namespace cardseg::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// What a StudyContent refers to.
struct Study {
  std::deque<quality::StudiedModel> models;
  StudyContent content;

  void add(std::vector<std::int64_t> customers, std::vector<double> jaccard, std::int64_t min_cell = 10) {
    quality::StudiedModel& model = models.emplace_back();
    model.options.segments = static_cast<int>(customers.size());
    model.fit.restarts.resize(2);
    model.fit.reached = 1;
    model.segmentation.customers = customers;
    model.segmentation.centroids = cluster::Centroids(model.options.segments, 1);
    model.stability.sizes = {{1000, std::move(jaccard), 0.5, 0.1}};
    model.stability.gap = 0.3;
    model.stability.gap_error = 0.01;
    content.entries.push_back({model, "m", "a", profile::disclosed_sizes(customers, {min_cell})});
    content.recommendation = quality::recommend(recommended_from(), 3);
  }

 private:
  std::vector<quality::StudiedStability> recommended_from() const {
    std::vector<quality::StudiedStability> all;
    for (const quality::StudiedModel& model : models) all.push_back({model.segments(), model.stability});
    return all;
  }
};

}  // namespace

TEST(StudyReport, RecommendsWithReasonsAndARunnerUp) {
  Study study;
  study.add({600, 400}, {0.95, 0.95});
  study.add({500, 300, 200}, {0.9, 0.95, 0.97});
  study.add({400, 300, 200, 100}, {0.95, 0.95, 0.95, 0.6});

  EXPECT_THAT(html(study_report(study.content)),
              AllOf(HasSubstr("<h1>3 segments are recommended</h1>"), HasSubstr("The runner-up is 2 segments"),
                    HasSubstr("partly beyond chance"), HasSubstr("with a Jaccard of 0.940 on average")));
}

TEST(StudyReport, SaysThatThereIsNoClearAnswer) {
  Study study;
  study.add({600, 400}, {0.6, 0.6});
  study.add({500, 300, 200}, {0.5, 0.6, 0.5});

  EXPECT_THAT(html(study_report(study.content)),
              AllOf(HasSubstr("<h1>No clear answer: of 2 to 3 segments, no number is stable beyond chance</h1>"),
                    HasSubstr("their number is a choice, not a finding"), Not(HasSubstr("recommended</h1>"))));
}

TEST(StudyReport, WithholdsFlowsOfFewCustomersAndOthersThatWouldTellThem) {
  Study study;
  study.add({600, 400}, {0.95, 0.95});
  study.add({500, 300, 200}, {0.9, 0.95, 0.97});
  quality::Contingency flow(2, 3);
  flow.customers = {500, 97, 3, 0, 203, 197};
  const quality::Contingency published = published_flow(flow, study.content.entries[0], study.content.entries[1], 10);
  study.content.flows = {published};

  EXPECT_THAT(published.customers, testing::ElementsAre(500, -1, -1, 0, -1, -1));
  EXPECT_EQ(published_flow(flow, study.content.entries[0], study.content.entries[1], 0).customers, flow.customers);
  EXPECT_EQ(flows_csv(study.content),
            "from_segments,from,to_segments,to,customers,share_of_from\n2,1,3,1,500,0.8333333333333334\n2,1,3,2,,\n"
            "2,1,3,3,,\n2,2,3,2,,\n2,2,3,3,,\n");
  EXPECT_THAT(html(study_report(study.content)), HasSubstr("From 2 to 3 segments"));
}

TEST(StudyReport, SaysWhichSegmentsAreDivided) {
  Study study;
  study.add({600, 400}, {0.95, 0.95});
  study.add({400, 400, 200}, {0.9, 0.95, 0.97});
  quality::Contingency flow(2, 3);
  flow.customers = {400, 0, 200, 0, 400, 0};
  study.content.flows = {flow};

  EXPECT_THAT(html(study_report(study.content)), HasSubstr("From 2 to 3: segment 1 goes to 1 (67 %) and 3 (33 %)."));
}

}  // namespace cardseg::report
