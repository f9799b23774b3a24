//! The frame of the page.

/// Its beginning.
pub(super) const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width\"><title>Packages</title><style>\
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:90rem;padding:0 1rem;color:#222}\
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.3rem .6rem;\
border-bottom:1px solid #ddd;vertical-align:top}th{background:#f5f5f5;position:sticky;top:0}\
code,pre{font:13px/1.4 ui-monospace,monospace}pre{overflow:auto;max-width:60rem;max-height:24rem;\
background:#f5f5f5;padding:.6rem}dl{display:grid;grid-template-columns:auto 1fr;gap:0 1rem;margin:.4rem 0;\
font-size:90%}dd{margin:0;overflow-wrap:anywhere}summary{cursor:pointer;white-space:nowrap}\
.counts span{margin-right:1rem}.production{color:#1b6e2c}.test{color:#0b5cad}.built{color:#6a4fb0}\
.missing{color:#8a5a00}.failed{color:#b00020}.invalid{color:#777}\
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}th,pre{background:#2a2a2a}\
th,td{border-color:#444}.production{color:#7bc98a}.test{color:#7db8f0}.built{color:#b9a5ee}\
.missing{color:#e8b04a}.failed{color:#ff8a8a}}\
</style></head><body>\n";

/// Its end, with the filter.
pub(super) const TAIL: &str = "<script>document.getElementById('filter').addEventListener('input',\
event=>{const words=event.target.value.toLowerCase();\
for(const row of document.querySelectorAll('#packages tbody tr'))\
row.hidden=!row.textContent.toLowerCase().includes(words)});</script></body></html>\n";
