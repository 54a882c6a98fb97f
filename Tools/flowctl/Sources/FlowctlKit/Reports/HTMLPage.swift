import Plotting

/// The frame of every HTML file that this tool writes: one file with everything inside it, no script, no font from elsewhere.
enum HTMLPage {
  static func document(title: String, body: String) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(escaped(title))</title>
    <style>\(styleSheet)</style></head>
    <body><main>
    \(body)
    </main></body></html>

    """
  }

  /// Pictures side by side under a heading; nothing where there are none.
  static func figures(_ title: String, _ figures: [Figure]) -> String {
    figures.isEmpty ? "" : "<h2>\(title)</h2><div class=\"figures\">" + figures.map(card).joined(separator: "\n") + "</div>"
  }

  static func card(_ figure: Figure) -> String {
    "<figure><h3>\(escaped(figure.title))</h3>\(figure.svg)<figcaption>\(escaped(figure.caption))</figcaption></figure>"
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
  }

  private static let styleSheet = """
    :root{color-scheme:light dark;--paper:#fff;--back:#f3f5f8;--ink:#1c2530;--quiet:#5c6875;--rule:#dde3ea;--good:#14804f;--bad:#b3261e}
    @media screen and (prefers-color-scheme:dark){:root{--paper:#151a21;--back:#0d1117;--ink:#e4e9ef;--quiet:#96a2b0;--rule:#2a323d;--good:#5ed6a2;--bad:#ff8a80}}
    *{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
    main{max-width:70rem;margin:0 auto;padding:1rem}h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .6rem}
    h3{font-size:1rem;margin:0 0 .4rem}p{max-width:46rem;margin:.5rem 0}.quiet{color:var(--quiet)}code{font-size:.9em}
    .hero{display:grid;grid-template:"head" "figure" "words"/minmax(0,1fr);gap:.5rem 2rem}.head{grid-area:head}.words{grid-area:words}.hero figure{grid-area:figure;align-self:start}
    .verdict{font-size:1.1rem;font-weight:600;border-left:4px solid;padding-left:.7rem}.met{color:var(--good)}.missed{color:var(--bad)}.open{color:var(--quiet)}
    .missing{margin:.3rem 0;padding-left:1.3rem;color:var(--bad)}
    .wide{overflow-x:auto;background:var(--paper);border:1px solid var(--rule);border-radius:8px}
    table{border-collapse:collapse;width:100%;font-size:.93rem}th,td{text-align:left;padding:.4rem .7rem;border-bottom:1px solid var(--rule);vertical-align:top}
    tbody tr:last-child>*{border-bottom:0}.whole{white-space:nowrap}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
    .sides th:first-child{position:sticky;left:0;background:var(--paper);font-weight:500;max-width:16rem}.facts th{font-weight:500;width:16rem}.facts td{overflow-wrap:anywhere}
    .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr));gap:1rem}
    figure{margin:0;padding:.8rem;background:var(--paper);border:1px solid var(--rule);border-radius:8px;break-inside:avoid;max-width:44rem}
    figure svg{display:block;width:100%;height:auto}figcaption{color:var(--quiet);font-size:.93rem;margin-top:.4rem}
    details{margin:.8rem 0}summary{cursor:pointer;font-weight:500;margin-bottom:.5rem}
    @media (min-width:60rem){.pair{grid-template:"head figure" auto "words figure" 1fr/minmax(0,1.2fr) minmax(0,1fr)}}
    @media (max-width:40rem){.facts tr{display:grid;grid-template-columns:40% 1fr;border-bottom:1px solid var(--rule)}.facts th,.facts td{width:auto;border:0}
    .facts .quiet{grid-column:1/-1;padding-top:0}.cards thead{display:none}.cards tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--rule)}
    .cards tr:last-child{border:0}.cards td{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.12rem .8rem;text-align:right;white-space:normal}
    .cards td:empty{display:none}.cards td:first-child{font-weight:600;text-align:left}.cards td:not(:first-child)::before{content:attr(data-name);color:var(--quiet)}}
    @media print{:root{font-size:9.5pt;color-scheme:light}details td,details th{padding:.03rem .7rem;font-size:.88rem}body{background:#fff;font-size:1rem}main{max-width:none;padding:0}.figures{grid-template-columns:1fr 1fr}h2,h3{break-after:avoid}tr{break-inside:avoid}.facts .quiet{display:none}
    .pair{grid-template:"head figure" auto "words figure" 1fr/minmax(0,1.2fr) minmax(0,1fr)}details::details-content{content-visibility:visible;block-size:auto}}
    """
}
