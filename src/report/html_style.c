/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The style sheet of the HTML page: one column for reading, tables that become cards on a telephone, and A4 for print.
 * Fonts are those of the reader's machine, nothing is fetched.
 */
#include "report/html.h"

/* clang-format off: a line a rule */
static const char general[] =
	"*{box-sizing:border-box}\n"
	"html{-webkit-text-size-adjust:100%}\n"
	"body{margin:0;color:#1c1c1e;background:#fff;"
	"font:16px/1.5 -apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Arial,sans-serif}\n"
	"main,.inner{max-width:1080px;margin:0 auto;padding:0 24px}\n"
	"h1,h2,h3,h4{line-height:1.2;text-wrap:balance}\n"
	"h1{font-size:1.25rem;font-weight:600;margin:0}\n"
	"h2{font-size:1.6rem;margin:3rem 0 1rem;padding-top:.7rem;border-top:3px solid #1c1c1e}\n"
	"h3{font-size:1.15rem;margin:2rem 0 .6rem}\n"
	"h4{font-size:1.1rem;margin:0 0 .4rem}\n"
	"p{margin:.5rem 0;max-width:46rem}\n"
	"ul{margin:.5rem 0;padding-left:1.3rem}\n"
	"li{margin:.3rem 0}\n"
	"code{font:.9em/1.4 ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace;"
	"overflow-wrap:anywhere}\n"
	"b{font-weight:650}\n"
	"a{color:#0b4f8a}\n"
	"td,th,li,p,blockquote,h1,h2,h3,h4{overflow-wrap:anywhere}\n"
	".small,.of,figcaption{color:#55585d;font-size:.875rem}\n"
	".of{font-weight:400}\n"
	".ids{font-size:.85rem;color:#3a3d42}\n"
	".patterns{position:absolute}\n"
	".swatch{vertical-align:-3px;margin-right:7px;flex:none}\n";

static const char masthead[] =
	".top{display:flex;flex-wrap:wrap;gap:.4rem 1.5rem;align-items:baseline;justify-content:space-between;"
	"padding-top:20px;padding-bottom:14px}\n"
	".brand{font-weight:700;letter-spacing:.02em}\n"
	".badge{display:inline-block;border:2px solid #8a4b00;color:#6b3a00;background:#fff4dc;font-weight:700;"
	"font-size:.8rem;letter-spacing:.06em;padding:2px 9px}\n"
	"h2 .badge{font-size:.7rem;vertical-align:4px;margin-left:10px}\n"
	".verdict{color:#fff;padding:34px 0 30px;border-bottom:6px solid rgba(0,0,0,.25)}\n"
	".verdict .inner{display:flex;gap:26px;align-items:flex-start}\n"
	".verdict svg{flex:none;width:84px;height:84px}\n"
	".verdict .word{font-size:2.6rem;font-weight:700;line-height:1.1;margin:.3rem 0 .5rem;"
	"letter-spacing:-.01em}\n"
	".verdict .reason{font-size:1.1rem;margin:0;max-width:44rem}\n"
	".manageable{background:#1b5e37}\n"
	".manageable-with-provisos{background:#6d4a00}\n"
	".not-manageable,.fails-as-it-stands{background:#8c1d18}\n"
	".undetermined{background:#4b2a78}\n"
	".about{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:2px 24px;"
	"margin:22px 0 0;padding:0}\n"
	".about div{padding:0}\n"
	".about dt{font-size:.8rem;color:#55585d}\n"
	".about dd{margin:0;font-weight:600;overflow-wrap:anywhere}\n"
	".tiles{list-style:none;display:flex;flex-wrap:wrap;gap:10px;padding:0;margin:22px 0 0}\n"
	".tiles li{flex:1 1 112px;margin:0;border:1px solid #c9ccd1;border-top:6px solid var(--c);padding:8px "
	"12px;max-width:240px}\n"
	".tiles a{color:inherit;text-decoration:none;display:block}\n"
	".tiles a:hover{text-decoration:underline}\n"
	".tiles b{display:block;font-size:1.6rem;line-height:1.15}\n"
	".contents{font-size:.9rem;display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:20px}\n"
	".short li{margin:.55rem 0;max-width:48rem}\n";

static const char statuses[] =
	".broken{--c:#b3261e}\n"
	".unknown{--c:#6a3d9a}\n"
	".due{--c:#9a5b00}\n"
	".waived{--c:#3b5b92}\n"
	".notifiable{--c:#1f6f8b}\n"
	".holds{--c:#1b6e3c}\n"
	".not-in-force{--c:#6b6e73}\n"
	".chip{display:inline-block;background:var(--c);color:#fff;padding:2px 12px;font-weight:650}\n"
	".status h3{margin-top:2.2rem}\n"
	".meaning{margin:.2rem 0 .8rem}\n"
	"article{border:1px solid #d4d7db;border-left:6px solid var(--c);padding:16px 20px 14px;margin:0 0 18px}\n"
	"blockquote{margin:.2rem 0 .6rem;padding:0 0 0 12px;border-left:2px solid #b9bcc2;"
	"font-family:Georgia,'Times New Roman','Liberation Serif',serif;font-size:1.02rem;max-width:46rem}\n"
	".facts{list-style:none;display:flex;flex-wrap:wrap;gap:2px 20px;padding:0;margin:0;font-size:.9rem}\n"
	".facts:empty{display:none}\n"
	".facts li{margin:0}\n"
	".statement{margin-top:12px}\n"
	".limit{white-space:nowrap;border:1px solid #1c1c1e;padding:0 7px;font-weight:650;font-size:.85rem;"
	"margin-left:6px}\n"
	".excess{font-weight:650}\n"
	".broken .excess{color:#8c1d18}\n"
	".why p{margin:0 0 .25rem}\n"
	".tasks li{margin:.7rem 0}\n";

static const char tables[] =
	"table{border-collapse:collapse;width:100%;font-size:.93rem;margin:.4rem 0 .6rem}\n"
	"caption{text-align:left;padding:6px 0;font-weight:600}\n"
	"caption code{font-weight:400}\n"
	"th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-top:1px solid #dfe1e5}\n"
	"thead th{font-size:.8rem;font-weight:600;color:#55585d;border-top:0;vertical-align:bottom;"
	"padding-bottom:3px;overflow-wrap:normal}\n"
	"tbody th{font-weight:600}\n"
	".findings tbody th{width:17%}\n"
	".findings td.num{width:16%}\n"
	".findings td.bar,.findings th.bar{width:26%}\n"
	".findings td.excess{width:15%}\n"
	".num{font-variant-numeric:tabular-nums;overflow-wrap:normal}\n"
	"td.num .of{display:block}\n"
	".ends{display:flex;justify-content:space-between}\n"
	"svg.bar,svg.stack{display:block;overflow:visible;margin:2px 0}\n"
	".track{fill:#f4f5f6;stroke:#8b8e94;stroke-width:1}\n"
	".no{fill:url(#no)}\n"
	".sure{fill:var(--c,#444)}\n"
	".may{fill:url(#may);stroke:#333;stroke-width:1}\n"
	".bound{fill:#000}\n"
	".stack rect{stroke:#222;stroke-width:.7}\n"
	".shares tbody th{width:20%}\n"
	".shares td.num{width:9%}\n"
	".shares td.bar{width:44%}\n"
	".whole th,.whole td{border-bottom:2px solid #1c1c1e;font-weight:650}\n"
	".cards td{min-width:5rem}\n"
	".cards td.num{min-width:3rem}\n"
	".inputs code{font-size:.8rem}\n";

static const char pictures[] =
	".maps{display:grid;grid-template-columns:1fr 1fr;gap:28px}\n"
	"figure{margin:0}\n"
	".map h3{margin-top:.4rem}\n"
	".map svg:not(.swatch){display:block;width:100%;height:auto;max-height:86vh}\n"
	".paper{fill:#f7f8f9}\n"
	".frame{fill:none;stroke:#8b8e94;stroke-width:10}\n"
	".grid path{stroke:#dde0e4;stroke-width:7;fill:none}\n"
	".grid text{font-size:105px;fill:#73767c}\n"
	".scale path{stroke:#1c1c1e;stroke-width:14;fill:none}\n"
	".scale text{font-size:130px;fill:#1c1c1e}\n"
	".names text{font-size:128px;fill:#1c1c1e;paint-order:stroke;stroke:#fff;stroke-width:34px;"
	"stroke-linejoin:round;font-weight:500}\n"
	".names .bad{font-weight:700}\n"
	".legend{list-style:none;display:flex;flex-wrap:wrap;gap:3px 18px;padding:0;margin:.6rem 0;font-size:.9rem}\n"
	".legend li{display:flex;align-items:center;margin:0;overflow-wrap:normal}\n"
	".legend .n{color:#55585d;margin-left:6px;white-space:nowrap;overflow-wrap:normal;"
	"font-variant-numeric:tabular-nums}\n"
	"footer{border-top:1px solid #c9ccd1;margin:3.5rem 0 0;padding:16px 0 40px;color:#55585d;font-size:.875rem}\n";

static const char telephone[] =
	"@media screen and (max-width:720px){\n"
	"main,.inner{padding-left:16px;padding-right:16px}\n"
	".verdict{padding:22px 0}\n"
	".verdict .inner{gap:14px}\n"
	".verdict svg{width:46px;height:46px}\n"
	".verdict .word{font-size:1.85rem}\n"
	".verdict .reason{font-size:1rem}\n"
	".maps{grid-template-columns:1fr}\n"
	".tiles li{flex-basis:28%}\n"
	"h2{font-size:1.35rem;margin-top:2.4rem}\n"
	"article{padding:12px 14px}\n"
	"thead{display:none}\n"
	"table,tbody,tr,th,td,caption{display:block;width:auto!important}\n"
	"tr{border-top:1px solid #dfe1e5;padding:8px 0}\n"
	"th,td{border:0;padding:1px 0}\n"
	"td.void{display:none}\n"
	"td[data-label]::before{content:attr(data-label) ': ';color:#55585d;font-size:.8rem;font-weight:400}\n"
	"td.num .of{display:inline;margin-left:8px}\n"
	"td.why::before{display:none}\n"
	".whole th,.whole td{border-bottom:0}\n"
	".names text{font-size:150px}\n"
	".grid text,.scale text{font-size:150px}\n"
	"}\n";

static const char paper[] =
	"@page{size:A4;margin:16mm 15mm 18mm;"
	"@bottom-right{content:counter(page) ' / ' counter(pages);font:8pt sans-serif;color:#55585d}}\n"
	"@media print{\n"
	"*{-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
	"html{font-size:76%}\n"
	"body{font-size:9.5pt}\n"
	"table{font-size:8.5pt}\n"
	".tiles li{flex-basis:60pt;padding:4pt 7pt}\n"
	".tiles b{font-size:15pt}\n"
	".of,.small,figcaption,.ids,thead th{font-size:7.5pt}\n"
	"th,td{padding:3pt 8pt 3pt 0}\n"
	".status h3{margin-top:14pt}\n"
	".statement{margin-top:6pt}\n"
	"blockquote{font-size:10pt;margin-bottom:3pt}\n"
	"main,.inner{max-width:none;padding-left:0;padding-right:0}.top{padding-top:0}\n"
	".verdict{padding:14pt}\n"
	".verdict svg{width:54px;height:54px}\n"
	".verdict .word{font-size:22pt}\n"
	".verdict .reason{font-size:11pt}\n"
	".contents{display:none}\n"
	"h2{font-size:15pt;margin-top:20pt}\n"
	"h2,h3,h4,caption,.meaning,blockquote,.facts,.told,thead{break-after:avoid}\n"
	"tr,figure,.tiles,blockquote,li,.short-one{break-inside:avoid}\n"
	"thead{display:table-header-group}\n"
	"article{padding:9pt 11pt;margin-bottom:10pt}\n"
	".maps{gap:14pt}\n"
	".map svg:not(.swatch){max-height:150mm}\n"
	"a{color:inherit;text-decoration:none}\n"
	"}\n";
/* clang-format on */

void html_style(struct html *h)
{
	const char *const parts[] = { general, masthead, statuses, tables, pictures, telephone, paper };

	sink_text(h->sink, "<style>\n");
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		sink_text(h->sink, parts[i]);
	/* A page that is torn out of its report still says what it is made of. */
	if (h->a->synthetic)
		sink_text(h->sink,
			  "@page{@top-right{content:'SYNTHETIC DATA';font:bold 8pt sans-serif;color:#6b3a00}}\n");
	sink_text(h->sink, "</style>\n");
}
