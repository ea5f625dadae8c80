#include "cardseg/report/segment_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "cardseg/io/utf8.hpp"
#include "report/phrases.hpp"
#include "report/trait.hpp"

namespace cardseg::report {
namespace {

using profile::Profile;

constexpr std::size_t most_drivers = 3;
constexpr std::size_t most_topics = 12;  // more than anything says
constexpr std::size_t most_statements = 5;
constexpr std::size_t parts_of_name = 2;
constexpr double least_of_first = 0.4;  // a second part of a name is at least so much of the first one's effect

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// At most so many characters, at the end of a word where there is one, with an ellipsis for what is gone.
std::string shortened(const std::string& text, std::size_t most) {
  if (characters(text) <= most) return text;
  std::size_t end = 0;
  for (std::size_t taken = 0; taken + 1 < most; ++taken)
    end += std::max<std::size_t>(io::code_point_bytes(std::string_view(text).substr(end)), 1);
  if (const std::size_t blank = text.rfind(' ', end); blank != std::string::npos && blank >= end / 2) end = blank;
  return text.substr(0, end) + "…";
}

// The same word, or a compound of it: Ratenkäufe are Käufe.
bool is_related(const std::string& a, const std::string& b) {
  constexpr std::size_t least = 5;  // bytes: shorter words are parts of others by chance
  const std::string& part = a.size() < b.size() ? a : b;
  const std::string& whole = a.size() < b.size() ? b : a;
  return part == whole || (part.size() >= least && (whole.starts_with(part) || whole.ends_with(part)));
}

bool share_a_topic(const Trait& a, const Trait& b) {
  return std::ranges::any_of(a.topic, [&](const std::string& word) {
    return std::ranges::any_of(b.topic, [&](const std::string& other) { return is_related(word, other); });
  });
}

// All in an order for people: each about something new, most different first, and then the rest.
std::vector<Trait> varied(const std::vector<Trait>& traits) {
  std::vector<Trait> fresh;
  std::vector<Trait> repeated;
  for (const Trait& trait : traits) {
    const bool is_new = fresh.size() < most_topics &&
                        std::ranges::none_of(fresh, [&](const Trait& other) { return share_a_topic(trait, other); });
    (is_new ? fresh : repeated).push_back(trait);
  }
  fresh.insert(fresh.end(), repeated.begin(), repeated.end());
  return fresh;
}

// A part of a name in `room` characters; long labels and levels are shortened.
std::string fitting_part(const Phrases& phrases, Trait trait, std::size_t room) {
  const std::string label = trait.label;
  const std::string level = trait.level;
  std::string part = phrases.name_part(trait);
  for (std::size_t most = room; characters(part) > room && most > 2; --most) {
    trait.label = shortened(label, most);
    trait.level = shortened(level, most);
    part = phrases.name_part(trait);
  }
  return part;
}

// Names that no other segment has.
class NameMaker {
 public:
  explicit NameMaker(const Phrases& phrases) : phrases_(phrases) {}

  // `start`: what a name begins with where no trait is large.
  std::string make(const std::vector<Trait>& traits, const std::string& start) {
    std::string name = start;
    std::size_t at = 0;
    std::size_t parts = start.empty() ? 0 : parts_of_name;
    for (; at < traits.size() && parts < parts_of_name; ++at) {
      if (parts > 0 && !may_follow(traits, at)) break;
      if (add(name, traits[at])) ++parts;
    }
    for (; at < traits.size() && taken_.contains(name); ++at) add(name, traits[at]);
    const std::string stem = name;
    for (int& number = last_number_[stem]; taken_.contains(name);)
      name = fmt::format("{} {}", stem, number = std::max(number, 1) + 1);
    taken_.insert(name);
    return name;
  }

 private:
  static bool may_follow(const std::vector<Trait>& traits, std::size_t at) {
    const double size = std::abs(traits[at].effect);
    return size >= least_effect && size >= least_of_first * std::abs(traits.front().effect) &&
           std::none_of(traits.begin(), traits.begin() + static_cast<std::ptrdiff_t>(at),
                        [&](const Trait& other) { return share_a_topic(other, traits[at]); });
  }

  // Whether there was room.
  bool add(std::string& name, const Trait& trait) const {
    if (name.empty()) {
      name = capitalised(fitting_part(phrases_, trait, longest_name));
      return true;
    }
    const std::string longer = fmt::format("{}, {}", name, phrases_.name_part(trait));
    if (characters(longer) > longest_name) return false;
    name = longer;
    return true;
  }

  const Phrases& phrases_;
  std::set<std::string> taken_;
  std::map<std::string, int> last_number_;  // behind names that several segments would have
};

std::string driver_text(const Phrases& phrases, const Trait& trait) {
  return (trait.is_up() ? "↑ " : "↓ ") + phrases.driver(trait);
}

bool is_compared(const Profile& profile, int segment) {
  const auto group = static_cast<std::size_t>(segment);
  return std::ranges::any_of(profile.columns, [&](const profile::ColumnProfile& column) {
    const profile::Figure& effect =
        column.is_category() ? column.categories[group].effect : column.numbers[group].effect;
    return column.is_in_distance && !effect.is_withheld && std::isfinite(effect.value);
  });
}

// What the segment is worth has its own words.
bool is_said(const std::vector<Worth>& worth, const Trait& trait) {
  return std::ranges::find(worth, trait.column, &Worth::column) != worth.end();
}

std::string paragraph_of(const Phrases& phrases, const SegmentSize& size, const std::vector<Worth>& worth,
                         const std::vector<Trait>& large, const std::vector<Trait>& all) {
  std::string text = phrases.opening(size);
  for (const Worth& each : worth) text += " " + phrases.statement(each);
  if (large.empty()) {
    text += " " + phrases.largest_of_small();
    if (!all.empty()) text += " " + phrases.statement(all.front());
    return text;
  }
  std::size_t said = 0;
  for (const Trait& trait : large)
    if (said < most_statements && !is_said(worth, trait)) {
      text += " " + phrases.statement(trait);
      ++said;
    }
  if (said < most_statements && all.size() > large.size()) text += " " + phrases.rest_is_close();
  return text;
}

class SegmentWriter {
 public:
  SegmentWriter(const Profile& profile, const Phrases& phrases)
      : profile_(profile), phrases_(phrases), names_(phrases) {}

  SegmentWords write(int segment) {
    const profile::Count& customers = profile_.customers[static_cast<std::size_t>(segment)];
    if (customers.is_withheld) return bare(phrases_.small_name(), phrases_.small_sentence(profile_.min_cell));
    const profile::Count& all_customers = profile_.customers[0];
    const SegmentSize size{segment, customers.customers,
                           all_customers.is_withheld ? Trait::none
                                                     : static_cast<double>(customers.customers) /
                                                           static_cast<double>(all_customers.customers)};
    const std::vector<Trait> traits = varied(traits_of(profile_, segment));
    if (traits.empty() && !is_compared(profile_, segment))
      return bare(fmt::format("Segment {}", segment), phrases_.silent_sentence(size));
    return described(size, traits);
  }

 private:
  SegmentWords bare(const std::string& name, const std::string& sentence) {
    return {names_.make({}, name), sentence, sentence, {}};
  }

  SegmentWords described(const SegmentSize& size, const std::vector<Trait>& traits) {
    std::vector<Trait> large;
    std::ranges::copy_if(traits, std::back_inserter(large),
                         [](const Trait& trait) { return std::abs(trait.effect) >= least_effect; });
    SegmentWords words;
    words.name = names_.make(traits, large.empty() ? phrases_.close_name() : "");
    std::vector<std::string> clauses;
    for (std::size_t i = 0; i < std::min(large.size(), most_drivers); ++i) {
      clauses.push_back(phrases_.clause(large[i]));
      words.drivers.push_back(driver_text(phrases_, large[i]));
    }
    words.sentence = clauses.empty() ? phrases_.close_sentence(size) : phrases_.sentence(size, clauses);
    words.paragraph = paragraph_of(phrases_, size, worth_of(profile_, size.segment), large, traits);
    return words;
  }

  const Profile& profile_;
  const Phrases& phrases_;
  NameMaker names_;
};

}  // namespace

std::vector<SegmentWords> segment_words(const Profile& profile, Language language) {
  SegmentWriter writer(profile, phrases_of(language));
  std::vector<SegmentWords> words;
  for (int segment = 1; segment <= profile.segments; ++segment) words.push_back(writer.write(segment));
  return words;
}

}  // namespace cardseg::report
