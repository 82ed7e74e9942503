// Questions that tests ask of a page as it stands; each answer is a list of faults, empty where all is well.
// Put into every page before its own scripts.

globalThis.pageChecks = (() => {
  let shifted = 0;
  const shiftedParts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      shifted += entry.value;
      shiftedParts.push(...entry.sources.map((source) => source.node));
    }
  }).observe({ type: "layout-shift", buffered: true });

  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
  });

  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const CONTROLS = "button, .btn, select, textarea, input:not([type=hidden]), summary, nav a, .tile, .chip";
  const SLACK = 1; // pixels that rounding may take

  function name(element) {
    const classes = [...element.classList].map((part) => `.${part}`).join("");
    const text = (element.innerText ?? "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${element.localName}${element.id ? `#${element.id}` : ""}${classes} “${text}”`;
  }

  function isVisible(element) {
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    const hiddenForEyes = element.closest(".visually-hidden, .skip-link:not(:focus), .account-name");
    return box.width > 1 && box.height > 1 && !hiddenForEyes;
  }

  const visible = (selector) => [...document.querySelectorAll(selector)].filter(isVisible);

  function scrollsSideways(element) {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  }

  function ownText(element) {
    return [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
  }

  const head = () => ({
    lang: document.documentElement.lang,
    headings: visible("h1").length,
    title: document.title,
  });

  // Nothing wider than the window.
  function overflows() {
    const { scrollWidth, clientWidth } = document.documentElement;
    const faults = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide in a window of ${clientWidth}`] : [];
    for (const element of visible("body *")) {
      const { left, right } = element.getBoundingClientRect();
      if ((left < -SLACK || right > clientWidth + SLACK) && !scrollsSideways(element)) {
        faults.push(`beyond the edge: ${name(element)}`);
      }
    }
    return faults;
  }

  // No text that a box hides, or that sticks out of its box.
  function cutOff() {
    const faults = [];
    for (const element of visible("body *:not(select, option, input, textarea, svg, svg *)")) {
      const style = getComputedStyle(element);
      const hides = (overflow) => ["hidden", "clip"].includes(overflow);
      const inline = style.display === "inline";
      if (!inline && hides(style.overflowX) && element.scrollWidth > element.clientWidth + SLACK) {
        faults.push(`cut off at the side: ${name(element)}`);
      }
      if (!inline && hides(style.overflowY) && element.scrollHeight > element.clientHeight + SLACK) {
        faults.push(`cut off below: ${name(element)}`);
      }
      const box = container(element).getBoundingClientRect();
      for (const node of ownText(element)) {
        const range = document.createRange();
        range.selectNodeContents(node);
        const text = range.getBoundingClientRect();
        const leading = parseFloat(style.fontSize) / 3; // a font's box may be higher than its line
        const out = text.left < box.left - SLACK || text.right > box.right + SLACK;
        const over = text.top < box.top - leading || text.bottom > box.bottom + leading;
        if ((out || over) && !scrollsSideways(element)) faults.push(`text sticks out: ${name(element)}`);
      }
    }
    return faults;
  }

  function container(element) {
    let at = element.closest("thead tr") ?? element; // a column's heading may lean over an empty one
    while (["inline", "contents"].includes(getComputedStyle(at).display)) at = at.parentElement;
    return at;
  }

  // WCAG 2.4.11: whatever gets the focus, going forth and back, is wholly in sight, under no bar.
  function hiddenFocus() {
    const faults = new Set();
    const stops = visible(FOCUSABLE);
    for (const element of [...stops, ...stops.toReversed()]) {
      element.focus();
      if (document.activeElement !== element) continue; // disabled
      const box = element.getBoundingClientRect();
      const top = Math.max(box.top, 0);
      const bottom = Math.min(box.bottom, innerHeight);
      const fits = box.height <= innerHeight && element.localName !== "textarea"; // of a text, the caret's place is shown
      const whole = fits ? box.top >= -SLACK && box.bottom <= innerHeight + SLACK : bottom - top > 24;
      if (!whole) faults.add(`out of sight with the focus: ${name(element)}`);
      const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
      for (const y of [top + 2, (top + bottom) / 2, bottom - 2]) {
        const over = document.elementFromPoint(x, y);
        const bar = over && fixedParent(over);
        if (bar && !bar.contains(element)) faults.add(`covered with the focus: ${name(element)}`);
      }
    }
    document.activeElement?.blur();
    scrollTo(0, 0);
    return [...faults];
  }

  function fixedParent(element) {
    for (let at = element; at; at = at.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return at;
    }
    return null;
  }

  // WCAG 2.5.8 for all that is not part of a sentence, and 44 pixels for what is operated with a thumb.
  function smallTargets() {
    const faults = [];
    const main = new Set(visible(CONTROLS));
    for (const element of new Set([...visible("a[href], label.choice"), ...main])) {
      const target = element.closest(".choice, .tile, .form-check") ?? element;
      if (!main.has(element) && getComputedStyle(element).display === "inline") continue;
      const { width, height } = target.getBoundingClientRect();
      const least = main.has(element) ? 44 : 24;
      if (height < least - 0.5 || width < Math.min(least, 44) - 0.5) {
        faults.push(`${Math.round(width)} by ${Math.round(height)}, not ${least}: ${name(element)}`);
      }
    }
    return faults;
  }

  function openDetails() {
    for (const details of document.querySelectorAll("main details")) details.open = true;
  }

  // Where the focus is: its name, where it stands, and what rings it, then and once it has gone on.
  let last;

  function ring(element) {
    return [element, element.closest(".choice, .tile")].filter(Boolean).map((part) => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, transform } = getComputedStyle(part);
      return [outlineStyle, outlineWidth, outlineColor, boxShadow, transform].join(" ");
    }).join("; ");
  }

  function stop() {
    const element = document.activeElement;
    const box = (element.closest(".choice, .tile") ?? element).getBoundingClientRect();
    const isNew = last?.element !== element; // else another part of a date, whose button wears the browser's own ring
    const left = last && isNew ? { name: last.name, ringed: last.ring !== ring(last.element) } : null;
    if (isNew) last = { element, name: nameOf(element), ring: ring(element) };
    return {
      name: last.name,
      left,
      isBody: element === document.body,
      inMain: element.closest("main") !== null && element.localName !== "main",
      box: { top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left },
    };
  }

  function nameOf(element) {
    if (element.type === "radio") return `one of ${element.name}`;
    const label = element.labels?.[0]?.innerText ?? element.getAttribute("aria-label") ?? element.textContent;
    return (label.trim() || element.value || element.localName).replace(/\s+/g, " ");
  }

  // WCAG 1.4.12: the reader's own spacing of lines, paragraphs, letters and words; a sheet that the policy lets pass.
  function spaceOut() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
      p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
  }

  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  // Nothing that was drawn moves before the reader does anything.
  async function shifts() {
    await document.fonts.ready;
    await frame();
    await frame();
    const parts = shiftedParts.map((part) => (part instanceof Element ? name(part) : part?.data));
    return shifted < 0.01 ? [] : [`layout shift ${shifted.toFixed(3)} of ${parts.join(", ")}`];
  }

  async function ask(questions) {
    const answers = [];
    for (const question of questions) answers.push(await questionsByName[question]());
    return answers;
  }

  const questionsByName = { overflows, cutOff, hiddenFocus, smallTargets, shifts };
  return { ...questionsByName, ask, head, openDetails, spaceOut, stop };
})();
