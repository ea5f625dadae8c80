// The one style sheet of pages, and how strong a cell's colour is.
#pragma once

namespace cardseg::report {

/// Shades run from 1 (faint) to this: classes "below1" ... and "above1" ...
constexpr int shades = 4;

/// CSS without '<', '>' and '&', so that it reads the same as HTML and as XML. Text has a contrast of at least
/// 4.5 : 1 on every ground, in both schemes.
constexpr const char* page_style = R"(
:root{color-scheme:light dark;--ground:#fff;--text:#1c2733;--soft:#52606d;--line:#d9e0e7;--panel:#f4f6f9;
--accent:#0067a8;--below1:#e3eef8;--below2:#c3dcf1;--below3:#9cc5e8;--below4:#74addd;
--above1:#fdeedd;--above2:#fbd8b0;--above3:#f6bd7f;--above4:#ee9f4d}
@media (prefers-color-scheme:dark){
:root{--ground:#12181f;--text:#e6ebf0;--soft:#a3b0bd;--line:#35414d;--panel:#1b242d;--accent:#5db4f0;
--below1:#1b2b3a;--below2:#1d3a55;--below3:#1c4a73;--below4:#1a5a92;
--above1:#33281c;--above2:#4c361c;--above3:#66431a;--above4:#7f5017}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Noto Sans",Ubuntu,sans-serif;overflow-wrap:anywhere}
a{color:var(--accent)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-100vw;background:var(--ground);padding:.5rem 1rem}
.skip:focus{left:0;top:0;z-index:3}
.page{max-width:80rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:.5rem 0 1rem;letter-spacing:-.01em}
h2{font-size:1.35rem;line-height:1.3;margin:3rem 0 1rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;margin:2rem 0 .5rem}
p,dl,ul{max-width:75ch}
p{margin:.75rem 0}
.note{color:var(--soft);font-size:.9rem}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
nav{margin-bottom:1rem}
nav a{display:inline-block;padding:.25rem 0;text-decoration:none}
nav a:hover{text-decoration:underline}
.scroll{overflow-x:auto;margin:1rem 0;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;overflow-wrap:normal}
caption{text-align:left;color:var(--soft);font-size:.9rem;padding:0 0 .5rem;
max-width:min(75ch,calc(100vw - 2rem))}
th,td{padding:.4rem .75rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:baseline;
unicode-bidi:isolate}
th{font-weight:600}
thead th{vertical-align:bottom;color:var(--soft);font-size:.9rem;border-bottom-width:2px}
tbody th{font-weight:500}
.n{text-align:right;white-space:nowrap}
thead .n{white-space:normal}
.prose{min-width:11rem;max-width:75ch;overflow-wrap:anywhere}
.wide{font-size:.9rem}
.wide th,.wide td{padding-left:.45rem;padding-right:.45rem}
.wide th:first-child{position:sticky;left:0;background:var(--ground);z-index:1}
.wide tbody th.text{overflow-wrap:anywhere;min-width:min(13.5rem,34vw);max-width:40vw}
td.bar{white-space:nowrap}
.figure{display:inline-block;width:3.4rem;text-align:right;padding-right:.6rem}
.track{display:inline-block;width:5rem;height:.75rem;vertical-align:middle;position:relative;
border-left:1px solid var(--line)}
.track span{position:absolute;top:0;height:100%;background:var(--accent)}
.bars{width:100%;max-width:44rem}
.bars th{width:30%}
.bars .track{display:block;width:100%;height:1rem;border:0}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.3rem 1.25rem;margin:1rem 0}
dt{color:var(--soft)}
dd{margin:0;grid-column:2}
details{margin:1rem 0;border:1px solid var(--line);border-radius:.4rem;padding:.5rem 1rem}
summary{cursor:pointer;font-weight:500}
figure{margin:1.5rem 0}
figure svg{max-width:100%;height:auto}
figcaption{color:var(--soft);font-size:.9rem}
.below1{background:var(--below1)}.below2{background:var(--below2)}
.below3{background:var(--below3)}.below4{background:var(--below4)}
.above1{background:var(--above1)}.above2{background:var(--above2)}
.above3{background:var(--above3)}.above4{background:var(--above4)}
@media (min-width:64rem){.with-contents{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:2.5rem}
.with-contents nav{position:sticky;top:1.5rem;align-self:start;font-size:.95rem}
.with-contents nav ul{flex-direction:column}}
@media (max-width:40rem){h1{font-size:1.55rem}th,td{padding:.4rem .5rem}dl{grid-template-columns:1fr;gap:0}
dd{grid-column:1}dt{margin-top:.6rem}}
@media print{
.wide th:first-child{position:static}
:root{color-scheme:light;--ground:#fff;--text:#000;--soft:#333;--line:#bbb;--panel:#eee;--accent:#0067a8;
--below1:#e3eef8;--below2:#c3dcf1;--below3:#9cc5e8;--below4:#74addd;
--above1:#fdeedd;--above2:#fbd8b0;--above3:#f6bd7f;--above4:#ee9f4d}
body{font-size:10pt}.page{max-width:none;padding:0}nav,.skip{display:none}.with-contents{display:block}
.scroll{overflow:visible}h2,h3,caption{break-after:avoid}tr,figure{break-inside:avoid}
td,.track,.track span{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

}  // namespace cardseg::report
