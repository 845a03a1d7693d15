/** The report's one style sheet. Colours follow the editor's theme where there is one, else the system's. */

const LIGHT = `--f-bg:#fbfaf7;--f-panel:#ffffff;--f-fg:#1d2327;--f-muted:#5b656d;--f-line:#e3e0d8;--f-track:#ece9e1;--f-accent:#0b6b62;
--critical:#b3142d;--high:#c2500b;--medium:#8a6400;--low:#2563a8;--info:#5b656d;--good:#1c7a45;
--critical-fill:#c8213b;--high-fill:#e0702c;--medium-fill:#d8a317;--low-fill:#5a93d6;--info-fill:#9aa3aa;--good-fill:#2f9a5d;--wash:#fbe9ea;color-scheme:light;`;
const DARK = `--f-bg:#16191c;--f-panel:#1d2125;--f-fg:#e4e7e9;--f-muted:#9ba5ad;--f-line:#31373d;--f-track:#2a3036;--f-accent:#5cc9bb;
--critical:#ff8593;--high:#ffa36b;--medium:#e8c15c;--low:#86b8f2;--info:#a9b3bb;--good:#74d19b;
--critical-fill:#e5485d;--high-fill:#e57f43;--medium-fill:#d3a833;--low-fill:#5590d4;--info-fill:#7b858d;--good-fill:#43a96c;--wash:#3a2226;color-scheme:dark;`;

export const CSS = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
body.vscode-light,body.vscode-high-contrast-light{${LIGHT}}
body.vscode-dark,body.vscode-high-contrast{${DARK}}
body{
--bg:var(--vscode-editor-background,var(--f-bg));--fg:var(--vscode-editor-foreground,var(--f-fg));--muted:var(--vscode-descriptionForeground,var(--f-muted));
--panel:var(--vscode-editorWidget-background,var(--f-panel));--line:var(--vscode-contrastBorder,var(--vscode-editorWidget-border,var(--f-line)));
--track:var(--f-track);--accent:var(--vscode-textLink-foreground,var(--f-accent));--focus:var(--vscode-focusBorder,var(--f-accent));
--mono:var(--vscode-editor-font-family,ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace);
margin:0;padding:0;background:var(--bg);color:var(--fg);font:15px/1.55 var(--vscode-font-family,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif);overflow-wrap:break-word}
*,*::before,*::after{box-sizing:border-box}
.page{max-width:1060px;margin:0 auto;padding:28px 28px 72px}
h1,h2,h3,h4,p,ul,ol,dl,dd,figure{margin:0;padding:0}
ul,ol{list-style:none}
h2{font-size:1.33rem;line-height:1.25;letter-spacing:-.012em;font-weight:680}
h3{font-size:1rem;line-height:1.35;font-weight:640}
section{margin-top:56px;scroll-margin-top:20px}
.lede{color:var(--muted);margin-top:4px;max-width:70ch}
.muted{color:var(--muted)}
.num{font-variant-numeric:tabular-nums}
a{color:var(--accent);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
code,.loc{font-family:var(--mono);font-size:.87em}
p code,h3 code,td code,li code,.finding code{background:var(--track);padding:.08em .34em;border-radius:4px;overflow-wrap:break-word;-webkit-box-decoration-break:clone;box-decoration-break:clone}
.loc{color:var(--muted);overflow-wrap:break-word;text-align:left;min-width:0}
@media (max-width:640px){body,.loc,p code,h3 code,td code,li code,.finding code{overflow-wrap:anywhere}}
button.loc{background:none;border:0;padding:0;margin:0;color:var(--accent);cursor:pointer;line-height:inherit}
button.loc:hover{text-decoration:underline}
.skip{position:absolute;left:-999px}.skip:focus{left:12px;top:12px;background:var(--panel);padding:6px 10px;z-index:2}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.ico{width:16px;height:16px;flex:none;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}

/* masthead */
.mast{display:flex;justify-content:space-between;gap:16px;align-items:center;flex-wrap:wrap;padding-bottom:14px;border-bottom:1px solid var(--line)}
.brand{display:flex;align-items:center;gap:9px;font-weight:660;letter-spacing:-.005em}
.brand svg{width:22px;height:22px;color:var(--accent)}
.mast .muted{font-size:.87rem}
.hero{display:grid;grid-template-columns:236px 1fr;gap:40px;align-items:center;padding:36px 0 6px}
.gauge{width:100%;max-width:236px;display:block}
.gauge text{font-family:inherit;fill:var(--fg)}
.gauge .score{font-size:56px;font-weight:720;letter-spacing:-2px}
.gauge .of{font-size:13px;fill:var(--muted)}
.hero .project{font-size:.95rem;color:var(--muted)}
.hero h1{font-size:clamp(1.45rem,1.05rem + 1.7vw,2.05rem);line-height:1.22;letter-spacing:-.02em;font-weight:690;margin-top:4px;max-width:24em;text-wrap:balance}
.facts{display:flex;flex-wrap:wrap;gap:6px 22px;margin-top:18px;color:var(--muted);font-size:.93rem}
.facts b{color:var(--fg);font-weight:660}
.toc{display:flex;flex-wrap:wrap;gap:6px 20px;margin-top:26px;padding:11px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:.93rem}
.toc a{color:var(--fg);text-decoration:none}.toc a:hover{color:var(--accent);text-decoration:underline}

/* severities */
.sev{display:inline-flex;align-items:center;gap:6px;font-size:.84rem;font-weight:640;white-space:nowrap}
.sev::before{content:"";width:9px;height:9px;border-radius:50%;background:currentColor;flex:none}
.sev.high::before{border-radius:2px;transform:rotate(45deg) scale(.92)}.sev.medium::before{border-radius:2px}
.sev.low::before,.sev.info::before{background:none;border:2px solid currentColor}
.t-critical{color:var(--critical)}.t-high{color:var(--high)}.t-medium{color:var(--medium)}.t-low{color:var(--low)}.t-info{color:var(--info)}.t-good{color:var(--good)}
.f-critical{fill:var(--critical-fill)}.f-high{fill:var(--high-fill)}.f-medium{fill:var(--medium-fill)}.f-low{fill:var(--low-fill)}.f-info{fill:var(--info-fill)}.f-good{fill:var(--good-fill)}.f-accent{fill:var(--accent)}.f-track{fill:var(--track)}
.s-critical{stroke:var(--critical-fill)}.s-high{stroke:var(--high-fill)}.s-medium{stroke:var(--medium-fill)}.s-good{stroke:var(--good-fill)}.s-track{stroke:var(--track)}

/* risks */
.risks{margin-top:18px;border-top:1px solid var(--line)}
.risk{display:grid;grid-template-columns:44px 1fr 148px;gap:4px 18px;padding:18px 0;border-bottom:1px solid var(--line)}
.rank{font-size:1.55rem;line-height:1.2;font-weight:300;color:var(--muted);font-variant-numeric:tabular-nums;text-align:right}
.risk h3{font-size:1.07rem;max-width:38em}
.risk .cost{margin-top:4px;max-width:66ch}
.risk .where{margin-top:7px;font-size:.93rem;color:var(--muted);display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 18px}
.risk .side{display:flex;flex-direction:column;gap:5px;align-items:flex-start;font-size:.9rem;padding-top:3px}
.when{color:var(--muted)}.when b{color:var(--fg);font-weight:600}
.fixmark{display:inline-flex;align-items:center;gap:5px;color:var(--good)}

/* charts and panels */
.cols{display:grid;grid-template-columns:1fr 1fr;gap:40px;margin-top:18px}
.bars{display:grid;grid-template-columns:max-content 1fr max-content;gap:9px 14px;align-items:center;margin-top:12px;font-size:.93rem}
.bars svg{width:100%;height:12px;display:block;border-radius:3px}
.bars .n{text-align:right;min-width:2ch}
.budget{margin-top:16px}.budget svg{width:100%;height:14px;border-radius:4px;display:block}
.budget figcaption{display:flex;justify-content:space-between;gap:12px;font-size:.87rem;color:var(--muted);margin-top:6px}
.plan li{display:grid;grid-template-columns:1.6em minmax(0,1fr) max-content;gap:14px;padding:8px 0;border-bottom:1px solid var(--line);font-size:.95rem}
.plan li small{display:block;color:var(--muted);font-size:.87rem}
.plan .h{color:var(--muted);font-size:.87rem;padding-top:2px;white-space:nowrap}
.plan{margin-top:8px;border-top:1px solid var(--line)}

/* days */
.days{margin-top:18px;border-top:1px solid var(--line)}
.day{display:grid;grid-template-columns:210px minmax(0,1.1fr) minmax(0,1fr);gap:12px 36px;padding:20px 0 22px;border-bottom:1px solid var(--line);position:relative}
.day.now::before{content:"";position:absolute;left:-14px;top:20px;bottom:22px;width:3px;border-radius:2px;background:var(--accent)}
.dayhead h3 span{display:block;font-size:.84rem;font-weight:400}
.dayhead p{font-size:.87rem;margin-top:4px}
.day ul{display:grid;gap:10px;align-content:start}
.day ul li{display:grid;grid-template-columns:16px 1fr;gap:10px;font-size:.95rem;line-height:1.4}
.day .ico{margin-top:2px;display:block}
.day small{display:block;color:var(--muted);font-size:.87rem;margin-top:1px}
.day small b{font-weight:600}
.art{color:var(--muted)}
.st-done,.st-accepted{color:var(--good)}.st-open{color:var(--critical)}.st-manual{color:var(--medium)}.st-not-checked,.st-not-applicable{color:var(--muted)}
.keys{margin-top:20px}.keys li{display:flex;gap:8px;padding:4px 0}

/* tables */
.scroll{overflow-x:auto;margin-top:16px}
td code.ep{white-space:normal}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th{font-weight:600;text-align:left;color:var(--muted);font-size:.84rem;padding:6px 14px 6px 0;border-bottom:1px solid var(--line);white-space:nowrap}
td{padding:8px 14px 8px 0;border-bottom:1px solid var(--line);vertical-align:top}
td:last-child,th:last-child{padding-right:0}
tbody th{padding-top:20px;color:var(--fg);font-size:.95rem;white-space:normal}
tbody th .muted{font-weight:400}
td code.ep{background:none;padding:0}
.method{color:var(--muted);display:inline-block;min-width:4.6em}
.strip{margin-top:16px}.strip svg{width:100%;height:14px;border-radius:4px;display:block}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:9px;font-size:.9rem;color:var(--muted)}
.legend li{display:flex;align-items:center;gap:7px}.legend svg{width:10px;height:10px;border-radius:2px}
.legend b{color:var(--fg);font-weight:640}
.answer{font-weight:640;white-space:nowrap}

/* findings */
details{border-bottom:1px solid var(--line)}
summary{cursor:pointer;padding:11px 2px;display:flex;gap:12px;align-items:baseline;justify-content:space-between;list-style:none}
summary::-webkit-details-marker{display:none}
summary .name{font-family:var(--mono);font-size:.9em;overflow-wrap:anywhere}
summary .name::before{content:"";display:inline-block;width:6px;height:6px;border-right:1.6px solid var(--muted);border-bottom:1.6px solid var(--muted);transform:rotate(-45deg);margin:0 10px 2px 2px;transition:transform .12s}
details[open] summary .name::before{transform:rotate(45deg)}
summary .sevs{display:flex;gap:12px;flex:none}
.files{margin-top:16px;border-top:1px solid var(--line)}
.finding{display:grid;grid-template-columns:92px 1fr;gap:2px 14px;padding:9px 0 11px 20px;font-size:.95rem}
.finding>.sev{align-self:start;line-height:1.75}
.finding .meta{color:var(--muted);font-size:.87rem;display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 14px;margin-top:3px}
.finding .meta code{background:none;padding:0}
.finding .fixmark .ico{align-self:center}
.finding .evidence{margin-top:5px;font-size:.9rem;color:var(--muted)}
.notes{margin-top:14px;max-width:74ch}.notes li{padding:5px 0 5px 18px;position:relative}
.notes li::before{content:"";position:absolute;left:2px;top:.95em;width:7px;height:1.6px;background:var(--muted)}
.calm{margin-top:18px;padding:18px 20px;border:1px solid var(--line);border-radius:8px;background:var(--panel)}
footer{margin-top:64px;padding-top:14px;border-top:1px solid var(--line);color:var(--muted);font-size:.87rem}

@media (max-width:760px){
.page{padding:18px 16px 56px}
section{margin-top:44px}
.hero{grid-template-columns:1fr;gap:14px;padding-top:22px}
.gauge{max-width:190px}
.cols{grid-template-columns:1fr;gap:28px}
.risk{grid-template-columns:30px 1fr;gap:4px 12px}
.rank{font-size:1.2rem;text-align:left}
.risk .side{grid-column:2;flex-direction:row;flex-wrap:wrap;gap:4px 16px;padding-top:6px}
.day{grid-template-columns:1fr;gap:14px}.day.now::before{left:-9px}
.finding{grid-template-columns:1fr;padding-left:20px}
table.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.stack,table.stack tbody,table.stack tr,table.stack td,table.stack th{display:block;width:100%}
table.stack tr{padding:8px 0;border-bottom:1px solid var(--line)}
table.stack td{border:0;padding:1px 0}
table.stack tbody th{border:0;padding:14px 0 0}
table.eps td:nth-child(2),table.eps td:nth-child(3){display:inline-block;width:auto;margin-right:16px}
table.ten td:first-child{display:none}

}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{.toc,.skip{display:none}.page{max-width:none;padding:0}section{break-inside:auto}.risk,.day,tr{break-inside:avoid}}
`;
