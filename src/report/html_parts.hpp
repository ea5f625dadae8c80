// Parts of a page that are more than a table: marks of segments, lights, cards and strips, as elements.
#pragma once

#include <pugixml.hpp>
#include <string>

#include "cardseg/report/document.hpp"

namespace cardseg::report {

/// A place on a line that is as long as its parent: 0.5 as "50%".
std::string percent(double share);

/// The number of a segment in its colour; nothing for 0.
void add_mark(pugi::xml_node parent, int mark);

/// From one share of a track to another.
void add_bar(pugi::xml_node parent, double from, double to);

void add_lights(pugi::xml_node parent, const Lights& lights);
void add_cards(pugi::xml_node parent, const Cards& cards);

/// A drawing as wide as its parent, whatever that is; no text is in it. It is told in words to those who cannot see it.
void add_strip(pugi::xml_node parent, const Strips::Strip& strip);

}  // namespace cardseg::report
