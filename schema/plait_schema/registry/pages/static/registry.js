// Filters what a page lists, by what each row says it is about; without scripts everything is shown.
for (const input of document.querySelectorAll("[data-filter]")) {
  const rows = [...document.querySelectorAll(input.dataset.filter)];
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const text = row.dataset.words.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}

// On a narrow screen, the tab that one is at may be beyond the edge.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

// What scrolls sideways can be reached with the keyboard, in browsers that do not see to it themselves.
for (const box of document.querySelectorAll(".scroll, pre")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}
