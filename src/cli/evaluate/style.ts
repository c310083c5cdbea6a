/** The look of a report: one column, readable on screen and on paper. */
export const STYLE = `
:root{--ink:#1b2430;--soft:#5a6675;--line:#dfe4ea;--same:#1f6fb2;--other:#c2571a;--paper:#fff;--wash:#f5f7f9}
*{box-sizing:border-box}
body{margin:0;background:var(--wash);color:var(--ink);font:15px/1.55 system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1120px;margin:0 auto;background:var(--paper);padding:48px 56px 64px}
h1{font-size:30px;line-height:1.2;margin:0 0 6px;letter-spacing:-.01em}
h2{font-size:19px;margin:44px 0 6px;padding-top:22px;border-top:1px solid var(--line)}
h3{font-size:16px;margin:30px 0 4px}.proposition{font-size:23px;border-top:2px solid var(--ink)}
p{margin:6px 0 12px;max-width:78ch}.soft{color:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:26px 0 8px}
.figure{border:1px solid var(--line);border-radius:8px;padding:14px 16px}
.figure b{display:block;font-size:28px;line-height:1.15;font-weight:600;font-variant-numeric:tabular-nums}
.figure span{display:block;color:var(--soft);font-size:13px}.figure .what{color:var(--ink);font-size:13px;font-weight:600;margin-bottom:4px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:14px;margin:10px 0}
th{text-align:left;font-weight:600;border-bottom:2px solid var(--line)}td{border-bottom:1px solid var(--line)}
th,td{padding:6px 12px 6px 0;vertical-align:top}td small{color:var(--soft);display:block;white-space:nowrap}
.plots{display:grid;grid-template-columns:1fr 1fr;gap:20px 28px;margin-top:14px}
.plots figure,.pair{margin:0;break-inside:avoid}.plots .wide{grid-column:1/-1;max-width:620px}
figcaption{font-size:13.5px;color:var(--soft)}figcaption b{color:var(--ink)}
svg{width:100%;height:auto;display:block}
.grid{stroke:#e8ecf0;stroke-width:1}.axis{stroke:#8a95a3;stroke-width:1.2}.tick{font-size:11.5px;fill:var(--soft)}.name{font-size:12.5px;fill:var(--ink)}.mark{font-size:12.5px;fill:var(--ink)}
.same-line{fill:none;stroke:var(--same);stroke-width:2}.other-line{fill:none;stroke:var(--other);stroke-width:1.6}.same-fill{fill:var(--same)}.same-area{fill:#1f6fb233}.other-area{fill:#c2571a2e}
.diagonal{fill:none;stroke:#8a95a3;stroke-width:1;stroke-dasharray:4 4}
.pairs{display:grid;grid-template-columns:1fr 1fr;gap:26px 28px;margin-top:14px}
.strip{display:grid;gap:4px;margin-bottom:4px}
.strip div{position:relative;background:#000;border-radius:4px;overflow:hidden}.strip img{width:100%;display:block}
.strip span{position:absolute;left:0;bottom:0;right:0;background:#000a;color:#fff;font-size:11px;padding:1px 6px}
.wide-pair{grid-column:1/-1}
.refused{display:grid;grid-template-columns:repeat(4,1fr);gap:18px;margin-top:14px}.refused figure{margin:0;break-inside:avoid}.refused img{width:100%;height:170px;object-fit:contain;background:var(--wash);border-radius:4px;display:block}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,240px),1fr));gap:16px 20px;margin:10px 0}.panels figure{margin:0;max-width:520px;break-inside:avoid}.panels.wide{grid-template-columns:repeat(auto-fit,minmax(min(100%,360px),1fr));max-width:860px}
.photos .shown{width:fit-content;max-width:100%}.photos .shown img{width:auto;max-width:100%;max-height:430px}
.shown{position:relative;background:var(--wash);border-radius:4px;overflow:hidden}.shown img{width:100%;display:block}.lamp{position:absolute;inset:0;width:100%;height:100%}
.followed{border-top:2px solid var(--line);margin-top:34px;padding-top:2px}.followed h4{font-size:15px;margin:26px 0 2px;break-after:avoid}.followed h4 span{display:inline-block;min-width:26px;height:26px;line-height:26px;border-radius:13px;text-align:center;background:var(--ink);color:var(--paper);font-size:13px;margin-right:9px}
.swipe{display:grid;grid-template-columns:1fr 1fr;gap:6px 14px;max-width:720px;margin:10px 0}.swipe figure{margin:0}.swipe img{width:100%;display:block;border-radius:4px;background:#000}.swipe input{display:none}
.map{display:grid;grid-template-columns:minmax(0,440px) minmax(200px,1fr);gap:8px 24px;align-items:start}.legend{list-style:none;padding:0;margin:12px 0;font-size:14px}.legend li{margin:6px 0}.legend i{display:inline-block;width:16px;height:16px;border-radius:3px;vertical-align:-3px;margin-right:9px}.legend b{display:inline-block;min-width:24px}
.sum td:first-child,.sum td:last-child{white-space:nowrap}.sum{max-width:820px}.ratio{font-size:17px}.simulated{background:#ffe2b8;border-radius:4px;padding:1px 7px;font-size:12.5px;font-weight:600}
.warning{border-left:5px solid #c62828;background:#fdecea;padding:10px 14px;max-width:none;font-weight:600}
.this{stroke:var(--ink);stroke-width:2}.this-dot{fill:var(--ink)}b.green{color:#1d7f36}b.blue{color:#1e5fc0}b.orange{color:#b35300}b.violet{color:#6a31c9}
code{font:12.5px ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;font-size:14px}dt{color:var(--soft)}dd{margin:0}
@media screen{.scripted .swipe{display:block;position:relative;max-width:520px}.scripted .swipe figure{position:relative}.scripted .swipe figcaption{position:absolute;bottom:6px;left:6px;background:#000a;color:#fff;padding:1px 8px;border-radius:3px}.scripted .swipe .over figcaption{left:auto;right:6px}.scripted .swipe .over.over{position:absolute;inset:0 0 auto 0;clip-path:inset(0 0 0 var(--at,50%))}.scripted .swipe input{display:block;width:100%;margin:8px 0 0}}
@media(max-width:760px){.map{grid-template-columns:1fr}main{padding:24px 18px}.figures{grid-template-columns:1fr 1fr}.plots,.pairs{grid-template-columns:1fr}.refused{grid-template-columns:1fr 1fr}}
@media print{body{background:#fff;font-size:11pt}main{max-width:none;padding:0}h2{break-after:avoid}.figure{break-inside:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
