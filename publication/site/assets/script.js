"use strict";

/* What the pages do beyond being read: filter and sort lists, choose a ranking, compare two areas.
   Nothing is fetched: figures come as scripts (data/...js) that register themselves here. */
var motcua = { ranking: {}, areas: {} };

(() => {
  const language = document.documentElement.lang;
  const root = document.currentScript.src.replace(/assets\/script\.js.*$/, "");
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const said = one("#words");
  const words = said ? JSON.parse(said.textContent) : {};
  const NONE = "–";

  function make(tag, facts = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, fact] of Object.entries(facts)) {
      if (fact === true) made.setAttribute(name, "");
      else if (fact !== null && fact !== false) made.setAttribute(name, fact);
    }
    made.append(...children);
    return made;
  }

  function fill(text, facts) {
    return text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  }

  /* ---- figures, written as publication/written.py writes them ---- */

  function written(style, digits, more = {}) {
    const form = { style, minimumFractionDigits: digits, maximumFractionDigits: digits };
    const format = new Intl.NumberFormat(language, { ...form, roundingMode: "halfEven", ...more });
    return (number) => {
      const text = format.format(number);
      return style === "percent" && language === "vi" ? text.replace("%", " %") : text;
    };
  }

  const signed = { signDisplay: "exceptZero" };
  const values = {
    share: written("percent", 1), count: written("decimal", 0),
    score: written("decimal", 2), mean: written("decimal", 1),
  };
  const changes = {
    share: written("decimal", 1, signed), count: written("decimal", 0, signed),
    score: written("decimal", 2, signed), mean: written("decimal", 1, signed),
  };
  const count = values.count;
  const whole = written("percent", 0);

  function change(number, unit) {
    if (unit !== "share") return changes[unit](number);
    return changes.share(number * 100) + (language === "vi" ? " điểm %" : " pp");
  }

  /* ---- what is chosen, kept in the address ---- */

  const state = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

  function remember(name, chosen) {
    if (chosen) state.set(name, chosen);
    else state.delete(name);
    history.replaceState(null, "", `#${state}`);
    carry();
  }

  function carry() {
    const link = one("a.language");
    if (link && state.toString()) link.href = `${link.href.split("#")[0]}#${state}`;
  }

  /* A select that follows the address; what the address names and the list lacks is left alone. */
  function follow(select, name, chosen) {
    const wanted = state.get(name) ?? chosen;
    if ([...select.options].some((option) => option.value === wanted)) select.value = wanted;
    select.addEventListener("change", () => remember(name, select.value));
  }

  addEventListener("hashchange", () => {
    if (location.hash.includes("=")) location.reload();
  });

  /* ---- filter: <... data-filter="label"> around tables or lists ---- */

  function plain(text) {
    const bare = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return bare.replaceAll("đ", "d").trim();
  }

  const filters = [];

  function filtered(box) {
    const search = make("input", { type: "search", autocomplete: "off" });
    const shown = make("output", {});
    const bar = make("p", { class: "filter" }, make("label", {}, box.dataset.filter, " ", search));
    const kinds = kindsOf(box);
    if (kinds) bar.append(" ", make("label", {}, box.dataset.filterKind, " ", kinds));
    bar.append(" ", shown);
    box.before(bar);
    const apply = () => { shown.value = narrow(box, plain(search.value), kinds?.value ?? ""); };
    search.value = state.get("name") ?? "";
    search.addEventListener("input", () => { remember("name", search.value); apply(); });
    kinds?.addEventListener("change", apply);
    filters.push(apply);
    apply();
  }

  /* A choice of the sections within, by their headings. */
  function kindsOf(box) {
    const parts = all("section[data-kind]", box);
    if (!box.dataset.filterKind || parts.length < 2) return null;
    const select = make("select", {}, make("option", { value: "" }, box.dataset.filterAll));
    for (const part of parts) {
      const heading = one("h2, h3", part).textContent;
      select.append(make("option", { value: part.dataset.kind }, heading));
    }
    follow(select, "kind", "");
    return select;
  }

  function narrow(box, sought, kind) {
    const items = all("tbody tr, li", box);
    for (const item of items) item.hidden = !plain(nameOf(item)).includes(sought);
    for (const part of all("section", box)) {
      const others = kind && part.dataset.kind && part.dataset.kind !== kind;
      part.hidden = others || !all("tbody tr, li", part).some((item) => !item.hidden);
    }
    const left = items.filter((item) => !item.hidden && !item.closest("section[hidden]"));
    return `${left.length}/${items.length}`;
  }

  function nameOf(item) {
    return (one("th", item) ?? item).textContent;
  }

  /* ---- sort: <table data-sort> ---- */

  const collator = new Intl.Collator(language, { numeric: true });
  const sorts = [];

  function sortable(table) {
    all("thead th:not([data-unsorted])", table).forEach((head) => {
      const button = make("button", { type: "button", class: "sort" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        const chosen = `${down ? "-" : ""}${head.cellIndex}`;
        remember("sort", chosen);
        sorts.forEach((sort) => sort(chosen));
      });
    });
    const sort = (chosen) => order(table, Math.abs(Number(chosen)), chosen.startsWith("-"));
    sorts.push(sort);
    if (/^-?\d+$/.test(state.get("sort") ?? "")) sort(state.get("sort"));
  }

  function order(table, column, down) {
    const heads = all("thead th", table);
    if (!heads[column] || heads[column].matches("[data-unsorted]")) return;
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [sortValue(row.cells[column]), row]);
    rows.sort(([a], [b]) => compare(a, b, down ? -1 : 1));
    body.append(...rows.map(([, row]) => row));
  }

  function sortValue(cell) {
    const text = cell.dataset.value ?? cell.textContent.trim();
    return text === "" || text === NONE || Number.isNaN(Number(text)) ? text : Number(text);
  }

  function compare(a, b, sign) {
    const [noA, noB] = [a, b].map((value) => value === "" || value === NONE);
    if (noA || noB) return noA - noB;
    if (typeof a === "number" && typeof b === "number") return sign * (a - b);
    return sign * collator.compare(a, b);
  }

  function again() {
    if (/^-?\d+$/.test(state.get("sort") ?? "")) sorts.forEach((sort) => sort(state.get("sort")));
    filters.forEach((apply) => apply());
  }

  /* ---- figures that come later ---- */

  function load(kind, name, folder = kind) {
    if (motcua[kind][name]) return Promise.resolve(motcua[kind][name]);
    return new Promise((done, failed) => {
      const script = make("script", { src: `${root}data/${folder}/${name}.js` });
      script.onload = () => (motcua[kind][name] ? done(motcua[kind][name]) : failed());
      script.onerror = failed;
      document.head.append(script);
    });
  }

  function tell(problem) {
    const place = one("[data-problem]");
    place.hidden = !problem;
    place.textContent = problem ? words.problem : "";
  }

  /* ---- the page of rankings ---- */

  function ranking(form) {
    const { indicator, period } = form.elements;
    follow(indicator, "indicator", indicator.value);
    follow(period, "period", period.value);
    let asked = 0;
    const show = () => {
      const mine = (asked += 1);
      load("ranking", indicator.value).then(
        (found) => { if (mine === asked) { tell(false); ranked(form, found); } },
        () => tell(true),
      );
    };
    form.hidden = false;
    indicator.addEventListener("change", show);
    period.addEventListener("change", show);
    if (state.has("indicator") || state.has("period")) show();
  }

  function ranked(form, found) {
    const { indicator, period } = form.elements;
    const wanted = state.get("period") ?? period.value;
    const { periods } = found;
    options(period, periods, periods.includes(wanted) ? wanted : periods[0]);
    const chosen = indicator.selectedOptions[0];
    const title = one("#ranked-indicator");
    title.textContent = chosen.textContent;
    title.href = `indicator/${chosen.value}.html`;
    one("#ranked-period").textContent = words.periods[period.value];
    const [over, under, status] = found.nation[period.value];
    const nation = under ? values[found.unit](over / under) : NONE;
    one("#ranked-nation").textContent = fill(words.nation, { value: nation, status: words.status[status] });
    for (const part of all("section[data-kind]")) {
      const rows = found.rows[period.value].filter(([area]) => words.areas[area][1] === part.dataset.kind);
      one("tbody", part).replaceChildren(...rows.map((row) => rankedRow(row, found.unit)));
    }
    again();
  }

  function rankedRow([area, rank, tied, tier, low, high, over, under, coverage, reason], unit) {
    const value = under ? over / under : null;
    const name = make("a", { href: `area/${area}.html` }, words.areas[area][0]);
    const ties = tied ? [" ", make("small", {}, fill(words.tied, { count: tied }))] : [];
    const write = values[unit];
    const range = low === null ? NONE : `${write(low)} – ${write(high)}`;
    const cases = over === null || unit === "score" ? NONE : `${count(over)} / ${count(under)}`;
    const told = reason ? words.reasons[reason] : words.tiers[tier] ?? NONE;
    const cell = (sort, ...text) => make("td", { class: "number", "data-value": sort ?? "" }, ...text);
    return make(
      "tr", {},
      cell(rank, rank ? String(rank) : NONE), make("th", { scope: "row" }, name, ...ties),
      cell(value, value === null ? NONE : write(value)), cell(low, range), cell(under, cases),
      cell(coverage, coverage === null ? NONE : whole(coverage)),
      make("td", { class: tier ? `tier ${tier}` : null }, told),
    );
  }

  function options(select, codes, chosen) {
    select.replaceChildren(...codes.map((code) => make("option", { value: code }, words.periods[code])));
    select.value = chosen;
  }

  /* ---- the page that compares two areas and two periods ---- */

  function comparison(form) {
    const { first, second, kind, before, after, theme } = form.elements;
    for (const select of [first, second, kind, theme]) follow(select, select.name, select.value);
    const choose = () => {
      const known = words.kinds[kind.value];
      const pick = (name, place) => (known.includes(state.get(name)) ? state.get(name) : known[place]);
      options(before, known, pick("before", Math.min(1, known.length - 1)));
      options(after, known, pick("after", 0));
    };
    const show = () => {
      Promise.all([first, second].map((select) => load("areas", select.value, "compare"))).then(
        (found) => { tell(false); compared(form, found); },
        () => tell(true),
      );
    };
    choose();
    kind.addEventListener("change", choose);
    for (const select of [before, after]) {
      select.addEventListener("change", () => remember(select.name, select.value));
    }
    for (const select of [first, second, kind, before, after, theme]) {
      select.addEventListener("change", show);
    }
    form.hidden = false;
    one("#compared").hidden = false;
    show();
  }

  function compared(form, found) {
    const { first, second, before, after, theme, kind } = form.elements;
    const names = [first, second].map((select) => select.selectedOptions[0].textContent);
    const periods = [before, after].map((select) => select.value);
    const shown = words.indicators.filter(
      (told) => (theme.value ? told.theme === theme.value : told.headline) && told.kinds.includes(kind.value),
    );
    if (!theme.value) shown.sort((a, b) => a.headline - b.headline);
    one("#compared caption").textContent = fill(words.caption, {
      first: names[0], second: names[1], before: words.periods[periods[0]], after: words.periods[periods[1]],
    });
    one("#compared thead").replaceChildren(...comparedHead(names, periods));
    one("#compared tbody").replaceChildren(...shown.map((told) => comparedRow(told, found, periods, names)));
    one("#compared-none").hidden = shown.length > 0;
  }

  function comparedHead(names, periods) {
    const head = (text, facts = {}) => make("th", { scope: "col", ...facts }, text);
    const of = { scope: "colgroup", colspan: 3 };
    const each = [...periods.map((period) => words.periods[period]), words.change];
    return [
      make("tr", {}, head(words.indicator, { rowspan: 2 }), head(names[0], of), head(names[1], of),
        head(words.difference, { rowspan: 2, class: "number" }), head(words.chart, { rowspan: 2 })),
      make("tr", {}, ...[...each, ...each].map((text) => head(text, { class: "number" }))),
    ];
  }

  function comparedRow(told, found, periods, names) {
    const figures = found.map((area) => periods.map((period) => figure(area, told, period)));
    const moved = (a, b) => make("td", { class: "number" }, difference(a, b, told.unit));
    const cells = figures.flatMap(([a, b]) => [figureCell(a, told), figureCell(b, told), moved(a, b)]);
    return make(
      "tr", {},
      make("th", { scope: "row" }, make("a", { href: `indicator/${told.code}.html` }, told.name)),
      ...cells, moved(figures[0][1], figures[1][1]), make("td", { class: "drawn" }, chart(figures, told.unit, names)),
    );
  }

  function figure(area, told, period) {
    const known = area.figures[told.code];
    const place = area.periods.indexOf(period) - (known ? known.from : 0);
    const letter = known?.s[place] ?? ".";
    if (!known || place < 0 || letter === ".") return { value: null, told: words.unknown };
    const [over, under] = [known.n[place], known.d[place]];
    const value = over === null ? null : told.unit === "count" ? over : over / under;
    const coverage = known.c?.[place] ?? 1;
    return { value, told: words.letters[letter], coverage };
  }

  function figureCell(found, told) {
    if (found.value === null) return make("td", { class: "number" }, NONE, " ", make("small", {}, found.told));
    const part = found.coverage < 1 ? `, ${fill(words.coverage, { share: whole(found.coverage) })}` : "";
    const value = values[told.unit](found.value);
    return make("td", { class: "number" }, value, " ", make("small", {}, found.told + part));
  }

  function difference(a, b, unit) {
    return a.value === null || b.value === null ? NONE : change(b.value - a.value, unit);
  }

  /* Each area on its own line, from the earlier period (hollow) to the later one (filled). */
  function chart(figures, unit, names) {
    const known = figures.flat().map((found) => found.value).filter((value) => value !== null);
    const most = unit === "share" ? 1 : Math.max(...known, 0) || 1;
    const picture = svg("svg", { class: "compared", viewBox: "0 0 160 44", role: "img" });
    picture.setAttribute("aria-label", fill(words.charted, { first: names[0], second: names[1] }));
    figures.forEach(([a, b], line) => {
      const y = 12 + 20 * line;
      const x = (found) => 8 + (144 * found.value) / most;
      picture.append(svg("line", { class: "axis", x1: 8, x2: 152, y1: y, y2: y }));
      if (a.value !== null && b.value !== null) {
        picture.append(svg("line", { class: `way area-${line}`, x1: x(a), x2: x(b), y1: y, y2: y }));
      }
      for (const [found, when] of [[a, "before"], [b, "after"]]) {
        if (found.value !== null) picture.append(mark(line, x(found), y, when));
      }
    });
    return picture;
  }

  function mark(line, x, y, when) {
    const kind = `mark area-${line} ${when}`;
    if (line === 0) return svg("circle", { class: kind, cx: x, cy: y, r: 5 });
    return svg("rect", { class: kind, x: x - 4.5, y: y - 4.5, width: 9, height: 9 });
  }

  function svg(tag, facts) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, fact] of Object.entries(facts)) made.setAttribute(name, fact);
    return made;
  }

  carry();
  all("[data-filter]").forEach(filtered);
  all("table[data-sort]").forEach(sortable);
  all("form[data-ranking]").forEach(ranking);
  all("form[data-compare]").forEach(comparison);
})();
