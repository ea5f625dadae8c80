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
--above1:#fdeedd;--above2:#fbd8b0;--above3:#f6bd7f;--above4:#ee9f4d;
--good:#00664f;--fair:#7a5200;--poor:#b3261e;--band:#e3e8ed;--core:#c2cbd4;--median:#5d6a77;--mass:#3f4d5a}
@media (prefers-color-scheme:dark){
:root{--ground:#12181f;--text:#e6ebf0;--soft:#a3b0bd;--line:#35414d;--panel:#1b242d;--accent:#5db4f0;
--below1:#1b2b3a;--below2:#1d3a55;--below3:#1c4a73;--below4:#1a5a92;
--above1:#33281c;--above2:#4c361c;--above3:#66431a;--above4:#7f5017;
--good:#4fcfa6;--fair:#e5b94f;--poor:#ff9a8f;--band:#26313b;--core:#3c4954;--median:#94a2af;--mass:#b4c0cb}}
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
nav ul ul{display:none}
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
.wide td{white-space:nowrap}.wide td.prose{white-space:normal}
.wide th,.wide td{padding-left:.45rem;padding-right:.45rem}
.wide th:first-child{position:sticky;left:0;background:var(--ground);z-index:1}
.wide tbody th.text{overflow-wrap:anywhere;min-width:min(13.5rem,34vw);max-width:40vw}
td.bar{white-space:nowrap}
.figure{display:inline-block;width:3.4rem;text-align:right;padding-right:.6rem}
.track{display:inline-block;width:5rem;height:.75rem;vertical-align:middle;position:relative;
border-left:1px solid var(--line)}
.track span{position:absolute;top:0;height:100%;background:var(--accent)}
td.bar .track.middle{display:block;width:4.5rem;height:.6rem;border:0;
background:linear-gradient(var(--line),var(--line)) center/1px 100% no-repeat}
.track .origin{width:1px;top:-.3rem;height:1.6rem;background:var(--soft)}
.bars,.strips{width:100%;max-width:52rem}
.bars tbody th,.strips tbody th{width:28%}
.bars td,.bars th,.strips td,.strips th{vertical-align:middle}
.bars td:nth-child(2){width:38%}
thead td{border-bottom:2px solid var(--line)}
.bars .track{display:block;width:100%;height:1rem;border:0}
.more{color:var(--soft);font-size:.9rem}
.strips td:nth-child(2){width:42%}
.strip{display:block;width:100%;height:1.5rem}
.strip line{vector-effect:non-scaling-stroke;stroke-linecap:butt}
.a1{fill:var(--band)}.a2{fill:var(--core)}.a3{stroke:var(--median);stroke-width:2px}
.o1,.o2{fill:var(--accent)}.o3{stroke:var(--text);stroke-width:3px}
.strip .o4{stroke:var(--text);stroke-width:8px;stroke-linecap:round}
.ends{display:flex;justify-content:space-between;color:var(--soft);font-size:.8rem}
.source{color:var(--soft);font-size:.85rem;margin-top:-.5rem}
.mark{display:inline-block;min-width:1.55em;padding:0 .35em;margin-right:.45em;border-radius:.8em;text-align:center;
font-weight:700;line-height:1.55;font-size:.9em;color:#000;font-variant-numeric:tabular-nums}
.mark.again{outline:2px dashed var(--text);outline-offset:-2px}
thead .mark{margin-right:0}
.hue1{background:#56b4e9;fill:#56b4e9}.hue2{background:#e69f00;fill:#e69f00}
.hue3{background:#27a37f;fill:#27a37f}.hue4{background:#f0e442;fill:#f0e442}
.hue5{background:#d98bb5;fill:#d98bb5}.hue6{background:#e8743b;fill:#e8743b}
.hue7{background:#9f9fe0;fill:#9f9fe0}.hue8{background:#b0b0b0;fill:#b0b0b0}
.lights,.cards{list-style:none;padding:0;max-width:none;display:grid;gap:1rem;margin:1.25rem 0}
.lights{grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr))}
.cards{grid-template-columns:repeat(auto-fill,minmax(min(17.5rem,100%),1fr))}
.lights li,.card{border:1px solid var(--line);border-radius:.5rem;padding:.85rem 1rem;background:var(--panel)}
.lights li{border-left-width:.4rem}
.lights .good{border-left-color:var(--good)}.lights .fair{border-left-color:var(--fair)}
.lights .poor{border-left-color:var(--poor)}
.lights p,.cards p{margin:0}
.lights p:first-child{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem;
font-weight:600;margin-bottom:.3rem}
.verdict{white-space:nowrap}.verdict span{display:inline-block;width:1.2em;font-weight:700}
.verdict.good{color:var(--good)}.verdict.fair{color:var(--fair)}.verdict.poor{color:var(--poor)}
.card{display:flex;flex-direction:column;gap:.6rem}
.title{display:flex;align-items:baseline;font-size:1.05rem;font-weight:600;line-height:1.35}
.title a{color:var(--text);text-decoration-color:var(--soft)}
.cards ul{list-style:none;margin:0;padding:0}
.cards .why{margin-top:auto;padding-top:.5rem;border-top:1px solid var(--line);font-size:.9rem;color:var(--soft)}
.meters{grid-template-columns:auto minmax(3rem,1fr);gap:.15rem .75rem;margin:0;font-size:.9rem}
.meters dd{grid-column:2;display:flex;align-items:center;gap:.5rem}
.meters .track{flex:1;width:auto;height:.45rem;border:0;background:var(--line)}
.meters .figure{width:auto;min-width:4rem;padding:0;white-space:nowrap;font-variant-numeric:tabular-nums}
.group th{background:var(--panel);color:var(--soft);font-size:.85rem;padding-top:.5rem;
text-align:left}
h3 .mark,h2 .mark{font-size:.85em}
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
@media (min-width:40rem){.strips thead .n{white-space:nowrap}}
@media (min-width:64rem){.with-contents{display:grid;grid-template-columns:13.5rem minmax(0,1fr);gap:2.5rem}
.with-contents nav{position:sticky;top:1.5rem;align-self:start;font-size:.95rem}
.with-contents nav{max-height:calc(100vh - 3rem);overflow-y:auto}
.with-contents nav ul{flex-direction:column;flex-wrap:nowrap}
.with-contents nav ul ul{display:flex;gap:0;padding-left:.25rem;font-size:.9rem}
.with-contents nav ul ul a{display:flex;align-items:baseline;line-height:1.3}}
.label{font:14px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--text);
paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
.label.quiet{fill:var(--soft)}.label.strong{font-weight:700}.label.number{fill:#000;stroke:none;font-weight:700}
.grid{stroke:var(--line)}.average{stroke:var(--text);stroke-dasharray:6 4;stroke-width:1.5}
.bar-of-value{fill:var(--accent)}.centre{stroke:#000;stroke-width:1.5}
.any{fill:var(--mass)}
.d1{fill-opacity:.18}.d2{fill-opacity:.34}.d3{fill-opacity:.5}.d4{fill-opacity:.68}.d5{fill-opacity:.9}
@media (max-width:40rem){.label{font-size:25px}
.bars thead,.strips thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.bars tbody tr,.strips tbody tr{display:grid;padding:.4rem 0;border-bottom:1px solid var(--line)}
.bars tbody tr{grid-template-columns:1fr auto}.strips tbody tr{grid-template-columns:auto auto auto}
.bars tbody th,.bars tbody td,.strips tbody th,.strips tbody td{border:0;padding:.1rem .4rem .1rem 0;width:auto}
.bars tbody td:nth-child(2),.bars .more,.strips tbody th,.strips tbody td:nth-child(2){grid-column:1/-1;width:auto}
.bars tbody td:nth-child(2){grid-row:2}
.strips td.n{text-align:left;font-size:.9rem}.strips td.n::before{content:attr(data-label) " ";color:var(--soft)}
.meters{grid-template-columns:auto minmax(3rem,1fr)!important}.meters dd{grid-column:2!important}
.meters dt{margin:0!important}
h1{font-size:1.55rem}th,td{padding:.4rem .5rem}dl{grid-template-columns:1fr;gap:0}
dd{grid-column:1}dt{margin-top:.6rem}}
@media print{
.wide th:first-child{position:static}
:root{color-scheme:light;--ground:#fff;--text:#000;--soft:#333;--line:#bbb;--panel:#eee;--accent:#0067a8;
--below1:#e3eef8;--below2:#c3dcf1;--below3:#9cc5e8;--below4:#74addd;
--above1:#fdeedd;--above2:#fbd8b0;--above3:#f6bd7f;--above4:#ee9f4d;
--good:#00664f;--fair:#7a5200;--poor:#b3261e;--band:#e3e8ed;--core:#c2cbd4;--median:#5d6a77;--mass:#3f4d5a}
body{font-size:10pt}.page{max-width:none;padding:0}nav,.skip{display:none}.with-contents{display:block}
.scroll{overflow:visible}h2,h3,caption{break-after:avoid}tr,figure,.card,.lights li{break-inside:avoid}
h3.marked{break-before:page}h2{margin-top:1.5rem}
th,td,.bars th,.bars td,.strips th,.strips td{padding-top:.12rem;padding-bottom:.12rem}
.strip{height:1.1rem}.bars .track{height:.7rem}details{display:none}
h2+h3.marked{break-before:auto}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

}  // namespace cardseg::report
